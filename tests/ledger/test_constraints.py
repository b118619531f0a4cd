"""What the database itself refuses, whoever asks: by raw SQL, as the owner and as the application's role."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind, JournalEntry, Posting, account_id
from ledger.queries import findings

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
PENDING = account_id(AccountKind.PENDING, 7)
EXPENSE = account_id(AccountKind.REWARD_EXPENSE)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def entry() -> int:
    lines = (Line(AccountKind.REWARD_EXPENSE, 0, 100), Line(AccountKind.PENDING, 7, -100))
    return post_entry(Entry("reward", "o1", AT, lines))


def run(sql: str, *params: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def books() -> list[Any]:
    return [
        list(JournalEntry.objects.order_by("id").values_list()),
        list(Posting.objects.order_by("id").values_list()),
    ]


HEAD = "INSERT INTO ledger_journalentry (kind, reference, at, debit_fen, line_count) VALUES ('x', 'y', now(), %s, %s)"


@pytest.mark.parametrize(
    ("debit", "count", "amounts"),
    [(5, 2, (5, -4)), (4, 2, (5, -5)), (5, 3, (5, -5)), (5, 2, ())],
    ids=["lines that do not sum to zero", "another sum of debits", "another number of lines", "no lines"],
)
def test_an_entry_that_is_not_balanced_or_not_complete_is_refused_at_commit(
    debit: int, count: int, amounts: tuple[int, ...]
) -> None:
    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(HEAD + " RETURNING id", [debit, count])
            number = cursor.fetchone()[0]
            for account, amount in zip((EXPENSE, PENDING), amounts, strict=False):
                cursor.execute(
                    "INSERT INTO ledger_posting (entry_id, account_id, amount_fen) VALUES (%s, %s, %s)",
                    [number, account, amount],
                )

    with pytest.raises(IntegrityError, match="not balanced or not complete"):
        write()
    assert books() == [[], []]


def test_a_balanced_pair_added_to_a_committed_entry_is_refused(entry: int) -> None:
    before = books()

    with pytest.raises(IntegrityError, match="sealed"):
        run(
            "INSERT INTO ledger_posting (entry_id, account_id, amount_fen) VALUES (%s, %s, 1), (%s, %s, -1)",
            entry,
            EXPENSE,
            entry,
            PENDING,
        )
    assert books() == before


def test_a_line_of_no_entry_is_refused() -> None:
    with pytest.raises(IntegrityError, match="does not exist"):
        run("INSERT INTO ledger_posting (entry_id, account_id, amount_fen) VALUES (424242, %s, 1)", EXPENSE)
    assert books() == [[], []]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_posting SET amount_fen = amount_fen * 2",
        "DELETE FROM ledger_posting",
        "UPDATE ledger_journalentry SET memo = 'edited'",
        "DELETE FROM ledger_journalentry",
    ],
)
def test_even_the_owner_cannot_change_what_is_written(entry: int, sql: str) -> None:
    before = books()

    with pytest.raises(IntegrityError, match="correct by a reversing entry"):
        run(sql)
    assert books() == before


def test_the_transaction_of_an_entry_cannot_be_forged(entry: int) -> None:
    run("SELECT 1")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_journalentry (kind, reference, at, debit_fen, line_count, xact_id)"
            " VALUES ('x', 'y', now(), 1, 2, 3) RETURNING xact_id = pg_current_xact_id()::text::bigint, id"
        )
        own, number = cursor.fetchone()
        cursor.execute(
            "INSERT INTO ledger_posting (entry_id, account_id, amount_fen) VALUES (%s, %s, 1), (%s, %s, -1)",
            [number, EXPENSE, number, EXPENSE],
        )
    assert own is True


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_posting SET amount_fen = 1",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "TRUNCATE ledger_journalentry",
        "TRUNCATE ledger_account",
        "DELETE FROM ledger_account",
        "UPDATE ledger_journalentry SET memo = 'edited'",
        "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
        "DROP TRIGGER ledger_posting_seal ON ledger_posting",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "DROP TABLE ledger_posting",
        "TRUNCATE linkage_event",
        "DELETE FROM linkage_reward",
    ],
)
def test_the_application_owns_nothing_and_cannot_touch_what_is_written(
    entry: int, app_db: "psycopg2.extensions.connection", sql: str
) -> None:
    before = books()

    with app_db.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
        cursor.execute(sql)
    app_db.rollback()
    assert books() == before


def test_the_application_may_read_and_add(entry: int, app_db: "psycopg2.extensions.connection") -> None:
    with app_db.cursor() as cursor:
        cursor.execute(HEAD + " RETURNING id", [1, 2])
        row = cursor.fetchone()
        assert row is not None
        cursor.execute(
            "INSERT INTO ledger_posting (entry_id, account_id, amount_fen) VALUES (%s, %s, 1), (%s, %s, -1)",
            [row[0], EXPENSE, row[0], EXPENSE],
        )
    app_db.commit()
    assert JournalEntry.objects.count() == 2


TAMPERINGS: dict[str, Callable[[int], str]] = {
    "entry": lambda entry: f"UPDATE ledger_posting SET amount_fen = 101 WHERE entry_id = {entry} AND amount_fen = 100",
    "late pair": lambda entry: (
        f"INSERT INTO ledger_posting (entry_id, account_id, amount_fen)"
        f" VALUES ({entry}, {EXPENSE}, 5), ({entry}, {EXPENSE}, -5)"
    ),
    "balance": lambda entry: f"UPDATE ledger_account SET balance_fen = 99 WHERE id = {PENDING}",
    "lost posting": lambda entry: f"DELETE FROM ledger_posting WHERE entry_id = {entry} AND amount_fen < 0",
    "orphan": lambda entry: (
        f"INSERT INTO ledger_posting (entry_id, account_id, amount_fen)"
        f" VALUES (999, {EXPENSE}, 5), (999, {EXPENSE}, -5)"
    ),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_the_proof_names_what_was_tampered_with_behind_the_guards(
    entry: int, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("ledger_verify")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_posting DISABLE TRIGGER USER")
        cursor.execute(TAMPERINGS[what](entry))
        cursor.execute("ALTER TABLE ledger_posting ENABLE TRIGGER USER")

    with pytest.raises(SystemExit) as stopped:
        call_command("ledger_verify")
    assert stopped.value.code == 1
    named = capsys.readouterr().err
    assert {"orphan": "999", "balance": "holder 7"}.get(what, f"entry {entry} ") in named
    assert list(findings()) != []
