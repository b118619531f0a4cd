"""Requests of enterprises and their quotes, each row with its supplier alone; orders say at which quote they were
placed, and a quote is used once."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

OF_REQUEST = "EXISTS (SELECT 1 FROM orders_enterpriserequest AS holder WHERE holder.id = request_id)"
TABLES = {
    "orders_enterpriserequest": f"supplier_id = {OWN}",
    "orders_enterpriseline": OF_REQUEST,
    "orders_contactreveal": OF_REQUEST,
}
GUARD = """
CREATE TRIGGER orders_contactreveal_append_only BEFORE UPDATE OR DELETE ON orders_contactreveal
    FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change();
"""
NO_GUARD = "DROP TRIGGER orders_contactreveal_append_only ON orders_contactreveal;"


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0005_joined'),
        ('orders', '0007_due'),
        ('suppliers', '0005_sold_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ContactReveal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.CharField(max_length=80, verbose_name='原因')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '联系方式查看记录',
                        'verbose_name_plural': '联系方式查看记录',
                    },
                ),
                migrations.CreateModel(
                    name='EnterpriseLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('product_name', models.CharField(max_length=60, verbose_name='商品')),
                        ('spec', models.CharField(max_length=40, verbose_name='规格名')),
                        ('quantity', models.PositiveIntegerField(verbose_name='数量')),
                        ('sale_price_fen', models.BigIntegerField(verbose_name='询价时售价（分）')),
                        ('unit_price_fen', models.BigIntegerField(blank=True, null=True, verbose_name='报价（分）')),
                    ],
                    options={
                        'verbose_name': '询价商品',
                        'verbose_name_plural': '询价商品',
                    },
                ),
                migrations.CreateModel(
                    name='EnterpriseRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True, verbose_name='询价单号')),
                        ('company_name', models.CharField(max_length=60, verbose_name='公司名称')),
                        ('credit_code', models.CharField(max_length=18, verbose_name='统一社会信用代码')),
                        ('contact_name', models.CharField(blank=True, max_length=20, verbose_name='联系人')),
                        ('contact_phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
                        ('invoice_title', models.CharField(max_length=60, verbose_name='发票抬头')),
                        ('wanted_date', models.DateField(verbose_name='最晚到货')),
                        ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='采购说明')),
                        ('state', models.CharField(choices=[('asked', '待报价'), ('quoted', '已报价'), ('accepted', '已下单'), ('declined', '供应商未报价'), ('refused', '已谢绝报价'), ('expired', '已过期'), ('withdrawn', '已撤回')], default='asked', max_length=10, verbose_name='状态')),
                        ('reason', models.CharField(blank=True, default='', max_length=120, verbose_name='原因')),
                        ('asked_at', models.DateTimeField(verbose_name='询价时间')),
                        ('quoted_at', models.DateTimeField(blank=True, null=True, verbose_name='报价时间')),
                        ('valid_date', models.DateField(blank=True, null=True, verbose_name='报价有效至')),
                        ('quote_note', models.CharField(blank=True, default='', max_length=200, verbose_name='报价说明')),
                        ('fee_bps', models.PositiveSmallIntegerField(default=0, verbose_name='平台服务费（万分之）')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('idempotency_key', models.CharField(editable=False, max_length=64)),
                        ('request_hash', models.CharField(editable=False, max_length=64)),
                    ],
                    options={
                        'verbose_name': '企业询价',
                        'verbose_name_plural': '企业询价',
                    },
                ),
                migrations.AddField(
                    model_name='order',
                    name='quote_number',
                    field=models.CharField(blank=True, db_default='', default='', max_length=24, verbose_name='企业询价单号'),
                ),
                migrations.AddConstraint(
                    model_name='order',
                    constraint=models.UniqueConstraint(condition=models.Q(models.Q(('quote_number', ''), _negated=True), models.Q(('state', 'cancelled'), _negated=True)), fields=('quote_number',), name='orders_order_one_a_quote'),
                ),
                migrations.AddField(
                    model_name='contactreveal',
                    name='seen_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='查看人'),
                ),
                migrations.AddField(
                    model_name='enterpriseline',
                    name='sku',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_lines', to='suppliers.sku', verbose_name='规格'),
                ),
                migrations.AddField(
                    model_name='enterpriserequest',
                    name='member',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_requests', to=settings.AUTH_USER_MODEL, verbose_name='会员'),
                ),
                migrations.AddField(
                    model_name='enterpriserequest',
                    name='quoted_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='报价人'),
                ),
                migrations.AddField(
                    model_name='enterpriserequest',
                    name='supplier',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='enterprise_requests', to='suppliers.supplier', verbose_name='供应商'),
                ),
                migrations.AddField(
                    model_name='enterpriseline',
                    name='request',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.enterpriserequest', verbose_name='询价单'),
                ),
                migrations.AddField(
                    model_name='contactreveal',
                    name='request',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='orders.enterpriserequest', verbose_name='询价单'),
                ),
                migrations.AddIndex(
                    model_name='enterpriserequest',
                    index=models.Index(fields=['supplier', 'state', '-asked_at'], name='orders_enterprise_own'),
                ),
                migrations.AddIndex(
                    model_name='enterpriserequest',
                    index=models.Index(fields=['member', '-asked_at'], name='orders_enterprise_mine'),
                ),
                migrations.AddIndex(
                    model_name='enterpriserequest',
                    index=models.Index(condition=models.Q(('state', 'quoted')), fields=['valid_date'], name='orders_enterprise_to_end'),
                ),
                migrations.AddIndex(
                    model_name='enterpriserequest',
                    index=models.Index(condition=models.Q(('state', 'asked')), fields=['wanted_date'], name='orders_enterprise_late'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriserequest',
                    constraint=models.UniqueConstraint(fields=('member', 'idempotency_key', 'supplier'), name='orders_enterpriserequest_once_a_key'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriserequest',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'quoted', 'accepted', 'declined', 'refused', 'expired', 'withdrawn'])), name='orders_enterpriserequest_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriserequest',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['declined', 'refused']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='orders_enterpriserequest_turned_down_for_a_reason'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriserequest',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['quoted', 'accepted', 'refused']), _negated=True), models.Q(('quoted_at__isnull', False), ('quoted_by__isnull', False), ('valid_date__isnull', False)), _connector='OR'), name='orders_enterpriserequest_quoted_when_quoted'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriseline',
                    constraint=models.UniqueConstraint(fields=('request', 'sku'), name='orders_enterpriseline_sku_once'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriseline',
                    constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('quantity__lte', 9999)), name='orders_enterpriseline_quantity_within'),
                ),
                migrations.AddConstraint(
                    model_name='enterpriseline',
                    constraint=models.CheckConstraint(condition=models.Q(('unit_price_fen__isnull', True), ('unit_price_fen__gt', 0), _connector='OR'), name='orders_enterpriseline_price_positive'),
                ),
                migrations.AddConstraint(
                    model_name='contactreveal',
                    constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='orders_contactreveal_has_a_reason'),
                ),
            ],
        ),
        migrations.RunSQL(GUARD, NO_GUARD),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
