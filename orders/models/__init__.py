"""Purchases, orders, payments, refunds, notices and parcels. The allowed changes of state stand in `rules.py`."""

from .order import Order, OrderLine, OrderState
from .parcel import Parcel
from .payment import Notice, Payment, PaymentState, Refund, RefundState
from .purchase import Purchase, PurchaseState
from .review import HeldWord, Review, ReviewPhoto, ReviewState, ReviewSummary

__all__ = [
    "HeldWord",
    "Notice",
    "Order",
    "OrderLine",
    "OrderState",
    "Parcel",
    "Payment",
    "PaymentState",
    "Purchase",
    "PurchaseState",
    "Refund",
    "RefundState",
    "Review",
    "ReviewPhoto",
    "ReviewState",
    "ReviewSummary",
]
