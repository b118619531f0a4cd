"""The result of a simulation or of a mall as one JSON object: members, rewards, platform, refused.

`Result` holds rows that may be read lazily, so that a million of them never stand in memory at once; `write_result`
writes the bytes that `json.dumps(…, indent=1)` would.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TextIO

from .engine import RANKS, Book, Member, Reward
from .plan import Plan
from .simulation import Simulation


class Result(NamedTuple):
    """`members` are (id, row) in the order of their ids, `rewards` rows by order, kind and member."""

    members: Iterable[tuple[str, dict[str, Any]]]
    rewards: Iterable[dict[str, Any]]
    platform: dict[str, int]
    refused: list[int]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object itself, for those who compare; reads the rows to their end."""
        return {
            "members": dict(self.members),
            "rewards": list(self.rewards),
            "platform": self.platform,
            "refused": self.refused,
        }


def result_of(simulation: Simulation) -> Result:
    book = simulation.book
    return Result(_members(book, simulation.plan), _rewards(book), platform_row(book), simulation.refused)


def member_row(book: Book, member: Member, plan: Plan) -> dict[str, Any]:
    """Return a member's row; the acting rank is judged by `plan`, the version in force."""
    return {
        "rank": RANKS[member.rank],
        "acting_rank": RANKS[book.acting(member, plan)],
        "leader": member.leader,
        "valid_referrals": member.valid_referrals,
        "pending_fen": member.pending,
        "held_fen": member.held,
        "available_fen": member.available,
        "withdrawing_fen": member.withdrawing,
        "withdrawn_fen": member.withdrawn,
        "debt_fen": member.debt,
    }


def reward_row(order: str, reward: Reward) -> dict[str, Any]:
    return {
        "order": order,
        "kind": reward.kind,
        "member": reward.member,
        "amount_fen": reward.amount,
        "held_fen": reward.held,
        "seed": reward.seed,
        "hold": reward.hold,
        "reversed": reward.reversed,
    }


def platform_row(book: Book) -> dict[str, int]:
    return {
        "support_fund_fen": book.fund,
        "reward_expense_fen": book.expense,
        "cash_out_fen": book.cash_out,
        "tax_fen": book.tax,
        "fee_fen": book.fee,
    }


def reward_order(row: dict[str, Any]) -> tuple[str, str, str]:
    """Return the key by which the rewards of a result are sorted; the support fund comes first."""
    return row["order"], row["kind"], row["member"] or ""


def write_result(result: Result, out: TextIO) -> None:
    out.write('{\n "members": ')
    _write_block(out, "{}", (f"{_text(id)}: {_indented(row)}" for id, row in result.members))
    out.write(',\n "rewards": ')
    _write_block(out, "[]", map(_indented, result.rewards))
    out.write(f',\n "platform": {_indented(result.platform, 2)}')
    out.write(',\n "refused": ')
    _write_block(out, "[]", map(str, result.refused))
    out.write("\n}\n")


def _members(book: Book, plan: Plan) -> Iterator[tuple[str, dict[str, Any]]]:
    for id, member in sorted(book.members.items()):
        yield id, member_row(book, member, plan)


def _rewards(book: Book) -> Iterator[dict[str, Any]]:
    for number, order in sorted(book.orders.items()):
        if order.rewards:
            yield from sorted((reward_row(number, reward) for reward in order.rewards), key=reward_order)


def _write_block(out: TextIO, brackets: str, rows: Iterable[str]) -> None:
    """Write rows one below the other between brackets; an empty block closes at once."""
    separator = "\n  "
    out.write(brackets[0])
    for row in rows:
        out.write(separator)
        out.write(row)
        separator = ",\n  "
    if separator[0] == ",":
        out.write("\n ")
    out.write(brackets[1])


_text = json.JSONEncoder().encode
# With an indent the standard encoder is a slow one; line breaks within the separator keep the fast one.
_row_text = json.JSONEncoder(separators=(",\n   ", ": ")).encode
_short_row_text = json.JSONEncoder(separators=(",\n  ", ": ")).encode


def _indented(row: dict[str, Any], depth: int = 3) -> str:
    text = (_row_text if depth == 3 else _short_row_text)(row)
    return "{\n" + " " * depth + text[1:-1] + "\n" + " " * (depth - 1) + "}"
