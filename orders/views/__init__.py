"""The buyer's pages: from the checkout to the order that was received, and the page of one's own."""

from .buying import cashier, checkout, result
from .own import cancel, detail, me, order_list, receive, refund

__all__ = ["cancel", "cashier", "checkout", "detail", "me", "order_list", "receive", "refund", "result"]
