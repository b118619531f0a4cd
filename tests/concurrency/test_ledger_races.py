"""Two who open one account at the same time: both amounts count."""

from datetime import UTC, datetime

import pytest

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind
from ledger.queries import balance_fen, findings
from tests.concurrency.test_settlement_races import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_an_account_opened_by_many_at_once_keeps_every_amount() -> None:
    for holder in range(20):

        def forfeit(number: int, holder: int = holder) -> int:
            lines = (Line(AccountKind.REWARD_EXPENSE, 0, 7), Line(AccountKind.SUPPORT_FUND, holder, -7))
            return post_entry(Entry("hold_expiry", f"{holder}-{number}", AT, lines))

        at_once(forfeit)
        assert balance_fen(kind=AccountKind.SUPPORT_FUND, holder_id=holder) == 7 * THREADS
    assert list(findings()) == []
