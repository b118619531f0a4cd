"""The buyer's pages: from the cart to the order that was received."""

from .carts import cart, cart_add, cart_sku, cart_sum
from .checkout import accept, checkout
from .enterprise import request_detail, request_list, request_new, request_refuse, request_withdraw
from .invoices import invoice, title_delete, title_edit, title_list, title_new
from .own import again, cancel, detail, order_list, receive, refund
from .paying import cashier, pay_to, result
from .reviews import review, review_list, review_new

__all__ = [
    "accept",
    "again",
    "cancel",
    "cart",
    "cart_add",
    "cart_sku",
    "cart_sum",
    "cashier",
    "checkout",
    "detail",
    "invoice",
    "order_list",
    "pay_to",
    "receive",
    "refund",
    "request_detail",
    "request_list",
    "request_new",
    "request_refuse",
    "request_withdraw",
    "result",
    "review",
    "review_list",
    "review_new",
    "title_delete",
    "title_edit",
    "title_list",
    "title_new",
]
