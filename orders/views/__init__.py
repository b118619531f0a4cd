"""The buyer's pages: from the checkout to the order that was received, and the page of one's own."""

from .buying import cashier, result
from .carts import cart, cart_add, cart_sku, cart_sum
from .checkout import checkout
from .own import cancel, detail, me, order_list, receive, refund

__all__ = [
    "cancel",
    "cart",
    "cart_add",
    "cart_sku",
    "cart_sum",
    "cashier",
    "checkout",
    "detail",
    "me",
    "order_list",
    "receive",
    "refund",
    "result",
]
