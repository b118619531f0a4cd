"""Kept views and exports of suppliers' lists, each with its supplier alone."""

from functools import partial

from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

TABLES = {"core_savedview": f"supplier_id = {OWN}", "core_listexport": f"supplier_id = {OWN}"}


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_lists'),
    ]

    operations = [
        Together(
            operations=[
                migrations.AddField(
                    model_name='listexport',
                    name='supplier_id',
                    field=models.BigIntegerField(blank=True, null=True, verbose_name='供应商编号'),
                ),
                migrations.AddField(
                    model_name='savedview',
                    name='supplier_id',
                    field=models.BigIntegerField(blank=True, null=True, verbose_name='供应商编号'),
                ),
                migrations.RemoveConstraint(
                    model_name='savedview',
                    name='core_savedview_once',
                ),
                migrations.AddIndex(
                    model_name='listexport',
                    index=models.Index(condition=models.Q(('supplier_id__isnull', False)), fields=['supplier_id', '-id'], name='core_listexport_of_supplier'),
                ),
                migrations.AddConstraint(
                    model_name='savedview',
                    constraint=models.UniqueConstraint(fields=('owner_id', 'supplier_id', 'page', 'name'), name='core_savedview_once_at_a_supplier', nulls_distinct=False),
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
