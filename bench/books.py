"""The books after a run, proved, and compared with those that another way of doing the same work left."""

from hashlib import sha256
from itertools import islice
from typing import Any

from django.db import connection

from ledger import queries as ledger
from linkage import audit

# Everything that a settlement writes, without the ids that a sequence gave, and without clocks of the server.
_ROWS = {
    "settled orders": "SELECT * FROM linkage_settledorder ORDER BY order_id",
    "rewards": """
        SELECT order_id, kind, member_id, amount_fen, held_fen, seed_id, hold, reversed, acting, first_fen, further_fen,
            via, hold_ended_at
        FROM linkage_reward ORDER BY order_id, kind
        """,
    "entries": """
        SELECT entry.kind, entry.reference, entry.at, entry.memo, entry.debit_fen, entry.line_count,
            array_agg(ARRAY[posting.account_id, posting.amount_fen] ORDER BY posting.id)
        FROM ledger_journalentry entry JOIN ledger_posting posting ON posting.entry_id = entry.id
        GROUP BY entry.id ORDER BY entry.kind, entry.reference
        """,
    "accounts": "SELECT * FROM ledger_account ORDER BY id",
    "standings": "SELECT * FROM linkage_position ORDER BY member_id",
    "events": "SELECT id, key, number, effective_at, refusal FROM linkage_event ORDER BY id",
    "shards": "SELECT * FROM linkage_shard ORDER BY id",
    "stream": "SELECT * FROM linkage_stream",
}


class BooksWrong(Exception):
    """A run left books that cannot be proved, or other rows than it should have: it does not count."""


def prove() -> None:
    """Do what `ledger_verify` and `linkage_verify` do; raise BooksWrong with the first findings."""
    found = [finding.text for finding in ledger.findings()] + list(islice(audit.findings(audit.replay()), 10))
    if found:
        raise BooksWrong("; ".join(found[:10]))


Print = dict[str, tuple[int, str]]


def rows_print() -> Print:
    """Return, for each table, how many rows it has and a digest of them."""
    prints = {}
    for table, select in _ROWS.items():
        digest = sha256()
        count = 0
        for row in _rows(select):
            digest.update(repr(row).encode())
            count += 1
        prints[table] = (count, digest.hexdigest())
    return prints


def same_rows(ours: Print, theirs: Print) -> None:
    """Raise BooksWrong where the prints of two databases differ, naming the tables."""
    wrong = [f"{table}: {ours[table]} and {theirs[table]}" for table in _ROWS if ours[table] != theirs[table]]
    if wrong:
        raise BooksWrong("the same work left other rows: " + "; ".join(wrong))


def _rows(select: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(select)
        while rows := cursor.fetchmany(5000):
            yield from rows
