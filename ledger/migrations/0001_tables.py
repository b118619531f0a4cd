"""All tables of ledger: what stood in its migrations before they were made one."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('ledger', '0001_initial'),
        ('ledger', '0003_retail'),
        ('ledger', '0004_chains'),
        ('ledger', '0005_adjustments'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('kind', models.SmallIntegerField(choices=[(1, '待结算'), (2, '冻结'), (3, '可提现'), (4, '提现中'), (5, '追缴欠款'), (10, '帮扶基金'), (20, '渠道资金'), (21, '销售收入'), (22, '销售成本'), (23, '应付供应商'), (24, '奖励支出'), (25, '提现服务费'), (26, '代扣税款'), (27, '应退款项'), (28, '零售佣金支出'), (29, '人工调整支出')], verbose_name='科目')),
                        ('holder_id', models.BigIntegerField(default=0, verbose_name='户主编号')),
                        ('balance_fen', models.BigIntegerField(default=0, verbose_name='余额（分）')),
                    ],
                    options={
                        'verbose_name': '账户',
                        'verbose_name_plural': '账户',
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('holder_id'), '*', models.Value(32)), '+', models.F('kind')))), name='ledger_account_id_from_holder_and_kind'), models.CheckConstraint(condition=models.Q(('balance_fen__gte', 0), models.Q(('kind__in', [1, 2, 3, 4, 5]), _negated=True), _connector='OR'), name='ledger_account_member_balance_not_negative'), models.CheckConstraint(condition=models.Q(('balance_fen', 0), ('kind__in', [1, 2, 3, 4, 5, 10]), _connector='OR'), name='ledger_account_platform_balance_not_kept')],
                    },
                ),
                migrations.CreateModel(
                    name='JournalEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=32, verbose_name='类型')),
                        ('reference', models.CharField(max_length=96, verbose_name='关联单号')),
                        ('at', models.DateTimeField(verbose_name='发生时间')),
                        ('memo', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='摘要')),
                        ('debit_fen', models.BigIntegerField(verbose_name='借方合计（分）')),
                        ('line_count', models.SmallIntegerField(verbose_name='分录行数')),
                        ('xact_id', models.BigIntegerField(db_default=models.Func(output_field=models.BigIntegerField(), template='(pg_current_xact_id()::text::bigint)'), editable=False)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                    ],
                    options={
                        'verbose_name': '凭证',
                        'verbose_name_plural': '凭证',
                        'indexes': [django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['xact_id'], name='ledger_journalentry_xact')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'reference'), name='ledger_journalentry_unique'), models.CheckConstraint(condition=models.Q(('debit_fen__gt', 0)), name='ledger_journalentry_debit_positive'), models.CheckConstraint(condition=models.Q(('line_count__gte', 2)), name='ledger_journalentry_two_lines')],
                    },
                ),
                migrations.CreateModel(
                    name='Posting',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分，借正贷负）')),
                        ('account', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='postings', to='ledger.account', verbose_name='账户')),
                        ('entry', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='postings', to='ledger.journalentry', verbose_name='凭证')),
                    ],
                    options={
                        'verbose_name': '分录',
                        'verbose_name_plural': '分录',
                        'indexes': [models.Index(fields=['account', 'id'], name='ledger_posting_account')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen', 0), _negated=True), name='ledger_posting_amount_nonzero')],
                    },
                ),
                migrations.CreateModel(
                    name='Checkpoint',
                    fields=[
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='ledger.account')),
                        ('before_xact_id', models.BigIntegerField()),
                        ('debit_fen', models.BigIntegerField()),
                    ],
                    options={
                        'verbose_name': '余额检查点',
                        'verbose_name_plural': '余额检查点',
                    },
                ),
                migrations.CreateModel(
                    name='ChainCursor',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('xact_id', models.BigIntegerField(default=0)),
                        ('entry_id', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='ledger_chaincursor_single')],
                    },
                ),
                migrations.CreateModel(
                    name='DailyRoot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(unique=True, verbose_name='日期')),
                        ('root', models.BinaryField(verbose_name='根哈希')),
                        ('holders', models.IntegerField(verbose_name='账户人数')),
                        ('entries', models.BigIntegerField(verbose_name='凭证数')),
                        ('last_chained_id', models.BigIntegerField()),
                        ('published_at', models.DateTimeField(verbose_name='公布时间')),
                    ],
                    options={
                        'verbose_name': '每日根哈希',
                        'verbose_name_plural': '每日根哈希',
                    },
                ),
                migrations.CreateModel(
                    name='RootBlock',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.IntegerField()),
                        ('first_holder_id', models.BigIntegerField()),
                        ('node', models.BinaryField()),
                        ('root', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='blocks', to='ledger.dailyroot')),
                    ],
                    options={
                        'verbose_name': '根哈希分块',
                        'verbose_name_plural': '根哈希分块',
                        'constraints': [models.UniqueConstraint(fields=('root', 'place'), name='ledger_rootblock_place_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ChainEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('holder_id', models.BigIntegerField(verbose_name='户主编号')),
                        ('sequence', models.IntegerField(verbose_name='序号')),
                        ('leaf', models.BinaryField(verbose_name='凭证哈希')),
                        ('head', models.BinaryField(verbose_name='链头哈希')),
                        ('entry', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='chained', to='ledger.journalentry', verbose_name='凭证')),
                    ],
                    options={
                        'verbose_name': '凭证链',
                        'verbose_name_plural': '凭证链',
                        'indexes': [models.Index(condition=models.Q(('sequence', 1)), fields=['holder_id'], name='ledger_chainentry_holders')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('sequence__gte', 1)), name='ledger_chainentry_sequence_from_one'), models.UniqueConstraint(fields=('holder_id', 'sequence'), name='ledger_chainentry_next_once'), models.UniqueConstraint(fields=('entry', 'holder_id'), name='ledger_chainentry_entry_once')],
                    },
                ),
            ],
        ),
    ]
