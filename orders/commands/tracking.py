"""News of parcels: announced to the carrier's gateway, pushed by it or asked for, and each thing written down once."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from mall.core.events import publish
from orders.carriers import CarrierError, TrackMessage, carrier_gateway
from orders.events import ParcelMoved
from orders.models import AfterSale, CaseState, Parcel, ParcelKind, ReturnAddress, TrackEvent, TrackKind
from orders.rules import returning as rules

from .locking import locked_order

ASK_AFTER = timedelta(hours=6)
ASK_UNTIL = timedelta(days=30)


def announce_parcel(*, parcel_id: int, at: datetime) -> bool:
    """Ask the carrier to tell what happens to a parcel; returns whether it will. A repeat is harmless.

    No transaction may be open.
    """
    parcel = Parcel.objects.select_related("order").filter(pk=parcel_id, announced_at=None).first()
    gateway = carrier_gateway()
    if parcel is None or gateway is None:
        return False
    is_return = parcel.kind == ParcelKind.RETURN
    house = ReturnAddress.objects.filter(supplier=parcel.order.supplier_id).first()
    buyer, supplier = _city(parcel.order.recipient_address), _city(house.address if house else "")
    try:
        gateway.announce(
            carrier=parcel.carrier,
            number=parcel.tracking_number,
            origin=buyer if is_return else supplier,
            destination=supplier if is_return else buyer,
            handed_at=parcel.shipped_at,
            at=at,
        )
    except CarrierError:
        return False
    Parcel.objects.filter(pk=parcel.pk).update(announced_at=at)
    return True


def ask_carrier(*, parcel_id: int, at: datetime) -> int:
    """Ask what happened to a parcel and write down what is new; returns how much. No transaction may be open."""
    parcel = Parcel.objects.filter(pk=parcel_id).first()
    gateway = carrier_gateway()
    if parcel is None or gateway is None:
        return 0
    with transaction.atomic(durable=True):
        Parcel.objects.filter(pk=parcel.pk).update(asked_at=at)
    try:
        events = gateway.track(carrier=parcel.carrier, number=parcel.tracking_number, at=at)
    except CarrierError:
        return 0
    return take_tracks(carrier=parcel.carrier, number=parcel.tracking_number, events=events, at=at)


def take_tracks(*, carrier: str, number: str, events: Sequence[TrackMessage], at: datetime) -> int:
    """Write down what happened to the parcels of this waybill; returns how much of it was new.

    The same event again changes nothing, and a late or doubled push neither.
    """
    parcels = Parcel.objects.filter(carrier=carrier, tracking_number=number).order_by("order_id", "pk")
    return sum(_take(parcel, events) for parcel in parcels)


def parcels_to_announce(*, limit: int = 100) -> list[int]:
    """Return parcels of which the carrier was not told yet, the oldest first."""
    waiting = Parcel.objects.filter(announced_at=None, delivered_at=None).order_by("shipped_at")
    return list(waiting.values_list("pk", flat=True)[:limit])


def parcels_to_ask_about(*, at: datetime, limit: int = 100) -> list[int]:
    """Return parcels under way that nobody asked about for six hours, the oldest first."""
    under_way = Parcel.objects.filter(delivered_at=None, shipped_at__gt=at - ASK_UNTIL).exclude(announced_at=None)
    unasked = under_way.filter(Q(asked_at=None, announced_at__lte=at - ASK_AFTER) | Q(asked_at__lte=at - ASK_AFTER))
    return list(unasked.order_by("shipped_at").values_list("pk", flat=True)[:limit])


def _take(parcel: Parcel, events: Sequence[TrackMessage]) -> int:
    with transaction.atomic():
        order = locked_order(parcel.order_id)
        known = set(TrackEvent.objects.filter(parcel=parcel).values_list("event_id", flat=True))
        fresh = [event for event in {event.event_id: event for event in events}.values() if event.event_id not in known]
        TrackEvent.objects.bulk_create(
            TrackEvent(
                parcel=parcel,
                event_id=event.event_id,
                kind=event.kind,
                text=event.text,
                place=event.place,
                at=max(event.at, parcel.shipped_at),
            )
            for event in fresh
        )
        delivered = next((event for event in fresh if event.kind == TrackKind.DELIVERED), None)
        if delivered is not None and parcel.delivered_at is None:
            parcel.delivered_at = max(delivered.at, parcel.shipped_at)
            parcel.save(update_fields=["delivered_at"])
            _wait_for_check(parcel)
        for event in fresh:
            publish(
                ParcelMoved(
                    parcel_id=parcel.pk,
                    order_number=order.number,
                    member_id=order.member_id,
                    kind=event.kind,
                    text=event.text,
                    at=event.at,
                )
            )
    return len(fresh)


def _wait_for_check(parcel: Parcel) -> None:
    """A return that was delivered: the supplier has ten days from now on to look at it."""
    if parcel.kind == ParcelKind.RETURN and parcel.after_sale_id and parcel.delivered_at:
        AfterSale.objects.filter(pk=parcel.after_sale_id, state=CaseState.RETURNING).update(
            due_at=rules.check_until(parcel.delivered_at)
        )


def _city(address: str) -> str:
    """The part of an address that a carrier's line names: the city, as in `浙江省杭州市西湖区…`."""
    found = re.search(r"(?:省|自治区|^)\s*([^省市区县\s]{1,10}(?:市|自治州|地区|盟))", address)
    return found[1] if found else ""
