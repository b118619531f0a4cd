"""All tables of remittance."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0002_desk'),
        ('suppliers', '0002_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Statement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=48, unique=True, verbose_name='对账单号')),
                        ('start_date', models.DateField(verbose_name='从')),
                        ('end_date', models.DateField(verbose_name='到（不含）')),
                        ('fee_bps', models.PositiveSmallIntegerField(verbose_name='平台服务费（万分之）')),
                        ('commission_bps', models.PositiveSmallIntegerField(verbose_name='承担零售佣金的比例（万分之）')),
                        ('line_count', models.PositiveIntegerField(verbose_name='笔数')),
                        ('gross_fen', models.BigIntegerField(verbose_name='买家实付（分）')),
                        ('supply_fen', models.BigIntegerField(verbose_name='供货款（分）')),
                        ('refund_fen', models.BigIntegerField(verbose_name='退款（分）')),
                        ('other_fen', models.BigIntegerField(default=0, verbose_name='更正（分）')),
                        ('fee_fen', models.BigIntegerField(verbose_name='平台服务费（分）')),
                        ('commission_fen', models.BigIntegerField(verbose_name='承担零售佣金（分）')),
                        ('carried_fen', models.BigIntegerField(verbose_name='上期结转（分）')),
                        ('payable_fen', models.BigIntegerField(verbose_name='应付（分）')),
                        ('state', models.CharField(choices=[('open', '待供应商确认'), ('confirmed', '待初审'), ('approved', '待复核'), ('paid', '已付款'), ('carried', '结转下期')], max_length=10, verbose_name='状态')),
                        ('closed_at', models.DateTimeField(verbose_name='出账时间')),
                        ('confirm_due_at', models.DateTimeField(verbose_name='确认截止')),
                        ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                        ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='初审时间')),
                        ('paid_at', models.DateTimeField(blank=True, null=True, verbose_name='付款时间')),
                        ('bank_reference', models.CharField(blank=True, default='', max_length=64, verbose_name='银行流水号')),
                        ('sent_back_reason', models.CharField(blank=True, default='', max_length=120, verbose_name='退回原因')),
                        ('approved_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='初审')),
                        ('confirmed_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                        ('released_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '对账单',
                        'verbose_name_plural': '对账单',
                    },
                ),
                migrations.CreateModel(
                    name='StatementLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('posting_id', models.BigIntegerField(unique=True, verbose_name='分录')),
                        ('kind', models.CharField(choices=[('sale', '供货款'), ('refund', '退款'), ('commission', '承担零售佣金'), ('other', '更正')], max_length=10, verbose_name='类型')),
                        ('reference', models.CharField(max_length=96, verbose_name='关联单号')),
                        ('at', models.DateTimeField(verbose_name='发生时间')),
                        ('gross_fen', models.BigIntegerField(default=0, verbose_name='买家实付（分）')),
                        ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                        ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order', verbose_name='订单')),
                        ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='remittance.statement', verbose_name='对账单')),
                    ],
                    options={
                        'verbose_name': '对账明细',
                        'verbose_name_plural': '对账明细',
                    },
                ),
                migrations.CreateModel(
                    name='SupplierAccount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('holder', models.CharField(max_length=60, verbose_name='户名')),
                        ('bank_name', models.CharField(max_length=60, verbose_name='开户行')),
                        ('number_sealed', models.CharField(editable=False, max_length=300)),
                        ('label', models.CharField(max_length=20, verbose_name='账号')),
                        ('added_at', models.DateTimeField(verbose_name='添加时间')),
                        ('removed_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                        ('added_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='添加人')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '收款账户',
                        'verbose_name_plural': '收款账户',
                    },
                ),
                migrations.AddField(
                    model_name='statement',
                    name='account',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='remittance.supplieraccount', verbose_name='收款账户'),
                ),
                migrations.CreateModel(
                    name='SupplierTerms',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='生效日期')),
                        ('period', models.CharField(choices=[('month', '每月'), ('half', '每半月（1 日和 16 日）')], default='month', max_length=5, verbose_name='结算周期')),
                        ('fee_bps', models.PositiveSmallIntegerField(default=0, verbose_name='平台服务费（万分之）')),
                        ('commission_bps', models.PositiveSmallIntegerField(default=0, verbose_name='承担零售佣金的比例（万分之）')),
                        ('set_at', models.DateTimeField(verbose_name='制定时间')),
                        ('set_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='制定人')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '结算条款',
                        'verbose_name_plural': '结算条款',
                    },
                ),
                migrations.CreateModel(
                    name='StatementInvoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=30, verbose_name='发票号码')),
                        ('amount_fen', models.BigIntegerField(verbose_name='价税合计（分）')),
                        ('photo', models.CharField(editable=False, max_length=120, unique=True)),
                        ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                        ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='remittance.statement', verbose_name='对账单')),
                        ('uploaded_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
                    ],
                    options={
                        'verbose_name': '供应商发票',
                        'verbose_name_plural': '供应商发票',
                        'constraints': [models.UniqueConstraint(fields=('statement', 'number'), name='remittance_invoice_number_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='remittance_invoice_amount_positive')],
                    },
                ),
                migrations.CreateModel(
                    name='StatementDispute',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=200, verbose_name='异议原因')),
                        ('asked_at', models.DateTimeField(verbose_name='提出时间')),
                        ('state', models.CharField(choices=[('open', '待平台答复'), ('proposed', '待复核更正'), ('corrected', '已更正'), ('refused', '维持原账')], default='open', max_length=10, verbose_name='状态')),
                        ('answer', models.CharField(blank=True, default='', max_length=200, verbose_name='平台答复')),
                        ('amount_fen', models.BigIntegerField(default=0, verbose_name='补给供应商（分）')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                        ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='复核时间')),
                        ('answered_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='答复人')),
                        ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
                        ('checked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                        ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dispute', to='remittance.statementline', verbose_name='明细')),
                    ],
                    options={
                        'verbose_name': '对账异议',
                        'verbose_name_plural': '对账异议',
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0), ('amount_fen__lte', 10000000)), name='remittance_dispute_amount_within'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'corrected'), _negated=True), models.Q(('amount_fen__gt', 0), ('checked_by__isnull', False), models.Q(('checked_by', models.F('answered_by')), _negated=True)), _connector='OR'), name='remittance_dispute_two_people')],
                    },
                ),
                migrations.AddConstraint(
                    model_name='supplieraccount',
                    constraint=models.UniqueConstraint(condition=models.Q(('removed_at__isnull', True)), fields=('supplier',), name='remittance_supplieraccount_one'),
                ),
                migrations.AddIndex(
                    model_name='statement',
                    index=models.Index(fields=['state', 'confirm_due_at'], name='remittance_statement_queue'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.UniqueConstraint(fields=('supplier', 'start_date'), name='remittance_statement_period_once'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.CheckConstraint(condition=models.Q(('end_date__gt', models.F('start_date'))), name='remittance_statement_period_forward'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.CheckConstraint(condition=models.Q(('payable_fen', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('carried_fen'), '+', models.F('supply_fen')), '-', models.F('refund_fen')), '+', models.F('other_fen')), '-', models.F('fee_fen')), '-', models.F('commission_fen')))), name='remittance_statement_adds_up'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('payable_fen__lte', 0), ('state', 'carried')), models.Q(models.Q(('state', 'carried'), _negated=True), ('payable_fen__gt', 0)), _connector='OR'), name='remittance_statement_carried_when_nothing_is_owed'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'paid']), _negated=True), models.Q(('account__isnull', False), ('approved_at__isnull', False), ('approved_by__isnull', False)), _connector='OR'), name='remittance_statement_approved_by_somebody'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'paid'), _negated=True), models.Q(('paid_at__isnull', False), ('released_by__isnull', False), models.Q(('bank_reference', ''), _negated=True)), _connector='OR'), name='remittance_statement_paid_by_somebody'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('approved_by')), _negated=True), _connector='OR'), name='remittance_statement_two_people'),
                ),
                migrations.AddConstraint(
                    model_name='statement',
                    constraint=models.UniqueConstraint(condition=models.Q(('bank_reference', ''), _negated=True), fields=('bank_reference',), name='remittance_statement_reference_once'),
                ),
                migrations.AddConstraint(
                    model_name='supplierterms',
                    constraint=models.UniqueConstraint(fields=('supplier', 'starts_on'), name='remittance_supplierterms_one_a_day'),
                ),
                migrations.AddConstraint(
                    model_name='supplierterms',
                    constraint=models.CheckConstraint(condition=models.Q(('commission_bps__lte', 10000), ('fee_bps__lte', 3000)), name='remittance_supplierterms_shares_within'),
                ),
            ],
        ),
    ]
