"""Where money goes: rewards whose orders came back, and accounts that changed shortly before."""

from datetime import datetime

from risk.models import Thing
from risk.rules import Finding

from .asking import found

LATE_REFUND = """
WITH came_back AS (
    SELECT reward.member_id, settled.order_id
    FROM linkage_settledorder settled JOIN linkage_reward reward ON reward.order_id = settled.order_id
    WHERE settled.matured AND settled.refunded_at >= %(since)s AND settled.refunded_at <= %(at)s
        AND reward.member_id IS NOT NULL
    UNION
    SELECT commission.member_id, commission.order_id
    FROM linkage_commission commission JOIN orders_order sale ON sale.id = commission.order_id
    WHERE commission.matured AND sale.refunded_at >= %(since)s AND sale.refunded_at <= %(at)s
)
SELECT member_id, member_id, count(*)::int, array_agg(order_id)
FROM came_back GROUP BY member_id HAVING count(*) >= %(threshold)s
"""

ACCOUNT_CHANGE = """
SELECT withdrawal.number, withdrawal.member_id,
    greatest(0, extract(day FROM withdrawal.requested_at - account.added_at))::int,
    ARRAY[withdrawal.id], ARRAY[account.id, before.id]
FROM payouts_withdrawal withdrawal
JOIN payouts_payoutaccount account ON account.id = withdrawal.account_id
CROSS JOIN LATERAL (
    SELECT id FROM payouts_payoutaccount earlier
    WHERE earlier.member_id = withdrawal.member_id AND earlier.id <> account.id
        AND earlier.kind = account.kind AND earlier.added_at < account.added_at
    ORDER BY added_at DESC LIMIT 1
) before
WHERE withdrawal.requested_at >= %(since)s AND withdrawal.requested_at <= %(at)s
    AND withdrawal.requested_at - account.added_at <= make_interval(days => %(threshold)s)
"""


def late_refund(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """So many orders came back after what somebody earned by them was free to be paid."""
    return found(LATE_REFUND, {"threshold": threshold, "since": since, "at": at}, Thing.ORDER)


def account_change(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """A withdrawal goes to an account that took another one's place at most so many days before."""
    parameters = {"threshold": threshold, "since": since, "at": at}
    return found(ACCOUNT_CHANGE, parameters, Thing.WITHDRAWAL, Thing.ACCOUNT)
