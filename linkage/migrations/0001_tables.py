"""All tables of linkage: what stood in its migrations before they were made one."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    replaces = [
        ('linkage', '0001_initial'),
        ('linkage', '0003_strands'),
        ('linkage', '0004_retail'),
        ('linkage', '0005_withheld_when_asked'),
        ('linkage', '0006_team_moves'),
        ('linkage', '0007_governing'),
        ('linkage', '0009_lost_rewards'),
        ('linkage', '0010_adjustments'),
        ('linkage', '0011_compliance_counts'),
    ]

    initial = True

    dependencies = [
        ('orders', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ImportRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('lines_done', models.IntegerField(default=0)),
                        ('lines', models.IntegerField()),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': '历史导入',
                        'verbose_name_plural': '历史导入',
                    },
                ),
                migrations.CreateModel(
                    name='Shard',
                    fields=[
                        ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                        ('clock_at', models.DateTimeField()),
                    ],
                    options={
                        'verbose_name': '结算分片',
                        'verbose_name_plural': '结算分片',
                    },
                ),
                migrations.CreateModel(
                    name='LinkageEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=96, unique=True, verbose_name='唯一键')),
                        ('shard', models.SmallIntegerField(verbose_name='分片')),
                        ('kind', models.CharField(choices=[('join', '加入'), ('order', '礼包付款'), ('receive', '收货'), ('refund', '退款'), ('tasks_done', '种子任务完成'), ('withdraw', '申请提现'), ('payout', '提现结果'), ('grant', '帮扶发放'), ('tick', '到期处理'), ('sale', '零售付款'), ('sale_receive', '零售收货'), ('sale_keep', '零售退款'), ('adjust', '人工调整'), ('forgive', '免除欠款')], max_length=12, verbose_name='事件')),
                        ('at', models.DateTimeField(verbose_name='发生时间')),
                        ('member_id', models.BigIntegerField(null=True, verbose_name='会员编号')),
                        ('referrer_id', models.BigIntegerField(null=True, verbose_name='推荐人编号')),
                        ('order_id', models.BigIntegerField(null=True, verbose_name='订单编号')),
                        ('reference', models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='单号')),
                        ('packs', models.IntegerField(null=True, verbose_name='礼包份数')),
                        ('plan_version', models.PositiveIntegerField(null=True, verbose_name='规则版本')),
                        ('amount_fen', models.BigIntegerField(null=True, verbose_name='金额（分）')),
                        ('min_fen', models.BigIntegerField(null=True, verbose_name='最低金额（分）')),
                        ('fee_bps', models.IntegerField(null=True, verbose_name='服务费率（万分之）')),
                        ('tax_bps', models.IntegerField(null=True, verbose_name='税率（万分之）')),
                        ('approved', models.BooleanField(null=True, verbose_name='通过')),
                        ('by_id', models.BigIntegerField(null=True, verbose_name='操作人编号')),
                        ('note', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='说明')),
                        ('import_line', models.IntegerField(null=True, verbose_name='导入行号')),
                        ('number', models.BigIntegerField(null=True, unique=True, verbose_name='序号')),
                        ('effective_at', models.DateTimeField(null=True, verbose_name='生效时间')),
                        ('refusal', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='拒绝原因')),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('commission_bps', models.SmallIntegerField(null=True, verbose_name='零售佣金（万分之）')),
                        ('cooling_off_days', models.SmallIntegerField(null=True, verbose_name='冷静期（天）')),
                        ('line_id', models.BigIntegerField(null=True, verbose_name='订单明细编号')),
                        ('fee_fen', models.BigIntegerField(null=True, verbose_name='服务费（分）')),
                        ('tax_fen', models.BigIntegerField(null=True, verbose_name='预扣个税（分）')),
                        ('asked_by_id', models.BigIntegerField(null=True, verbose_name='申请人编号')),
                    ],
                    options={
                        'verbose_name': '结算事件',
                        'verbose_name_plural': '结算事件',
                        'db_table': 'linkage_event',
                        'indexes': [models.Index(condition=models.Q(('number__isnull', True), ('refusal', '')), fields=['shard', 'id'], name='linkage_event_waiting'), models.Index(condition=models.Q(('kind__in', ['withdraw', 'payout'])), fields=['reference', 'kind'], name='linkage_event_withdrawal'), models.Index(fields=['member_id', 'id'], name='linkage_event_member')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('number__isnull', True), ('refusal', ''), _connector='OR'), name='linkage_event_numbered_or_refused'), models.CheckConstraint(condition=models.Q(models.Q(('effective_at__isnull', True), ('number__isnull', True)), models.Q(('effective_at__gte', models.F('at')), ('effective_at__isnull', False), ('number__isnull', False)), _connector='OR'), name='linkage_event_takes_effect_when_numbered'), models.CheckConstraint(condition=models.Q(models.Q(('fee_fen__isnull', True), ('tax_fen__isnull', True)), models.Q(('amount_fen__gte', django.db.models.expressions.CombinedExpression(models.F('fee_fen'), '+', models.F('tax_fen'))), ('fee_fen__gte', 0), ('tax_fen__gte', 0)), _connector='OR'), name='linkage_event_withholds_within_the_amount'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['adjust', 'forgive']), _negated=True), models.Q(('amount_fen__isnull', False), ('asked_by_id__isnull', False), ('by_id__isnull', False), ('member_id__isnull', False), models.Q(('by_id', models.F('asked_by_id')), _negated=True), models.Q(('by_id', models.F('member_id')), _negated=True), models.Q(('asked_by_id', models.F('member_id')), _negated=True)), _connector='OR'), name='linkage_event_two_people_adjust')],
                    },
                ),
                migrations.CreateModel(
                    name='Position',
                    fields=[
                        ('member', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='position', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('shard', models.SmallIntegerField()),
                        ('referrer_id', models.BigIntegerField(null=True)),
                        ('rank', models.SmallIntegerField(choices=[(0, '普通用户'), (1, '代理'), (2, '合伙人')], default=0, verbose_name='头衔')),
                        ('leader_id', models.BigIntegerField(null=True, verbose_name='团队合伙人')),
                        ('packs', models.IntegerField(default=0, verbose_name='有效礼包')),
                        ('valid_referrals', models.IntegerField(default=0, verbose_name='有效直推')),
                        ('counted', models.BooleanField(default=False, verbose_name='计入推荐人')),
                        ('tasks_done', models.BooleanField(default=False, verbose_name='种子任务完成')),
                        ('recruits', models.IntegerField(default=0, verbose_name='直推人数')),
                        ('agent_at', models.DateTimeField(null=True, verbose_name='成为代理时间')),
                        ('partner_at', models.DateTimeField(null=True, verbose_name='升级合伙人时间')),
                        ('strand_id', models.BigIntegerField()),
                        ('place', models.IntegerField()),
                    ],
                    options={
                        'verbose_name': '链动身份',
                        'verbose_name_plural': '链动身份',
                        'indexes': [models.Index(condition=models.Q(('leader_id__isnull', False)), fields=['leader_id', 'member'], name='linkage_position_team'), models.Index(condition=models.Q(('referrer_id__isnull', False)), fields=['referrer_id', 'rank', 'member'], name='linkage_position_recruits')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('packs__gte', 0)), name='linkage_position_packs_not_negative'), models.CheckConstraint(condition=models.Q(('valid_referrals__gte', 0)), name='linkage_position_referrals_not_negative'), models.CheckConstraint(condition=models.Q(('packs', 0), ('rank__gt', 0), _connector='OR'), name='linkage_position_buyer_has_a_title'), models.CheckConstraint(condition=models.Q(models.Q(('place', 0), ('strand_id', models.F('member'))), models.Q(('place__gt', 0), ('referrer_id__isnull', False)), _connector='OR'), name='linkage_position_strand_begins_with_itself'), models.UniqueConstraint(condition=models.Q(('rank__gt', 0)), fields=('strand_id', 'place'), name='linkage_position_titled')],
                    },
                ),
                migrations.CreateModel(
                    name='SettledOrder',
                    fields=[
                        ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='settlement', serialize=False, to='orders.order', verbose_name='订单')),
                        ('shard', models.SmallIntegerField()),
                        ('member_id', models.BigIntegerField(verbose_name='买家编号')),
                        ('packs', models.IntegerField(verbose_name='礼包份数')),
                        ('first_packs', models.SmallIntegerField(verbose_name='首份')),
                        ('plan_version', models.PositiveIntegerField(verbose_name='规则版本')),
                        ('paid_at', models.DateTimeField(verbose_name='付款时间')),
                        ('received_at', models.DateTimeField(null=True, verbose_name='收货时间')),
                        ('matures_at', models.DateTimeField(null=True, verbose_name='冷静期结束')),
                        ('matured', models.BooleanField(default=False, verbose_name='已过冷静期')),
                        ('holds_expire_at', models.DateTimeField(null=True, verbose_name='冻结到期')),
                        ('refunded_at', models.DateTimeField(null=True, verbose_name='退款时间')),
                    ],
                    options={
                        'verbose_name': '已结算订单',
                        'verbose_name_plural': '已结算订单',
                        'indexes': [models.Index(condition=models.Q(('matures_at__isnull', False)), fields=['shard', 'matures_at'], name='linkage_order_matures'), models.Index(condition=models.Q(('holds_expire_at__isnull', False)), fields=['shard', 'holds_expire_at'], name='linkage_order_expires'), models.Index(fields=['member_id'], name='linkage_order_member')],
                    },
                ),
                migrations.CreateModel(
                    name='Stream',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('last_number', models.BigIntegerField(default=0)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='linkage_stream_single')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanVersion',
                    fields=[
                        ('version', models.PositiveIntegerField(primary_key=True, serialize=False, verbose_name='版本')),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('params', models.JSONField(blank=True, null=True, verbose_name='参数')),
                        ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='生效时间')),
                        ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟定人')),
                        ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发布人')),
                        ('edited_at', models.DateTimeField(blank=True, null=True, verbose_name='最后修改时间')),
                        ('imported', models.BooleanField(db_default=False, default=False, editable=False, verbose_name='历史导入')),
                        ('return_reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='退回原因')),
                        ('returned_at', models.DateTimeField(blank=True, null=True, verbose_name='退回时间')),
                        ('returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='退回人')),
                        ('submitted_at', models.DateTimeField(blank=True, null=True, verbose_name='提交时间')),
                        ('acknowledgement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='linkage.acknowledgement')),
                        ('simulation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='linkage.simulationrun')),
                    ],
                    options={
                        'verbose_name': '规则方案',
                        'verbose_name_plural': '规则方案',
                        'ordering': ['-version'],
                        'indexes': [models.Index(condition=models.Q(('published_at__isnull', False)), fields=['-starts_at'], name='linkage_planversion_in_force')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('starts_at__isnull', False), _connector='OR'), name='linkage_planversion_published_starts'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('imported', True), models.Q(('created_by__isnull', False), ('published_by__isnull', False), ('submitted_at__isnull', False), models.Q(('published_by', models.F('created_by')), _negated=True)), _connector='OR'), name='linkage_planversion_two_people_publish'), models.CheckConstraint(condition=models.Q(('published_at__isnull', True), ('imported', True), ('params__isnull', True), models.Q(('acknowledgement__isnull', False), ('simulation__isnull', False)), _connector='OR'), name='linkage_planversion_published_was_simulated')],
                    },
                ),
                migrations.CreateModel(
                    name='Reward',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.SmallIntegerField(choices=[(1, '直推奖'), (2, '见点奖'), (3, '平级分润'), (4, '平级奖')], verbose_name='奖励')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('held_fen', models.BigIntegerField(verbose_name='冻结（分）')),
                        ('seed_id', models.BigIntegerField(verbose_name='种子用户')),
                        ('hold', models.SmallIntegerField(choices=[(0, '无冻结'), (1, '冻结中'), (2, '已解冻'), (3, '已转入帮扶基金')], verbose_name='冻结状态')),
                        ('reversed', models.BooleanField(db_default=False, default=False, verbose_name='已扣回')),
                        ('acting', models.SmallIntegerField(choices=[(0, '普通用户'), (1, '代理'), (2, '合伙人')], verbose_name='当时身份')),
                        ('first_fen', models.BigIntegerField(verbose_name='首份金额（分）')),
                        ('further_fen', models.BigIntegerField(verbose_name='复购每份（分）')),
                        ('via', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='经过的会员')),
                        ('hold_ended_at', models.DateTimeField(null=True, verbose_name='冻结结束时间')),
                        ('member', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rewards', to=settings.AUTH_USER_MODEL, verbose_name='获得人')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rewards', to='linkage.settledorder', verbose_name='订单')),
                    ],
                    options={
                        'verbose_name': '奖励',
                        'verbose_name_plural': '奖励',
                        'indexes': [models.Index(fields=['member', '-id'], name='linkage_reward_member'), models.Index(condition=models.Q(('hold', 1), ('reversed', False)), fields=['seed_id'], name='linkage_reward_held'), models.Index(condition=models.Q(('reversed', True)), fields=['member', '-id'], name='linkage_reward_reversed'), models.Index(condition=models.Q(('hold', 3)), fields=['member', '-hold_ended_at', '-id'], name='linkage_reward_forfeited')],
                        'constraints': [models.UniqueConstraint(fields=('order', 'kind'), name='linkage_reward_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('held_fen__gte', 0), ('held_fen__lte', models.F('amount_fen'))), name='linkage_reward_amounts'), models.CheckConstraint(condition=models.Q(models.Q(('held_fen', 0), ('hold', 0)), models.Q(('held_fen__gt', 0), ('hold__gt', 0)), _connector='OR'), name='linkage_reward_hold_has_an_amount')],
                    },
                ),
                migrations.CreateModel(
                    name='TaskProgress',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=24)),
                        ('reached', models.BigIntegerField(default=0)),
                        ('at', models.DateTimeField()),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='task_progress', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': '种子任务进度',
                        'verbose_name_plural': '种子任务进度',
                        'constraints': [models.UniqueConstraint(fields=('member', 'kind'), name='linkage_taskprogress_unique')],
                    },
                ),
                migrations.CreateModel(
                    name='Commission',
                    fields=[
                        ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='commission', serialize=False, to='orders.orderline', verbose_name='订单明细')),
                        ('shard', models.SmallIntegerField()),
                        ('net_fen', models.BigIntegerField(verbose_name='实付商品金额（分）')),
                        ('bps', models.SmallIntegerField(verbose_name='零售佣金（万分之）')),
                        ('days', models.SmallIntegerField(verbose_name='冷静期（天）')),
                        ('first_fen', models.BigIntegerField(verbose_name='付款时佣金（分）')),
                        ('kept_fen', models.BigIntegerField(verbose_name='退款后商品金额（分）')),
                        ('amount_fen', models.BigIntegerField(verbose_name='佣金（分）')),
                        ('paid_at', models.DateTimeField(verbose_name='付款时间')),
                        ('received_at', models.DateTimeField(null=True, verbose_name='收货时间')),
                        ('matures_at', models.DateTimeField(null=True, verbose_name='冷静期结束')),
                        ('matured', models.BooleanField(db_default=False, default=False, verbose_name='已过冷静期')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='commissions', to=settings.AUTH_USER_MODEL, verbose_name='店主')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commissions', to='orders.order', verbose_name='订单')),
                    ],
                    options={
                        'verbose_name': '零售佣金',
                        'verbose_name_plural': '零售佣金',
                        'indexes': [models.Index(fields=['member', '-paid_at', '-line'], name='linkage_commission_member'), models.Index(condition=models.Q(('matures_at__isnull', False)), fields=['shard', 'matures_at'], name='linkage_commission_matures')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('bps__gte', 0), ('bps__lte', 10000), ('kept_fen__gte', 0), ('kept_fen__lte', models.F('net_fen')), ('net_fen__gt', 0)), name='linkage_commission_keeps_a_part'), models.CheckConstraint(condition=models.Q(('amount_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('kept_fen'), '*', models.F('bps')), '/', models.Value(10000))), ('first_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('net_fen'), '*', models.F('bps')), '/', models.Value(10000)))), name='linkage_commission_is_the_share_of_what_is_kept')],
                    },
                ),
                migrations.CreateModel(
                    name='CommissionCut',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kept_fen', models.BigIntegerField(verbose_name='退款后商品金额（分）')),
                        ('amount_fen', models.BigIntegerField(verbose_name='扣回佣金（分）')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('commission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cuts', to='linkage.commission', verbose_name='零售佣金')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='店主')),
                    ],
                    options={
                        'verbose_name': '佣金扣回',
                        'verbose_name_plural': '佣金扣回',
                        'indexes': [models.Index(fields=['member', '-at', '-id'], name='linkage_commissioncut_member')],
                        'constraints': [models.UniqueConstraint(fields=('commission', 'kept_fen'), name='linkage_commissioncut_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0), ('kept_fen__gte', 0)), name='linkage_commissioncut_not_negative')],
                    },
                ),
                migrations.CreateModel(
                    name='TeamMove',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.SmallIntegerField(choices=[(1, '升级合伙人'), (2, '重新加入')], verbose_name='原因')),
                        ('from_leader_id', models.BigIntegerField(null=True, verbose_name='原团队合伙人')),
                        ('to_leader_id', models.BigIntegerField(null=True, verbose_name='新团队合伙人')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team_moves', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                        ('order', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='team_moves', to='linkage.settledorder', verbose_name='订单')),
                    ],
                    options={
                        'verbose_name': '团队变动',
                        'verbose_name_plural': '团队变动',
                        'indexes': [models.Index(condition=models.Q(('from_leader_id__isnull', False)), fields=['from_leader_id', '-id'], name='linkage_teammove_left')],
                        'constraints': [models.UniqueConstraint(fields=('order', 'member'), name='linkage_teammove_once'), models.UniqueConstraint(condition=models.Q(('kind', 1)), fields=('member',), name='linkage_teammove_promoted_once'), models.CheckConstraint(condition=models.Q(('kind', 2), ('to_leader_id__isnull', True), _connector='OR'), name='linkage_teammove_partner_has_no_leader')],
                    },
                ),
                migrations.CreateModel(
                    name='Acknowledgement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=64, verbose_name='参数摘要')),
                        ('text_version', models.CharField(max_length=20, verbose_name='合规文本版本')),
                        ('findings', models.JSONField(default=list, verbose_name='当时的提示')),
                        ('at', models.DateTimeField(verbose_name='确认时间')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acknowledgements', to='linkage.planversion', verbose_name='规则方案')),
                        ('read_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                    ],
                    options={
                        'verbose_name': '合规确认',
                        'verbose_name_plural': '合规确认',
                        'indexes': [models.Index(fields=['plan', '-id'], name='linkage_acknowledgement_plan')],
                    },
                ),
                migrations.CreateModel(
                    name='SimulationRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('params', models.JSONField(verbose_name='参数')),
                        ('digest', models.CharField(max_length=64, verbose_name='参数摘要')),
                        ('base_version', models.PositiveIntegerField(null=True, verbose_name='对照版本')),
                        ('base_params', models.JSONField(null=True, verbose_name='对照参数')),
                        ('kind', models.CharField(choices=[('synthetic', '合成关系树'), ('copy', '回放历史')], max_length=10, verbose_name='方式')),
                        ('inputs', models.JSONField(verbose_name='输入')),
                        ('seed', models.IntegerField(verbose_name='随机种子')),
                        ('size', models.IntegerField(verbose_name='人数')),
                        ('state', models.CharField(choices=[('waiting', '排队中'), ('running', '运行中'), ('done', '已完成'), ('cancelled', '已取消'), ('failed', '出错'), ('interrupted', '中断')], db_default='waiting', default='waiting', max_length=12, verbose_name='状态')),
                        ('progress_bps', models.IntegerField(db_default=0, default=0, verbose_name='进度（万分之）')),
                        ('result', models.JSONField(null=True, verbose_name='结果')),
                        ('failure', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='出错原因')),
                        ('asked_at', models.DateTimeField(verbose_name='提交时间')),
                        ('started_at', models.DateTimeField(null=True, verbose_name='开始时间')),
                        ('beat_at', models.DateTimeField(null=True, verbose_name='最近动静')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人')),
                        ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='simulations', to='linkage.planversion', verbose_name='规则方案')),
                    ],
                    options={
                        'verbose_name': '规则试算',
                        'verbose_name_plural': '规则试算',
                        'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['state', 'id'], name='linkage_simulationrun_open')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('progress_bps__gte', 0), ('progress_bps__lte', 10000)), name='linkage_simulationrun_progress'), models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', False), ('result__isnull', False), ('state', 'done')), models.Q(models.Q(('state', 'done'), _negated=True), ('result__isnull', True)), _connector='OR'), name='linkage_simulationrun_done_has_a_result')],
                    },
                ),
                migrations.CreateModel(
                    name='Adjustment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=32, unique=True, verbose_name='调整单号')),
                        ('kind', models.CharField(choices=[('adjust', '补发或扣减'), ('forgive', '免除欠款')], max_length=8, verbose_name='种类')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('reason', models.CharField(max_length=120, verbose_name='原因')),
                        ('state', models.CharField(choices=[('waiting', '待复核'), ('approved', '已生效'), ('rejected', '已驳回')], default='waiting', max_length=8, verbose_name='状态')),
                        ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                        ('decline_reason', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='驳回原因')),
                        ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='adjustments', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '人工调整',
                        'verbose_name_plural': '人工调整',
                        'indexes': [models.Index(fields=['member', '-id'], name='linkage_adjustment_member'), models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='linkage_adjustment_waiting')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('amount_fen', 0), _negated=True), models.Q(('kind', 'adjust'), ('amount_fen__gt', 0), _connector='OR')), name='linkage_adjustment_amount'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='linkage_adjustment_has_a_reason'), models.CheckConstraint(condition=models.Q(('asked_by', models.F('member')), _negated=True), name='linkage_adjustment_not_asked_by_its_member'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'rejected')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'approved'), models.Q(('decided_by', models.F('asked_by')), _negated=True), models.Q(('decided_by', models.F('member')), _negated=True)), _connector='OR'), name='linkage_adjustment_approved_by_another')],
                    },
                ),
                migrations.CreateModel(
                    name='ComplianceCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='统计时间')),
                        ('figures', models.JSONField(verbose_name='数字')),
                    ],
                    options={
                        'verbose_name': '合规统计',
                        'verbose_name_plural': '合规统计',
                    },
                ),
            ],
        ),
    ]
