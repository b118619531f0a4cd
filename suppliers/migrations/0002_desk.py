"""What the suppliers' desk needs: seats, sheets, reviews, prices, purchases, warehouses; and related goods by index."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

OF_SKU = "EXISTS (SELECT 1 FROM suppliers_sku AS holder WHERE holder.id = sku_id)"
TABLES = {
    "suppliers_pricechange": OF_SKU,
    "suppliers_stockplan": OF_SKU,
    "suppliers_productrevision": "EXISTS (SELECT 1 FROM suppliers_product AS holder WHERE holder.id = product_id)",
    "suppliers_restock": f"supplier_id = {OWN}",
    "suppliers_restockline": "EXISTS (SELECT 1 FROM suppliers_restock AS holder WHERE holder.id = restock_id)",
}
TABLES_OF_WAREHOUSES = {
    "suppliers_warehouse": f"supplier_id = {OWN}",
    "suppliers_warehousestock": "EXISTS (SELECT 1 FROM suppliers_sku AS holder WHERE holder.id = sku_id)",
}


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0001_tables'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.AddIndex(
                    model_name='product',
                    index=models.Index(condition=models.Q(('is_published', True)), fields=['category', '-sales_count', 'id'], name='suppliers_product_in_category'),
                ),
                migrations.AddIndex(
                    model_name='product',
                    index=models.Index(condition=models.Q(('is_published', True)), fields=['supplier', '-sales_count', 'id'], name='suppliers_product_of_supplier'),
                ),
                migrations.CreateModel(
                    name='Sheet',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('shipping', '批量发货'), ('goods', '批量改价和库存')], max_length=10, verbose_name='类型')),
                        ('name', models.CharField(max_length=80, verbose_name='文件名')),
                        ('rows', models.JSONField(verbose_name='内容')),
                        ('report', models.JSONField(default=list, verbose_name='结果')),
                        ('at', models.DateTimeField(verbose_name='上传时间')),
                        ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='执行时间')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sheets', to='suppliers.supplier', verbose_name='供应商')),
                        ('uploaded_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
                    ],
                    options={
                        'verbose_name': '批量文件',
                        'verbose_name_plural': '批量文件',
                        'indexes': [models.Index(fields=['supplier', 'kind', '-at'], name='suppliers_sheet_latest'), models.Index(fields=['at'], name='suppliers_sheet_age')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['shipping', 'goods'])), name='suppliers_sheet_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='SeatOffer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('phone', models.CharField(max_length=20, verbose_name='手机号')),
                        ('role', models.CharField(choices=[('owner', '店长'), ('warehouse', '仓库'), ('service', '客服'), ('finance', '财务')], max_length=10, verbose_name='角色')),
                        ('state', models.CharField(choices=[('waiting', '等待对方接受'), ('accepted', '已接受'), ('declined', '已拒绝'), ('withdrawn', '已撤回')], default='waiting', max_length=10, verbose_name='状态')),
                        ('offered_at', models.DateTimeField(verbose_name='邀请时间')),
                        ('expires_at', models.DateTimeField(verbose_name='有效期至')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                    ],
                    options={
                        'verbose_name': '子账号邀请',
                        'verbose_name_plural': '子账号邀请',
                    },
                ),
                migrations.AlterModelOptions(
                    name='supplieruser',
                    options={'verbose_name': '子账号', 'verbose_name_plural': '子账号'},
                ),
                migrations.AddField(
                    model_name='supplieruser',
                    name='invited_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='邀请人'),
                ),
                migrations.AddField(
                    model_name='supplieruser',
                    name='is_active',
                    field=models.BooleanField(db_default=True, default=True, verbose_name='启用'),
                ),
                migrations.AddField(
                    model_name='supplieruser',
                    name='role',
                    field=models.CharField(choices=[('owner', '店长'), ('warehouse', '仓库'), ('service', '客服'), ('finance', '财务')], db_default='owner', default='owner', max_length=10, verbose_name='角色'),
                ),
                migrations.AddConstraint(
                    model_name='supplieruser',
                    constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'warehouse', 'service', 'finance'])), name='suppliers_supplieruser_role_known'),
                ),
                migrations.AddField(
                    model_name='seatoffer',
                    name='offered_by',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='邀请人'),
                ),
                migrations.AddField(
                    model_name='seatoffer',
                    name='supplier',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to='suppliers.supplier', verbose_name='供应商'),
                ),
                migrations.AddIndex(
                    model_name='seatoffer',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['phone'], name='suppliers_seatoffer_waiting'),
                ),
                migrations.AddConstraint(
                    model_name='seatoffer',
                    constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('supplier', 'phone'), name='suppliers_seatoffer_one_waiting'),
                ),
                migrations.AddConstraint(
                    model_name='seatoffer',
                    constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'warehouse', 'service', 'finance'])), name='suppliers_seatoffer_role_known'),
                ),
                migrations.CreateModel(
                    name='PriceChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('supply_before_fen', models.BigIntegerField(verbose_name='原供货价（分）')),
                        ('list_before_fen', models.BigIntegerField(verbose_name='原划线价（分）')),
                        ('sale_before_fen', models.BigIntegerField(blank=True, null=True, verbose_name='原售价（分）')),
                        ('supply_price_fen', models.BigIntegerField(verbose_name='新供货价（分）')),
                        ('list_price_fen', models.BigIntegerField(verbose_name='新划线价（分）')),
                        ('sale_price_fen', models.BigIntegerField(blank=True, null=True, verbose_name='新售价（分）')),
                        ('state', models.CharField(choices=[('waiting', '待生效'), ('done', '已生效'), ('withdrawn', '已撤回'), ('refused', '未生效')], default='waiting', max_length=10, verbose_name='状态')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='说明')),
                        ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                        ('effective_at', models.DateTimeField(verbose_name='生效时间')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                    ],
                    options={
                        'verbose_name': '调价申请',
                        'verbose_name_plural': '调价申请',
                    },
                ),
                migrations.CreateModel(
                    name='ProductRevision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('content', models.JSONField(verbose_name='内容')),
                        ('before', models.JSONField(default=dict, verbose_name='原内容')),
                        ('is_live', models.BooleanField(verbose_name='在架修改')),
                        ('state', models.CharField(choices=[('waiting', '待审核'), ('approved', '已通过'), ('rejected', '已驳回'), ('withdrawn', '已撤回')], default='waiting', max_length=10, verbose_name='状态')),
                        ('reason', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='审核意见')),
                        ('submitted_at', models.DateTimeField(verbose_name='提交时间')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='审核时间')),
                    ],
                    options={
                        'verbose_name': '商品审核',
                        'verbose_name_plural': '商品审核',
                    },
                ),
                migrations.CreateModel(
                    name='Restock',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=24, unique=True, verbose_name='采购单号')),
                        ('state', models.CharField(choices=[('ordered', '在途'), ('received', '已入库'), ('cancelled', '已取消')], default='ordered', max_length=10, verbose_name='状态')),
                        ('expected_date', models.DateField(verbose_name='预计到货')),
                        ('note', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='备注')),
                        ('ordered_at', models.DateTimeField(verbose_name='下单时间')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                    ],
                    options={
                        'verbose_name': '采购单',
                        'verbose_name_plural': '采购单',
                    },
                ),
                migrations.CreateModel(
                    name='RestockLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('quantity', models.PositiveIntegerField(verbose_name='数量')),
                        ('received', models.PositiveIntegerField(default=0, verbose_name='已到')),
                    ],
                    options={
                        'verbose_name': '采购明细',
                        'verbose_name_plural': '采购明细',
                    },
                ),
                migrations.CreateModel(
                    name='StockPlan',
                    fields=[
                        ('sku', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='stock_plan', serialize=False, to='suppliers.sku', verbose_name='规格')),
                        ('safety', models.PositiveIntegerField(default=0, verbose_name='安全库存')),
                        ('lead_days', models.PositiveSmallIntegerField(default=7, verbose_name='交期（天）')),
                        ('cover_days', models.PositiveSmallIntegerField(default=21, verbose_name='备货（天）')),
                        ('case_size', models.PositiveIntegerField(default=1, verbose_name='每箱件数')),
                    ],
                    options={
                        'verbose_name': '备货设置',
                        'verbose_name_plural': '备货设置',
                    },
                ),
                migrations.AddField(
                    model_name='product',
                    name='review',
                    field=models.CharField(choices=[('draft', '草稿'), ('reviewing', '审核中'), ('approved', '已通过'), ('rejected', '驳回')], db_default='approved', default='approved', editable=False, max_length=10, verbose_name='审核'),
                ),
                migrations.AddConstraint(
                    model_name='product',
                    constraint=models.CheckConstraint(condition=models.Q(('review__in', ['draft', 'reviewing', 'approved', 'rejected']), models.Q(('is_published', False), ('review', 'approved'), _connector='OR')), name='suppliers_product_on_the_shelf_when_approved'),
                ),
                migrations.AddField(
                    model_name='pricechange',
                    name='asked_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人'),
                ),
                migrations.AddField(
                    model_name='pricechange',
                    name='sku',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='price_changes', to='suppliers.sku', verbose_name='规格'),
                ),
                migrations.AddField(
                    model_name='productrevision',
                    name='decided_by',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审核人'),
                ),
                migrations.AddField(
                    model_name='productrevision',
                    name='product',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='suppliers.product', verbose_name='商品'),
                ),
                migrations.AddField(
                    model_name='productrevision',
                    name='submitted_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提交人'),
                ),
                migrations.AddField(
                    model_name='restock',
                    name='ordered_by',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='下单人'),
                ),
                migrations.AddField(
                    model_name='restock',
                    name='supplier',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restocks', to='suppliers.supplier', verbose_name='供应商'),
                ),
                migrations.AddField(
                    model_name='restockline',
                    name='restock',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='suppliers.restock', verbose_name='采购单'),
                ),
                migrations.AddField(
                    model_name='restockline',
                    name='sku',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restock_lines', to='suppliers.sku', verbose_name='规格'),
                ),
                migrations.AddConstraint(
                    model_name='stockplan',
                    constraint=models.CheckConstraint(condition=models.Q(('case_size__gt', 0)), name='suppliers_stockplan_case_not_empty'),
                ),
                migrations.AddConstraint(
                    model_name='stockplan',
                    constraint=models.CheckConstraint(condition=models.Q(('cover_days__lte', 180), ('lead_days__lte', 180)), name='suppliers_stockplan_days_within_half_a_year'),
                ),
                migrations.AddIndex(
                    model_name='pricechange',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['effective_at'], name='suppliers_pricechange_due'),
                ),
                migrations.AddConstraint(
                    model_name='pricechange',
                    constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('sku',), name='suppliers_pricechange_waits_once'),
                ),
                migrations.AddConstraint(
                    model_name='pricechange',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'done', 'withdrawn', 'refused'])), name='suppliers_pricechange_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='pricechange',
                    constraint=models.CheckConstraint(condition=models.Q(('list_price_fen__gt', 0), ('supply_price_fen__gt', 0), models.Q(('sale_price_fen__isnull', True), ('sale_price_fen__gt', 0), _connector='OR')), name='suppliers_pricechange_prices_positive'),
                ),
                migrations.AddConstraint(
                    model_name='pricechange',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='suppliers_pricechange_ended_when_it_waits_no_more'),
                ),
                migrations.AddIndex(
                    model_name='productrevision',
                    index=models.Index(fields=['state', 'submitted_at'], name='suppliers_revision_queue'),
                ),
                migrations.AddConstraint(
                    model_name='productrevision',
                    constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('product',), name='suppliers_productrevision_waits_once'),
                ),
                migrations.AddConstraint(
                    model_name='productrevision',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'rejected', 'withdrawn'])), name='suppliers_productrevision_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='productrevision',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='suppliers_productrevision_decided_when_it_waits_no_more'),
                ),
                migrations.AddConstraint(
                    model_name='productrevision',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'rejected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='suppliers_productrevision_rejected_for_a_reason'),
                ),
                migrations.AddIndex(
                    model_name='restock',
                    index=models.Index(fields=['supplier', 'state', 'expected_date'], name='suppliers_restock_own'),
                ),
                migrations.AddConstraint(
                    model_name='restock',
                    constraint=models.CheckConstraint(condition=models.Q(('state__in', ['ordered', 'received', 'cancelled'])), name='suppliers_restock_state_known'),
                ),
                migrations.AddConstraint(
                    model_name='restock',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'ordered')), models.Q(models.Q(('state', 'ordered'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='suppliers_restock_ended_when_it_is_over'),
                ),
                migrations.AddConstraint(
                    model_name='restockline',
                    constraint=models.UniqueConstraint(fields=('restock', 'sku'), name='suppliers_restockline_sku_once'),
                ),
                migrations.AddConstraint(
                    model_name='restockline',
                    constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), ('received__lte', models.F('quantity'))), name='suppliers_restockline_within_quantity'),
                ),
                migrations.AlterField(
                    model_name='stockmovement',
                    name='kind',
                    field=models.CharField(choices=[('received', '入库'), ('adjusted', '调整'), ('reserved', '占用'), ('released', '释放'), ('consumed', '出库'), ('returned', '退回'), ('moved', '调拨')], max_length=10, verbose_name='类型'),
                ),
                migrations.CreateModel(
                    name='Warehouse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=20, verbose_name='仓库')),
                        ('is_default', models.BooleanField(default=False, verbose_name='默认仓')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='warehouses', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '仓库',
                        'verbose_name_plural': '仓库',
                    },
                ),
                migrations.AddField(
                    model_name='stockmovement',
                    name='warehouse',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.warehouse', verbose_name='仓库'),
                ),
                migrations.CreateModel(
                    name='WarehouseStock',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on_hand', models.PositiveIntegerField(default=0, verbose_name='在库')),
                        ('sku', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='warehouse_stocks', to='suppliers.sku', verbose_name='规格')),
                        ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stocks', to='suppliers.warehouse', verbose_name='仓库')),
                    ],
                    options={
                        'verbose_name': '分仓库存',
                        'verbose_name_plural': '分仓库存',
                    },
                ),
                migrations.AddConstraint(
                    model_name='warehouse',
                    constraint=models.UniqueConstraint(fields=('supplier', 'name'), name='suppliers_warehouse_name_once'),
                ),
                migrations.AddConstraint(
                    model_name='warehouse',
                    constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('supplier',), name='suppliers_warehouse_one_default'),
                ),
                migrations.AddConstraint(
                    model_name='warehousestock',
                    constraint=models.UniqueConstraint(fields=('sku', 'warehouse'), name='suppliers_warehousestock_once'),
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(partial(keep_to_supplier, TABLES_OF_WAREHOUSES), partial(let_go, TABLES_OF_WAREHOUSES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
