"""Requests of enterprises: asked by a buyer, quoted or declined by a supplier, accepted or refused by the buyer.

Each act locks the request first; accepting locks the buyer after it, and then what placing an order locks.
"""

from .accepting import accept_quote
from .asking import (
    Asking,
    ask_suppliers,
    contact_phone_as_kept,
    credit_code_as_kept,
    refuse_quote,
    withdraw_request,
)
from .quoting import decline_request, expire_requests, quote_request, reveal_contact
from .refusals import EnterpriseRefused

__all__ = [
    "Asking",
    "EnterpriseRefused",
    "accept_quote",
    "ask_suppliers",
    "contact_phone_as_kept",
    "credit_code_as_kept",
    "decline_request",
    "expire_requests",
    "quote_request",
    "refuse_quote",
    "reveal_contact",
    "withdraw_request",
]
