"""What can be done to purchases, orders, payments and refunds. Each locks, checks, writes and publishes.

A repeat is harmless. Locks are taken in this order: purchase, orders by id, payment, refund, SKUs and products by id.
What speaks to a provider (`open_cashier`, `ask_provider`, `close_charge`, `send_refund`) does so with no transaction
open.
"""

from orders.refusals import OrderRefused, Refusal

from .importing import ImportedOrder, import_paid_orders, import_receipts, import_refunds, record_paid_orders
from .paying import (
    PaymentRefused,
    TakenNotice,
    ask_provider,
    capture_payment,
    close_charge,
    open_cashier,
    start_payment,
    take_notice,
)
from .placing import cancel_order, cancel_purchase, expire_purchases, place_order, place_purchase
from .refunding import refund_order, retry_refund, send_refund
from .shipping import complete_orders, confirm_receipt, receive_overdue, ship_order

__all__ = [
    "ImportedOrder",
    "OrderRefused",
    "PaymentRefused",
    "Refusal",
    "TakenNotice",
    "ask_provider",
    "cancel_order",
    "cancel_purchase",
    "capture_payment",
    "close_charge",
    "complete_orders",
    "confirm_receipt",
    "expire_purchases",
    "import_paid_orders",
    "import_receipts",
    "import_refunds",
    "open_cashier",
    "place_order",
    "place_purchase",
    "receive_overdue",
    "record_paid_orders",
    "refund_order",
    "retry_refund",
    "send_refund",
    "ship_order",
    "start_payment",
    "take_notice",
]
