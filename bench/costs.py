"""What a piece of work costs: time on the clock, processor time of both sides, and statements."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection


class NotHere(Exception):
    """The database's processes cannot be seen, since they run on another machine."""


@dataclass(slots=True)
class Cost:
    """Seconds, and the number of statements besides those that begin and end a transaction."""

    elapsed: float = 0.0
    python: float = 0.0
    server: float = 0.0
    statements: int = 0

    @property
    def processor(self) -> float:
        return self.python + self.server


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the block: its connection to the database must stay the same."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    cost = Cost()

    def count(execute: Any, *arguments: Any) -> Any:
        cost.statements += 1
        return execute(*arguments)

    server, python, began = server_seconds(backend), time.process_time(), time.perf_counter()
    with connection.execute_wrapper(count):
        yield cost
    cost.elapsed = time.perf_counter() - began
    cost.python = time.process_time() - python
    cost.server = server_seconds(backend) - server


def server_seconds(backend: int) -> float:
    """Return the processor time that one backend of the database has used."""
    try:
        return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9
    except FileNotFoundError:
        raise NotHere("The processor time of PostgreSQL can only be read where it runs: unset DATABASE_URL.") from None


def resident_bytes(process: int) -> int:
    """Return how much memory a process holds."""
    return _status(process, "VmRSS")


def peak_bytes() -> int:
    """Return how much memory this process held at most. What `getrusage` says counts what its parent held, too."""
    return _status(os.getpid(), "VmHWM")


def _status(process: int, name: str) -> int:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))
