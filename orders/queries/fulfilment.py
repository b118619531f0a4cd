"""What a supplier has to ship, by when, and what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Sum,
)

from orders.models import AfterSale, Order, OrderLine, OrderState, RecipientReveal
from orders.rules import returning
from orders.rules.shipping import LATE_RISK_HOURS
from suppliers.models import Supplier

# For so long a look that was written down lasts.
REVEAL_MINUTES = 30
TO_SHIP, SHIPPED, LATE, AFTER_SALE, ALL = "to_ship", "shipped", "late", "after_sale", "all"
PARTS = (TO_SHIP, SHIPPED, LATE, AFTER_SALE, ALL)


@dataclass(frozen=True, slots=True)
class PickLine:
    """So many pieces of one SKU are to be fetched from the shelf, for so many orders."""

    code: str
    product_name: str
    spec: str
    quantity: int
    orders: int


def ordering_of(part: str) -> list[Any]:
    """Return in which order a tab is read: what has to leave by the deadline, the rest the newest first."""
    if part in (TO_SHIP, LATE):
        return ["due_at", "pk"]
    return ["-shipped_at", "-pk"] if part == SHIPPED else ["-paid_at", "-pk"]


def part_of(orders: "QuerySet[Any]", *, part: str, at: datetime) -> "QuerySet[Any]":
    """Return the orders of one tab."""
    if part == TO_SHIP:
        return orders.filter(state=OrderState.PAID)
    if part == LATE:
        return orders.filter(state=OrderState.PAID, due_at__lte=at + timedelta(hours=LATE_RISK_HOURS))
    if part == SHIPPED:
        return orders.filter(state=OrderState.SHIPPED)
    if part == AFTER_SALE:
        return orders.filter(Exists(AfterSale.objects.filter(order=OuterRef("pk"), state__in=returning.OPEN_CASES)))
    return orders


def part_counts(*, supplier: Supplier, at: datetime) -> dict[str, int]:
    """Return how many orders wait in the tabs where somebody has to act."""
    own = Order.objects.filter(supplier=supplier)
    return {part: part_of(own, part=part, at=at).count() for part in (TO_SHIP, LATE, AFTER_SALE)}


def shippable(*, supplier: Supplier, at: datetime, limit: int, ids: Sequence[int] | None = None) -> list[Any]:
    """Return orders that wait to be shipped, the most urgent first, with lines and SKUs; of `ids` only these."""
    own = part_of(Order.objects.filter(supplier=supplier), part=TO_SHIP, at=at).order_by("due_at", "pk")
    if ids is not None:
        own = own.filter(pk__in=ids)
    lines = Prefetch("lines", OrderLine.objects.select_related("sku").order_by("pk"))
    return list(own.prefetch_related(lines)[:limit])


def left_of(line: OrderLine) -> int:
    """Return how many pieces of a line are still to be handed over."""
    return line.quantity - line.shipped_quantity - line.called_off_quantity


def pick_list(orders: Sequence[Order]) -> list[PickLine]:
    """Return what is to be fetched for these orders, by SKU; lines and SKUs are loaded."""
    found: dict[int, list[tuple[OrderLine, int]]] = {}
    for order in orders:
        for line in order.lines.all():
            if left := left_of(line):
                found.setdefault(line.sku_id, []).append((line, left))
    lines = [
        PickLine(
            code=wanted[0][0].sku.code,
            product_name=wanted[0][0].product_name,
            spec=wanted[0][0].spec,
            quantity=sum(left for _line, left in wanted),
            orders=len(wanted),
        )
        for wanted in found.values()
    ]
    return sorted(lines, key=lambda line: (line.product_name, line.spec, line.code))


def is_revealed(*, order: Order, to: Any, at: datetime) -> bool:
    """Say whether this person's look at where an order goes was written down just now."""
    since = at - timedelta(minutes=REVEAL_MINUTES)
    return RecipientReveal.objects.filter(order=order, seen_by=to, at__gt=since, at__lte=at).exists()


def pieces_to_ship(*, supplier: Supplier) -> int:
    """Return how many pieces wait to be handed over."""
    waiting = OrderLine.objects.filter(order__supplier=supplier, order__state=OrderState.PAID)
    left = F("quantity") - F("shipped_quantity") - F("called_off_quantity")
    return int(waiting.aggregate(left=Sum(left))["left"] or 0)
