"""What is still to come for a member: by sums that are kept, never by reading all that is open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import Sum

from linkage.models import Commission, PlanVersion
from linkage.queries import maturing_by_day
from mall.core.ids import SHANGHAI
from members.models import Member

from .periods import Period

_HELD = "FROM linkage_reward WHERE member_id = %(member)s AND hold = 1 AND NOT reversed"
_NEXT_DAY = "(date_trunc('day', {} AT TIME ZONE 'Asia/Shanghai') + interval '1 day') AT TIME ZONE 'Asia/Shanghai'"

# From one day on which something expires to the next one.
_NEXT_EXPIRIES = f"""
WITH RECURSIVE day (at, until) AS (
    SELECT first.at, {_NEXT_DAY.format("first.at")} FROM (SELECT min(held_until) AS at {_HELD}) first
    UNION ALL
    SELECT next.at, {_NEXT_DAY.format("next.at")}
    FROM day CROSS JOIN LATERAL (SELECT min(held_until) AS at {_HELD} AND held_until >= day.until) next
    WHERE day.at IS NOT NULL
)
SELECT at, (SELECT sum(held_fen)::bigint {_HELD} AND held_until >= day.at AND held_until < day.until)
FROM day WHERE at IS NOT NULL LIMIT %(limit)s
"""

_EXPIRIES = f"""
SELECT place, there.fen FROM generate_series(0, %(days)s - 1) AS place CROSS JOIN LATERAL (
    SELECT sum(held_fen)::bigint AS fen {_HELD}
        AND held_until >= %(start)s + place * interval '24 hours'
        AND held_until < %(start)s + (place + 1) * interval '24 hours'
) there WHERE there.fen IS NOT NULL
"""


def next_expiries(*, member: Member, limit: int) -> list[tuple[datetime, int]]:
    """Return the next days on which holds expire: the first instant of each, and how much in fen."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_EXPIRIES, {"member": member.pk, "limit": limit})
        return list(cursor.fetchall())


def expiries_by_day(*, member: Member, days: Iterable[date], period: Period) -> dict[date, int]:
    """Return how much is held until each day of a period."""
    listed = list(days)
    with connection.cursor() as cursor:
        cursor.execute(_EXPIRIES, {"member": member.pk, "days": len(listed), "start": period.start})
        return {listed[place]: fen for place, fen in cursor.fetchall()}


def may_be_released() -> bool:
    """Say whether there is any version of the plan under which an expired hold comes back to the member."""
    return PlanVersion.objects.filter(params__on_hold_expiry="release").exists()


def without_date_fen(*, member: Member, pending_fen: int) -> int:
    """Return what is pending from orders that were not received yet: what is pending and has no day."""
    dated: int = sum(fen for _day, fen in maturing_by_day(member_id=member.pk))
    received = Commission.objects.filter(member=member, matured=False, matures_at__isnull=False)
    return pending_fen - dated - (received.aggregate(total=Sum("amount_fen"))["total"] or 0)


def noon(day: date) -> datetime:
    """Return an instant of a day, for showing it."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
