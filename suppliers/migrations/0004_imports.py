"""Catalogues that suppliers bring along: how files are read, and which draft is which product elsewhere."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

TABLES = {"suppliers_importmapping": f"supplier_id = {OWN}", "suppliers_importedproduct": f"supplier_id = {OWN}"}


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0003_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ImportedProduct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=10, verbose_name='平台')),
                        ('external_id', models.CharField(max_length=64, verbose_name='平台上的编号')),
                        ('skus', models.JSONField(default=dict, verbose_name='规格')),
                        ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                    ],
                    options={
                        'verbose_name': '导入的商品',
                        'verbose_name_plural': '导入的商品',
                    },
                ),
                migrations.CreateModel(
                    name='ImportMapping',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=10, verbose_name='平台')),
                        ('columns', models.JSONField(default=dict, verbose_name='列')),
                        ('categories', models.JSONField(default=dict, verbose_name='分类')),
                        ('supply_bps', models.PositiveSmallIntegerField(verbose_name='供货价占售价（万分之）')),
                        ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                    ],
                    options={
                        'verbose_name': '导入对应关系',
                        'verbose_name_plural': '导入对应关系',
                    },
                ),
                migrations.RemoveConstraint(
                    model_name='sheet',
                    name='suppliers_sheet_kind_known',
                ),
                migrations.AddField(
                    model_name='sheet',
                    name='reading',
                    field=models.JSONField(db_default={}, default=dict, verbose_name='读法'),
                ),
                migrations.AddField(
                    model_name='sheet',
                    name='started_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='开始时间'),
                ),
                migrations.AddField(
                    model_name='sheet',
                    name='trouble',
                    field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='没有执行的原因'),
                ),
                migrations.AlterField(
                    model_name='sheet',
                    name='kind',
                    field=models.CharField(choices=[('shipping', '批量发货'), ('goods', '批量改价和库存'), ('import', '从其他平台导入')], max_length=10, verbose_name='类型'),
                ),
                migrations.AddIndex(
                    model_name='sheet',
                    index=models.Index(condition=models.Q(('applied_at__isnull', True), ('started_at__isnull', False)), fields=['started_at'], name='suppliers_sheet_to_do'),
                ),
                migrations.AddConstraint(
                    model_name='sheet',
                    constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['shipping', 'goods', 'import'])), name='suppliers_sheet_of_a_known_kind'),
                ),
                migrations.AddField(
                    model_name='importedproduct',
                    name='product',
                    field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='imported', to='suppliers.product', verbose_name='商品'),
                ),
                migrations.AddField(
                    model_name='importedproduct',
                    name='supplier',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='imported_products', to='suppliers.supplier', verbose_name='供应商'),
                ),
                migrations.AddField(
                    model_name='importmapping',
                    name='supplier',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='import_mappings', to='suppliers.supplier', verbose_name='供应商'),
                ),
                migrations.AddConstraint(
                    model_name='importedproduct',
                    constraint=models.UniqueConstraint(fields=('supplier', 'source', 'external_id'), name='suppliers_importedproduct_once'),
                ),
                migrations.AddConstraint(
                    model_name='importmapping',
                    constraint=models.UniqueConstraint(fields=('supplier', 'source'), name='suppliers_importmapping_once'),
                ),
                migrations.AddConstraint(
                    model_name='importmapping',
                    constraint=models.CheckConstraint(condition=models.Q(('supply_bps__gt', 0), ('supply_bps__lte', 10000)), name='suppliers_importmapping_supply_is_a_share'),
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
