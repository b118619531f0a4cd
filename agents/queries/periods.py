"""Days and months of Asia/Shanghai as half-open spans of instants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from mall.core.ids import SHANGHAI

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` on, before `end`; `key` is what stands in an address, such as 2026-11."""

    start: datetime
    end: datetime
    key: str = ""

    @property
    def last(self) -> datetime:
        """Some instant of its last day."""
        return self.end - timedelta(seconds=1)

    @property
    def month(self) -> int:
        return timezone.localtime(self.start).month

    @property
    def year(self) -> int:
        return timezone.localtime(self.start).year


def day_of(at: datetime) -> Period:
    """Return the day in which an instant lies."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Period(start, start + timedelta(days=1))


def month_of(at: datetime) -> Period:
    """Return the month in which an instant lies."""
    start = timezone.localtime(at).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    end = (start + timedelta(days=32)).replace(day=1)
    return Period(start, end, f"{start:%Y-%m}")


def month_named(key: str, *, at: datetime) -> Period | None:
    """Return the month of a key such as 2026-11; None for anything else, and for months still to come."""
    month = any_month_named(key)
    return month if month is not None and month.start <= at else None


def any_month_named(key: str) -> Period | None:
    """Return the month of a key such as 2026-11, past or to come; None for anything else."""
    named = _MONTH.fullmatch(key)
    return None if named is None else month_of(datetime(int(named[1]), int(named[2]), 1, tzinfo=SHANGHAI))


def months_since(since: datetime, *, at: datetime, limit: int = 12) -> list[Period]:
    """Return the months from that of `at` back to that of `since`, newest first, at most `limit`."""
    months = [month_of(at)]
    while len(months) < limit and months[-1].start > since:
        months.append(month_of(months[-1].start - timedelta(days=1)))
    return months
