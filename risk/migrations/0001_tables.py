"""All tables of risk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Hit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('same_device', '推荐的人共用设备'), ('same_network', '推荐的人共用网络'), ('same_address', '推荐的人共用收货地址'), ('same_payer', '推荐的人用同一个付款账户'), ('same_account', '推荐的人用同一个收款账户'), ('burst', '短时间大量注册'), ('ring', '互为客户的闭环'), ('late_refund', '结算后退款'), ('one_pack', '推荐的人只买一份礼包'), ('dummy_two', '前两位推荐疑似凑数'), ('account_change', '提现前更换收款账户'), ('no_sales', '代理没有零售成交')], max_length=16, verbose_name='信号')),
                        ('key', models.CharField(editable=False, max_length=140)),
                        ('rule_version', models.PositiveIntegerField(verbose_name='规则版本')),
                        ('threshold', models.PositiveIntegerField(verbose_name='当时阈值')),
                        ('value', models.PositiveIntegerField(verbose_name='测得')),
                        ('state', models.CharField(choices=[('open', '待处理'), ('confirmed', '属实'), ('false_alarm', '误报')], default='open', max_length=12, verbose_name='状态')),
                        ('found_at', models.DateTimeField(verbose_name='发现时间')),
                        ('seen_at', models.DateTimeField(verbose_name='最近一次')),
                        ('grew_at', models.DateTimeField(blank=True, null=True, verbose_name='又有新证据')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='理由')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                        ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='risk_hits', to=settings.AUTH_USER_MODEL, verbose_name='会员')),
                    ],
                    options={
                        'verbose_name': '风险预警',
                        'verbose_name_plural': '风险预警',
                    },
                ),
                migrations.CreateModel(
                    name='Evidence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('thing', models.CharField(choices=[('member', '会员'), ('order', '订单'), ('account', '收款账户'), ('withdrawal', '提现')], max_length=10, verbose_name='类别')),
                        ('thing_id', models.BigIntegerField(verbose_name='编号')),
                        ('found_at', models.DateTimeField(verbose_name='发现时间')),
                        ('hit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='risk.hit')),
                    ],
                    options={
                        'verbose_name': '证据',
                        'verbose_name_plural': '证据',
                    },
                ),
                migrations.CreateModel(
                    name='Note',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=1000, verbose_name='内容')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('hit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='risk.hit', verbose_name='风险预警')),
                        ('written_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                    ],
                    options={
                        'verbose_name': '核查备注',
                        'verbose_name_plural': '核查备注',
                    },
                ),
                migrations.CreateModel(
                    name='RuleVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('same_device', '推荐的人共用设备'), ('same_network', '推荐的人共用网络'), ('same_address', '推荐的人共用收货地址'), ('same_payer', '推荐的人用同一个付款账户'), ('same_account', '推荐的人用同一个收款账户'), ('burst', '短时间大量注册'), ('ring', '互为客户的闭环'), ('late_refund', '结算后退款'), ('one_pack', '推荐的人只买一份礼包'), ('dummy_two', '前两位推荐疑似凑数'), ('account_change', '提现前更换收款账户'), ('no_sales', '代理没有零售成交')], max_length=16, verbose_name='信号')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('is_on', models.BooleanField(verbose_name='启用')),
                        ('threshold', models.PositiveIntegerField(verbose_name='阈值')),
                        ('reason', models.CharField(max_length=200, verbose_name='原因')),
                        ('set_at', models.DateTimeField(verbose_name='设置时间')),
                        ('set_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='设置人')),
                    ],
                    options={
                        'verbose_name': '风险规则',
                        'verbose_name_plural': '风险规则',
                    },
                ),
                migrations.AddIndex(
                    model_name='hit',
                    index=models.Index(fields=['state', '-id'], name='risk_hit_state'),
                ),
                migrations.AddIndex(
                    model_name='hit',
                    index=models.Index(fields=['kind', 'state'], name='risk_hit_kind'),
                ),
                migrations.AddIndex(
                    model_name='hit',
                    index=models.Index(fields=['member', '-id'], name='risk_hit_member'),
                ),
                migrations.AddConstraint(
                    model_name='hit',
                    constraint=models.UniqueConstraint(fields=('kind', 'key'), name='risk_hit_once'),
                ),
                migrations.AddConstraint(
                    model_name='hit',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['same_device', 'same_network', 'same_address', 'same_payer', 'same_account', 'burst', 'ring', 'late_refund', 'one_pack', 'dummy_two', 'account_change', 'no_sales'])), name='risk_hit_kind_known'),
                ),
                migrations.AddConstraint(
                    model_name='hit',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('reason', ''), ('state', 'open')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state__in', ['confirmed', 'false_alarm']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='risk_hit_decided_with_a_reason'),
                ),
                migrations.AddConstraint(
                    model_name='hit',
                    constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('member')), _negated=True), _connector='OR'), name='risk_hit_not_decided_by_its_member'),
                ),
                migrations.AddConstraint(
                    model_name='evidence',
                    constraint=models.UniqueConstraint(fields=('hit', 'thing', 'thing_id'), name='risk_evidence_once'),
                ),
                migrations.AddConstraint(
                    model_name='evidence',
                    constraint=models.CheckConstraint(condition=models.Q(('thing__in', ['member', 'order', 'account', 'withdrawal'])), name='risk_evidence_thing_known'),
                ),
                migrations.AddConstraint(
                    model_name='note',
                    constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='risk_note_says_something'),
                ),
                migrations.AddConstraint(
                    model_name='ruleversion',
                    constraint=models.UniqueConstraint(fields=('kind', 'version'), name='risk_ruleversion_once'),
                ),
                migrations.AddConstraint(
                    model_name='ruleversion',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['same_device', 'same_network', 'same_address', 'same_payer', 'same_account', 'burst', 'ring', 'late_refund', 'one_pack', 'dummy_two', 'account_change', 'no_sales'])), name='risk_ruleversion_kind_known'),
                ),
                migrations.AddConstraint(
                    model_name='ruleversion',
                    constraint=models.CheckConstraint(condition=models.Q(('threshold__gte', 1), ('version__gte', 1), models.Q(('reason', ''), _negated=True)), name='risk_ruleversion_has_a_reason'),
                ),
            ],
        ),
    ]
