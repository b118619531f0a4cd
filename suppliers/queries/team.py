"""Who has a seat at a supplier, and whom one was offered."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from suppliers.models import OfferState, SeatOffer, Supplier


def offers_waiting(*, supplier: Supplier, at: datetime) -> QuerySet[SeatOffer]:
    """Return the offers of a supplier that can still be answered."""
    waiting = SeatOffer.objects.filter(supplier=supplier, state=OfferState.WAITING, expires_at__gt=at)
    return waiting.select_related("offered_by").order_by("-offered_at", "-id")


def offers_to(*, member: Any, at: datetime) -> QuerySet[SeatOffer]:
    """Return the seats offered to a member's own phone number that can still be taken."""
    if not member.phone:
        return SeatOffer.objects.none()
    waiting = SeatOffer.objects.filter(phone=member.phone, state=OfferState.WAITING, expires_at__gt=at)
    return waiting.filter(supplier__is_active=True).select_related("supplier", "offered_by").order_by("-id")


def seat_offer(*, offer_id: int, member: Any = None, supplier: Supplier | None = None) -> SeatOffer | None:
    """Return an offer to a member's phone number, or one of a supplier; None where it is neither's."""
    found = SeatOffer.objects.select_related("supplier", "offered_by").filter(pk=offer_id)
    if supplier is not None:
        return found.filter(supplier=supplier).first()
    return found.filter(phone=member.phone).first() if member is not None and member.phone else None
