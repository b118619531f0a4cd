"""What a member's links brought: visits, visitors, orders and earnings, by what was shared and where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from members.models import Member

PAGE = 20
DAYS = (7, 30, 90)
# An order goes to the link of the last visit before it, and a visit counts so long.
LOOK_BACK_DAYS = 180

# Orders belong to a shopkeeper by the snapshot on the order, whose touch names the link. Those of people who were
# recruited under the plan, and that are nobody's as an adviser, go to the buyer's last visit by a link of the member.
_SOLD = """
    SELECT ordered.id, touch.target_path, touch.channel
    FROM orders_order ordered JOIN members_touch touch ON touch.id = ordered.adviser_touch_id
    WHERE ordered.adviser_id = %(member)s AND touch.owner_id = %(member)s AND ordered.paid_at IS NOT NULL
        AND ordered.placed_at >= %(start)s AND ordered.placed_at < %(end)s
    UNION ALL
    SELECT ordered.id, visit.target_path, visit.channel
    FROM (
        SELECT DISTINCT member_id FROM members_touch
        WHERE owner_id = %(member)s AND at >= %(visits_from)s AND at < %(end)s AND member_id IS NOT NULL
    ) AS visitor
    JOIN orders_order ordered ON ordered.member_id = visitor.member_id
    CROSS JOIN LATERAL (
        SELECT target_path, channel FROM members_touch
        WHERE owner_id = %(member)s AND member_id = visitor.member_id AND at <= ordered.placed_at
        ORDER BY at DESC, id DESC LIMIT 1
    ) AS visit
    WHERE ordered.referrer_id = %(member)s AND ordered.adviser_id IS DISTINCT FROM %(member)s
        AND ordered.paid_at IS NOT NULL AND ordered.placed_at >= %(start)s AND ordered.placed_at < %(end)s
"""
_EARNED = """
    SELECT sold.target_path, sold.channel, count(*) AS orders,
        sum(coalesce(reward.fen, 0) + coalesce(commission.fen, 0))::bigint AS earned_fen
    FROM sold LEFT JOIN LATERAL (
        SELECT sum(CASE WHEN hold = 3 THEN amount_fen - held_fen ELSE amount_fen END) AS fen
        FROM linkage_reward WHERE order_id = sold.id AND member_id = %(member)s AND NOT reversed
    ) AS reward ON true
    LEFT JOIN LATERAL (
        SELECT sum(amount_fen) AS fen FROM linkage_commission WHERE order_id = sold.id AND member_id = %(member)s
    ) AS commission ON true
    GROUP BY sold.target_path, sold.channel
"""
_LINKS = f"""
WITH seen AS (
    SELECT target_path, channel, count(*) AS clicks, count(DISTINCT nullif(visitor_hash, '')) AS visitors
    FROM members_touch WHERE owner_id = %(member)s AND at >= %(start)s AND at < %(end)s
    GROUP BY target_path, channel
), sold AS ({_SOLD}), earned AS ({_EARNED}), links AS (
    SELECT target_path, channel, coalesce(seen.clicks, 0) AS clicks, coalesce(seen.visitors, 0) AS visitors,
        coalesce(earned.orders, 0) AS orders, coalesce(earned.earned_fen, 0) AS earned_fen
    FROM seen FULL JOIN earned USING (target_path, channel)
)
"""
_PAGE = f"""{_LINKS}
SELECT target_path, channel, clicks, visitors, orders, earned_fen FROM links
WHERE (%(channel)s IS NULL OR channel = %(channel)s)
    AND (%(clicks)s IS NULL OR (-clicks, target_path, channel) > (-%(clicks)s::bigint, %(path)s::text, %(tag)s::text))
ORDER BY clicks DESC, target_path, channel LIMIT %(limit)s
"""
_TOTALS = f"""{_LINKS}
SELECT coalesce(sum(clicks), 0)::bigint,
    (SELECT count(DISTINCT nullif(visitor_hash, '')) FROM members_touch
        WHERE owner_id = %(member)s AND at >= %(start)s AND at < %(end)s
            AND (%(channel)s IS NULL OR channel = %(channel)s) AND (%(path)s IS NULL OR target_path = %(path)s)),
    coalesce(sum(orders), 0)::bigint, coalesce(sum(earned_fen), 0)::bigint
FROM links
WHERE (%(channel)s IS NULL OR channel = %(channel)s) AND (%(path)s IS NULL OR target_path = %(path)s)
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """What links brought. Earnings are what is left of rewards and commission of those orders by now."""

    clicks: int
    visitors: int
    orders: int
    earned_fen: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One link: what it leads to, where it was shared, and what came of it."""

    path: str
    channel: str
    brought: Brought


@dataclass(frozen=True, slots=True)
class LinksPage:
    """Links, the busiest first. `next_cursor` is nothing at the end."""

    rows: list[LinkRow]
    next_cursor: str


def brought(*, member: Member, days: int, path: str | None = None, channel: str | None = None, at: datetime) -> Brought:
    """Return what a member's links brought in the last days: all of them, or those to a path, or of a channel."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, _period(member, days, at) | {"path": path, "channel": channel})
        return Brought(*cursor.fetchone())


def links_page(
    *, member: Member, days: int, channel: str | None = None, after: str = "", limit: int = PAGE, at: datetime
) -> LinksPage:
    """Return a page of a member's links with what each brought in the last days. One query, whatever the page."""
    clicks, tag, path = _after(after)
    asked = {"channel": channel, "clicks": clicks, "path": path, "tag": tag, "limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, _period(member, days, at) | asked)
        found = cursor.fetchall()
    rows = [LinkRow(row[0], row[1], Brought(*row[2:])) for row in found[:limit]]
    last = rows[-1] if len(found) > limit else None
    return LinksPage(rows, f"{last.brought.clicks}|{last.channel}|{last.path}" if last else "")


def _period(member: Member, days: int, at: datetime) -> dict[str, Any]:
    return {
        "member": member.pk,
        "start": at - timedelta(days=days),
        "end": at,
        "visits_from": at - timedelta(days=LOOK_BACK_DAYS),
    }


def _after(cursor: str) -> tuple[int | None, str | None, str | None]:
    """Return clicks, channel and path of the last row that was seen; nothing for a cursor that is none."""
    clicks, mark, rest = cursor.partition("|")
    channel, second, path = rest.partition("|")
    if not (mark and second and clicks.isascii() and clicks.isdigit() and len(clicks) < 12) or "\x00" in rest:
        return None, None, None
    return int(clicks), channel[:20], path[:200]
