"""What becomes available on which day, by the sums that settlement keeps, and whether they are right."""

from collections.abc import Iterator
from datetime import date

from django.db import connection

from linkage.models import MaturingSum

_WRONG = """
WITH counted AS (
    SELECT r.member_id, (o.matures_at AT TIME ZONE 'Asia/Shanghai')::date AS date, count(*) AS rewards,
        sum(CASE WHEN r.hold IN (1, 3) THEN r.amount_fen - r.held_fen ELSE r.amount_fen END) AS amount_fen
    FROM linkage_settledorder o JOIN linkage_reward r ON r.order_id = o.order_id
    WHERE o.matures_at IS NOT NULL AND NOT r.reversed AND r.member_id IS NOT NULL GROUP BY 1, 2
)
SELECT coalesce(kept.member_id, counted.member_id), coalesce(kept.date, counted.date),
    coalesce(kept.rewards, 0), coalesce(kept.amount_fen, 0),
    coalesce(counted.rewards, 0), coalesce(counted.amount_fen, 0)
FROM linkage_maturingsum kept FULL JOIN counted USING (member_id, date)
WHERE (coalesce(kept.rewards, 0), coalesce(kept.amount_fen, 0))
    <> (coalesce(counted.rewards, 0), coalesce(counted.amount_fen, 0))
ORDER BY 1, 2
"""


def maturing_by_day(*, member_id: int) -> list[tuple[date, int]]:
    """Return the days on which rewards of a member become available, the next first, and how much in fen."""
    sums = MaturingSum.objects.filter(member_id=member_id, rewards__gt=0).order_by("date")
    return list(sums.values_list("date", "amount_fen"))


def wrong_maturing_sums() -> Iterator[str]:
    """Yield a sentence for every sum that is not what the orders come to."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG)
        for member_id, day, rewards, fen, our_rewards, our_fen in cursor.fetchall():
            yield (
                f"member {member_id}: {rewards} rewards and {fen} fen mature on {day} in the sums,"
                f" the orders make it {our_rewards} and {our_fen}"
            )
