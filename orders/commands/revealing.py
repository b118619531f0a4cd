"""Showing where parcels go to who has to pack them, each look written down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import suppliers.queries
from mall.core.text import clean_line
from orders.models import Order, OrderState, RecipientReveal
from orders.refusals import OrderRefused, Refusal

REASON_MAX = 80
# An address is needed while a parcel is under way, and not afterwards.
REVEALED_STATES = (OrderState.PAID, OrderState.SHIPPED)


def reveal_recipients(*, orders: Iterable[Order], by: Any, way: str, reason: str, at: datetime) -> int:
    """Write down that `by` looks at where these orders of its own supplier go, and why; returns how many.

    Raises OrderRefused where one is another supplier's, its parcel has arrived, or no reason is given.
    """
    try:
        reason = clean_line(reason, REASON_MAX)
    except ValueError as error:
        raise OrderRefused(Refusal.NO_REASON) from error
    if not reason:
        raise OrderRefused(Refusal.NO_REASON)
    supplier, shown = suppliers.queries.supplier_of(member=by), list(orders)
    if supplier is None or any(order.supplier_id != supplier.pk for order in shown):
        raise OrderRefused(Refusal.NOT_YOURS)
    if any(order.state not in REVEALED_STATES for order in shown):
        raise OrderRefused(Refusal.WRONG_STATE)
    RecipientReveal.objects.bulk_create(
        RecipientReveal(order=order, seen_by=by, way=way, reason=reason, at=at) for order in shown
    )
    return len(shown)
