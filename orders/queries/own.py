"""A member's orders as the list shows them: tabs with their counts, a search, page after page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from members.models import Member
from orders.models import AfterSale, Order, OrderLine, OrderState, Parcel, Purchase
from orders.rules import reviewing

TABS = ("", "to-pay", "to-ship", "to-receive", "to-review", "after-sale")


@dataclass(frozen=True, slots=True)
class Card:
    """One card of the list: an order, or an unpaid purchase with all of its orders."""

    order: Order
    orders: Sequence[Order]
    total_fen: int
    is_reviewable: bool

    @property
    def purchase(self) -> Purchase:
        return self.order.purchase


def own_cards(
    *, member: Member, at: datetime, tab: str = "", search: str = "", before: str = "", limit: int
) -> list[Card]:
    """Return up to `limit` cards of a tab, newest first, from the one after the order numbered `before` on.

    `search` is a part of a number or of a product's name. A number that is none of the member's counts as none.
    """
    found = _of_tab(Order.objects.filter(member=member), tab, at)
    if search:
        named = OrderLine.objects.filter(order=OuterRef("pk"), product_name__icontains=search)
        found = found.filter(Q(number__icontains=search) | Q(purchase__number__icontains=search) | Exists(named))
    # An unpaid purchase is one card, at the place of its last order.
    later = Order.objects.filter(purchase=OuterRef("purchase"), pk__gt=OuterRef("pk"))
    found = found.exclude(Q(state=OrderState.PLACED) & Exists(later))
    if before:
        last = Order.objects.filter(member=member, number=before).values_list("placed_at", "pk").first()
        if last is not None:
            found = found.filter(Q(placed_at__lt=last[0]) | Q(placed_at=last[0], pk__lt=last[1]))
    orders = found.select_related("purchase", "supplier").annotate(is_reviewable=Exists(_reviewable_lines(at)))
    page = list(orders.prefetch_related(*_parts()).order_by("-placed_at", "-pk")[:limit])
    together = _unpaid_together(page)
    return [
        Card(
            order=order,
            orders=together.get(order.purchase_id, [order]),
            total_fen=order.purchase.total_fen if order.state == OrderState.PLACED else order.total_fen,
            is_reviewable=order.is_reviewable,
        )
        for order in page
    ]


def tab_counts(*, member: Member, at: datetime) -> dict[str, int]:
    """Return how many cards wait in each tab that has a count."""
    own = Order.objects.filter(member=member)
    found = own.aggregate(
        to_pay=Count("purchase", filter=Q(state=OrderState.PLACED), distinct=True),
        to_ship=Count("pk", filter=Q(state=OrderState.PAID)),
        to_receive=Count("pk", filter=Q(state=OrderState.SHIPPED)),
    )
    return {
        "to-pay": found["to_pay"],
        "to-ship": found["to_ship"],
        "to-receive": found["to_receive"],
        "to-review": _of_tab(own, "to-review", at).count(),
    }


def _of_tab(orders: QuerySet[Order], tab: str, at: datetime) -> QuerySet[Order]:
    states = {"to-pay": OrderState.PLACED, "to-ship": OrderState.PAID, "to-receive": OrderState.SHIPPED}
    if tab in states:
        return orders.filter(state=states[tab])
    if tab == "to-review":
        return orders.filter(_within_review(at), Exists(_reviewable_lines(at)))
    if tab == "after-sale":
        cases = AfterSale.objects.filter(order=OuterRef("pk"))
        return orders.filter(Q(state=OrderState.REFUNDED) | Q(refunded_fen__gt=0) | Exists(cases))
    return orders


def _within_review(at: datetime) -> Q:
    since = at - timedelta(days=reviewing.REVIEW_DAYS)
    return Q(state__in=reviewing.REVIEWABLE_STATES, received_at__gt=since)


def _reviewable_lines(at: datetime) -> QuerySet[OrderLine]:
    """The lines of an order of the outer query that may still be reviewed."""
    return OrderLine.objects.filter(
        order=OuterRef("pk"),
        order__state__in=reviewing.REVIEWABLE_STATES,
        order__received_at__gt=at - timedelta(days=reviewing.REVIEW_DAYS),
        review=None,
        refunded_quantity=0,
    )


def _unpaid_together(page: Sequence[Order]) -> dict[int, list[Order]]:
    """Return the orders of the unpaid purchases of a page, by purchase."""
    purchases = [order.purchase_id for order in page if order.state == OrderState.PLACED]
    if not purchases:
        return {}
    orders = Order.objects.filter(purchase__in=purchases).select_related("purchase", "supplier")
    together: dict[int, list[Order]] = {}
    for order in orders.prefetch_related(*_parts()).order_by("pk"):
        together.setdefault(order.purchase_id, []).append(order)
    return together


def _parts() -> list[Prefetch]:
    return [
        Prefetch("lines", OrderLine.objects.select_related("sku__product").order_by("id")),
        Prefetch("parcels", Parcel.objects.order_by("id")),
    ]
