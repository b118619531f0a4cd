"""Whole refunds take two persons."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

# Suppliers see the refund once it is decided, never who asked for it.
TABLES = {"orders_refundrequest": "false"}


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0002_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='RefundRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('amount_fen', models.BigIntegerField(verbose_name='退款金额（分）')),
                        ('reason', models.CharField(max_length=80, verbose_name='退款原因')),
                        ('state', models.CharField(choices=[('waiting', '待另一人确认'), ('approved', '已退款'), ('rejected', '已驳回')], default='waiting', max_length=8, verbose_name='状态')),
                        ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                        ('decline_reason', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='驳回原因')),
                        ('asked_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                        ('decided_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                        ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='refund_requests', to='orders.order', verbose_name='订单')),
                        ('refund', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='orders.refund', verbose_name='退款')),
                    ],
                    options={
                        'verbose_name': '整单退款申请',
                        'verbose_name_plural': '整单退款申请',
                        'permissions': [('approve_refund', 'Can confirm a refund that somebody else asked for')],
                        'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='orders_refundrequest_waiting')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='orders_refundrequest_amount_positive'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='orders_refundrequest_has_a_reason'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('order',), name='orders_refundrequest_one_waiting'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decided_by__isnull', True), ('refund__isnull', True), ('state', 'waiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('refund__isnull', True), ('state', 'rejected')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('refund__isnull', False), ('state', 'approved'), models.Q(('decided_by', models.F('asked_by')), _negated=True)), _connector='OR'), name='orders_refundrequest_approved_by_another')],
                    },
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
