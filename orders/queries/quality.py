"""How good a supplier's work is: what buyers complain of, which reviews wait for a reply, what left late.

Each figure is the count of the rows that a query here returns, so that a page can show the rows that make it.
Periods are half-open, days in Shanghai.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, QuerySet

from mall.core.ids import SHANGHAI
from orders.models import AfterSale, Order, OrderLine, Review, ReviewState
from suppliers.models import Supplier

LOW_STARS = 2
DAYS = 30
PER = 1_000


@dataclass(frozen=True, slots=True)
class Quality:
    """What happened in a period: lines that arrived, cases and low reviews, orders that left and those in time."""

    delivered: int
    cases: int
    low: int
    shipped: int
    late: int

    @property
    def complaints(self) -> int:
        return self.cases + self.low

    @property
    def complaint_tenths(self) -> int | None:
        """Complaints for each 1,000 lines that arrived, times ten; None where nothing arrived."""
        return self.complaints * PER * 10 // self.delivered if self.delivered else None

    @property
    def in_time_bps(self) -> int | None:
        return (self.shipped - self.late) * 10_000 // self.shipped if self.shipped else None


def periods(today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """Return the last 30 days, today being the last, and the 30 before them."""
    until = today + timedelta(days=1)
    since = until - timedelta(days=DAYS)
    return (since, until), (since - timedelta(days=DAYS), since)


def quality(*, supplier: Supplier, since: date, until: date) -> Quality:
    """Return the figures of a period, by five queries."""
    counted = {name: rows(supplier=supplier, since=since, until=until).count() for name, rows in ROWS.items()}
    return Quality(**counted)


def delivered_lines(*, supplier: Supplier, since: date, until: date) -> QuerySet[OrderLine]:
    """Return the lines of orders that arrived in a period, the latest first."""
    found = OrderLine.objects.filter(
        order__supplier=supplier, order__received_at__gte=_midnight(since), order__received_at__lt=_midnight(until)
    )
    return found.select_related("order").order_by("-order__received_at", "-pk")


def complaint_cases(*, supplier: Supplier, since: date, until: date) -> QuerySet[AfterSale]:
    """Return after-sale cases that buyers opened in a period about what had left; calling off before counts for
    nothing."""
    found = AfterSale.objects.filter(
        order__supplier=supplier,
        before_shipping=False,
        asked_at__gte=_midnight(since),
        asked_at__lt=_midnight(until),
    )
    return found.select_related("order", "line").order_by("-asked_at", "-pk")


def low_reviews(*, supplier: Supplier, since: date, until: date) -> QuerySet[Review]:
    """Return what others can read of a period with one star or two."""
    found = Review.objects.filter(
        line__order__supplier=supplier,
        state=ReviewState.VISIBLE,
        stars__lte=LOW_STARS,
        reviewed_at__gte=_midnight(since),
        reviewed_at__lt=_midnight(until),
    )
    return found.select_related("line").order_by("-reviewed_at", "-pk")


def unanswered_reviews(*, supplier: Supplier) -> QuerySet[Review]:
    """Return what others can read and the supplier has not answered, the fewest stars and the oldest first."""
    found = Review.objects.filter(line__order__supplier=supplier, state=ReviewState.VISIBLE, reply="")
    return found.select_related("line").order_by("stars", "reviewed_at", "pk")


def shipped_orders(*, supplier: Supplier, since: date, until: date) -> QuerySet[Order]:
    """Return the orders that left in a period, with `due_at`, the latest first."""
    found = Order.objects.filter(supplier=supplier, shipped_at__gte=_midnight(since), shipped_at__lt=_midnight(until))
    return found.order_by("-shipped_at", "-pk")


def late_orders(*, supplier: Supplier, since: date, until: date) -> QuerySet[Order]:
    """Return those of the orders that left in a period that left later than promised."""
    return shipped_orders(supplier=supplier, since=since, until=until).filter(shipped_at__gt=F("due_at"))


ROWS: dict[str, Callable[..., QuerySet]] = {
    "delivered": delivered_lines,
    "cases": complaint_cases,
    "low": low_reviews,
    "shipped": shipped_orders,
    "late": late_orders,
}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI)
