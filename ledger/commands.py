"""Writing to the ledger. Every entry has a unique kind and reference, so that a repeat is a no-op."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction

from mall.core import arrays, statements

from .chaining import chain_entries, publish_root, rewind_chain
from .models import DEBIT_KINDS, KEPT_KINDS, AccountKind, JournalEntry, account_id

__all__ = [
    "Entry",
    "EntryConflict",
    "EntryMissing",
    "Line",
    "chain_entries",
    "post_entries",
    "post_entry",
    "publish_root",
    "reverse_entry",
    "rewind_chain",
    "roll_up_platform_accounts",
    "write_entries",
]


class EntryConflict(Exception):
    """An entry of this kind and reference exists and has other lines."""


class EntryMissing(Exception):
    """There is no entry of this kind and reference."""


class Line(NamedTuple):
    """One line of an entry: a debit is positive, a credit negative."""

    account: int
    holder_id: int
    amount_fen: int


class Entry(NamedTuple):
    """What happened, in money. The lines sum to zero; `kind` and `reference` together are the key."""

    kind: str
    reference: str
    at: datetime
    lines: Sequence[Line]
    memo: str = ""


_WRITE = """
WITH entry AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('ledger_journalentry', 'id')) AS id, wanted.*
    FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::bigint[], %s::smallint[]) WITH ORDINALITY
        AS wanted(kind, reference, at, memo, debit_fen, line_count, place)
), entered AS (
    INSERT INTO ledger_journalentry (id, kind, reference, at, memo, debit_fen, line_count)
    SELECT id, kind, reference, at, memo, debit_fen, line_count FROM entry ORDER BY place
), posted AS (
    INSERT INTO ledger_posting (entry_id, account_id, amount_fen)
    SELECT entry.id, line.account_id, line.amount_fen
    FROM unnest(%s::int[], %s::bigint[], %s::bigint[]) WITH ORDINALITY AS line(entry, account_id, amount_fen, place)
    JOIN entry ON entry.place = line.entry + 1
    ORDER BY line.place
), moved AS MATERIALIZED (
    SELECT id, delta_fen FROM unnest(%s::bigint[], %s::bigint[]) AS moved(id, delta_fen)
), kept AS (
    UPDATE ledger_account AS account SET balance_fen = account.balance_fen + moved.delta_fen
    FROM moved WHERE account.id = moved.id AND moved.delta_fen <> 0
    RETURNING account.id
), opened AS (
    -- Whoever opened the same account at the same time has its row committed by now: add to it, lose nothing.
    INSERT INTO ledger_account AS account (id, kind, holder_id, balance_fen)
    SELECT id, id %% 32, id / 32, delta_fen FROM moved
    WHERE delta_fen <> 0 AND NOT EXISTS (SELECT 1 FROM kept WHERE kept.id = moved.id)
    ON CONFLICT (id) DO UPDATE SET balance_fen = account.balance_fen + excluded.balance_fen
), named AS (
    -- Accounts without a kept balance: never locked, or every payment would wait for the others.
    INSERT INTO ledger_account (id, kind, holder_id, balance_fen)
    SELECT id, id %% 32, id / 32, 0 FROM moved WHERE delta_fen = 0
    ON CONFLICT (id) DO NOTHING
)
SELECT id FROM entry ORDER BY place
"""

# What a debit of one fen does to the kept balance of an account, by kind.
_KEPT_SIGN = [0] * 32
for _kind in KEPT_KINDS:
    _KEPT_SIGN[_kind] = 1 if _kind in DEBIT_KINDS else -1


def write_entries(entries: Sequence[Entry]) -> list[int]:
    """Write new entries with their postings and balances in one statement and return their ids in order.

    The caller holds what keeps members' balances still (the lock of their shard). Raises ValueError where an entry is
    not balanced, IntegrityError where one of them exists or where a member's balance would fall below zero.
    """
    if not entries:
        return []
    heads: list[tuple[str, str, str, str, int, int]] = []
    places: list[int] = []
    accounts: list[int] = []
    amounts: list[int] = []
    moved: dict[int, int] = {}
    for place, (kind, reference, at, lines, memo) in enumerate(entries):
        total = debits = 0
        for account, holder_id, amount in lines:
            total += amount
            if amount > 0:
                debits += amount
            account_number = holder_id * 32 + account
            places.append(place)
            accounts.append(account_number)
            amounts.append(amount)
            moved[account_number] = moved.get(account_number, 0) + amount * _KEPT_SIGN[account]
        if total or not debits:
            raise ValueError(f"entry {kind} {reference} is not balanced")
        heads.append((kind, reference, at.isoformat(), memo, debits, len(lines)))
    ids = sorted(moved)
    kinds, references, times, memos, debit_fen, counts = zip(*heads, strict=True)
    with connection.cursor() as cursor:
        statements.run(
            cursor,
            _WRITE,
            [
                *map(arrays.texts, (kinds, references, times, memos)),
                *map(arrays.numbers, (debit_fen, counts, places, accounts, amounts, ids)),
                arrays.numbers([moved[account_number] for account_number in ids]),
            ],
            keep=len(entries) <= statements.FEW,
        )
        return [row[0] for row in cursor.fetchall()]


def post_entries(entries: Sequence[Entry]) -> list[int]:
    """Write entries, each once: one that exists with the same lines is left alone. Returns ids in order.

    Raises EntryConflict where an entry of the same kind and reference has other lines. Runs in the caller's
    transaction or in one of its own.
    """
    if not entries:
        return []
    with transaction.atomic():
        known = _known(entries)
        new = [entry for entry in entries if (entry.kind, entry.reference) not in known]
        written = iter(write_entries(new))
        ids = []
        for entry in entries:
            old = known.get((entry.kind, entry.reference))
            if old is None:
                ids.append(next(written))
                continue
            if old[1] != sorted((account_id(line.account, line.holder_id), line.amount_fen) for line in entry.lines):
                raise EntryConflict(f"{entry.kind} {entry.reference} is in the books with other lines")
            ids.append(old[0])
        return ids


def post_entry(entry: Entry) -> int:
    """Write one entry, see `post_entries`."""
    return post_entries([entry])[0]


def reverse_entry(*, kind: str, reference: str, of_kind: str, of_reference: str, at: datetime, memo: str = "") -> int:
    """Write the entry that takes back another, line by line. Raises EntryMissing where there is none."""
    with transaction.atomic():
        original = JournalEntry.objects.filter(kind=of_kind, reference=of_reference).first()
        if original is None:
            raise EntryMissing(f"there is no entry {of_kind} {of_reference}")
        lines = tuple(
            Line(AccountKind(account % 32), account // 32, -amount)
            for account, amount in original.postings.order_by("id").values_list("account_id", "amount_fen")
        )
        return post_entry(Entry(kind, reference, at, lines, memo))


def _known(entries: Sequence[Entry]) -> dict[tuple[str, str], tuple[int, list[tuple[int, int]]]]:
    """Return id and sorted lines of those entries that are in the books already."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.kind, entry.reference, entry.id, posting.account_id, posting.amount_fen
            FROM unnest(%s::text[], %s::text[]) AS wanted(kind, reference)
            JOIN ledger_journalentry entry USING (kind, reference)
            JOIN ledger_posting posting ON posting.entry_id = entry.id
            """,
            [[entry.kind for entry in entries], [entry.reference for entry in entries]],
        )
        known: dict[tuple[str, str], tuple[int, list[tuple[int, int]]]] = {}
        for kind, reference, entry_id, account, amount in cursor.fetchall():
            known.setdefault((kind, reference), (entry_id, []))[1].append((account, amount))
    for _, lines in known.values():
        lines.sort()
    return known


def roll_up_platform_accounts() -> int:
    """Bring the checkpoints of the platform's accounts up to the last transaction that no running one precedes.

    Returns how many accounts have one. Writers need not wait: what is not yet committed stays for the next time.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.roll_up'))")
        cursor.execute(
            """
            WITH horizon AS (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xact_id),
            last AS (SELECT coalesce(min(before_xact_id), 0) AS xact_id FROM ledger_checkpoint),
            fresh AS (
                SELECT posting.account_id, sum(posting.amount_fen)::bigint AS debit_fen
                FROM ledger_journalentry entry
                JOIN ledger_posting posting ON posting.entry_id = entry.id
                JOIN ledger_account account ON account.id = posting.account_id AND account.kind <> ALL (%s)
                LEFT JOIN ledger_checkpoint checkpoint ON checkpoint.account_id = account.id
                WHERE entry.xact_id >= (SELECT xact_id FROM last)
                    AND entry.xact_id < (SELECT xact_id FROM horizon)
                    AND entry.xact_id >= coalesce(checkpoint.before_xact_id, 0)
                GROUP BY posting.account_id
            )
            INSERT INTO ledger_checkpoint AS checkpoint (account_id, before_xact_id, debit_fen)
            SELECT account.id, (SELECT xact_id FROM horizon), coalesce(fresh.debit_fen, 0)
            FROM ledger_account account LEFT JOIN fresh ON fresh.account_id = account.id
            WHERE account.kind <> ALL (%s)
            ON CONFLICT (account_id) DO UPDATE SET before_xact_id = excluded.before_xact_id,
                debit_fen = checkpoint.debit_fen + excluded.debit_fen
            """,
            [[kind.value for kind in KEPT_KINDS]] * 2,
        )
        return cursor.rowcount
