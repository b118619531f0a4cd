"""The service desk: deadlines with a clock that stands, tags, duplicates, and disputes in the same queue."""

from functools import partial

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from mall.core.policies import OWN, keep_to_supplier, let_go, mirror_rights
from mall.core.tables import Together

# Of the desk a supplier's request sees that it is disputed about its own goods, and nothing that operators write there.
TABLES = {
    "service_dispute": f"supplier_id = {OWN}",
    "service_disputenote": "false",
    "service_dispute_tags": "false",
    "service_ticket_tags": "false",
}
# Tickets and cases from before: three days for a solution, a clock that stands for who waits for his member.
BEFORE = """
UPDATE service_ticket SET resolve_due_at = opened_at + interval '72 hours',
    stopped_at = CASE WHEN state = 'waiting' THEN NULL ELSE coalesce(closed_at, last_at) END,
    due_at = CASE
        WHEN state <> 'waiting' THEN NULL
        WHEN first_replied_at IS NULL THEN least(reply_due_at, opened_at + interval '72 hours')
        ELSE opened_at + interval '72 hours'
    END,
    supplier_id = coalesce(
        (SELECT supplier_id FROM orders_order WHERE orders_order.id = service_ticket.order_id), asked_id
    );
INSERT INTO service_dispute (case_id, supplier_id, opened_at, due_at, closed_at)
    SELECT kept.id, orders_order.supplier_id, coalesce(step.at, kept.state_at),
        CASE WHEN kept.state = 'disputed' THEN coalesce(kept.due_at, kept.state_at) END,
        CASE WHEN kept.state <> 'disputed' THEN coalesce(kept.closed_at, kept.state_at) END
    FROM orders_aftersale AS kept JOIN orders_order ON orders_order.id = kept.order_id
    LEFT JOIN LATERAL (
        SELECT max(at) AS at FROM orders_casestep WHERE after_sale_id = kept.id AND state = 'disputed'
    ) AS step ON true
    WHERE kept.state = 'disputed' OR step.at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0003_refund_requests'),
        ('service', '0002_own_rows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Tag',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=20, unique=True, verbose_name='标签')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                    ],
                    options={
                        'verbose_name': '标签',
                        'verbose_name_plural': '标签',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='Dispute',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('opened_at', models.DateTimeField(verbose_name='介入时间')),
                        ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='裁定期限')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                        ('assignee', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='受理人')),
                        ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.aftersale', verbose_name='售后单')),
                        ('supplier', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier', verbose_name='供应商')),
                        ('tags', models.ManyToManyField(blank=True, related_name='disputes', to='service.tag', verbose_name='标签')),
                    ],
                    options={
                        'verbose_name': '售后纠纷',
                        'verbose_name_plural': '售后纠纷',
                        'indexes': [
                            models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at', 'id'], name='service_dispute_due'),
                            models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['assignee', 'due_at', 'id'], name='service_dispute_of_assignee'),
                            models.Index(fields=['supplier', 'due_at', 'id'], name='service_dispute_of_supplier'),
                            models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['-closed_at', '-id'], name='service_dispute_closed'),
                            models.Index(fields=['-opened_at', '-id'], name='service_dispute_latest'),
                        ],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('due_at__isnull', False)), models.Q(('closed_at__isnull', False), ('due_at__isnull', True)), _connector='OR'), name='service_dispute_open_or_closed')],
                    },
                ),
                migrations.CreateModel(
                    name='DisputeNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=1000, verbose_name='内容')),
                        ('at', models.DateTimeField(verbose_name='时间')),
                        ('dispute', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='service.dispute', verbose_name='售后纠纷')),
                        ('noted_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='账号')),
                    ],
                    options={
                        'verbose_name': '纠纷备注',
                        'verbose_name_plural': '纠纷备注',
                        'ordering': ['at', 'id'],
                    },
                ),
                migrations.AddField(
                    model_name='ticket',
                    name='resolve_due_at',
                    field=models.DateTimeField(null=True, verbose_name='解决期限'),
                ),
                migrations.AddField(
                    model_name='ticket',
                    name='stopped_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='停表时间'),
                ),
                migrations.AddField(
                    model_name='ticket',
                    name='due_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='下一期限'),
                ),
                migrations.AddField(
                    model_name='ticket',
                    name='supplier',
                    field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='suppliers.supplier', verbose_name='供应商'),
                ),
                migrations.AddField(
                    model_name='ticket',
                    name='merged_into',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duplicates', to='service.ticket', verbose_name='并入'),
                ),
                migrations.AddField(
                    model_name='ticket',
                    name='tags',
                    field=models.ManyToManyField(blank=True, related_name='tickets', to='service.tag', verbose_name='标签'),
                ),
                migrations.RemoveIndex(model_name='ticket', name='service_ticket_queue'),
            ],
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
        Together(
            operations=[
                migrations.AlterField(
                    model_name='ticket',
                    name='resolve_due_at',
                    field=models.DateTimeField(verbose_name='解决期限'),
                ),
                migrations.AddConstraint(
                    model_name='ticket',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('due_at__isnull', False), ('state', 'waiting'), ('stopped_at__isnull', True)), models.Q(models.Q(('state', 'waiting'), _negated=True), ('due_at__isnull', True), ('stopped_at__isnull', False)), _connector='OR'), name='service_ticket_clock_runs_while_waiting'),
                ),
                migrations.AddConstraint(
                    model_name='ticket',
                    constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('state', 'closed'), models.Q(('merged_into', models.F('id')), _negated=True)), _connector='OR'), name='service_ticket_merged_is_closed'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at', 'id'], name='service_ticket_due'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['assignee', 'due_at', 'id'], name='service_ticket_due_of_assignee'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(condition=models.Q(('state', 'waiting')), fields=['supplier', 'due_at', 'id'], name='service_ticket_due_of_supplier'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(condition=models.Q(('state', 'answered')), fields=['-last_at', '-id'], name='service_ticket_answered'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(fields=['-last_at', '-id'], name='service_ticket_latest'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(fields=['topic', '-last_at', '-id'], name='service_ticket_of_topic'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(fields=['assignee', '-last_at', '-id'], name='service_ticket_of_assignee'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(fields=['supplier', '-last_at', '-id'], name='service_ticket_of_supplier'),
                ),
                migrations.AddIndex(
                    model_name='ticket',
                    index=models.Index(fields=['opened_at'], name='service_ticket_opened'),
                ),
            ],
        ),
        migrations.RunPython(partial(keep_to_supplier, TABLES), partial(let_go, TABLES)),
        migrations.RunPython(mirror_rights, migrations.RunPython.noop),
    ]
