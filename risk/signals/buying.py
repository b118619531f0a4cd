"""What people buy: in a ring, only what the title needs, or nothing at all."""

from datetime import datetime, timedelta

from risk.models import Thing
from risk.rules import ONE_PACK_SHARE_PERCENT, QUIET_DAYS, Finding

from .asking import found

# Rings of two and of three, each begun with the lowest number, so that it is found once.
RING = """
WITH sold AS (
    SELECT adviser_id AS a, member_id AS b, count(*) AS orders, array_agg(id) AS ids
    FROM orders_order
    WHERE adviser_id IS NOT NULL AND adviser_id <> member_id AND paid_at >= %(since)s AND paid_at <= %(at)s
    GROUP BY adviser_id, member_id
)
SELECT x.a || ':' || x.b, x.a, (x.orders + y.orders)::int, ARRAY[x.a, x.b], x.ids || y.ids
FROM sold x JOIN sold y ON y.a = x.b AND y.b = x.a
WHERE x.a < x.b AND x.orders + y.orders >= %(threshold)s
UNION ALL
SELECT x.a || ':' || x.b || ':' || y.b, x.a, (x.orders + y.orders + z.orders)::int, ARRAY[x.a, x.b, y.b],
    x.ids || y.ids || z.ids
FROM sold x JOIN sold y ON y.a = x.b JOIN sold z ON z.a = y.b AND z.b = x.a
WHERE x.a < x.b AND x.a < y.b AND x.b <> y.b AND x.orders + y.orders + z.orders >= %(threshold)s
"""

# Of everybody whom somebody referred and who bought: who bought one gift pack, long enough ago, and nothing else.
ONE_PACK = """
WITH bought AS (
    SELECT member_id, min(id) AS order_id, min(paid_at) AS first_at,
        count(*) = 1 AND max(packs) = 1 AND min(paid_at) <= %(quiet_since)s AS only_one
    FROM orders_order WHERE paid_at IS NOT NULL AND paid_at <= %(at)s
    GROUP BY member_id
)
SELECT member.referrer_id, member.referrer_id, (count(*) FILTER (WHERE only_one))::int,
    array_agg(bought.member_id) FILTER (WHERE only_one), array_agg(bought.order_id) FILTER (WHERE only_one)
FROM bought JOIN members_member member ON member.id = bought.member_id
WHERE member.referrer_id IS NOT NULL AND bought.first_at >= %(since)s
GROUP BY member.referrer_id
HAVING count(*) FILTER (WHERE only_one) >= %(threshold)s
    AND 100 * count(*) FILTER (WHERE only_one) >= %(share)s * count(*)
"""

# Rewards for people, and not one paid order of ordinary goods by a customer or a recruit.
NO_SALES = """
WITH earned AS (
    SELECT reward.member_id, count(*) AS rewards, array_agg(reward.order_id) AS ids
    FROM linkage_reward reward JOIN linkage_settledorder settled ON settled.order_id = reward.order_id
    WHERE reward.member_id IS NOT NULL AND NOT reward.reversed
        AND settled.paid_at >= %(since)s AND settled.paid_at <= %(at)s
    GROUP BY reward.member_id HAVING count(*) >= %(threshold)s
)
SELECT earned.member_id, earned.member_id, earned.rewards::int, earned.ids
FROM earned
WHERE NOT EXISTS (
        SELECT FROM orders_order sale
        WHERE sale.adviser_id = earned.member_id AND sale.packs = 0 AND sale.paid_at IS NOT NULL
    )
    AND NOT EXISTS (
        SELECT FROM members_member recruit JOIN orders_order sale ON sale.member_id = recruit.id
        WHERE recruit.referrer_id = earned.member_id AND sale.packs = 0 AND sale.paid_at IS NOT NULL
    )
"""


def ring(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Two or three members are each other's customers, with so many paid orders between them."""
    return found(RING, {"threshold": threshold, "since": since, "at": at}, Thing.MEMBER, Thing.ORDER)


def one_pack(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """So many people of one referrer bought exactly the pack that the title needs and nothing since, four of five."""
    parameters = {
        "threshold": threshold,
        "since": since,
        "at": at,
        "quiet_since": at - timedelta(days=QUIET_DAYS),
        "share": ONE_PACK_SHARE_PERCENT,
    }
    return found(ONE_PACK, parameters, Thing.MEMBER, Thing.ORDER)


def no_sales(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Somebody has so many rewards for gift packs and sold nothing to a consumer."""
    return found(NO_SALES, {"threshold": threshold, "since": since, "at": at}, Thing.ORDER)
