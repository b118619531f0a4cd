"""What can be done to purchases, orders, payments and refunds. Each locks, checks, writes and publishes.

A repeat is harmless. Locks are taken in this order: purchase, orders by id, payment, refund, SKUs and products by id.
What speaks to a provider (`open_cashier`, `ask_provider`, `close_charge`, `send_refund`) does so with no transaction
open.
"""

from orders.refusals import OrderRefused, Refusal

from .batch_shipping import check_shipping, ship_sheet
from .billing import fetch_bill, fetch_missing_bills
from .carting import (
    Added,
    add_lines,
    add_to_cart,
    change_cart,
    change_sku,
    merge_carts,
    prune_guest_carts,
    remove_from_cart,
)
from .importing import ImportedOrder, import_paid_orders, import_receipts, import_refunds, record_paid_orders
from .invoicing import (
    InvoiceRequest,
    delete_title,
    invoice_request,
    issue_invoice,
    request_invoice,
    save_title,
    void_invoice,
)
from .paying import (
    PaymentRefused,
    TakenNotice,
    ask_provider,
    capture_payment,
    close_charge,
    give_up_payment,
    hurry_payment,
    open_cashier,
    start_payment,
    take_notice,
)
from .placing import cancel_order, cancel_purchase, expire_purchases, place_order, place_purchase
from .refund_asking import approve_refund, ask_refund, reject_refund
from .refunding import refund_order, retry_refund, send_refund
from .revealing import reveal_recipients
from .shipping import complete_orders, confirm_receipt, receive_overdue, ship_order

__all__ = [
    "Added",
    "ImportedOrder",
    "InvoiceRequest",
    "OrderRefused",
    "PaymentRefused",
    "Refusal",
    "TakenNotice",
    "add_lines",
    "add_to_cart",
    "approve_refund",
    "ask_provider",
    "ask_refund",
    "cancel_order",
    "cancel_purchase",
    "capture_payment",
    "change_cart",
    "change_sku",
    "check_shipping",
    "close_charge",
    "complete_orders",
    "confirm_receipt",
    "delete_title",
    "expire_purchases",
    "fetch_bill",
    "fetch_missing_bills",
    "give_up_payment",
    "hurry_payment",
    "import_paid_orders",
    "import_receipts",
    "import_refunds",
    "invoice_request",
    "issue_invoice",
    "merge_carts",
    "open_cashier",
    "place_order",
    "place_purchase",
    "prune_guest_carts",
    "receive_overdue",
    "record_paid_orders",
    "refund_order",
    "reject_refund",
    "remove_from_cart",
    "request_invoice",
    "retry_refund",
    "reveal_recipients",
    "save_title",
    "send_refund",
    "ship_order",
    "ship_sheet",
    "start_payment",
    "take_notice",
    "void_invoice",
]
