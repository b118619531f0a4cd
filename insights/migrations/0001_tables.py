"""All tables of insights."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together, withhold


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='JobRun',
                    fields=[
                        ('task', models.CharField(max_length=100, primary_key=True, serialize=False)),
                        ('ended_at', models.DateTimeField(verbose_name='最近一次')),
                        ('milliseconds', models.PositiveIntegerField(verbose_name='用时（毫秒）')),
                        ('failed_at', models.DateTimeField(null=True, verbose_name='最近一次出错')),
                        ('failure', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='错误')),
                        ('failures', models.PositiveIntegerField(db_default=0, default=0, verbose_name='连续出错')),
                    ],
                    options={
                        'verbose_name': '任务运行',
                        'verbose_name_plural': '任务运行',
                    },
                ),
                migrations.CreateModel(
                    name='DayFigures',
                    fields=[
                        ('date', models.DateField(primary_key=True, serialize=False, verbose_name='日期')),
                        ('orders', models.IntegerField(default=0, verbose_name='付款订单')),
                        ('gmv_fen', models.BigIntegerField(default=0, verbose_name='销售额（分）')),
                        ('pack_orders', models.IntegerField(default=0, verbose_name='礼包订单')),
                        ('pack_fen', models.BigIntegerField(default=0, verbose_name='礼包销售额（分）')),
                        ('members', models.IntegerField(default=0, verbose_name='新会员')),
                        ('agents', models.IntegerField(default=0, verbose_name='新代理')),
                        ('partners', models.IntegerField(default=0, verbose_name='新合伙人')),
                        ('shipped', models.IntegerField(default=0, verbose_name='发货订单')),
                        ('in_time', models.IntegerField(default=0, verbose_name='准时发货')),
                        ('ship_minutes', models.BigIntegerField(default=0, verbose_name='付款到发货（分钟合计）')),
                        ('rewards', models.IntegerField(default=0, verbose_name='奖励笔数')),
                        ('rewards_fen', models.BigIntegerField(default=0, verbose_name='奖励（分）')),
                        ('commissions', models.IntegerField(default=0, verbose_name='零售佣金笔数')),
                        ('commissions_fen', models.BigIntegerField(default=0, verbose_name='零售佣金（分）')),
                        ('buyers', models.IntegerField(default=0, verbose_name='30 天买家')),
                        ('repeat_buyers', models.IntegerField(default=0, verbose_name='30 天回头客')),
                        ('skus', models.IntegerField(null=True, verbose_name='在售规格')),
                        ('skus_out', models.IntegerField(null=True, verbose_name='卖空规格')),
                        ('made_at', models.DateTimeField(verbose_name='汇总时间')),
                    ],
                    options={
                        'verbose_name': '经营日汇总',
                        'verbose_name_plural': '经营日汇总',
                        'constraints': [models.CheckConstraint(condition=models.Q(('skus_out__isnull', True), ('skus_out__lte', models.F('skus')), _connector='OR'), name='insights_dayfigures_out_within_skus')],
                    },
                ),
                migrations.CreateModel(
                    name='Goal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('members', '用户数'), ('agents', '代理和合伙人'), ('efficiency', '供应链效率'), ('stock_out', '缺货率'), ('repeat', '复购率'), ('aov', '客单价')], max_length=12, verbose_name='承诺')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('start_date', models.DateField(verbose_name='起点日期')),
                        ('due_date', models.DateField(verbose_name='到期日期')),
                        ('change_bps', models.IntegerField(verbose_name='变化（万分之）')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('set_at', models.DateTimeField(verbose_name='设置时间')),
                        ('set_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='设置人')),
                    ],
                    options={
                        'verbose_name': '对外承诺',
                        'verbose_name_plural': '对外承诺',
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='insights_goal_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['members', 'agents', 'efficiency', 'stock_out', 'repeat', 'aov'])), name='insights_goal_kind_known'), models.CheckConstraint(condition=models.Q(('due_date__gt', models.F('start_date'))), name='insights_goal_due_after_start'), models.CheckConstraint(condition=models.Q(models.Q(('change_bps', 0), _negated=True), ('change_bps__gt', -10000), models.Q(('reason', ''), _negated=True)), name='insights_goal_changes')],
                    },
                ),
                migrations.CreateModel(
                    name='Target',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('gmv', '每天销售额'), ('orders', '每天付款订单'), ('aov', '客单价'), ('members', '每天新会员'), ('agents', '每天新代理'), ('partners', '每天新合伙人'), ('repeat', '30 天复购率'), ('stock_out', '缺货率'), ('in_time', '准时发货率'), ('earnings', '奖励和佣金占销售额'), ('payouts', '待审提现'), ('risks', '待处理风险预警'), ('big_refund', '大额退款从多少起')], max_length=12, verbose_name='指标')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('value', models.BigIntegerField(null=True, verbose_name='目标')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('set_at', models.DateTimeField(verbose_name='设置时间')),
                        ('set_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='设置人')),
                    ],
                    options={
                        'verbose_name': '经营目标',
                        'verbose_name_plural': '经营目标',
                        'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='insights_target_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['gmv', 'orders', 'aov', 'members', 'agents', 'partners', 'repeat', 'stock_out', 'in_time', 'earnings', 'payouts', 'risks', 'big_refund'])), name='insights_target_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('value__isnull', True), ('value__gte', 0), _connector='OR'), models.Q(('reason', ''), _negated=True)), name='insights_target_said_why')],
                    },
                ),
            ],
        ),
        withhold("UPDATE, DELETE", "insights_target", "insights_goal"),
    ]
