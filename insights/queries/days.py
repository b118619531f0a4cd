"""The figures of days, made from the rows themselves: what the kept ones are, and are compared with."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from insights.models import DayFigures
from insights.rules import WINDOW_DAYS
from mall.core.ids import SHANGHAI

# What the rows tell at any time; what was on sale and sold out they do not.
COUNTED = (
    *("orders", "gmv_fen", "pack_orders", "pack_fen", "members", "agents", "partners"),
    *("shipped", "in_time", "ship_minutes", "rewards", "rewards_fen", "commissions", "commissions_fen"),
)
WINDOWED = ("buyers", "repeat_buyers")

_DAY = "(%s AT TIME ZONE 'Asia/Shanghai')::date"


def _day(column: str) -> str:
    return _DAY % column


# Each: its columns, and the statement that gives a day and them for instants from one to another.
_SOURCES: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("orders", "gmv_fen", "pack_orders", "pack_fen"),
        f"""
        SELECT {_day("paid_at")}, count(*), sum(total_fen)::bigint, count(*) FILTER (WHERE packs > 0),
            coalesce(sum(total_fen) FILTER (WHERE packs > 0), 0)::bigint
        FROM orders_order WHERE paid_at >= %(since)s AND paid_at < %(until)s GROUP BY 1
        """,
    ),
    (
        ("members",),
        f"""
        SELECT {_day("joined_at")}, count(*) FROM members_member
        WHERE joined_at >= %(since)s AND joined_at < %(until)s GROUP BY 1
        """,
    ),
    (
        ("agents",),
        f"""
        SELECT {_day("agent_at")}, count(*) FROM linkage_position
        WHERE agent_at >= %(since)s AND agent_at < %(until)s GROUP BY 1
        """,
    ),
    (
        ("partners",),
        f"""
        SELECT {_day("partner_at")}, count(*) FROM linkage_position
        WHERE partner_at >= %(since)s AND partner_at < %(until)s GROUP BY 1
        """,
    ),
    (
        ("shipped", "in_time", "ship_minutes"),
        f"""
        SELECT {_day("sent.shipped_at")}, count(*),
            count(*) FILTER (WHERE sent.shipped_at <= sent.due_at),
            (sum(extract(epoch FROM sent.shipped_at - sent.paid_at))::bigint / 60)
        FROM orders_order sent
        WHERE sent.shipped_at >= %(since)s AND sent.shipped_at < %(until)s GROUP BY 1
        """,
    ),
    (
        ("rewards", "rewards_fen"),
        f"""
        SELECT {_day("paid.paid_at")}, count(*), sum(reward.amount_fen)::bigint
        FROM orders_order paid JOIN linkage_reward reward ON reward.order_id = paid.id
        WHERE paid.paid_at >= %(since)s AND paid.paid_at < %(until)s AND paid.packs > 0 GROUP BY 1
        """,
    ),
    (
        ("commissions", "commissions_fen"),
        f"""
        SELECT {_day("paid.paid_at")}, count(*), sum(commission.first_fen)::bigint
        FROM orders_order paid JOIN linkage_commission commission ON commission.order_id = paid.id
        WHERE paid.paid_at >= %(since)s AND paid.paid_at < %(until)s GROUP BY 1
        """,
    ),
)

# A buyer stands in the windows of the days from an order on until the next one takes over, or thirty days are over; so
# every buyer is in a window once. Beginnings and ends are counted, and summed up from day to day.
_WINDOWS = f"""
WITH bought AS (
    SELECT member_id, {_day("paid_at")} AS day,
        row_number() OVER own AS place, lead({_day("paid_at")}) OVER own AS next_day
    FROM orders_order WHERE paid_at >= %(lead)s AND paid_at < %(until)s
    WINDOW own AS (PARTITION BY member_id ORDER BY paid_at, id)
), known AS (
    SELECT day, least(day + {WINDOW_DAYS}, next_day) AS end_day, place > 1 OR EXISTS (
        SELECT FROM orders_order earlier WHERE earlier.member_id = bought.member_id AND earlier.paid_at < %(lead)s
    ) AS again
    FROM bought
), steps AS (
    SELECT day, count(*) AS buyers, count(*) FILTER (WHERE again) AS repeats FROM known GROUP BY day
    UNION ALL
    SELECT end_day, -count(*), -count(*) FILTER (WHERE again) FROM known GROUP BY end_day
), summed AS (
    SELECT day, sum(sum(buyers)) OVER upto AS buyers, sum(sum(repeats)) OVER upto AS repeats
    FROM steps GROUP BY day WINDOW upto AS (ORDER BY day)
)
SELECT wanted.day::date, found.buyers::bigint, found.repeats::bigint
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS wanted(day)
JOIN LATERAL (
    SELECT buyers, repeats FROM summed WHERE summed.day <= wanted.day ORDER BY summed.day DESC LIMIT 1
) AS found ON true
"""

_FIRST = "least((SELECT min(paid_at) FROM orders_order), (SELECT min(joined_at) FROM members_member))"

_ON_SALE = """
SELECT count(*), count(*) FILTER (WHERE sku.on_hand <= sku.reserved)
FROM suppliers_sku sku JOIN suppliers_product product ON product.id = sku.product_id
WHERE sku.is_active AND product.is_published
"""

# Backwards from what is there now: an evening's stock is today's less what moved since.
_EVENINGS = f"""
WITH live AS (
    SELECT sku.id, sku.on_hand - sku.reserved AS left_now, {_day("sku.created_at")} AS born
    FROM suppliers_sku sku JOIN suppliers_product product ON product.id = sku.product_id
    WHERE sku.is_active AND product.is_published
), moved AS (
    SELECT live.id, {_day("movement.at")} AS day, sum(movement.on_hand_delta - movement.reserved_delta) AS pieces
    FROM live JOIN suppliers_stockmovement movement ON movement.sku_id = live.id GROUP BY 1, 2
), born AS (
    SELECT least(live.born, min(moved.day)) AS day FROM live LEFT JOIN moved ON moved.id = live.id
    GROUP BY live.id, live.born
), evenings AS (
    SELECT moved.day, live.left_now - coalesce(sum(moved.pieces) OVER (
            PARTITION BY live.id ORDER BY moved.day ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0) AS pieces,
        lead(moved.day) OVER (PARTITION BY live.id ORDER BY moved.day) AS next_day
    FROM live JOIN moved ON moved.id = live.id
    UNION ALL
    SELECT live.born, live.left_now, NULL FROM live
    WHERE NOT EXISTS (SELECT FROM moved WHERE moved.id = live.id)
), steps AS (
    SELECT day, count(*) AS skus, 0 AS out FROM born GROUP BY day
    UNION ALL SELECT day, 0, count(*) FROM evenings WHERE pieces <= 0 GROUP BY day
    UNION ALL SELECT next_day, 0, -count(*) FROM evenings WHERE pieces <= 0 AND next_day IS NOT NULL GROUP BY next_day
), summed AS (
    SELECT day, sum(sum(skus)) OVER upto AS skus, sum(sum(out)) OVER upto AS out
    FROM steps GROUP BY day WINDOW upto AS (ORDER BY day)
)
SELECT wanted.day::date, found.skus::bigint, least(found.out, found.skus)::bigint
FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') AS wanted(day)
JOIN LATERAL (
    SELECT skus, out FROM summed WHERE summed.day <= wanted.day ORDER BY summed.day DESC LIMIT 1
) AS found ON true
"""


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins."""
    return datetime.combine(day, datetime.min.time(), SHANGHAI)


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from one to another, both included."""
    for place in range((last - first).days + 1):
        yield first + timedelta(days=place)


def first_day() -> date | None:
    """Return the day of the first thing that counts; none in an empty mall."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_day(_FIRST)}")
        found: date | None = cursor.fetchone()[0]
    return found


def counted(*, first: date, last: date) -> dict[date, dict[str, int]]:
    """Return what happened on each of these days, by the columns of `COUNTED`, in a fixed number of questions."""
    found = {day: dict.fromkeys(COUNTED, 0) for day in days_between(first, last)}
    span = {"since": midnight(first), "until": midnight(last + timedelta(days=1))}
    with connection.cursor() as cursor:
        for columns, statement in _SOURCES:
            cursor.execute(statement, span)
            for day, *values in cursor.fetchall():
                found[day].update(zip(columns, (int(value or 0) for value in values), strict=True))
    return found


def windows(*, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Return for each day how many bought within the thirty days that end with it, and how many of them had before."""
    span = {
        "lead": midnight(first - timedelta(days=WINDOW_DAYS - 1)),
        "until": midnight(last + timedelta(days=1)),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WINDOWS, span)
        return {day: (int(buyers), int(repeats)) for day, buyers, repeats in cursor.fetchall()}


def on_sale() -> tuple[int, int]:
    """Return how many SKUs are on sale now, and how many of them are sold out."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_SALE)
        skus, out = cursor.fetchone()
    return int(skus), int(out)


def evenings(*, first: date, last: date) -> dict[date, tuple[int, int]]:
    """Return an estimate of the same for evenings of the past, from what is on sale now and what moved since."""
    with connection.cursor() as cursor:
        cursor.execute(_EVENINGS, {"first": first, "last": last})
        return {day: (int(skus), int(out)) for day, skus, out in cursor.fetchall()}


def differences(*, first: date, last: date) -> list[tuple[date, str, int | None, int]]:
    """Return where kept days are not what the rows say: day, column, what is kept (none: no such day) and what is."""
    kept = DayFigures.objects.in_bulk(list(days_between(first, last)))
    found: list[tuple[date, str, int | None, int]] = []
    spans = windows(first=first, last=last)
    for day, values in counted(first=first, last=last).items():
        told = values | dict(zip(WINDOWED, spans.get(day, (0, 0)), strict=True))
        row: Any = kept.get(day)
        for column, value in told.items():
            there = None if row is None else getattr(row, column)
            if there != value:
                found.append((day, column, there, value))
    return found
