"""The operators' plan simulator: one million members under a plan beside the one in force, in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.results import Result, ceiling
from bench.run import Run

MEMBERS = 1_000_000
SECONDS_MAX = 120
MEGABYTES_MAX = 2_000
ROUNDS = 2


def measure(run: Run) -> Iterator[Result]:
    members = run.size(MEMBERS)
    seconds, megabytes = [], []
    for turn in range(ROUNDS):
        elapsed, most = _simulate(members)
        seconds.append(elapsed)
        megabytes.append(most)
        run.tell(f"round {turn + 1}: {elapsed:.1f} s, {most:.0f} MB")
    yield ceiling("plan simulator, 10⁶ members, two plans", "s", seconds, SECONDS_MAX)
    yield ceiling("plan simulator, 10⁶ members, two plans: memory", "MB", megabytes, MEGABYTES_MAX)


def _simulate(members: int) -> tuple[float, float]:
    """Simulate in a process of its own; return its seconds and the most memory it held, in megabytes."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bench.plan_simulator", str(members)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as told:
        buyers = json.load(told)["buyers"]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode or buyers * 2 < members:
        raise RuntimeError(f"the simulation ended with {process.returncode}, {buyers} buyers")
    return time.perf_counter() - began, usage.ru_maxrss / 1000
