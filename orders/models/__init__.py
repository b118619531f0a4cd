"""Purchases, orders, payments, refunds, notices, parcels, after-sale cases, reviews, and requests of enterprises.

The allowed changes of state stand in `orders/rules/`.
"""

from .after_sale import AfterSale, CaseKind, CasePhoto, CaseReason, CaseState, CaseStep, ReturnAddress, Verdict
from .bill import BillLine, BillLineKind, ProviderBill
from .cart import CartItem
from .enterprise import ContactReveal, EnterpriseLine, EnterpriseRequest, RequestState
from .invoice import Invoice, InvoiceKind, InvoiceState, InvoiceTitle
from .order import Order, OrderLine, OrderState
from .parcel import Parcel, ParcelKind, ParcelLine, Reminder, TrackEvent, TrackKind
from .payment import Notice, Payment, PaymentState, Refund, RefundState
from .purchase import Purchase, PurchaseState
from .refund_request import RefundRequest, RefundRequestState
from .reveal import RecipientReveal, RevealWay
from .review import HeldWord, Review, ReviewPhoto, ReviewState, ReviewSummary

__all__ = [
    "AfterSale",
    "BillLine",
    "BillLineKind",
    "CartItem",
    "CaseKind",
    "CasePhoto",
    "CaseReason",
    "CaseState",
    "CaseStep",
    "ContactReveal",
    "EnterpriseLine",
    "EnterpriseRequest",
    "HeldWord",
    "Invoice",
    "InvoiceKind",
    "InvoiceState",
    "InvoiceTitle",
    "Notice",
    "Order",
    "OrderLine",
    "OrderState",
    "Parcel",
    "ParcelKind",
    "ParcelLine",
    "Payment",
    "PaymentState",
    "ProviderBill",
    "Purchase",
    "PurchaseState",
    "RecipientReveal",
    "Refund",
    "RefundRequest",
    "RefundRequestState",
    "RefundState",
    "Reminder",
    "RequestState",
    "ReturnAddress",
    "RevealWay",
    "Review",
    "ReviewPhoto",
    "ReviewState",
    "ReviewSummary",
    "TrackEvent",
    "TrackKind",
    "Verdict",
]
