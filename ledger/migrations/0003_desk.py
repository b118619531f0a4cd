"""Entries of a day, and the accounts of the platform's fee."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_safeguards'),
    ]

    operations = [
        Together(
            operations=[
                migrations.AddIndex(
                    model_name='journalentry',
                    index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['at'], name='ledger_journalentry_at'),
                ),
                migrations.AlterField(
                    model_name='account',
                    name='kind',
                    field=models.SmallIntegerField(choices=[(1, '待结算'), (2, '冻结'), (3, '可提现'), (4, '提现中'), (5, '追缴欠款'), (10, '帮扶基金'), (20, '渠道资金'), (21, '销售收入'), (22, '销售成本'), (23, '应付供应商'), (24, '奖励支出'), (25, '提现服务费'), (26, '代扣税款'), (27, '应退款项'), (28, '零售佣金支出'), (29, '人工调整支出'), (30, '平台服务费收入'), (31, '供应商承担的佣金')], verbose_name='科目'),
                ),
            ],
        ),
    ]
