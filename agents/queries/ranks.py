"""The ranks as they were last counted, and one's own place in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from agents.models import RankEntry, RankName, RankSpan
from members.models import Member

SHOWN = 20


@dataclass(frozen=True, slots=True)
class RankRow:
    """A place of the list; `name` is empty where its bearer does not want to be named."""

    place: int
    value: int
    customers: int
    name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Ranks:
    """The first of a list, the own place (none where one has none), and since when and as of when it counts."""

    rows: list[RankRow]
    own: RankRow | None
    own_name: str
    starts_date: date
    counted_at: datetime | None

    @property
    def is_own_shown(self) -> bool:
        return any(row.is_own for row in self.rows)


def span_start(*, span: int, day: date) -> date:
    """Return the first day of the week (Monday) or month of a day."""
    return day.replace(day=1) if span == RankSpan.MONTH else day - timedelta(days=day.weekday())


def ranks(*, member: Member, kind: int, span: int, at: datetime) -> Ranks:
    """Return a list of the present week or month, in three queries; they read what was counted, and count nothing."""
    starts_date = span_start(span=span, day=timezone.localtime(at).date())
    listed = RankEntry.objects.filter(span=span, starts_date=starts_date, kind=kind)
    entries = list(listed.select_related("member__rank_name").order_by("place", "member_id")[:SHOWN])
    own = listed.filter(member=member).first()
    own_name = RankName.objects.filter(member=member).values_list("name", flat=True).first() or ""
    first = entries[0] if entries else own
    return Ranks(
        rows=[_row(entry, entry.member_id == member.pk, _name(entry)) for entry in entries],
        own=None if own is None else _row(own, True, own_name),
        own_name=own_name,
        starts_date=starts_date,
        counted_at=None if first is None else first.counted_at,
    )


def _row(entry: RankEntry, is_own: bool, name: str) -> RankRow:
    return RankRow(entry.place, entry.value, entry.customers, name, is_own)


def _name(entry: RankEntry) -> str:
    shown = getattr(entry.member, "rank_name", None)
    return "" if shown is None else str(shown.name)
