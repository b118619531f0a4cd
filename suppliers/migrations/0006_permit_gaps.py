"""Goods on the shelf without a permit that their category asks for."""

from functools import partial

import django.db.models.deletion
from django.db import migrations, models

from mall.core.policies import keep_to_supplier, let_go, mirror_rights

TABLES = {
    "suppliers_permitgap": "EXISTS (SELECT 1 FROM suppliers_product AS holder WHERE holder.id = product_id)",
}


class Migration(migrations.Migration):

    dependencies = [
        ('suppliers', '0005_sold_out'),
    ]

    operations = [
        migrations.CreateModel(
            name='PermitGap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('permit', models.CharField(choices=[('food', '食品经营许可证'), ('production', '生产许可证'), ('cosmetic', '化妆品生产许可证')], max_length=10, verbose_name='缺的许可证')),
                ('found_at', models.DateTimeField(verbose_name='发现时间')),
                ('due_date', models.DateField(verbose_name='最晚补证')),
                ('off_shelf_at', models.DateTimeField(blank=True, null=True, verbose_name='下架时间')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='permit_gaps', to='suppliers.product', verbose_name='商品')),
            ],
            options={
                'verbose_name': '缺证商品',
                'verbose_name_plural': '缺证商品',
                'constraints': [models.CheckConstraint(condition=models.Q(('permit__in', ['food', 'production', 'cosmetic'])), name='suppliers_permitgap_permit_known'), models.UniqueConstraint(condition=models.Q(('off_shelf_at', None)), fields=('product', 'permit'), name='suppliers_permitgap_one_is_open')],
            },
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
