"""Batches for banks, and corrections of real names."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('payouts', '0002_safeguards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='PayoutBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=32, unique=True, verbose_name='批次号')),
                        ('channel', models.CharField(choices=[('wechat', '微信零钱'), ('bank', '银行卡'), ('alipay', '支付宝')], max_length=8, verbose_name='收款方式')),
                        ('count', models.IntegerField(verbose_name='笔数')),
                        ('total_fen', models.BigIntegerField(verbose_name='合计（分）')),
                        ('digest', models.CharField(max_length=64, verbose_name='文件摘要')),
                        ('made_at', models.DateTimeField(verbose_name='生成时间')),
                        ('made_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='生成人')),
                    ],
                    options={
                        'verbose_name': '打款批次',
                        'verbose_name_plural': '打款批次',
                    },
                ),
                migrations.CreateModel(
                    name='BatchDownload',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('form', models.CharField(max_length=4, verbose_name='格式')),
                        ('at', models.DateTimeField(verbose_name='下载时间')),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='下载人')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='payouts.payoutbatch', verbose_name='批次')),
                    ],
                    options={
                        'verbose_name': '批次下载',
                        'verbose_name_plural': '批次下载',
                    },
                ),
                migrations.CreateModel(
                    name='PayoutBatchRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.IntegerField(verbose_name='序号')),
                        ('net_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='payouts.payoutbatch', verbose_name='批次')),
                        ('withdrawal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='batch_row', to='payouts.withdrawal', verbose_name='提现')),
                    ],
                    options={
                        'verbose_name': '批次明细',
                        'verbose_name_plural': '批次明细',
                    },
                ),
                migrations.CreateModel(
                    name='ResultFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=64, verbose_name='文件摘要')),
                        ('rows', models.JSONField(verbose_name='明细')),
                        ('booked', models.JSONField(default=dict, verbose_name='入账结果')),
                        ('state', models.CharField(choices=[('read', '待复核入账'), ('approved', '入账中'), ('done', '已入账'), ('dropped', '已作废')], default='read', max_length=8, verbose_name='状态')),
                        ('read_at', models.DateTimeField(verbose_name='导入时间')),
                        ('approved_at', models.DateTimeField(null=True, verbose_name='复核时间')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='完成时间')),
                        ('approved_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='payouts.payoutbatch', verbose_name='批次')),
                        ('read_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
                    ],
                    options={
                        'verbose_name': '打款结果',
                        'verbose_name_plural': '打款结果',
                    },
                ),
                migrations.AddConstraint(
                    model_name='payoutbatch',
                    constraint=models.CheckConstraint(condition=models.Q(('count__gt', 0), ('total_fen__gt', 0)), name='payouts_payoutbatch_not_empty'),
                ),
                migrations.AddConstraint(
                    model_name='payoutbatchrow',
                    constraint=models.UniqueConstraint(fields=('batch', 'position'), name='payouts_payoutbatchrow_position_once'),
                ),
                migrations.AddConstraint(
                    model_name='payoutbatchrow',
                    constraint=models.CheckConstraint(condition=models.Q(('net_fen__gt', 0)), name='payouts_payoutbatchrow_amount_positive'),
                ),
                migrations.AddIndex(
                    model_name='resultfile',
                    index=models.Index(condition=models.Q(('state', 'approved')), fields=['id'], name='payouts_resultfile_to_book'),
                ),
                migrations.AddConstraint(
                    model_name='resultfile',
                    constraint=models.UniqueConstraint(condition=models.Q(('state', 'dropped'), _negated=True), fields=('batch', 'digest'), name='payouts_resultfile_once'),
                ),
                migrations.AddConstraint(
                    model_name='resultfile',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['read', 'dropped']), ('approved_by__isnull', True)), models.Q(('approved_by__isnull', False), ('state__in', ['approved', 'done']), models.Q(('approved_by', models.F('read_by')), _negated=True)), _connector='OR'), name='payouts_resultfile_approved_by_another'),
                ),
                migrations.CreateModel(
                    name='PayeeCorrection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200, verbose_name='更正原因')),
                        ('evidence', models.CharField(max_length=200, verbose_name='依据')),
                        ('corrected_at', models.DateTimeField(verbose_name='更正时间')),
                        ('after', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='corrected_from', to='payouts.payee', verbose_name='更正后')),
                        ('before', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='corrected_to', to='payouts.payee', verbose_name='更正前')),
                        ('corrected_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='更正人')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '实名更正',
                        'verbose_name_plural': '实名更正',
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('evidence', ''), _negated=True)), name='payouts_payeecorrection_has_its_reasons'), models.CheckConstraint(condition=models.Q(('corrected_by', models.F('member')), _negated=True), name='payouts_payeecorrection_not_by_its_member')],
                    },
                ),
            ],
        ),
    ]
