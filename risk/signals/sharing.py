"""People of one referrer who share, with each other or with the referrer, what two people do not share."""

from datetime import datetime

from risk.models import Thing
from risk.rules import Finding

from .asking import found

# Each source gives member_id, mark and a row that shows it. A key holds no more of a mark than tells it apart.
SHARING = """
WITH used AS ({source}),
several AS (SELECT mark FROM used GROUP BY mark HAVING count(DISTINCT member_id) > 1),
near AS (
    SELECT member.referrer_id AS owner_id, used.mark, used.member_id, used.shown_by
    FROM used JOIN several USING (mark) JOIN members_member member ON member.id = used.member_id
    WHERE member.referrer_id IS NOT NULL
    UNION ALL
    SELECT used.member_id, used.mark, used.member_id, used.shown_by FROM used JOIN several USING (mark)
)
SELECT owner_id || ':' || left(mark, 32), owner_id, count(DISTINCT member_id)::int,
    array_agg(DISTINCT member_id), array_agg(DISTINCT shown_by)
FROM near GROUP BY owner_id, mark
HAVING count(DISTINCT member_id) >= %(threshold)s AND bool_or(member_id <> owner_id)
"""

MARKED = """
    SELECT member_id, mark, NULL::bigint AS shown_by FROM members_accessmark
    WHERE kind = '{kind}' AND seen_at >= %(since)s AND first_at <= %(at)s
"""
# What is written in other ways is still the same place: spaces and the widths of characters do not count.
ADDRESSES = """
    SELECT member_id,
        encode(sha256(convert_to(lower(regexp_replace(normalize(recipient_address, NFKC), '[[:space:]]', '', 'g')),
            'UTF8')), 'hex') AS mark,
        id AS shown_by
    FROM orders_order
    WHERE paid_at >= %(since)s AND paid_at <= %(at)s AND recipient_address <> ''
"""
PAYERS = """
    SELECT paid.member_id, payment.payer_mark AS mark, paid.id AS shown_by
    FROM orders_payment payment JOIN orders_order paid ON paid.purchase_id = payment.purchase_id
    WHERE payment.payer_mark <> '' AND payment.captured_at >= %(since)s AND payment.captured_at <= %(at)s
"""
ACCOUNTS = """
    SELECT member_id, fingerprint AS mark, id AS shown_by FROM payouts_payoutaccount
    WHERE fingerprint <> '' AND added_at >= %(since)s AND added_at <= %(at)s
"""


def same_device(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Several people of one referrer came from one device."""
    return _shared(MARKED.format(kind="device"), threshold, since, at)


def same_network(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Several people of one referrer came from one network address."""
    return _shared(MARKED.format(kind="network"), threshold, since, at)


def same_address(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Several people of one referrer had what they paid for sent to one address."""
    return _shared(ADDRESSES, threshold, since, at)


def same_payer(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Several people of one referrer paid from one purse."""
    return _shared(PAYERS, threshold, since, at)


def same_account(threshold: int, since: datetime, at: datetime) -> list[Finding]:
    """Several people of one referrer want their rewards paid to one account."""
    return _shared(ACCOUNTS, threshold, since, at, shown_by=Thing.ACCOUNT)


def _shared(
    source: str, threshold: int, since: datetime, at: datetime, *, shown_by: str = Thing.ORDER
) -> list[Finding]:
    parameters = {"threshold": threshold, "since": since, "at": at}
    return found(SHARING.format(source=source), parameters, Thing.MEMBER, shown_by)
