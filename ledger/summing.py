"""Sums of postings for whoever holds the ledger against other books."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from .models import AccountKind


@dataclass(frozen=True, slots=True)
class EntrySum:
    """What one entry moved on accounts of one kind; `debit_fen` is below zero for a credit, `holder_id` one of them."""

    kind: str
    reference: str
    at: datetime
    holder_id: int
    debit_fen: int


_SUMS = """
SELECT entry.kind, entry.reference, entry.at, max(posting.account_id / 32), sum(posting.amount_fen)::bigint
FROM ledger_journalentry entry
JOIN ledger_posting posting ON posting.entry_id = entry.id AND posting.account_id %% 32 = %(account)s
"""
_OF_A_TIME = f"""{_SUMS} WHERE entry.kind = ANY(%(kinds)s) AND entry.at >= %(since)s AND entry.at < %(until)s
GROUP BY entry.id ORDER BY entry.id"""
_OF_REFERENCES = f"""{_SUMS} WHERE entry.kind = ANY(%(kinds)s) AND entry.reference = ANY(%(references)s)
GROUP BY entry.id ORDER BY entry.id"""


def entry_sums(
    *, kinds: Sequence[str], account: AccountKind, since: datetime, until: datetime
) -> dict[tuple[str, str], EntrySum]:
    """Return what entries of these kinds moved on accounts of a kind from `since` to before `until`, by kind and
    reference."""
    return _rows(_OF_A_TIME, {"kinds": list(kinds), "account": account.value, "since": since, "until": until})


def entry_sums_of(
    *, kinds: Sequence[str], account: AccountKind, references: Iterable[str]
) -> dict[tuple[str, str], EntrySum]:
    """Return what the entries of these references moved, whenever that was."""
    wanted = sorted(set(references))
    if not wanted:
        return {}
    return _rows(
        _OF_REFERENCES,
        {"kinds": list(kinds), "account": account.value, "references": wanted},
    )


def _rows(sql: str, values: dict[str, Any]) -> dict[tuple[str, str], EntrySum]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {(row[0], row[1]): EntrySum(*row) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class KindSum:
    """All postings to accounts of one kind: debits and credits in fen, both above zero."""

    debit_fen: int = 0
    credit_fen: int = 0


def kind_sums() -> dict[int, KindSum]:
    """Return the debits and credits of all time, by kind of account. It reads every posting."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account_id % 32, coalesce(sum(amount_fen) FILTER (WHERE amount_fen > 0), 0)::bigint,
                coalesce(-sum(amount_fen) FILTER (WHERE amount_fen < 0), 0)::bigint
            FROM ledger_posting GROUP BY 1
            """
        )
        return {kind: KindSum(debit, credit) for kind, debit, credit in cursor.fetchall()}


def paid_out_fen() -> int:
    """Return what all payouts took off what members were withdrawing, in fen: gross."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(posting.amount_fen), 0)::bigint
            FROM ledger_journalentry entry
            JOIN ledger_posting posting ON posting.entry_id = entry.id AND posting.account_id %% 32 = %s
            WHERE entry.kind = 'payout'
            """,
            [AccountKind.WITHDRAWING.value],
        )
        return int(cursor.fetchone()[0])


def balance_differences(*, limit: int) -> list[int]:
    """Return accounts whose kept balance is not what their postings make, at most `limit` of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT account.id FROM ledger_account account
            LEFT JOIN (
                SELECT account_id, sum(CASE account_id %% 32 WHEN 5 THEN amount_fen ELSE -amount_fen END) AS credit_fen
                FROM ledger_posting WHERE account_id %% 32 <= 10 GROUP BY account_id
            ) replay ON replay.account_id = account.id
            WHERE account.kind <= 10 AND account.balance_fen <> coalesce(replay.credit_fen, 0)
            ORDER BY account.id LIMIT %s
            """,
            [limit],
        )
        return [row[0] for row in cursor.fetchall()]
