"""The result of the spec, written from the database: standings, rewards and the ledger's balances."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from ledger.models import AccountKind
from ledger.queries import balance_fen

from . import queries
from .models import HOLD_NAMES, KIND_NAMES
from .rules import engine
from .rules.plan import Plan
from .rules.result import Result

_KINDS = {number: name for name, number in KIND_NAMES.items()}
_HOLDS = {number: name for name, number in HOLD_NAMES.items()}

_MEMBERS = """
SELECT member.public_id, p.rank, p.packs, p.valid_referrals, leader.public_id,
    coalesce(max(account.balance_fen) FILTER (WHERE account.kind = 1), 0),
    coalesce(max(account.balance_fen) FILTER (WHERE account.kind = 2), 0),
    coalesce(max(account.balance_fen) FILTER (WHERE account.kind = 3), 0),
    coalesce(max(account.balance_fen) FILTER (WHERE account.kind = 4), 0),
    coalesce(max(account.balance_fen) FILTER (WHERE account.kind = 5), 0),
    coalesce((SELECT sum(w.amount_fen) FROM payouts_withdrawal w WHERE w.member_id = p.member_id AND w.state =
        'paid'), 0)
FROM linkage_position p
JOIN members_member member ON member.id = p.member_id
LEFT JOIN members_member leader ON leader.id = p.leader_id
LEFT JOIN ledger_account account ON account.id BETWEEN p.member_id * 32 + 1 AND p.member_id * 32 + 5
GROUP BY member.public_id, p.member_id, leader.public_id
ORDER BY member.public_id COLLATE "C"
"""

_REWARDS = """
SELECT o.number, r.kind, member.public_id, r.amount_fen, r.held_fen, seed.public_id, r.hold, r.reversed
FROM linkage_reward r
JOIN orders_order o ON o.id = r.order_id
JOIN members_member seed ON seed.id = r.seed_id
LEFT JOIN members_member member ON member.id = r.member_id
ORDER BY o.number COLLATE "C", CASE r.kind WHEN 1 THEN 1 WHEN 4 THEN 2 WHEN 3 THEN 3 ELSE 4 END,
    member.public_id COLLATE "C"
"""


def result(*, at: datetime) -> Result:
    """Return the result as the database holds it; acting ranks are judged by the plan in force at `at`. The caller is
    in a transaction, in which the rows are read as they are consumed."""
    plan = queries.plan_in_force(at=at)
    return Result(_members(plan), _rewards(), _platform(), _refused())


def _members(plan: Plan | None) -> Iterator[tuple[str, dict[str, Any]]]:
    for public_id, rank, packs, referrals, leader, pending, held, available, withdrawing, debt, withdrawn in _rows(
        _MEMBERS
    ):
        yield (
            public_id,
            {
                "rank": engine.RANKS[rank],
                "acting_rank": engine.RANKS[_acting(rank, packs, referrals, plan)],
                "leader": leader,
                "valid_referrals": referrals,
                "pending_fen": pending,
                "held_fen": held,
                "available_fen": available,
                "withdrawing_fen": withdrawing,
                "withdrawn_fen": int(withdrawn),
                "debt_fen": debt,
            },
        )


def _acting(rank: int, packs: int, referrals: int, plan: Plan | None) -> int:
    if packs == 0 or rank == engine.CONSUMER:
        return engine.CONSUMER
    if plan is not None and rank == engine.PARTNER and referrals >= plan.promotion_referrals:
        return engine.PARTNER
    return engine.AGENT


def _rewards() -> Iterator[dict[str, Any]]:
    for number, kind, member, amount, held, seed, hold, reversed_ in _rows(_REWARDS):
        yield {
            "order": number,
            "kind": _KINDS[kind],
            "member": member,
            "amount_fen": amount,
            "held_fen": held,
            "seed": seed,
            "hold": _HOLDS[hold],
            "reversed": reversed_,
        }


def _platform() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(net_fen), 0) FROM payouts_withdrawal WHERE state = 'paid'")
        cash_out = int(cursor.fetchone()[0])
    return {
        "support_fund_fen": balance_fen(kind=AccountKind.SUPPORT_FUND),
        "reward_expense_fen": balance_fen(kind=AccountKind.REWARD_EXPENSE),
        "cash_out_fen": cash_out,
        "tax_fen": balance_fen(kind=AccountKind.TAX_PAYABLE),
        "fee_fen": balance_fen(kind=AccountKind.WITHDRAWAL_FEE),
    }


def _refused() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT import_line FROM linkage_event WHERE refusal <> '' AND import_line IS NOT NULL ORDER BY import_line"
        )
        return [row[0] for row in cursor.fetchall()]


def _rows(sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(5000):
            yield from rows
