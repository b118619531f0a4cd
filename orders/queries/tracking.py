"""What is asked about parcels: where they are, and whether they are late."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from orders.models import Order, OrderState, Parcel, ParcelLine, TrackEvent, TrackKind
from orders.rules.shipping import HOTLINES, is_silent


@dataclass(frozen=True, slots=True)
class Journey:
    """One parcel with everything that its carrier told, newest first."""

    parcel: Parcel
    tracks: tuple[TrackEvent, ...]
    lines: tuple[ParcelLine, ...]
    hotline: str
    is_silent: bool

    @property
    def last(self) -> TrackEvent | None:
        return self.tracks[0] if self.tracks else None

    @property
    def state(self) -> str:
        """In a word what people want to know: delivered, trouble, or on its way."""
        if self.parcel.delivered_at:
            return str(TrackKind.DELIVERED.label)
        return self.last.get_kind_display() if self.last else ""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """By when an order is promised to be handed over, and when it was; `left` pieces still wait."""

    promised_at: datetime | None
    shipped_at: datetime | None
    left: int
    is_late: bool


def journeys(*, order: Order, at: datetime) -> list[Journey]:
    """Return the parcels of an order, in the order in which they were sent."""
    parcels = (
        Parcel.objects.filter(order=order)
        .order_by("pk")
        .prefetch_related(
            Prefetch("tracks", TrackEvent.objects.order_by("-at", "-pk")),
            Prefetch("lines", ParcelLine.objects.select_related("line").order_by("pk")),
        )
    )
    return [_journey(parcel, at) for parcel in parcels]


def dispatch(*, order: Order, at: datetime) -> Dispatch:
    """Return whether an order's goods left in time. `order` has its lines loaded."""
    lines, promised_at = order.lines.all(), order.due_at
    left = sum(line.quantity - line.shipped_quantity - line.called_off_quantity for line in lines)
    waits = order.state == OrderState.PAID and left > 0
    late = promised_at is not None and (
        at > promised_at if waits else bool(order.shipped_at and order.shipped_at > promised_at)
    )
    return Dispatch(promised_at=promised_at, shipped_at=order.shipped_at, left=left if waits else 0, is_late=late)


def _journey(parcel: Parcel, at: datetime) -> Journey:
    tracks = tuple(parcel.tracks.all())
    since = tracks[0].at if tracks else parcel.shipped_at
    return Journey(
        parcel=parcel,
        tracks=tracks,
        lines=tuple(parcel.lines.all()),
        hotline=HOTLINES.get(parcel.carrier, ""),
        is_silent=is_silent(since=since, delivered_at=parcel.delivered_at, at=at),
    )
