"""Keeping the sums of earnings by day. Nothing here is done where money moves."""

from django.db import connection, transaction

from agents.models import SumCursor
from agents.queries.sums import ARRIVED_SQL, MOVED_KINDS, MOVED_SQL
from ledger.models import AccountKind

MEMBERS = 500

_TOUCHED = """
SELECT DISTINCT posting.account_id / 32 FROM ledger_journalentry entry
JOIN ledger_posting posting ON posting.entry_id = entry.id
WHERE entry.xact_id >= %s AND entry.xact_id < %s AND posting.account_id %% 32 <= 5 AND posting.account_id >= 32
"""

_SUM_UP = f"""
WITH wanted AS MATERIALIZED (
    SELECT member.id AS member_id, coalesce(mark.reward_id, 0) AS reward_id, coalesce(mark.posting_id, 0) AS posting_id
    FROM unnest(%(members)s::bigint[]) AS member(id) LEFT JOIN agents_summark mark ON mark.member_id = member.id
), rewarded AS MATERIALIZED (
    SELECT wanted.member_id, reward.id, reward.kind AS what, reward.amount_fen,
        (settled.paid_at AT TIME ZONE 'Asia/Shanghai')::date AS date
    FROM wanted
    JOIN linkage_reward reward ON reward.member_id = wanted.member_id AND reward.id > wanted.reward_id
    JOIN linkage_settledorder settled ON settled.order_id = reward.order_id
), posted AS MATERIALIZED (
    SELECT wanted.member_id, kind, posting.id, posting.entry_id, posting.amount_fen
    FROM wanted CROSS JOIN generate_series(1, 5) AS kind
    JOIN ledger_posting posting
        ON posting.account_id = wanted.member_id * 32 + kind AND posting.id > wanted.posting_id
), moved AS (
    SELECT posting.member_id, (entry.at AT TIME ZONE 'Asia/Shanghai')::date AS date, {MOVED_SQL}
    FROM posted AS posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    WHERE entry.kind = ANY (%(kinds)s)
), arrived AS (
    SELECT posting.member_id, (entry.at AT TIME ZONE 'Asia/Shanghai')::date AS date, -5 AS what,
        -posting.amount_fen AS amount_fen
    FROM posted AS posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    WHERE posting.kind = {AccountKind.AVAILABLE.value} AND {ARRIVED_SQL}
), summed AS (
    INSERT INTO agents_earningsum AS known (member_id, date, what, amount_fen)
    SELECT member_id, date, what, sum(amount_fen) FROM (
        SELECT member_id, date, what, amount_fen FROM rewarded
        UNION ALL SELECT member_id, date, what, amount_fen FROM moved
        UNION ALL SELECT member_id, date, what, amount_fen FROM arrived
    ) lines GROUP BY member_id, date, what
    ON CONFLICT (member_id, date, what) DO UPDATE SET amount_fen = known.amount_fen + excluded.amount_fen
)
INSERT INTO agents_summark AS mark (member_id, reward_id, posting_id)
SELECT member_id, greatest(wanted.reward_id, last_reward.id), greatest(wanted.posting_id, last_posting.id)
FROM wanted
LEFT JOIN (SELECT member_id, max(id) AS id FROM rewarded GROUP BY member_id) last_reward USING (member_id)
LEFT JOIN (SELECT member_id, max(id) AS id FROM posted GROUP BY member_id) last_posting USING (member_id)
ON CONFLICT (member_id) DO UPDATE SET reward_id = excluded.reward_id, posting_id = excluded.posting_id
"""


def sum_up_earnings() -> int:
    """Take into the sums by day what members earned and lost since the last time; return of how many members.

    A call that finds another one at work does nothing. What is not yet committed stays for the next time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('agents.sums'))")
        if not cursor.fetchone()[0]:
            return 0
        known, _ = SumCursor.objects.get_or_create(pk=SumCursor.ONLY)
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
        cursor.execute(_TOUCHED, [known.before_xact_id, horizon])
        members = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(members), MEMBERS):
            sum_up_members(members[start : start + MEMBERS])
        SumCursor.objects.filter(pk=SumCursor.ONLY).update(before_xact_id=horizon)
    return len(members)


def sum_up_members(members: list[int]) -> None:
    """Bring the sums of these members up to what is there; whoever calls keeps others from doing the same."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP, {"members": members, "kinds": list(MOVED_KINDS)})
