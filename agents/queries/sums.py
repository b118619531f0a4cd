"""Sums of what a member earned and lost: kept by day up to the member's mark, and what came since read beside it.

The events of a member are settled one after the other, so its rewards and postings are there in the order of their
ids, and a mark divides them cleanly.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone

from ledger.models import MEMBER_KINDS, AccountKind, account_id
from linkage.models import RewardKind
from members.models import Member

from .periods import Period

# Kinds of sums: the kinds of rewards, and these. What operators adjusted by hand may be below zero.
GRANTED, RETAIL, TAKEN_BACK, FORFEITED, ADJUSTED = 0, -1, -2, -3, -4
# What became available, which is no earning of its own: it was earned before.
ARRIVED = -5
EARNED = (*(kind.value for kind in RewardKind), GRANTED, RETAIL)

# What an entry changed on a member's accounts counts as; `+` where it came in, `-` where it went.
MOVED_SQL = """
    CASE entry.kind WHEN 'commission' THEN -1 WHEN 'grant' THEN 0 WHEN 'hold_expiry' THEN -3
        WHEN 'adjustment' THEN -4 WHEN 'forgiveness' THEN -4 ELSE -2 END AS what,
    CASE WHEN entry.kind IN ('commission', 'grant', 'adjustment', 'forgiveness') THEN -posting.amount_fen
        ELSE posting.amount_fen END AS amount_fen
"""
MOVED_KINDS = (
    "commission",
    "grant",
    "hold_expiry",
    "clawback",
    "commission_back",
    "adjustment",
    "forgiveness",
)

ARRIVED_SQL = "posting.amount_fen < 0 AND entry.kind <> 'withdrawal_return'"

# The mark and what was kept up to it, in one statement.
_KEPT = """
SELECT coalesce(max(mark.reward_id), 0), coalesce(max(mark.posting_id), 0), kept.what,
    coalesce(sum(kept.amount_fen), 0)::bigint,
    coalesce(sum(kept.amount_fen) FILTER (WHERE kept.date >= %(latest)s), 0)::bigint
FROM (SELECT 1) AS one
LEFT JOIN agents_summark mark ON mark.member_id = %(member)s
LEFT JOIN agents_earningsum kept ON kept.member_id = %(member)s AND kept.date >= %(first)s AND kept.date < %(end)s
    AND kept.what <> -5
GROUP BY kept.what
"""

# What came after the mark. Its ids are given as numbers: the planner then sees how few rows that are.
_SINCE = f"""
SELECT what, coalesce(sum(amount_fen), 0)::bigint,
    coalesce(sum(amount_fen) FILTER (WHERE date >= %(latest)s), 0)::bigint
FROM (
    SELECT (settled.paid_at AT TIME ZONE 'Asia/Shanghai')::date AS date, reward.kind AS what, reward.amount_fen
    FROM linkage_reward reward JOIN linkage_settledorder settled ON settled.order_id = reward.order_id
    WHERE reward.member_id = %(member)s AND reward.id > %(reward)s
    UNION ALL
    SELECT (entry.at AT TIME ZONE 'Asia/Shanghai')::date AS date, {MOVED_SQL}
    FROM ledger_posting posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    WHERE posting.account_id = ANY (%(accounts)s) AND posting.id > %(posting)s AND entry.kind = ANY (%(kinds)s)
) since
WHERE date >= %(first)s AND date < %(end)s GROUP BY what
"""


_KEPT_ARRIVED = """
SELECT coalesce(mark.posting_id, 0), kept.date, kept.amount_fen
FROM (SELECT 1) AS one
LEFT JOIN agents_summark mark ON mark.member_id = %(member)s
LEFT JOIN agents_earningsum kept ON kept.member_id = %(member)s AND kept.date >= %(first)s AND kept.date < %(end)s
    AND kept.what = -5
"""

_SINCE_ARRIVED = f"""
SELECT date, sum(amount_fen)::bigint FROM (
    SELECT (entry.at AT TIME ZONE 'Asia/Shanghai')::date AS date, -posting.amount_fen AS amount_fen
    FROM ledger_posting posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    WHERE posting.account_id = %(account)s AND posting.id > %(posting)s AND {ARRIVED_SQL}
) since
WHERE date >= %(first)s AND date < %(end)s GROUP BY date
"""


def arrived_by_day(*, member: Member, period: Period) -> dict[date, int]:
    """Return what became available on each day of a period, but for withdrawals that came back, in two queries."""
    wanted: dict[str, Any] = {
        "member": member.pk,
        "first": timezone.localtime(period.start).date(),
        "end": timezone.localtime(period.end).date(),
        "account": account_id(AccountKind.AVAILABLE, member.pk),
    }
    found: dict[date, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT_ARRIVED, wanted)
        rows = cursor.fetchall()
        cursor.execute(_SINCE_ARRIVED, wanted | {"posting": rows[0][0]})
        for day, fen in [row[1:] for row in rows if row[1] is not None] + cursor.fetchall():
            found[day] = found.get(day, 0) + int(fen)
    return found


def sums(*, member: Member, period: Period | None, latest: Period | None = None) -> dict[int, tuple[int, int]]:
    """Return what a member earned and lost by kind in a period, or ever, in two queries; beside each what of it falls
    into its `latest` part. What is kept and the mark are read together, so what came after the mark completes them
    whenever it is read."""
    first = date(1970, 1, 1) if period is None else timezone.localtime(period.start).date()
    end = date(9999, 1, 1) if period is None else timezone.localtime(period.end).date()
    wanted: dict[str, Any] = {
        "member": member.pk,
        "first": first,
        "end": end,
        "latest": end if latest is None else timezone.localtime(latest.start).date(),
        "accounts": [account_id(kind, member.pk) for kind in MEMBER_KINDS],
        "kinds": list(MOVED_KINDS),
    }
    found: dict[int, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, wanted)
        rows = cursor.fetchall()
        wanted |= {"reward": rows[0][0], "posting": rows[0][1]}
        cursor.execute(_SINCE, wanted)
        for what, whole, part in [row[2:] for row in rows if row[2] is not None] + cursor.fetchall():
            known = found.get(what, (0, 0))
            found[what] = (known[0] + int(whole), known[1] + int(part))
    return found


def net_fen(found: dict[int, tuple[int, int]], place: int) -> int:
    """Return what sums come to: what was earned less what went; of the whole (0) or of the latest part (1)."""
    return sum(amounts[place] if what in (*EARNED, ADJUSTED) else -amounts[place] for what, amounts in found.items())
