"""By when an order's goods were promised to leave, written down when it is paid; and a supplier's desk by index."""

from django.db import migrations, models

from mall.core.tables import Together

FILL = """
UPDATE orders_order paid SET due_at = paid.paid_at + due.hours * interval '1 hour'
FROM (
    SELECT line.order_id, max(product.ship_within_hours) AS hours FROM orders_orderline line
    JOIN suppliers_sku sku ON sku.id = line.sku_id JOIN suppliers_product product ON product.id = sku.product_id
    GROUP BY line.order_id
) AS due
WHERE due.order_id = paid.id AND paid.paid_at IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0006_paid_on_a_day'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='发货时限'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        Together(
            operations=[
                migrations.AddIndex(
                    model_name='order',
                    index=models.Index(condition=models.Q(('state', 'paid')), fields=['supplier', 'due_at', 'id'], name='orders_order_to_ship'),
                ),
                migrations.AddIndex(
                    model_name='order',
                    index=models.Index(condition=models.Q(('paid_at__isnull', False)), fields=['supplier', '-paid_at', '-id'], name='orders_order_sold'),
                ),
                migrations.AddIndex(
                    model_name='order',
                    index=models.Index(condition=models.Q(('shipped_at__isnull', False)), fields=['supplier', 'shipped_at'], include=('due_at', 'paid_at'), name='orders_order_promises'),
                ),
            ],
        ),
    ]
