"""What the kept days say of a period, and of today what the rows say now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Sum

from insights import rules
from insights.models import DayFigures
from insights.rules import WINDOW_DAYS, ratio_bps
from mall.core.ids import SHANGHAI

from .days import counted, days_between

TODAY, YESTERDAY, WEEK, MONTH = "today", "yesterday", "week", "month"
LENGTHS = {TODAY: 1, YESTERDAY: 1, WEEK: 7, MONTH: 30}
# A month, the month before it, and thirty days of averages before that.
LOADED_DAYS = 90
TOTALS = ("members", "agents")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included."""

    name: str
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The period of the same length before this one."""
        return Period(self.name, self.first - timedelta(days=self.days), self.first - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Known:
    """Days by their date, today as it stands now. `totals` are of members and agents before the first of the days,
    `made_at` says when the kept ones were brought up to date last."""

    today: date
    days: dict[date, DayFigures]
    totals: dict[str, int]
    made_at: datetime | None

    def rows(self, first: date, last: date) -> list[DayFigures]:
        """Return the days that are known of a period; what was never made is left out."""
        return [row for day in days_between(first, last) if (row := self.days.get(day)) is not None]

    def value(self, kind: str, period: Period) -> int | None:
        """Return one figure of a period in its unit; none where there is nothing to measure."""
        return value_of(kind, self.rows(period.first, period.last))

    def upto(self, kind: str, day: date) -> int | None:
        """Return what a promise is measured by, on a day: everybody who had come, or the thirty days that end with it;
        none where that is nothing or not known."""
        if day not in self.days:
            return None
        if kind in TOTALS:
            come = (row for row_day, row in self.days.items() if row_day <= day)
            return self.totals[kind] + sum(getattr(row, kind) for row in come)
        return value_of(kind, self.rows(day - timedelta(days=WINDOW_DAYS - 1), day))


def period_of(name: str, *, today: date) -> Period:
    """Return the period of this name, the last thirty days for any other; but for today's, only whole days."""
    name = name if name in LENGTHS else MONTH
    last = today if name == TODAY else today - timedelta(days=1)
    return Period(name, last - timedelta(days=LENGTHS[name] - 1), last)


def known(*, at: datetime, since: date | None = None) -> Known:
    """Return the days from ninety days ago, or from thirty days before `since`, in a fixed number of questions."""
    today = at.astimezone(SHANGHAI).date()
    first = today - timedelta(days=LOADED_DAYS - 1)
    if since is not None:
        first = min(first, since - timedelta(days=WINDOW_DAYS))
    days = {row.date: row for row in DayFigures.objects.filter(date__gte=first, date__lte=today).order_by("date")}
    made_at = max((row.made_at for row in days.values()), default=None)
    if days:
        days[today] = _today(days.get(today), max(days), days, at)
    earlier = DayFigures.objects.filter(date__lt=first).aggregate(**{name: Sum(name) for name in TOTALS})
    return Known(today, days, {name: earlier[name] or 0 for name in TOTALS}, made_at)


def value_of(kind: str, rows: Sequence[DayFigures]) -> int | None:
    """Return one figure of some days in its unit (`insights.rules.TARGETS`; efficiency: minutes from payment to
    shipping on average); none where there is nothing to measure."""
    if not rows:
        return None
    plain = {
        rules.GMV: "gmv_fen",
        rules.ORDERS: "orders",
        rules.MEMBERS: "members",
        rules.AGENTS: "agents",
        rules.PARTNERS: "partners",
    }
    if kind in plain:
        return _sum(rows, plain[kind])
    if kind == rules.AOV:
        return _each(_sum(rows, "gmv_fen"), _sum(rows, "orders"))
    if kind == rules.EFFICIENCY:
        return _each(_sum(rows, "ship_minutes"), _sum(rows, "shipped"))
    if kind == rules.REPEAT:
        return ratio_bps(rows[-1].repeat_buyers, rows[-1].buyers)
    if kind == rules.STOCK_OUT:
        return ratio_bps(_sum(rows, "skus_out"), _sum(rows, "skus"))
    if kind == rules.IN_TIME:
        return ratio_bps(_sum(rows, "in_time"), _sum(rows, "shipped"))
    return ratio_bps(_sum(rows, "rewards_fen") + _sum(rows, "commissions_fen"), _sum(rows, "gmv_fen"))


def _sum(rows: Sequence[DayFigures], column: str) -> int:
    return sum(getattr(row, column) or 0 for row in rows)


def _each(total: int, count: int) -> int | None:
    return total // count if count else None


def _today(kept: DayFigures | None, last: date, days: dict[date, DayFigures], at: datetime) -> DayFigures:
    """Return today as the rows have it now; what takes a look at thirty days or at all goods is as it was kept last."""
    today = at.astimezone(SHANGHAI).date()
    latest = kept or days[last]
    return DayFigures(
        date=today,
        made_at=latest.made_at,
        buyers=latest.buyers,
        repeat_buyers=latest.repeat_buyers,
        skus=latest.skus,
        skus_out=latest.skus_out,
        **counted(first=today, last=today)[today],
    )
