"""How a supplier's stock stands: what is there, what comes, for how long it lasts, and what to buy."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F

from mall.core.ids import SHANGHAI
from suppliers.models import Restock, RestockLine, RestockState, Sku, StockPlan, Supplier
from suppliers.rules import forecasting

SKUS_MAX = 2_000
LOW_DAYS = 7
SLOW_DAYS = 90
STATUSES = ("out_soon", "below_safety", "bridged", "slow", "normal")

# What was reserved for orders and not given back is what was asked for, on the day on which it was.
_DEMAND = """
SELECT movement.sku_id, (movement.at AT TIME ZONE 'Asia/Shanghai')::date AS day,
    sum(movement.reserved_delta) FILTER (WHERE movement.kind IN ('reserved', 'released'))
FROM suppliers_stockmovement AS movement
WHERE movement.sku_id = ANY(%s) AND movement.at >= %s AND movement.kind IN ('reserved', 'released')
GROUP BY 1, 2
"""
_LEFT = """
SELECT movement.sku_id, (movement.at AT TIME ZONE 'Asia/Shanghai')::date AS day,
    sum(movement.on_hand_delta - movement.reserved_delta)
FROM suppliers_stockmovement AS movement WHERE movement.sku_id = ANY(%s) AND movement.at >= %s GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class StockLine:
    """One SKU: what is there and what comes, for how long it lasts, and what to buy of it."""

    sku: Sku
    plan: StockPlan
    inbound: int
    arrives: date | None
    forecast: forecasting.Forecast
    cover_tenths: int | None
    stock_out: date | None
    suggestion: forecasting.Suggestion
    arrivals: dict[int, int] = field(default_factory=dict)

    @property
    def available(self) -> int:
        return self.sku.available

    @property
    def status(self) -> str:
        """What to say of it in a word: a key of `STATUSES`."""
        runs_out = self.cover_tenths is not None and self.cover_tenths < LOW_DAYS * 10
        if self.available <= 0 or runs_out:
            bridged = self.inbound and self.arrives is not None and self.available > 0 and self._lasts_until_arrival()
            return "bridged" if bridged else "out_soon"
        if self.available < self.plan.safety:
            return "below_safety"
        if self.cover_tenths is None or self.cover_tenths > SLOW_DAYS * 10:
            return "slow" if self.available else "normal"
        return "normal"

    def _lasts_until_arrival(self) -> bool:
        first = min(self.arrivals, default=0)
        return bool(first) and (self.cover_tenths or 0) >= first * 10


def stock_lines(*, supplier: Supplier, at: datetime) -> list[StockLine]:
    """Return how each SKU on sale stands, what runs out first on top."""
    today = at.astimezone(SHANGHAI).date()
    own = Sku.objects.filter(product__supplier=supplier, is_active=True).exclude(product__review="draft")
    skus = list(own.select_related("product", "stock_plan").order_by("pk")[:SKUS_MAX])
    daily = daily_demand(sku_ids=[sku.pk for sku in skus], today=today)
    inbound = _inbound(supplier)
    lines = [_line(sku, daily.get(sku.pk, []), inbound.get(sku.pk, []), today) for sku in skus]
    return sorted(lines, key=lambda line: (_urgency(line), line.sku.pk))


def daily_demand(*, sku_ids: list[int], today: date) -> dict[int, list[int]]:
    """Return pieces asked for on each day of the last twelve weeks, yesterday last, by SKU."""
    first = today - timedelta(days=forecasting.HISTORY_DAYS)
    found: dict[int, list[int]] = {sku_id: [0] * forecasting.HISTORY_DAYS for sku_id in sku_ids}
    with connection.cursor() as cursor:
        cursor.execute(_DEMAND, [sku_ids, datetime.combine(first, datetime.min.time(), SHANGHAI)])
        for sku_id, day, pieces in cursor.fetchall():
            if first <= day < today:
                found[sku_id][(day - first).days] = max(0, pieces or 0)
    return found


def stock_out_bps(*, supplier: Supplier, since: date, until: date, at: datetime) -> int | None:
    """Return on which share of days SKUs on sale had nothing left in the evening, of `since` until before `until`;
    None where there was none to look at."""
    rows = Sku.objects.filter(product__supplier=supplier, product__is_published=True, is_active=True)
    left = {sku.pk: sku.available for sku in rows[:SKUS_MAX]}
    today = at.astimezone(SHANGHAI).date()
    moved: dict[date, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [list(left), datetime.combine(since, datetime.min.time(), SHANGHAI)])
        for sku_id, day, pieces in cursor.fetchall():
            moved[day][sku_id] = pieces or 0
    seen = out = 0
    day = today
    # Backwards from what is there now: a day's evening is the next one's less what moved in between.
    while day >= since:
        if day < until:
            seen += len(left)
            out += sum(pieces <= 0 for pieces in left.values())
        for sku_id, pieces in moved[day].items():
            left[sku_id] -= pieces
        day -= timedelta(days=1)
    return out * 10_000 // seen if seen else None


def restock_of(*, supplier: Supplier, number: str) -> Restock | None:
    """Return one of a supplier's own purchases."""
    own = Restock.objects.filter(supplier=supplier).prefetch_related("lines__sku__product")
    return None if "\x00" in number else own.filter(number=number).first()


def _inbound(supplier: Supplier) -> dict[int, list[tuple[date, int]]]:
    rows = RestockLine.objects.filter(restock__supplier=supplier, restock__state=RestockState.ORDERED)
    found: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for sku_id, day, left in rows.values_list("sku_id", "restock__expected_date", F("quantity") - F("received")):
        if left:
            found[sku_id].append((day, left))
    return found


def _line(sku: Sku, daily: list[int], inbound: list[tuple[date, int]], today: date) -> StockLine:
    plan = getattr(sku, "stock_plan", None) or StockPlan(sku=sku)
    expected = forecasting.forecast(daily)
    arrivals: dict[int, int] = defaultdict(int)
    for day, pieces in inbound:
        # What is overdue is hoped for tomorrow.
        arrivals[max(1, (day - today).days)] += pieces
    coming = sum(pieces for _day, pieces in inbound)
    out = forecasting.stock_out_day(available=sku.available, forecast=expected, arrivals=arrivals)
    return StockLine(
        sku=sku,
        plan=plan,
        inbound=coming,
        arrives=min((day for day, _pieces in inbound), default=None),
        forecast=expected,
        cover_tenths=forecasting.cover_days_tenths(available=sku.available, per_day_milli=expected.per_day_milli),
        stock_out=None if out is None else today + timedelta(days=out),
        suggestion=forecasting.suggestion(
            per_day_milli=expected.per_day_milli,
            available=sku.available,
            inbound=coming,
            safety=plan.safety,
            lead_days=plan.lead_days,
            cover_days=plan.cover_days,
            case_size=plan.case_size,
        ),
        arrivals=dict(arrivals),
    )


def _urgency(line: StockLine) -> tuple[int, Any]:
    return STATUSES.index(line.status), line.cover_tenths if line.cover_tenths is not None else 10**9


def sold_out_count() -> int:
    """Return how many SKUs are on sale with nothing left, of all suppliers."""
    return Sku.objects.filter(is_active=True, on_hand=F("reserved"), product__is_published=True).count()
