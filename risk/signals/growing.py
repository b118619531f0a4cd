"""How people come in: many at once, or two who only made somebody a partner."""

from datetime import datetime, timedelta

from risk.models import Thing
from risk.rules import Finding

from .asking import found

BURST = """
WITH joined AS (
    SELECT id, referrer_id, (joined_at AT TIME ZONE 'Asia/Shanghai')::date AS day,
        count(*) OVER (
            PARTITION BY referrer_id ORDER BY joined_at RANGE BETWEEN '1 hour' PRECEDING AND CURRENT ROW
        ) AS within
    FROM members_member
    WHERE referrer_id IS NOT NULL AND joined_at >= %(since)s AND joined_at <= %(at)s
)
SELECT referrer_id || ':' || day, referrer_id, max(within)::int, array_agg(id)
FROM joined GROUP BY referrer_id, day HAVING max(within) >= %(threshold)s
"""

# The two who made somebody a partner: the first valid recruits. Both bought once, and were never seen a day later.
DUMMY_TWO = """
WITH made AS (
    SELECT partner.member_id, partner.partner_at, two.ids
    FROM linkage_position partner
    CROSS JOIN LATERAL (
        SELECT array_agg(first.member_id) AS ids
        FROM (
            SELECT member_id FROM linkage_position
            WHERE referrer_id = partner.member_id AND counted AND agent_at <= partner.partner_at
            ORDER BY agent_at, member_id LIMIT 2
        ) first
    ) two
    WHERE partner.partner_at >= %(since)s AND partner.partner_at <= %(quiet_since)s
)
SELECT made.member_id, made.member_id, extract(day FROM %(at)s - made.partner_at)::int, made.ids,
    (SELECT array_agg(id) FROM orders_order WHERE member_id = ANY(made.ids) AND paid_at IS NOT NULL)
FROM made
WHERE cardinality(made.ids) = 2
    AND NOT EXISTS (SELECT FROM linkage_position one WHERE one.member_id = ANY(made.ids) AND one.recruits > 0)
    AND NOT EXISTS (
        SELECT FROM orders_order later
        WHERE later.member_id = ANY(made.ids) AND later.paid_at IS NOT NULL
        GROUP BY later.member_id HAVING count(*) > 1
    )
    AND NOT EXISTS (
        SELECT FROM members_dayvisit visit JOIN linkage_position one ON one.member_id = visit.member_id
        WHERE visit.member_id = ANY(made.ids)
            AND visit.date > (one.agent_at AT TIME ZONE 'Asia/Shanghai')::date + 1
    )
"""


def burst(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """So many people joined by one referrer within an hour; once a day (Asia/Shanghai) and referrer."""
    return found(BURST, {"threshold": threshold, "since": since, "at": at}, Thing.MEMBER)


def dummy_two(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Somebody became a partner by two people who have not been seen for `threshold` days since."""
    parameters = {"since": since, "at": at, "quiet_since": at - timedelta(days=threshold)}
    return found(DUMMY_TWO, parameters, Thing.MEMBER, Thing.ORDER)
