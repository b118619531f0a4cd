"""How much will be asked for, when it runs out, and how much to buy: whole numbers in, whole numbers out.

Demand is a simple seasonal average: what a weekday brought on average in the last eight weeks is what it will bring.
Sums of pieces are kept in thousandths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WEEK = 7
AVERAGED_WEEKS = 8
TESTED_WEEKS = 4
FORECAST_WEEKS = 4
HISTORY_DAYS = (AVERAGED_WEEKS + TESTED_WEEKS) * WEEK
COVER_DAYS_MAX = 365
MILLI = 1_000


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is expected: by weekday from tomorrow on in thousandths of a piece, and the next four weeks in pieces.

    `error_bps` is how far the same rule was off in the last four weeks, all of them together against what was asked
    for; None where nothing was.
    """

    by_day_milli: tuple[int, ...]
    weeks: tuple[int, ...]
    error_bps: int | None

    @property
    def per_day_milli(self) -> int:
        return sum(self.by_day_milli) // WEEK


@dataclass(frozen=True, slots=True)
class Suggestion:
    """How much to buy, with everything that it comes from."""

    per_day_milli: int
    days: int
    wanted: int
    available: int
    inbound: int
    safety: int
    missing: int
    case_size: int
    quantity: int

    @property
    def cases(self) -> int:
        return self.quantity // self.case_size


def forecast(daily: Sequence[int]) -> Forecast:
    """Return what the next days bring; `daily` are pieces asked for on each of the last days, yesterday last. Of a
    shorter history the days before count as nothing."""
    history = [0] * max(0, HISTORY_DAYS - len(daily)) + list(daily)[-HISTORY_DAYS:]
    by_day = _averages(history[-AVERAGED_WEEKS * WEEK :])
    week = -(-sum(by_day) // MILLI)
    return Forecast(by_day_milli=by_day, weeks=(week,) * FORECAST_WEEKS, error_bps=_error_bps(history))


def stock_out_day(*, available: int, forecast: Forecast, arrivals: Mapping[int, int]) -> int | None:
    """Return in how many days nothing is left, 0 for today; None where it lasts for a year. `arrivals` are pieces by
    the day on which they come: those that come in time count."""
    left = available * MILLI
    if left <= 0:
        return 0
    for day in range(1, COVER_DAYS_MAX + 1):
        left += arrivals.get(day, 0) * MILLI
        left -= forecast.by_day_milli[(day - 1) % WEEK]
        if left <= 0:
            return day
    return None


def cover_days_tenths(*, available: int, per_day_milli: int) -> int | None:
    """Return for how many tenths of days it lasts without anything that comes; None where nothing is asked for."""
    return max(0, available) * MILLI * 10 // per_day_milli if per_day_milli else None


def suggestion(
    *, per_day_milli: int, available: int, inbound: int, safety: int, lead_days: int, cover_days: int, case_size: int
) -> Suggestion:
    """Return how much to buy so that stock lasts until the goods are there and then for `cover_days`, above the safety
    level, in whole cases."""
    days = lead_days + cover_days
    wanted = -(-per_day_milli * days // MILLI)
    missing = max(0, wanted + safety - available - inbound)
    cases = -(-missing // case_size)
    return Suggestion(
        per_day_milli=per_day_milli,
        days=days,
        wanted=wanted,
        available=available,
        inbound=inbound,
        safety=safety,
        missing=missing,
        case_size=case_size,
        quantity=cases * case_size,
    )


def _averages(days: Sequence[int]) -> tuple[int, ...]:
    """Return for each of the next seven days the average of its weekday, in thousandths."""
    weeks = len(days) // WEEK
    return tuple(sum(days[day::WEEK]) * MILLI // weeks for day in range(WEEK))


def _error_bps(history: Sequence[int]) -> int | None:
    """Let the rule foretell each of the last weeks from the weeks before it."""
    off = asked = 0
    for back in range(TESTED_WEEKS, 0, -1):
        end = len(history) - back * WEEK
        expected = sum(_averages(history[end - AVERAGED_WEEKS * WEEK : end]))
        actual = sum(history[end : end + WEEK]) * MILLI
        off, asked = off + abs(expected - actual), asked + actual
    return off * 10_000 // asked if asked else None
