"""`linkage_import`: the history of another mall, 10^5 events, through the tables of this one."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import books, databases
from bench.results import Result, floor
from bench.run import Run

from .simulation import MANAGE, write_events

EVENTS = 100_000
RATE_MIN = 500


def measure(run: Run) -> Iterator[Result]:
    events = run.size(EVENTS)
    with TemporaryDirectory(prefix="mall-bench-") as folder:
        source = Path(folder) / "events.jsonl"
        write_events(source, events)
        database = databases.copy(databases.EMPTY, "mall_bench_import")
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, MANAGE, "linkage_import", source],
            env=databases.environment(database),
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        rate = events / (time.perf_counter() - began)
    books.prove()
    run.tell(f"{rate:,.0f} events/s")
    databases.drop("mall_bench_import")
    yield floor("import, a file of 10⁵ events", "events/s", [rate], RATE_MIN)
