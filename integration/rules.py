"""What a key may do, when a webhook is sent again, and how it is signed. No database, no clock."""

import base64
import hashlib
import hmac
from datetime import timedelta

ORDERS_READ, STOCK_READ, STOCK_WRITE, SHIPPING_WRITE = "orders:read", "stock:read", "stock:write", "shipping:write"
SCOPES = (ORDERS_READ, STOCK_READ, STOCK_WRITE, SHIPPING_WRITE)
# A key does nothing that its maker's seat may not: page and act of `mall.core.seats`.
SEAT_ACTS = {
    ORDERS_READ: ("orders_order", "view"),
    STOCK_READ: ("suppliers_sku", "view"),
    STOCK_WRITE: ("suppliers_sku", "stock"),
    SHIPPING_WRITE: ("orders_order", "ship"),
}
KEYS_MAX = 20
NAME_MAX = 30
LINES_MAX = 200
PAGE_MAX, PAGE_DEFAULT = 100, 50

TO_SHIP, CANCELLED, CASE_OPENED, PING = "order.to_ship", "order.cancelled", "after_sale.opened", "ping"
EVENTS = (TO_SHIP, CANCELLED, CASE_OPENED)

# How long after the first try, the second and so on it is tried again: 71 hours and 35 minutes in all.
PAUSES = (
    *(timedelta(seconds=30), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)),
    *(timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=16), timedelta(hours=24)),
)
TRIES_MAX = len(PAUSES) + 1
GIVE_UP_AFTER = timedelta(days=3)
# After the last try nothing more comes; a worker that was killed in it is found so much later.
LAST_PAUSE = timedelta(minutes=2)
# For so long both secrets sign, so that a receiver can change over.
OLD_SECRET_HOURS = 24
SECRET_PREFIX = "whsec_"


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries (1 or more) before the next."""
    return PAUSES[tries - 1] if tries <= len(PAUSES) else LAST_PAUSE


def signature(*, secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,…` as Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`, in base64. `secret` is
    `whsec_` and base64."""
    secret_bytes = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret_bytes, signed, hashlib.sha256).digest()).decode()
