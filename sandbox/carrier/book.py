"""The carrier's book: which parcels it was told of, and how far their news has reached the merchant."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from sandbox.models import SandboxParcel

from .route import Event, route

RETRY_AFTER = timedelta(minutes=10)


def take_parcel(*, content: dict[str, Any], at: datetime) -> SandboxParcel:
    """Take note of a parcel; the same again changes nothing."""
    with transaction.atomic():
        parcel, is_new = SandboxParcel.objects.get_or_create(
            carrier=content["carrier"], number=content["number"], defaults=content
        )
        if is_new:
            _plan(parcel, 0)
    return parcel


def happened(*, parcel: SandboxParcel, at: datetime) -> list[Event]:
    """Return what has happened to a parcel until now."""
    return [event for event in _route(parcel) if event.at <= at]


def claim_push(*, parcel: SandboxParcel, at: datetime) -> bool:
    """Take a push upon oneself; False where somebody else has. Unless it arrives, it is due again later."""
    claimed = SandboxParcel.objects.filter(pk=parcel.pk, next_push_at=parcel.next_push_at, next_push_at__lte=at)
    return bool(claimed.update(next_push_at=at + RETRY_AFTER))


def record_push(*, parcel: SandboxParcel, count: int) -> None:
    """Write down that the merchant has the first `count` events; the next push is due at the next event."""
    _plan(parcel, count)


def _plan(parcel: SandboxParcel, pushed: int) -> None:
    rest = _route(parcel)[pushed:]
    SandboxParcel.objects.filter(pk=parcel.pk).update(pushed=pushed, next_push_at=rest[0].at if rest else None)


def _route(parcel: SandboxParcel) -> list[Event]:
    return route(
        number=parcel.number,
        origin=parcel.origin,
        destination=parcel.destination,
        handed_at=parcel.handed_at,
    )
