"""A month's budget for the commission of a product."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

TABLES = {"agents_commissionbudget": f"supplier_id = {OWN}"}


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0003_opportunities'),
        ('suppliers', '0004_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='CommissionBudget',
                    fields=[
                        ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='commission_budget', serialize=False, to='suppliers.product', verbose_name='商品')),
                        ('month_fen', models.BigIntegerField(verbose_name='每月佣金预算（分）')),
                        ('month_date', models.DateField(verbose_name='月份')),
                        ('used_fen', models.BigIntegerField(default=0, verbose_name='已用（分）')),
                        ('paused_bps', models.PositiveSmallIntegerField(default=0, verbose_name='暂停的佣金（万分之）')),
                        ('trouble', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='没有恢复的原因')),
                        ('set_at', models.DateTimeField(verbose_name='设置时间')),
                        ('set_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='设置人')),
                        ('supplier', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commission_budgets', to='suppliers.supplier', verbose_name='供应商')),
                    ],
                    options={
                        'verbose_name': '佣金预算',
                        'verbose_name_plural': '佣金预算',
                        'constraints': [models.CheckConstraint(condition=models.Q(('month_fen__gt', 0)), name='agents_commissionbudget_is_something'), models.CheckConstraint(condition=models.Q(('paused_bps__lte', 5000), ('used_fen__gte', 0)), name='agents_commissionbudget_within_bounds')],
                    },
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
