"""What was paid, left and was refunded on a day."""

from django.db import migrations, models

from mall.core.tables import Together


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0004_reveal_by_api'),
    ]

    operations = [
        Together(
            operations=[
                migrations.RemoveIndex(
                    model_name='refund',
                    name='orders_refund_waiting',
                ),
                migrations.AddIndex(
                    model_name='order',
                    index=models.Index(condition=models.Q(('paid_at__isnull', False)), fields=['paid_at'], include=('total_fen', 'packs'), name='orders_order_paid'),
                ),
                migrations.AddIndex(
                    model_name='order',
                    index=models.Index(condition=models.Q(('shipped_at__isnull', False)), fields=['shipped_at'], name='orders_order_left'),
                ),
                migrations.AddIndex(
                    model_name='refund',
                    index=models.Index(condition=models.Q(('state__in', ['requested', 'sent', 'failed'])), fields=['created_at'], name='orders_refund_open'),
                ),
                migrations.AddIndex(
                    model_name='refund',
                    index=models.Index(fields=['created_at'], name='orders_refund_latest'),
                ),
            ],
        ),
    ]
