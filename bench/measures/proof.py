"""Chaining a million entries, publishing the root over them, and checking them all with `ledger_prove`."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from bench import books, databases
from bench.population import BEGAN_AT
from bench.results import Result, ceiling
from bench.run import ROUNDS, Run
from ledger.commands import Entry, Line, chain_entries, publish_root, write_entries
from ledger.models import AccountKind

from .simulation import MANAGE

LINKS = 1_000_000
HOLDERS = 100_000
SECONDS_MAX = 60


def measure(run: Run) -> Iterator[Result]:
    database = databases.copy(databases.EMPTY, "mall_bench_proof")
    entries = run.size(LINKS) // 2
    for first in range(0, entries, 5000):
        write_entries([_entry(number) for number in range(first, min(first + 5000, entries))])
    databases.settle_down(database)
    run.tell(f"{entries} entries of two holders each")
    began = time.perf_counter()
    chained = chain_entries()
    spent = time.perf_counter() - began
    if chained != entries * 2:
        raise books.BooksWrong(f"{chained} entries were chained instead of {entries * 2}")
    yield Result("chain a million entries", "s", spent)
    databases.settle_down(database)
    began = time.perf_counter()
    publish_root(at=BEGAN_AT)
    yield Result("publish the root over 200,000 holders", "s", time.perf_counter() - began)
    checks = []
    for turn in range(ROUNDS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, MANAGE, "ledger_prove"],
            env=databases.environment(database),
            stdout=subprocess.DEVNULL,
            check=True,
        )
        checks.append(time.perf_counter() - began)
        run.tell(f"round {turn + 1}: {checks[-1]:.1f} s")
    databases.drop(database)
    yield ceiling("ledger_prove over a million chained entries", "s", checks, SECONDS_MAX)


def _entry(number: int) -> Entry:
    """A reward of two members, some of it held."""
    first, second = number * 7 % HOLDERS + 1, number * 31 % HOLDERS + 1
    lines = (
        Line(AccountKind.REWARD_EXPENSE, 0, 25_000),
        Line(AccountKind.PENDING, first, -10_000),
        Line(AccountKind.PENDING, second + HOLDERS, -12_000),
        Line(AccountKind.HELD, second + HOLDERS, -3_000),
    )
    return Entry("reward", f"bench-{number}", BEGAN_AT + timedelta(seconds=number), lines)
