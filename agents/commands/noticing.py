"""Shopkeepers hear when a product in their shop costs something else or runs low: each change once.

What a shopkeeper knows stands in the row of the shop. The sweep compares it with the product, writes what is new and
publishes it, in one transaction: placing an order and changing a price cost nothing more than before.
"""

from datetime import datetime

from django.db import connection, transaction

from agents.events import ShopItemChanged, ShopItemsChanged
from agents.rules import LOW_MAX, PLENTY_MIN
from mall.core.events import publish

AT_ONCE_MAX = 5_000

# Between few and enough, what was few stays few, and anything else is enough.
_NOTICE = """
WITH found AS (
    SELECT product.id, product.lowest_price_fen AS price_fen, product.name, product.slug,
        product.is_published AND supplier.is_active AS is_on,
        coalesce(sum(sku.on_hand - sku.reserved) FILTER (WHERE sku.is_active), 0) AS pieces
    FROM suppliers_product product JOIN suppliers_supplier supplier ON supplier.id = product.supplier_id
    LEFT JOIN suppliers_sku sku ON sku.product_id = product.id
    WHERE product.id IN (SELECT product_id FROM agents_shopitem)
    GROUP BY product.id, supplier.is_active
), compared AS (
    SELECT item.id, found.name, found.slug, found.price_fen, item.price_fen AS price_before, item.stock AS stock_before,
        CASE WHEN NOT found.is_on THEN 'off' WHEN found.pieces <= 0 THEN 'out' WHEN found.pieces <= %(low)s THEN 'low'
            WHEN found.pieces <= %(plenty)s AND item.stock = 'low' THEN 'low' ELSE 'plenty' END AS stock
    FROM agents_shopitem item JOIN found ON found.id = item.product_id
), changed AS (
    SELECT compared.* FROM compared JOIN agents_shopitem item ON item.id = compared.id
    WHERE item.stock <> compared.stock OR item.price_fen IS DISTINCT FROM compared.price_fen
    ORDER BY item.id LIMIT %(most)s FOR NO KEY UPDATE OF item SKIP LOCKED
)
UPDATE agents_shopitem item SET price_fen = changed.price_fen, stock = changed.stock
FROM changed WHERE item.id = changed.id
RETURNING item.id, item.shop_id, changed.slug, changed.name, changed.price_before, changed.price_fen,
    changed.stock_before, changed.stock
"""


def notice_changes(*, at: datetime) -> int:
    """Write what changed of the goods in shops and publish it. Returns how many rows changed, at most AT_ONCE_MAX."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_NOTICE, {"low": LOW_MAX, "plenty": PLENTY_MIN, "most": AT_ONCE_MAX})
        items = tuple(ShopItemChanged(*row) for row in cursor.fetchall())
        if items:
            publish(ShopItemsChanged(items=items, at=at))
    return len(items)
