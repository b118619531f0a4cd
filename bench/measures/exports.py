"""A list of a hundred thousand orders as CSV and as a workbook: how long it takes, and how much memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from random import Random

from django.db import connection

from bench import books, databases
from bench.population import MEASURED_AT, Mall, found, populate, put_orders, random_tree
from bench.results import Result, ceiling
from bench.run import ROUNDS, Run
from orders.models import Order

ROWS = 100_000
SECONDS_MAX, MEGABYTES_MAX = 60, 100


def measure(run: Run) -> Iterator[Result]:
    mall = Mall(databases.copy(databases.EMPTY, "mall_bench_exports"))
    found(mall, plan={})
    members = populate(mall, random_tree(run.size(20_000), Random(7)))
    chance = Random(11)
    left = run.size(ROWS)
    while left > 0:
        put_orders(mall, [(chance.choice(members), 1) for _ in range(min(5_000, left))], at=MEASURED_AT)
        left -= 5_000
    databases.settle_down(mall.database)
    wanted = Order.objects.count()
    for kind in ("csv", "xlsx"):
        made = [_made(mall.database, kind) for _ in range(ROUNDS)]
        if any(rows != wanted for rows, _seconds, _megabytes in made):
            raise books.BooksWrong(f"{kind}: not every one of {wanted} rows is in the file")
        run.tell(f"{kind}: {', '.join(f'{seconds:.1f} s {megabytes:.0f} MB' for _, seconds, megabytes in made)}")
        name = f"list of 10⁵ orders as {kind.upper()}"
        yield ceiling(name, "s", [seconds for _, seconds, _ in made], SECONDS_MAX)
        yield ceiling(f"{name}: memory", "MB", [megabytes for _, _, megabytes in made], MEGABYTES_MAX)
    databases.drop(mall.database)


def _made(database: str, kind: str) -> tuple[int, float, float]:
    """Make the file in a process of its own; return its rows, the seconds, and the megabytes of growth."""
    connection.close()
    command = [sys.executable, "-m", "bench.list_export", kind]
    done = subprocess.run(command, env=databases.environment(database), check=True, capture_output=True, text=True)
    rows, seconds, megabytes = json.loads(done.stdout)
    return rows, seconds, megabytes
