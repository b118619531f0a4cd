"""A supplier's orders as its own system reads them: in the order of their ids, so that a page never misses one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Max, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Greatest

from orders.models import AfterSale, Order, OrderLine, OrderState, Parcel, ParcelKind, ParcelLine
from suppliers.models import Supplier

# What a state is called outside, and here.
STATES: dict[str, OrderState] = {
    "to_ship": OrderState.PAID,
    "shipped": OrderState.SHIPPED,
    "received": OrderState.RECEIVED,
    "completed": OrderState.COMPLETED,
    "refunded": OrderState.REFUNDED,
}


def orders_page(
    *, supplier: Supplier, state: str, updated_since: datetime | None, after: Order | None, limit: int
) -> list[Any]:
    """Return so many paid orders behind `after`, with `due_at`, `updated_at`, lines and parcels. `state` is one of
    STATES, or nothing for all."""
    own = _own(supplier)
    if state:
        own = own.filter(state=STATES[state])
    if updated_since is not None:
        own = own.filter(updated_at__gte=updated_since)
    if after is not None:
        own = own.filter(pk__gt=after.pk)
    return list(own.order_by("pk")[:limit])


def order_of(*, supplier: Supplier, number: str) -> Any:
    """Return one paid order as `orders_page` does, or None."""
    return _own(supplier).filter(number=number).first()


def orders_to_ship(*, supplier: Supplier, numbers: Sequence[str]) -> dict[str, Order]:
    """Return those of the orders that wait to be shipped, by number."""
    own = Order.objects.filter(supplier=supplier, state=OrderState.PAID, number__in=numbers)
    return {order.number: order for order in own}


def _own(supplier: Supplier) -> "QuerySet[Any]":
    lines = Prefetch("lines", OrderLine.objects.select_related("sku").order_by("pk"))
    packed = Prefetch("lines", ParcelLine.objects.select_related("line__sku").order_by("pk"))
    parcels = Prefetch("parcels", Parcel.objects.filter(kind=ParcelKind.ORDER).order_by("pk").prefetch_related(packed))
    own = Order.objects.filter(supplier=supplier, paid_at__isnull=False)
    return own.annotate(updated_at=_updated_at()).prefetch_related(lines, parcels)


def _updated_at() -> Greatest:
    """When something about an order changed last: its state, a parcel that left, an after-sale case."""
    parcels = Parcel.objects.filter(order=OuterRef("pk"), kind=ParcelKind.ORDER).order_by().values("order")
    cases = AfterSale.objects.filter(order=OuterRef("pk")).order_by().values("order")
    return Greatest(
        F("paid_at"),
        F("shipped_at"),
        F("received_at"),
        F("completed_at"),
        F("refunded_at"),
        Subquery(parcels.annotate(latest=Greatest(Max("shipped_at"), Max("delivered_at"))).values("latest")),
        Subquery(cases.annotate(latest=Max("state_at")).values("latest")),
    )
