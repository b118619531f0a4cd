"""Chaining in tests that run beside others on the same servers."""

from time import monotonic
from typing import Any

from django.db import connection

from ledger.commands import chain_entries

PATIENCE = 60.0


def chain(**options: Any) -> int:
    """Chain what was committed, once no transaction of another test is older: what runs in any database of the servers
    holds back what may be chained."""
    wait_for_older_transactions()
    return chain_entries(**options)


def wait_for_older_transactions() -> None:
    """Return when nothing holds back any longer what was committed until now."""
    deadline = monotonic() + PATIENCE
    while _is_held_back():
        assert monotonic() < deadline, "an older transaction does not end"


def _is_held_back() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(xact_id), 0) >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            " FROM ledger_journalentry"
        )
        return bool(cursor.fetchone()[0])
