"""Which goods go together: what people looked at is the catalogue's own, what they bought is known by orders."""

from datetime import datetime, timedelta

from django.db import connection, transaction

import suppliers.commands

BOUGHT_DAYS = 180
# Who bought hundreds of things says nothing about any two of them; of everybody the latest count.
BOUGHT_MAX = 30
PEOPLE_MIN = 2

_BOUGHT = """
WITH bought AS (
    SELECT member_id, product_id FROM (
        SELECT placed.member_id, sku.product_id,
            row_number() OVER (PARTITION BY placed.member_id ORDER BY max(placed.paid_at) DESC) AS place
        FROM orders_order placed
        JOIN orders_orderline line ON line.order_id = placed.id
        JOIN suppliers_sku sku ON sku.id = line.sku_id
        WHERE placed.paid_at >= %s AND NOT sku.is_gift_pack
        GROUP BY placed.member_id, sku.product_id
    ) AS latest WHERE place <= %s
)
SELECT one.product_id, two.product_id AS other_id, count(*)::integer AS people
FROM bought one JOIN bought two ON one.member_id = two.member_id AND one.product_id <> two.product_id
GROUP BY 1, 2 HAVING count(*) >= %s
"""


def refresh_pairs(*, at: datetime) -> None:
    """Count anew which goods the same people bought, and looked at. A repeat changes nothing."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_BOUGHT, [at - timedelta(days=BOUGHT_DAYS), BOUGHT_MAX, PEOPLE_MIN])
            suppliers.commands.replace_bought_pairs(pairs=cursor.fetchall())
        suppliers.commands.refresh_viewed_pairs(at=at)
