"""What is asked about keys, webhooks, and a supplier's orders and stock."""

from .desk import acts_of, deliveries_of, delivery_of, key_of, keys_of, stopped_count, webhook_of
from .goods import sku_of, skus_by_code, skus_page
from .orders import STATES, order_of, orders_page, orders_to_ship

__all__ = [
    "STATES",
    "acts_of",
    "deliveries_of",
    "delivery_of",
    "key_of",
    "keys_of",
    "order_of",
    "orders_page",
    "orders_to_ship",
    "sku_of",
    "skus_by_code",
    "skus_page",
    "stopped_count",
    "webhook_of",
]
