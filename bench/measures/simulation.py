"""`linkage_simulate`: a file of 10^6 events in, the result as JSON out."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.event_files import event_lines
from bench.results import Result, ceiling, floor
from bench.run import ROUNDS, Run

EVENTS = 1_000_000
RATE_MIN = 30_000
MEGABYTES_MAX = 2_000
MANAGE = Path(__file__).resolve().parents[2] / "manage.py"


def measure(run: Run) -> Iterator[Result]:
    events = run.size(EVENTS)
    rates, megabytes = [], []
    with TemporaryDirectory(prefix="mall-bench-") as folder:
        source = Path(folder) / "events.jsonl"
        write_events(source, events)
        for turn in range(ROUNDS):
            elapsed, most = _simulate(source, Path(folder) / "result.json")
            rates.append(events / elapsed)
            megabytes.append(most)
            run.tell(f"round {turn + 1}: {rates[-1]:,.0f} events/s, {most:.0f} MB")
    yield floor("simulate, a file of 10⁶ events", "events/s", rates, RATE_MIN)
    yield ceiling("simulate, a file of 10⁶ events: memory", "MB", megabytes, MEGABYTES_MAX)


def write_events(path: Path, events: int) -> None:
    """Write an event file of random events."""
    with path.open("w") as file:
        file.writelines(line + "\n" for line in event_lines(events))


def _simulate(source: Path, out: Path) -> tuple[float, float]:
    """Run the command in a process of its own; return its seconds and the most memory it held, in megabytes."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, MANAGE, "linkage_simulate", source, "--out", out])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or not out.stat().st_size:
        raise RuntimeError(f"linkage_simulate ended with {process.returncode}")
    return time.perf_counter() - began, usage.ru_maxrss / 1000
