"""All tables of reconciliation."""

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
                    name='TransferAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=64, unique=True, verbose_name='提现单号')),
                        ('state', models.CharField(max_length=12, verbose_name='渠道状态')),
                        ('amount_fen', models.BigIntegerField(null=True, verbose_name='渠道金额（分）')),
                        ('reference', models.CharField(blank=True, default='', max_length=64, verbose_name='渠道流水号')),
                        ('answered_at', models.DateTimeField(verbose_name='答复时间')),
                    ],
                    options={
                        'verbose_name': '渠道答复',
                        'verbose_name_plural': '渠道答复',
                    },
                ),
                migrations.CreateModel(
                    name='Day',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(unique=True, verbose_name='日期')),
                        ('state', models.CharField(choices=[('open', '未关账'), ('closing', '关账待复核'), ('closed', '已关账'), ('reopening', '重开待复核')], default='open', max_length=9, verbose_name='状态')),
                        ('figures', models.JSONField(default=dict, verbose_name='核对结果')),
                        ('checked_at', models.DateTimeField(null=True, verbose_name='核对时间')),
                        ('asked_at', models.DateTimeField(null=True, verbose_name='申请时间')),
                        ('words', models.CharField(blank=True, default='', max_length=200, verbose_name='说明')),
                        ('decided_at', models.DateTimeField(null=True, verbose_name='复核时间')),
                        ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                    ],
                    options={
                        'verbose_name': '对账日',
                        'verbose_name_plural': '对账',
                    },
                ),
                migrations.CreateModel(
                    name='Check',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state', models.CharField(choices=[('waiting', '排队中'), ('running', '核对中'), ('done', '已完成'), ('failed', '出错'), ('interrupted', '中断')], default='waiting', max_length=12, verbose_name='状态')),
                        ('progress_bps', models.IntegerField(default=0, verbose_name='进度（万分之）')),
                        ('step', models.CharField(blank=True, default='', max_length=12, verbose_name='步骤')),
                        ('found', models.IntegerField(null=True, verbose_name='未平项数')),
                        ('failure', models.CharField(blank=True, default='', max_length=200, verbose_name='出错原因')),
                        ('asked_at', models.DateTimeField(verbose_name='提交时间')),
                        ('beat_at', models.DateTimeField(null=True, verbose_name='最近动静')),
                        ('finished_at', models.DateTimeField(null=True, verbose_name='结束时间')),
                        ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人')),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='reconciliation.day', verbose_name='对账日')),
                    ],
                    options={
                        'verbose_name': '核对',
                        'verbose_name_plural': '核对',
                    },
                ),
                migrations.CreateModel(
                    name='DayStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('ask_close', '申请关账'), ('close', '复核关账'), ('ask_reopen', '申请重开'), ('reopen', '复核重开'), ('refuse', '退回')], max_length=10, verbose_name='操作')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('words', models.CharField(blank=True, default='', max_length=200, verbose_name='说明')),
                        ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                        ('day', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reconciliation.day', verbose_name='对账日')),
                    ],
                    options={
                        'verbose_name': '关账记录',
                        'verbose_name_plural': '关账记录',
                    },
                ),
                migrations.CreateModel(
                    name='Item',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('date', models.DateField(verbose_name='归属日期')),
                        ('part', models.CharField(choices=[('payment', 'payment'), ('refund', 'refund'), ('payout', 'payout'), ('reward', 'reward'), ('clawback', 'clawback'), ('commission', 'commission'), ('commission_back', 'commission_back')], max_length=16, verbose_name='类别')),
                        ('provider', models.CharField(blank=True, default='', max_length=20, verbose_name='渠道')),
                        ('number', models.CharField(max_length=96, verbose_name='单号')),
                        ('title', models.CharField(blank=True, default='', max_length=120, verbose_name='说明')),
                        ('cause', models.CharField(choices=[('no_bill', 'no_bill'), ('not_answered', 'not_answered'), ('duplicate', 'duplicate'), ('unknown_payment', 'unknown_payment'), ('manual_refund', 'manual_refund'), ('late_notice', 'late_notice'), ('amount', 'amount'), ('midnight', 'midnight'), ('missing_in_bill', 'missing_in_bill'), ('not_paid', 'not_paid'), ('ledger_alone', 'ledger_alone'), ('missing_in_ledger', 'missing_in_ledger'), ('ledger_amount', 'ledger_amount'), ('reference', 'reference')], max_length=20, verbose_name='可能的原因')),
                        ('document_fen', models.BigIntegerField(null=True, verbose_name='业务单据（分）')),
                        ('channel_fen', models.BigIntegerField(null=True, verbose_name='渠道（分）')),
                        ('ledger_fen', models.BigIntegerField(null=True, verbose_name='账本（分）')),
                        ('evidence', models.JSONField(default=list, verbose_name='经过')),
                        ('found_at', models.DateTimeField(verbose_name='发现时间')),
                        ('state', models.CharField(choices=[('open', '未平'), ('proposed', '待复核'), ('settled', '已处理'), ('gone', '已平')], default='open', max_length=8, verbose_name='状态')),
                        ('how', models.CharField(blank=True, choices=[('mended', '已在系统里改正'), ('channel', '渠道已确认并更正'), ('outside', '在系统外处理（如银行转账）'), ('accepted', '确认差额，由财务另行记账')], default='', max_length=8, verbose_name='处理方式')),
                        ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='处理说明')),
                        ('proposed_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                        ('ended_at', models.DateTimeField(null=True, verbose_name='了结时间')),
                        ('confirmed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                        ('day', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='reconciliation.day', verbose_name='对账日')),
                        ('proposed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                    ],
                    options={
                        'verbose_name': '未平项',
                        'verbose_name_plural': '未平项',
                    },
                ),
                migrations.AddIndex(
                    model_name='day',
                    index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['date'], name='reconciliation_day_open'),
                ),
                migrations.AddConstraint(
                    model_name='day',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closing', 'closed', 'reopening'])), name='reconciliation_day_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='day',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['closed', 'reopening']), _negated=True), ('checked_at__isnull', False), _connector='OR'), name='reconciliation_day_closed_when_checked'),
                ),
                migrations.AddConstraint(
                    model_name='day',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('asked_by__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='reconciliation_day_closed_by_somebody'),
                ),
                migrations.AddConstraint(
                    model_name='day',
                    constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='reconciliation_day_decided_by_another'),
                ),
                migrations.AddIndex(
                    model_name='check',
                    index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['state', 'id'], name='reconciliation_check_open'),
                ),
                migrations.AddConstraint(
                    model_name='check',
                    constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('day',), name='reconciliation_check_one_at_a_time'),
                ),
                migrations.AddIndex(
                    model_name='item',
                    index=models.Index(condition=models.Q(('state__in', ['open', 'proposed'])), fields=['state'], name='reconciliation_item_waits'),
                ),
                migrations.AddIndex(
                    model_name='item',
                    index=models.Index(fields=['date', 'id'], name='reconciliation_item_date'),
                ),
                migrations.AddConstraint(
                    model_name='item',
                    constraint=models.UniqueConstraint(fields=('day', 'date', 'part', 'provider', 'number'), name='reconciliation_item_once'),
                ),
                migrations.AddConstraint(
                    model_name='item',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'proposed', 'settled', 'gone'])), name='reconciliation_item_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='item',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['proposed', 'settled']), _negated=True), models.Q(('proposed_at__isnull', False), ('proposed_by__isnull', False), models.Q(('how', ''), _negated=True), models.Q(('note', ''), _negated=True)), _connector='OR'), name='reconciliation_item_settled_in_words'),
                ),
                migrations.AddConstraint(
                    model_name='item',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_by__isnull', False), ('state', 'settled'), models.Q(('confirmed_by', models.F('proposed_by')), _negated=True)), models.Q(models.Q(('state', 'settled'), _negated=True), ('confirmed_by__isnull', True)), _connector='OR'), name='reconciliation_item_confirmed_by_another'),
                ),
                migrations.AddConstraint(
                    model_name='item',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['settled', 'gone'])), models.Q(('state__in', ['open', 'proposed']), ('ended_at__isnull', True)), _connector='OR'), name='reconciliation_item_ended_when_ended'),
                ),
            ],
        ),
    ]
