"""A month's statement of ten thousand entries as PDF and as CSV: how long it takes, and how much memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from bench import books, databases
from bench.population import BEGAN_AT, Mall, found, populate
from bench.results import Result, ceiling
from bench.run import ROUNDS, Run
from ledger import queries as ledger
from ledger.commands import Entry, Line, write_entries
from ledger.models import AccountKind

ENTRIES = 10_000
SECONDS_MAX, MEGABYTES_MAX = 5, 100
HELD_FEN, FREE_FEN = 3_000, 12_000


def measure(run: Run) -> Iterator[Result]:
    mall = Mall(databases.copy(databases.EMPTY, "mall_bench_statements"))
    found(mall, plan={})
    (member,) = populate(mall, [(None, False)])
    _earn(member, run.size(ENTRIES))
    wrong = [finding.text for finding in ledger.findings()]
    if wrong:
        raise books.BooksWrong("; ".join(wrong))
    databases.settle_down(mall.database)
    for kind in ("pdf", "csv"):
        made = [_made(mall.database, member, kind) for _ in range(ROUNDS)]
        run.tell(f"{kind}: {', '.join(f'{seconds:.2f} s {megabytes:.0f} MB' for seconds, megabytes in made)}")
        name = f"statement of 10⁴ entries as {kind.upper()}"
        yield ceiling(name, "s", [seconds for seconds, _ in made], SECONDS_MAX)
        yield ceiling(f"{name}: memory", "MB", [megabytes for _, megabytes in made], MEGABYTES_MAX)
    databases.drop(mall.database)


def _earn(member: int, entries: int) -> None:
    """Let a member earn a reward every second, each with a part that is held."""
    lines = [
        Line(AccountKind.REWARD_EXPENSE, 0, FREE_FEN + HELD_FEN),
        Line(AccountKind.PENDING, member, -FREE_FEN),
        Line(AccountKind.HELD, member, -HELD_FEN),
    ]
    for first in range(0, entries, 1000):
        write_entries(
            [
                Entry("reward", str(number), BEGAN_AT + timedelta(seconds=number), lines)
                for number in range(first, min(first + 1000, entries))
            ]
        )


def _made(database: str, member: int, kind: str) -> tuple[float, float]:
    """Make the file in a process of its own; return the seconds, and the megabytes by which the process grew."""
    connection.close()
    command = [sys.executable, "-m", "bench.statement", str(member), kind]
    done = subprocess.run(command, env=databases.environment(database), check=True, capture_output=True, text=True)
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes
