"""Holding one day's books against each other: reads only, in the caller's snapshot."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from mall.core.ids import SHANGHAI

from .earnings import compare_earnings
from .evidence import evidence_of
from .found import Compared, Found, Tally
from .invariants import Invariant, invariants
from .orders import compare_orders
from .transfers import compare_transfers, transfers_to_ask

__all__ = [
    "Compared",
    "Found",
    "Invariant",
    "Tally",
    "bounds",
    "compare_day",
    "evidence_of",
    "invariants",
    "transfers_to_ask",
]

# The way of so many items is told; the rest say their amounts alone.
TOLD_MAX = 200


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day in Shanghai begins and when it is over."""
    since = datetime.combine(day, time.min, SHANGHAI)
    return since, since + timedelta(days=1)


def compare_day(day: date) -> Compared:
    """Return the sums of a day in each book, and every number over which they differ."""
    since, until = bounds(day)
    parts = [compare_orders(day, since, until), compare_transfers(since, until), compare_earnings(since, until)]
    rows = [row for part in parts for row in part.rows]
    found = [one for part in parts for one in part.found]
    told = [replace(one, evidence=evidence_of(one)) for one in found[:TOLD_MAX]]
    return Compared(rows, [*told, *found[TOLD_MAX:]])
