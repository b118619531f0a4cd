"""The buyer's pages: from the checkout to the order that was received, and the page of one's own."""

from .carts import cart, cart_add, cart_sku, cart_sum
from .checkout import checkout
from .own import cancel, detail, me, order_list, receive, refund
from .reviews import review, review_list, review_new
from .paying import cashier, pay_to, result

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
    "pay_to",
    "receive",
    "refund",
    "result",
    "review",
    "review_list",
    "review_new",
]
