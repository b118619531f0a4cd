"""Who came back: the people that the repeat rate counts."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from insights.rules import WINDOW_DAYS

from .days import midnight

PAGE_ROWS = 50

# The same that the kept days count: who paid within the window, and had paid before the last of those payments.
_RETURNED = """
WITH bought AS (
    SELECT member_id, count(*) AS orders, sum(total_fen)::bigint AS paid_fen, max(paid_at) AS last_at
    FROM orders_order WHERE paid_at >= %(since)s AND paid_at < %(until)s GROUP BY member_id
), returned AS (
    SELECT * FROM bought WHERE orders > 1 OR EXISTS (
        SELECT FROM orders_order earlier WHERE earlier.member_id = bought.member_id AND earlier.paid_at < %(since)s
    )
)
"""
_COUNT = f"{_RETURNED} SELECT count(*) FROM returned"
_PAGE = f"""
{_RETURNED}
SELECT member.id, member.public_id, member.nickname, member.phone, returned.orders, returned.paid_fen, returned.last_at
FROM returned JOIN members_member member ON member.id = returned.member_id
ORDER BY returned.last_at DESC, member.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody who came back, and what they paid within the window."""

    member_id: int
    public_id: str
    nickname: str
    phone: str | None
    orders: int
    paid_fen: int
    last_at: datetime


def buyers_page(*, until: date, page: int) -> tuple[int, list[Returned]]:
    """Return how many came back within the thirty days that end with a day, and one page of them, the latest first."""
    span: dict[str, Any] = {
        "since": midnight(until - timedelta(days=WINDOW_DAYS - 1)),
        "until": midnight(until + timedelta(days=1)),
        "limit": PAGE_ROWS,
        "offset": (page - 1) * PAGE_ROWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, span)
        (count,) = cursor.fetchone()
        cursor.execute(_PAGE, span)
        return int(count), [Returned(*row) for row in cursor.fetchall()]
