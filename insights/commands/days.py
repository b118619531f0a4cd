"""Keeping the figures of days. Nothing here is done where orders or money move."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from insights.models import DayFigures
from insights.queries.days import COUNTED, WINDOWED, counted, differences, evenings, first_day, on_sale, windows
from mall.core.ids import SHANGHAI

# What comes late (a payment that a provider told of afterwards, a reward settled behind time) comes within days.
AGAIN_DAYS = 2
CHUNK_DAYS = 120
STOCK = ("skus", "skus_out")


class Repeating(Exception):
    """Another process is at the same work."""


def make_days(*, at: datetime) -> int:
    """Bring the figures up to now: today, the two days before it, and whatever was never made; return how many days.

    In a mall without any figures every day is made. A call that finds another one at work does nothing.
    """
    with transaction.atomic():
        if not _alone():
            return 0
        today = _today(at)
        last = DayFigures.objects.filter(date__lte=today).aggregate(last=Max("date"))["last"]
        first = min(last, today - timedelta(days=AGAIN_DAYS)) if last else _beginning(today)
        return sum(_write(*span, at=at) for span in _spans(first, today))


def rebuild_days(*, at: datetime) -> int:
    """Make every day anew, from the first one on; return how many. What was on sale and sold out is kept where somebody
    looked. Raises Repeating where another process is at work."""
    with transaction.atomic():
        if not _alone():
            raise Repeating
        today = _today(at)
        first = _beginning(today)
        DayFigures.objects.filter(date__lt=first).delete()
        return sum(_write(*span, at=at) for span in _spans(first, today))


def check_days(*, at: datetime, mend: bool = False) -> list[tuple[date, str, int | None, int]]:
    """Return where the figures of days that are over are not what the rows say: day, column, kept, true. With `mend`
    such days are made anew."""
    yesterday = _today(at) - timedelta(days=1)
    first = first_day() or _today(at)
    found = [one for span in _spans(first, yesterday) for one in differences(first=span[0], last=span[1])]
    if mend and found:
        with transaction.atomic():
            if _alone():
                for day in sorted({one[0] for one in found}):
                    _write(day, day, at=at)
    return found


def _write(first: date, last: date, *, at: datetime) -> int:
    """Write the figures of these days."""
    happened, spans = counted(first=first, last=last), windows(first=first, last=last)
    stock = _stock(first, last, at=at)
    rows = [
        DayFigures(
            date=day,
            made_at=at,
            **values,
            **dict(zip(WINDOWED, spans.get(day, (0, 0)), strict=True)),
            **dict(zip(STOCK, stock.get(day, (None, None)), strict=True)),
        )
        for day, values in happened.items()
    ]
    DayFigures.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["date"],
        update_fields=[*COUNTED, *WINDOWED, *STOCK, "made_at"],
    )
    return len(rows)


def _stock(first: date, last: date, *, at: datetime) -> dict[date, tuple[int | None, int | None]]:
    """Return what was on sale and sold out: today's as it is now, of other days what was seen then, or an estimate."""
    today = _today(at)
    seen = DayFigures.objects.filter(date__gte=first, date__lte=last, skus__isnull=False)
    found: dict[date, tuple[int | None, int | None]] = {day: (skus, out) for day, skus, out in _stocks(seen)}
    missing = (last - first).days + 1 - len(found) - (first <= today <= last and today not in found)
    if missing:
        found = {**evenings(first=first, last=last), **found}
    if first <= today <= last:
        found[today] = on_sale()
    return found


def _stocks(rows: "Iterable[DayFigures]") -> Iterator[tuple[date, int | None, int | None]]:
    for row in rows:
        yield row.date, row.skus, row.skus_out


def _spans(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        end = min(last, first + timedelta(days=CHUNK_DAYS - 1))
        yield first, end
        first = end + timedelta(days=1)


def _alone() -> bool:
    """Take the lock of this work until the transaction ends, where nobody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('insights.days'))")
        return bool(cursor.fetchone()[0])


def _beginning(today: date) -> date:
    return min(first_day() or today, today)


def _today(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
