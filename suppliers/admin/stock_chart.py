"""What is expected to be left on each of the next thirty days, as points of a drawing 300 by 160."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from suppliers.queries import StockLine
from suppliers.rules import forecasting

DAYS = 30
WIDTH, HEIGHT = 300, 160


@dataclass(frozen=True, slots=True)
class Chart:
    """Points for a polyline, where the safety level lies, and the same as rows of day and pieces."""

    points: str
    safety_y: int | None
    top: int
    middle: int
    rows: tuple[tuple[date, int, int], ...]
    first: date
    last: date
    summary: str


def chart(line: StockLine, *, today: date) -> Chart:
    """Return the course of a SKU's stock, arrivals on their days included."""
    left = max(0, line.available) * forecasting.MILLI
    rows = [(today, left // forecasting.MILLI, 0)]
    for day in range(1, DAYS + 1):
        came = line.arrivals.get(day, 0)
        left = max(0, left + came * forecasting.MILLI - line.forecast.by_day_milli[(day - 1) % forecasting.WEEK])
        rows.append((today + timedelta(days=day), left // forecasting.MILLI, came))
    top = max(10, *(pieces for _day, pieces, _came in rows), line.plan.safety)
    points = " ".join(f"{n * WIDTH // DAYS},{_y(pieces, top)}" for n, (_day, pieces, _came) in enumerate(rows))
    return Chart(
        points=points,
        safety_y=_y(line.plan.safety, top) if line.plan.safety else None,
        top=top,
        middle=top // 2,
        rows=tuple(rows),
        first=rows[0][0],
        last=rows[-1][0],
        summary=_("30 天后预计还有 %d 件") % rows[-1][1],
    )


def _y(pieces: int, top: int) -> int:
    return HEIGHT - pieces * HEIGHT // top
