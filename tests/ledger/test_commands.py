from datetime import UTC, datetime

import pytest
from django.db import IntegrityError

from ledger.commands import (
    Entry,
    EntryConflict,
    EntryMissing,
    Line,
    post_entries,
    post_entry,
    reverse_entry,
    roll_up_platform_accounts,
)
from ledger.models import AccountKind, JournalEntry, Posting
from ledger.queries import balance_fen, findings, member_balances

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def reward(reference: str = "o1", amount: int = 10_000, member: int = 7) -> Entry:
    return Entry(
        "reward",
        reference,
        AT,
        (Line(AccountKind.REWARD_EXPENSE, 0, amount), Line(AccountKind.PENDING, member, -amount)),
    )


def matured(amount: int, member: int = 7) -> Entry:
    return Entry(
        "mature", "o1", AT, (Line(AccountKind.PENDING, member, amount), Line(AccountKind.AVAILABLE, member, -amount))
    )


def test_an_entry_moves_the_balances_of_its_accounts() -> None:
    post_entry(reward())

    assert member_balances(holder_id=7).pending_fen == 10_000
    assert balance_fen(kind=AccountKind.REWARD_EXPENSE) == 10_000
    assert list(findings()) == []


def test_entries_of_one_call_reach_the_same_account() -> None:
    post_entries([reward("o1", 100), reward("o2", 23), matured(50)])

    balances = member_balances(holder_id=7)
    assert (balances.pending_fen, balances.available_fen) == (73, 50)
    assert list(findings()) == []


def test_a_repeat_is_a_no_op_and_returns_the_same_id() -> None:
    first = post_entry(reward())

    assert post_entry(reward()) == first
    assert JournalEntry.objects.count() == 1
    assert member_balances(holder_id=7).pending_fen == 10_000


def test_the_same_key_with_other_lines_is_refused_and_changes_nothing() -> None:
    post_entry(reward(amount=10_000))

    with pytest.raises(EntryConflict):
        post_entries([reward("o2"), reward(amount=9_999)])
    assert JournalEntry.objects.count() == 1
    assert member_balances(holder_id=7).pending_fen == 10_000


def test_an_unbalanced_entry_is_refused_before_it_reaches_the_database() -> None:
    entry = Entry("reward", "o1", AT, (Line(AccountKind.REWARD_EXPENSE, 0, 5), Line(AccountKind.PENDING, 7, -4)))

    with pytest.raises(ValueError, match="not balanced"):
        post_entry(entry)
    assert JournalEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_balance_of_a_member_never_falls_below_zero() -> None:
    post_entry(reward(amount=100))

    with pytest.raises(IntegrityError, match="ledger_account_member_balance_not_negative"):
        post_entry(matured(101))
    assert member_balances(holder_id=7).pending_fen == 100
    assert JournalEntry.objects.count() == 1
    assert Posting.objects.count() == 2


def test_the_support_fund_may_fall_below_zero() -> None:
    post_entry(
        Entry("clawback", "o1", AT, (Line(AccountKind.SUPPORT_FUND, 0, 30), Line(AccountKind.REWARD_EXPENSE, 0, -30)))
    )

    assert balance_fen(kind=AccountKind.SUPPORT_FUND) == -30
    assert list(findings()) == []


def test_a_debt_is_kept_on_its_own_side() -> None:
    post_entry(Entry("clawback", "o1", AT, (Line(AccountKind.DEBT, 7, 30), Line(AccountKind.REWARD_EXPENSE, 0, -30))))

    assert member_balances(holder_id=7).debt_fen == 30
    assert list(findings()) == []


def test_reversing_takes_an_entry_back_line_by_line() -> None:
    post_entry(reward())

    reverse_entry(kind="clawback", reference="o1", of_kind="reward", of_reference="o1", at=AT)
    reverse_entry(kind="clawback", reference="o1", of_kind="reward", of_reference="o1", at=AT)

    assert member_balances(holder_id=7).pending_fen == 0
    assert balance_fen(kind=AccountKind.REWARD_EXPENSE) == 0
    assert JournalEntry.objects.count() == 2


def test_reversing_what_is_not_there_is_refused() -> None:
    with pytest.raises(EntryMissing):
        reverse_entry(kind="clawback", reference="o1", of_kind="reward", of_reference="o1", at=AT)
    assert JournalEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_changes_no_balance_and_takes_in_what_comes_later() -> None:
    post_entry(reward("o1", 100))
    roll_up_platform_accounts()
    post_entry(reward("o2", 23))

    assert balance_fen(kind=AccountKind.REWARD_EXPENSE) == 123
    roll_up_platform_accounts()
    roll_up_platform_accounts()
    assert balance_fen(kind=AccountKind.REWARD_EXPENSE) == 123
    assert list(findings()) == []
