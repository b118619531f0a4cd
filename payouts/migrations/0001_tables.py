"""All tables of payouts: what stood in its migrations before they were made one."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('payouts', '0001_initial'),
        ('payouts', '0003_accounts_limits_and_confirmation'),
        ('payouts', '0005_stop'),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='PayoutPolicy',
                    fields=[
                        ('version', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='版本')),
                        ('starts_at', models.DateTimeField(verbose_name='生效时间')),
                        ('min_fen', models.BigIntegerField(verbose_name='最低提现额（分）')),
                        ('fee_bps', models.PositiveSmallIntegerField(verbose_name='服务费率（万分之）')),
                        ('tax_bps', models.PositiveSmallIntegerField(verbose_name='预扣税率（万分之）')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('day_count_max', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='每日最多笔数')),
                        ('day_fen_max', models.BigIntegerField(blank=True, null=True, verbose_name='每日最高金额（分）')),
                        ('one_at_a_time', models.BooleanField(db_default=False, default=False, verbose_name='同时只能有一笔在处理')),
                        ('set_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='制定人')),
                        ('tax_kind', models.CharField(choices=[('flat', '固定比例'), ('per_payment', '劳务报酬按次预扣'), ('cumulative', '劳务报酬累计预扣')], db_default='flat', default='flat', max_length=12, verbose_name='个税算法')),
                    ],
                    options={
                        'verbose_name': '付款政策',
                        'verbose_name_plural': '付款政策',
                        'ordering': ['-version'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('min_fen__gte', 1)), name='payouts_payoutpolicy_minimum_positive'), models.CheckConstraint(condition=models.Q(('fee_bps__gte', 0), ('tax_bps__gte', 0), ('fee_bps__lt', django.db.models.expressions.CombinedExpression(models.Value(10000), '-', models.F('tax_bps')))), name='payouts_payoutpolicy_leaves_something'), models.CheckConstraint(condition=models.Q(('tax_kind__in', ['flat', 'per_payment', 'cumulative'])), name='payouts_payoutpolicy_tax_kind_known'), models.CheckConstraint(condition=models.Q(('tax_kind', 'flat'), ('tax_bps', 0), _connector='OR'), name='payouts_payoutpolicy_rate_for_the_flat_tax'), models.CheckConstraint(condition=models.Q(('day_count_max__isnull', True), ('day_count_max__gte', 1), _connector='OR'), name='payouts_payoutpolicy_day_count_positive'), models.CheckConstraint(condition=models.Q(('day_fen_max__isnull', True), ('day_fen_max__gte', models.F('min_fen')), _connector='OR'), name='payouts_payoutpolicy_day_amount_holds_the_minimum')],
                    },
                ),
                migrations.CreateModel(
                    name='Withdrawal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=64, unique=True, verbose_name='提现单号')),
                        ('shard', models.SmallIntegerField(editable=False, verbose_name='分片')),
                        ('amount_fen', models.BigIntegerField(verbose_name='提现额（分）')),
                        ('fee_bps', models.PositiveSmallIntegerField(verbose_name='服务费率（万分之）')),
                        ('tax_bps', models.PositiveSmallIntegerField(verbose_name='预扣税率（万分之）')),
                        ('fee_fen', models.BigIntegerField(verbose_name='服务费（分）')),
                        ('tax_fen', models.BigIntegerField(verbose_name='预扣个税（分）')),
                        ('net_fen', models.BigIntegerField(verbose_name='实际到账（分）')),
                        ('state', models.CharField(choices=[('requested', '待初审'), ('approved', '待复核'), ('sending', '打款中'), ('confirming', '待会员确认收款'), ('paid', '已完成'), ('rejected', '已驳回'), ('returned', '已退回')], default='requested', max_length=10, verbose_name='状态')),
                        ('requested_at', models.DateTimeField(verbose_name='申请时间')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='初审时间')),
                        ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                        ('asked_at', models.DateTimeField(editable=False, null=True)),
                        ('rejected_at', models.DateTimeField(blank=True, null=True, verbose_name='驳回时间')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='原因')),
                        ('provider_ref', models.CharField(blank=True, max_length=64, null=True, unique=True, verbose_name='渠道流水号')),
                        ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='到账时间')),
                        ('imported', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='历史导入')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                        ('approved_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='初审人')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='withdrawals', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('rejected_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='驳回人')),
                        ('released_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                        ('account_label', models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='收款账户')),
                        ('channel', models.CharField(blank=True, choices=[('wechat', '微信零钱'), ('bank', '银行卡'), ('alipay', '支付宝')], db_default='', default='', max_length=8, verbose_name='收款方式')),
                        ('confirm_by', models.DateTimeField(blank=True, null=True, verbose_name='最晚确认时间')),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                        ('package', models.CharField(blank=True, db_default='', default='', editable=False, max_length=400)),
                        ('policy_version', models.PositiveIntegerField(blank=True, null=True, verbose_name='付款政策版本')),
                        ('recall_words', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='撤回原因')),
                        ('recalled_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤回人')),
                        ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='退回时间')),
                        ('waiting_at', models.DateTimeField(blank=True, null=True, verbose_name='等待确认时间')),
                        ('working', models.JSONField(blank=True, default=list, editable=False)),
                        ('payee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.payee', verbose_name='实名')),
                        ('account', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payouts.payoutaccount', verbose_name='收款账户')),
                    ],
                    options={
                        'verbose_name': '提现',
                        'verbose_name_plural': '提现审核',
                        'permissions': [('review_withdrawal', '提现初审'), ('release_withdrawal', '提现复核打款')],
                        'indexes': [models.Index(fields=['member', '-id'], name='payouts_withdrawal_member'), models.Index(fields=['state', '-id'], name='payouts_withdrawal_state'), models.Index(condition=models.Q(('state__in', ['requested', 'approved', 'sending', 'confirming'])), fields=['state', 'requested_at'], name='payouts_withdrawal_queue')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payouts_withdrawal_amount_positive'), models.CheckConstraint(condition=models.Q(('fee_fen__gte', 0), ('net_fen__gte', 0), ('tax_fen__gte', 0)), name='payouts_withdrawal_parts_not_negative'), models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('fee_fen'), '+', models.F('tax_fen')), '+', models.F('net_fen')))), name='payouts_withdrawal_gross_is_fee_tax_and_net'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('released_by__isnull', True), models.Q(('approved_by', models.F('released_by')), _negated=True), _connector='OR'), name='payouts_withdrawal_four_eyes'), models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), models.Q(('approved_by', models.F('member')), _negated=True), _connector='OR'), name='payouts_withdrawal_not_approved_by_its_member'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('member')), _negated=True), _connector='OR'), name='payouts_withdrawal_not_released_by_its_member'), models.CheckConstraint(condition=models.Q(('rejected_by__isnull', True), models.Q(('rejected_by', models.F('member')), _negated=True), _connector='OR'), name='payouts_withdrawal_not_rejected_by_its_member'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='payouts_withdrawal_approved_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', True), ('released_by__isnull', True)), models.Q(('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='payouts_withdrawal_released_by_somebody'), models.CheckConstraint(condition=models.Q(('imported', True), models.Q(('state', 'approved'), _negated=True), ('approved_by__isnull', False), _connector='OR'), name='payouts_withdrawal_approved_when_approved'), models.CheckConstraint(condition=models.Q(models.Q(('paid_at__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_at__isnull', True)), _connector='OR'), name='payouts_withdrawal_paid_when_paid'), models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'approved', 'sending', 'confirming', 'paid', 'rejected', 'returned'])), name='payouts_withdrawal_state_known'), models.CheckConstraint(condition=models.Q(('imported', True), models.Q(('state__in', ['sending', 'confirming', 'paid', 'returned']), _negated=True), models.Q(('approved_by__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='payouts_withdrawal_two_people_send_money'), models.CheckConstraint(condition=models.Q(models.Q(('rejected_at__isnull', False), ('state', 'rejected'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'rejected'), _negated=True), ('rejected_at__isnull', True), ('rejected_by__isnull', True)), _connector='OR'), name='payouts_withdrawal_rejected_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('returned_at__isnull', False), ('state', 'returned'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'returned'), _negated=True), ('returned_at__isnull', True)), _connector='OR'), name='payouts_withdrawal_returned_with_a_reason'), models.CheckConstraint(condition=models.Q(('state__in', ['rejected', 'returned']), ('reason', ''), _connector='OR'), name='payouts_withdrawal_no_reason_before_the_end'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirming'), _negated=True), models.Q(('confirm_by__isnull', False), ('waiting_at__isnull', False)), _connector='OR'), name='payouts_withdrawal_confirming_has_an_end'), models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', True), ('account_label', ''), ('channel', ''), ('payee__isnull', True)), models.Q(('account__isnull', False), ('payee__isnull', False), models.Q(('channel', ''), _negated=True)), _connector='OR'), name='payouts_withdrawal_account_with_its_kind'), models.CheckConstraint(condition=models.Q(('recalled_by__isnull', True), models.Q(('recalled_by', models.F('member')), _negated=True), _connector='OR'), name='payouts_withdrawal_not_recalled_by_its_member')],
                    },
                ),
                migrations.CreateModel(
                    name='Payee',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name_sealed', models.CharField(editable=False, max_length=300)),
                        ('masked_name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('id_sealed', models.CharField(editable=False, max_length=200)),
                        ('id_hash', models.CharField(editable=False, max_length=64)),
                        ('id_tail', models.CharField(max_length=4, verbose_name='证件尾号')),
                        ('is_current', models.BooleanField(db_default=True, default=True, verbose_name='当前')),
                        ('used', models.BooleanField(db_default=False, default=False, verbose_name='已用于提现')),
                        ('registered_at', models.DateTimeField(verbose_name='登记时间')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payees', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '实名',
                        'verbose_name_plural': '实名',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('member',), name='payouts_payee_one_a_member'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('id_hash',), name='payouts_payee_number_of_one_member')],
                    },
                ),
                migrations.CreateModel(
                    name='PayoutAccount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('wechat', '微信零钱'), ('bank', '银行卡'), ('alipay', '支付宝')], max_length=8, verbose_name='收款方式')),
                        ('bank_name', models.CharField(blank=True, default='', max_length=30, verbose_name='银行')),
                        ('detail_sealed', models.CharField(blank=True, default='', editable=False, max_length=300)),
                        ('openid', models.CharField(blank=True, default='', editable=False, max_length=64)),
                        ('label', models.CharField(blank=True, default='', max_length=60, verbose_name='账户')),
                        ('fingerprint', models.CharField(blank=True, default='', editable=False, max_length=64)),
                        ('added_at', models.DateTimeField(verbose_name='添加时间')),
                        ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='移除时间')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payout_accounts', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '收款账户',
                        'verbose_name_plural': '收款账户',
                        'indexes': [models.Index(fields=['member', '-added_at'], name='payouts_account_member'), models.Index(condition=models.Q(('fingerprint', ''), _negated=True), fields=['fingerprint'], name='payouts_account_same')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['wechat', 'bank', 'alipay'])), name='payouts_payoutaccount_kind_known'), models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('member', 'kind'), name='payouts_payoutaccount_one_of_a_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='PayoutHold',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('words', models.CharField(max_length=200, verbose_name='给会员的话')),
                        ('placed_at', models.DateTimeField(verbose_name='开始时间')),
                        ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='解除时间')),
                        ('release_reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='解除原因')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='payout_holds', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('placed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                        ('released_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='解除人')),
                    ],
                    options={
                        'verbose_name': '提现暂停',
                        'verbose_name_plural': '提现暂停',
                        'indexes': [models.Index(fields=['member', '-id'], name='payouts_hold_member')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('released_at__isnull', True)), fields=('member',), name='payouts_payouthold_one_stands'), models.CheckConstraint(condition=models.Q(models.Q(('release_reason', ''), ('released_at__isnull', True), ('released_by__isnull', True)), models.Q(('released_at__isnull', False), ('released_by__isnull', False), models.Q(('release_reason', ''), _negated=True)), _connector='OR'), name='payouts_payouthold_released_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('words', ''), _negated=True)), name='payouts_payouthold_has_words'), models.CheckConstraint(condition=models.Q(('placed_by', models.F('member')), _negated=True), name='payouts_payouthold_not_by_its_member')],
                    },
                ),
                migrations.CreateModel(
                    name='PayoutStop',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('stopped_at', models.DateTimeField(verbose_name='暂停时间')),
                        ('lift_asked_at', models.DateTimeField(blank=True, null=True, verbose_name='申请恢复时间')),
                        ('lift_reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='恢复原因')),
                        ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='恢复时间')),
                        ('lift_asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请恢复')),
                        ('lifted_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='恢复人')),
                        ('stopped_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='暂停人')),
                    ],
                    options={
                        'verbose_name': '打款暂停',
                        'verbose_name_plural': '打款暂停',
                        'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('lifted_at',), name='payouts_payoutstop_one_stands', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='payouts_payoutstop_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('lift_asked_at__isnull', True), ('lift_asked_by__isnull', True), ('lift_reason', '')), models.Q(('lift_asked_at__isnull', False), ('lift_asked_by__isnull', False), models.Q(('lift_reason', ''), _negated=True)), _connector='OR'), name='payouts_payoutstop_asked_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_by__isnull', True)), models.Q(('lift_asked_by__isnull', False), ('lifted_at__isnull', False), ('lifted_by__isnull', False), models.Q(('lifted_by', models.F('lift_asked_by')), _negated=True)), _connector='OR'), name='payouts_payoutstop_lifted_by_two')],
                    },
                ),
            ],
        ),
    ]
