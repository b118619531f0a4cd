"""The chains over each holder's entries, the roots of the days, and what they find."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from ledger import rules
from ledger.commands import Entry, Line, chain_entries, post_entry, publish_root, rewind_chain
from ledger.models import AccountKind, ChainEntry, DailyRoot, JournalEntry, RootBlock
from ledger.queries import held_proof, proof_entries, roots
from tests.ledger.chains import chain, wait_for_older_transactions

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


def reward(number: int, *holders: int, fen: int = 100) -> int:
    """Write a reward of some members, each with a part pending and a part held."""
    lines = [Line(AccountKind.REWARD_EXPENSE, 0, fen * len(holders))]
    for holder in holders:
        lines += [Line(AccountKind.PENDING, holder, 20 - fen), Line(AccountKind.HELD, holder, -20)]
    return post_entry(Entry("reward", str(number), AT + timedelta(seconds=number), lines))


def payment(number: int) -> int:
    """Write an entry that is no member's."""
    lines = (Line(AccountKind.CASH, 3, 500), Line(AccountKind.REVENUE, 0, -500))
    return post_entry(Entry("payment", str(number), AT, lines))


def links() -> list[tuple[int, int, int, bytes, bytes]]:
    rows = ChainEntry.objects.order_by("holder_id", "sequence")
    return [(row.holder_id, row.sequence, row.entry_id, bytes(row.leaf), bytes(row.head)) for row in rows]


def tamper(table: str, sql: str) -> None:
    """Change what is written behind the guards, as an owner could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def flaws(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        call_command("ledger_prove", *options)
    assert stopped.value.code == 1
    return capsys.readouterr().err


def test_each_holder_has_a_chain_of_its_own_entries_in_the_order_in_which_they_were_written() -> None:
    first, other, second = reward(1, 7, 8), payment(2), reward(3, 7)
    assert chain() == 3
    found = links()
    assert [link[:3] for link in found] == [(7, 1, first), (7, 2, second), (8, 1, first)]
    assert other not in {link[2] for link in found}
    text = f'[{first},"reward","1","2026-11-01T12:00:01.000000+00:00","",7,[["pending",-80],["held",-20]]]'
    leaf = rules.entry_hash(text)
    assert found[0][3:] == (leaf, rules.next_head(bytes(32), leaf))
    assert found[1][4] == rules.next_head(found[0][4], found[1][3])


def test_a_run_that_is_cut_short_or_repeated_leads_to_the_same_chains() -> None:
    for number in range(9):
        reward(number, 7, 8 + number % 2)
        payment(number)
    while chain(batch=4, batches=1):
        pass
    in_pieces = [link[:3] + link[4:] for link in links()]
    assert len(in_pieces) == 18
    assert chain() == 0
    rewind_chain()
    assert chain() == 0
    assert [link[:3] + link[4:] for link in links()] == in_pieces
    tamper("ledger_chainentry", "TRUNCATE ledger_chainentry, ledger_chaincursor RESTART IDENTITY")
    assert chain() == 18
    assert [link[:3] + link[4:] for link in links()] == in_pieces
    call_command("ledger_prove")


def test_an_entry_that_is_committed_late_is_not_missed(app_db: "psycopg2.extensions.connection") -> None:
    with app_db.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_journalentry (kind, reference, at, debit_fen, line_count)"
            " VALUES ('grant', 'late', now(), 5, 2) RETURNING id"
        )
        late = cursor.fetchone()[0]  # type: ignore[index]
        cursor.execute(
            "INSERT INTO ledger_posting (entry_id, account_id, amount_fen) VALUES (%s, %s, 5), (%s, %s, -5)",
            [late, 10, late, 7 * 32 + AccountKind.AVAILABLE],
        )
        early = reward(1, 7)
        assert early > late
        assert chain_entries() == 0, "an older transaction is still running"
        app_db.commit()
    assert chain() == 2
    assert [link[:3] for link in links()] == [(7, 1, late), (7, 2, early)]


def test_a_root_is_published_once_a_day_and_every_holder_hangs_on_it() -> None:
    assert publish_root(at=AT) is None
    for number in range(5):
        reward(number, *range(1, number + 3))
    chain()
    root = publish_root(at=AT)
    assert root is not None
    reward(9, 2, 99)
    chain()
    assert publish_root(at=AT + timedelta(hours=3)) == root
    assert (root.holders, root.entries, str(root.date)) == (6, 20, "2026-11-01")
    for holder in range(1, 7):
        proof = held_proof(holder_id=holder)
        assert proof is not None
        leaf = rules.leaf_hash(holder_id=holder, sequence=proof.sequence, head=proof.head)
        assert rules.root_by_path(leaf, proof.path) == bytes(root.root)
    assert held_proof(holder_id=99) is None
    tomorrow = publish_root(at=AT + timedelta(days=1))
    assert tomorrow is not None
    assert [found.date for found in roots()] == [tomorrow.date, root.date]
    assert held_proof(holder_id=99) is not None
    earlier, later = held_proof(holder_id=2, on=root.date), held_proof(holder_id=2)
    assert earlier is not None
    assert later is not None
    assert later.sequence == earlier.sequence + 1
    call_command("ledger_prove", "--all-roots")


def test_a_tree_of_several_pieces_gives_the_same_root_and_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "BLOCK", 4)
    reward(1, *range(5, 18))
    chain()
    root = publish_root(at=AT)
    assert root is not None
    assert RootBlock.objects.count() == 4
    heads = [(link[0], link[1], link[4]) for link in links()]
    leaves = [rules.leaf_hash(holder_id=holder, sequence=sequence, head=head) for holder, sequence, head in heads]
    assert rules.tree_root(leaves) == bytes(root.root)
    for place, (holder, _, _) in enumerate(heads):
        proof = held_proof(holder_id=holder)
        assert proof is not None
        assert proof.path == rules.tree_path(leaves, place)


TAMPERINGS = {
    "an amount": (
        "posting",
        "UPDATE ledger_posting SET amount_fen = -90 WHERE account_id = 225",
        "entry {e} of holder 7",
    ),
    "a memo": ("journalentry", "UPDATE ledger_journalentry SET memo = 'x' WHERE id = {e}", "entry {e} of holder 7"),
    "a lost line": ("posting", "DELETE FROM ledger_posting WHERE account_id = 226", "entry {e} of holder 7"),
    "a lost entry": ("journalentry", "DELETE FROM ledger_journalentry WHERE id = {e}", "entry {e} of holder 7"),
    "a link": ("chainentry", "DELETE FROM ledger_chainentry WHERE entry_id = {e} AND holder_id = 7", "entry {e}"),
    "a head": ("chainentry", "UPDATE ledger_chainentry SET head = leaf WHERE holder_id = 7", "the chain of holder 7"),
    "the root": ("dailyroot", "UPDATE ledger_dailyroot SET root = sha256('x')", "the root of 2026-11-01"),
    "a piece": ("rootblock", "UPDATE ledger_rootblock SET node = sha256('x')", "the pieces kept"),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_changed_past_is_found_and_named(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    table, sql, named = TAMPERINGS[what]
    entry = reward(1, 7, 8)
    reward(2, 8)
    chain()
    publish_root(at=AT)
    call_command("ledger_prove")
    assert "3 entries of 2 holders" in capsys.readouterr().out
    tamper(f"ledger_{table}", sql.format(e=entry))
    assert named.format(e=entry) in flaws(capsys)


def test_an_entry_left_out_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    reward(1, 7)
    chain()
    entry = reward(2, 7)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_chaincursor SET xact_id = xact_id + 1000000")
    assert f"entry {entry} of holder 7 was left out" in flaws(capsys)


def test_a_long_proof_gives_texts_first_and_then_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.proving.TEXTS", 3)
    monkeypatch.setattr("ledger.proving.STEP", 2)
    for number in range(9):
        reward(number, 7)
    chain()
    found = list(proof_entries(holder_id=7, first=2, last=8))
    assert [entry.sequence for entry in found] == [2, 3, 4, 5, 6, 7, 8]
    assert [entry.text is not None for entry in found] == [True] * 3 + [False] * 4
    assert [entry.leaf for entry in found] == [link[3] for link in links()[1:8]]
    assert rules.entry_hash(str(found[0].text)) == found[0].leaf


@pytest.mark.parametrize("table", ["ledger_chainentry", "ledger_dailyroot", "ledger_rootblock"])
def test_chains_and_roots_are_only_added_to(app_db: "psycopg2.extensions.connection", table: str) -> None:
    reward(1, 7)
    chain()
    publish_root(at=AT)
    before = [links(), list(DailyRoot.objects.values_list()), list(RootBlock.objects.values_list())]
    for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
        with pytest.raises(IntegrityError, match="reversing entry"), transaction.atomic():
            connection.cursor().execute(sql)
    for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with app_db.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(sql)
        app_db.rollback()
    assert [links(), list(DailyRoot.objects.values_list()), list(RootBlock.objects.values_list())] == before


def test_the_command_chains_and_publishes(capsys: pytest.CaptureFixture[str]) -> None:
    reward(1, 7)
    wait_for_older_transactions()
    call_command("ledger_chain")
    said = capsys.readouterr().out
    assert "1 entries of holders chained" in said
    assert re.search(r"[0-9a-f]{64} over 1 holders", said)


def test_the_canonical_text_tells_entries_apart() -> None:
    same: dict[str, Any] = {
        "entry_id": 1, "kind": "reward", "reference": "1", "at": AT, "memo": "", "holder_id": 7, "lines": [(1, -5)],
    }  # fmt: skip
    others: list[dict[str, Any]] = [
        {"entry_id": 2}, {"kind": "rewar"}, {"reference": '1","'}, {"at": AT + timedelta(microseconds=1)},
        {"memo": "，"}, {"holder_id": 8}, {"lines": [(1, -5), (2, 0)]}, {"lines": [(2, -5)]},
    ]  # fmt: skip
    texts = [rules.canonical_text(**(same | other)) for other in [{}, *others]]
    assert len(set(texts)) == len(texts)
    assert all(left != right for left, right in pairwise(sorted(texts)))
    assert JournalEntry.objects.count() == 0
