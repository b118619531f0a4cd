"""`ledger_verify` over a million postings."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from bench import books, databases
from bench.population import BEGAN_AT
from bench.results import Result, ceiling
from bench.run import ROUNDS, Run
from ledger.commands import Entry, Line, write_entries
from ledger.models import AccountKind
from ledger.queries import totals

from .simulation import MANAGE

POSTINGS = 1_000_000
LINES = 4
HOLDERS = 100_000
SECONDS_MAX = 60


def measure(run: Run) -> Iterator[Result]:
    database = databases.copy(databases.EMPTY, "mall_bench_ledger")
    entries = run.size(POSTINGS) // LINES
    for first in range(0, entries, 5000):
        write_entries([_entry(number) for number in range(first, min(first + 5000, entries))])
    databases.settle_down(database)
    _, postings = totals()
    run.tell(f"{postings} postings")
    spent = []
    for turn in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, MANAGE, "ledger_verify"],
            env=databases.environment(database),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        spent.append(time.perf_counter() - began)
        run.tell(f"round {turn + 1}: {spent[-1]:.1f} s")
    if totals() != (entries, postings):
        raise books.BooksWrong("ledger_verify changed the books")
    databases.drop(database)
    yield ceiling("ledger_verify over a million postings", "s", spent, SECONDS_MAX)


def _entry(number: int) -> Entry:
    """A reward of two members, some of it held."""
    first, second = number * 7 % HOLDERS + 1, number * 31 % HOLDERS + 1
    lines = (
        Line(AccountKind.REWARD_EXPENSE, 0, 25_000),
        Line(AccountKind.PENDING, first, -10_000),
        Line(AccountKind.HELD, second, -3_000),
        Line(AccountKind.PENDING, second + HOLDERS, -12_000),
    )
    return Entry("reward", f"bench-{number}", BEGAN_AT + timedelta(seconds=number), lines)
