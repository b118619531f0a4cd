"""What a supplier's day looks like: orders by day, promises kept, how fast goods leave, and how buyers like them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, Sum
from django.db.models.functions import TruncDate

from mall.core.ids import SHANGHAI
from orders.models import AfterSale, Order, OrderState, Review, ReviewState
from orders.rules import PAID_STATES, returning
from suppliers.models import Supplier

# Day by day: to ask of each order on which day it left costs more than all the rest.
_LEFT = """
SELECT day, found.shipped, found.in_time, found.late, found.spent
FROM unnest(%(days)s::date[], %(since)s::timestamptz[], %(until)s::timestamptz[]) AS wanted(day, since, until)
CROSS JOIN LATERAL (
    SELECT count(*) AS shipped, count(*) FILTER (WHERE shipped_at <= due_at) AS in_time,
        count(*) FILTER (WHERE shipped_at > due_at) AS late, coalesce(sum(shipped_at - paid_at), interval '0') AS spent
    FROM orders_order
    WHERE supplier_id = %(supplier)s AND shipped_at >= wanted.since AND shipped_at < wanted.until
) found WHERE found.shipped > 0
"""

WAITS_FOR_SUPPLIER = (returning.ASKED, returning.TO_RESEND, returning.RETURNING)


@dataclass(frozen=True, slots=True)
class DayOrders:
    """Paid orders of one day: of goods, and of gift packs."""

    day: date
    retail: int
    packs: int

    @property
    def total(self) -> int:
        return self.retail + self.packs


@dataclass(frozen=True, slots=True)
class Left:
    """Orders that left on one day: how many, how many in time and late, and the time since their payment, summed."""

    shipped: int
    in_time: int
    late: int
    spent: timedelta


@dataclass(frozen=True, slots=True)
class Promises:
    """Of the orders that left in a period: how many, how many in time, and minutes from payment on average."""

    shipped: int
    in_time: int
    minutes: int | None

    @property
    def in_time_bps(self) -> int | None:
        return self.in_time * 10_000 // self.shipped if self.shipped else None


def orders_by_day(*, supplier: Supplier, days: int, at: datetime) -> list[DayOrders]:
    """Return paid orders of the last days, today last. Refunded ones count: they were ordered."""
    today = at.astimezone(SHANGHAI).date()
    first = today - timedelta(days=days - 1)
    paid = Order.objects.filter(
        supplier=supplier, state__in=[*PAID_STATES, OrderState.REFUNDED], paid_at__gte=_midnight(first), paid_at__lte=at
    )
    rows = paid.values(day=TruncDate("paid_at", tzinfo=SHANGHAI)).annotate(
        packs_count=Count("id", filter=Q(packs__gt=0)), retail_count=Count("id", filter=Q(packs=0))
    )
    found = {row["day"]: (row["retail_count"], row["packs_count"]) for row in rows.order_by()}
    return [DayOrders(day, *found.get(day, (0, 0))) for day in (first + timedelta(days=n) for n in range(days))]


def left_by_day(*, supplier: Supplier, since: date, until: date) -> dict[date, Left]:
    """Return what left on each day from `since` on until before `until`, in one reading of one index."""
    days = [since + timedelta(days=number) for number in range((until - since).days)]
    bounds = [_midnight(day) for day in [*days, until]]
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"days": days, "since": bounds[:-1], "until": bounds[1:], "supplier": supplier.pk})
        return {day: Left(*figures) for day, *figures in cursor.fetchall()}


def promises(left: Mapping[date, Left], *, since: date, until: date) -> Promises:
    """Return how promises were kept by what left from `since` on until before `until`."""
    found = [one for day, one in left.items() if since <= day < until]
    shipped, in_time = sum(one.shipped for one in found), sum(one.in_time for one in found)
    spent = sum((one.spent for one in found), timedelta())
    return Promises(shipped, in_time, int(spent.total_seconds()) // 60 // shipped if shipped else None)


def stars_hundredths(*, supplier: Supplier, since: date, until: date) -> int | None:
    """Return how many stars buyers gave on average in a period, times a hundred; None where nobody did."""
    shown = Review.objects.filter(
        line__order__supplier=supplier,
        state=ReviewState.VISIBLE,
        reviewed_at__gte=_midnight(since),
        reviewed_at__lt=_midnight(until),
    ).aggregate(stars=Sum("stars"), count=Count("id"))
    return shown["stars"] * 100 // shown["count"] if shown["count"] else None


def waiting_cases(*, supplier: Supplier, limit: int) -> list[AfterSale]:
    """Return cases that wait for an act of the supplier, those that are due first on top."""
    own = AfterSale.objects.filter(order__supplier=supplier, before_shipping=False, state__in=WAITS_FOR_SUPPLIER)
    return list(own.select_related("line", "order").order_by("due_at", "pk")[:limit])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHANGHAI)
