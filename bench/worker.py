"""A real Celery worker on the database and the broker of the measurements."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.databases import environment
from mall.celery import app

PROJECT = Path(__file__).resolve().parents[1]


class NoWorker(Exception):
    """The worker did not start."""


@contextmanager
def worker(database: str) -> Iterator[int]:
    """Run a worker with one process until the block ends; yield the id of that process."""
    command = [sys.executable, "-m", "celery", "-A", "mall.celery", "worker", "--loglevel", "ERROR"]
    process = subprocess.Popen(
        [*command, "--concurrency", "1", "--without-gossip", "--without-mingle"],
        env=environment(database),
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(60):
            if app.control.ping(timeout=1):
                break
            if process.poll() is not None:
                raise NoWorker(f"The worker ended with {process.returncode}.")
        else:
            raise NoWorker("The worker did not answer within a minute.")
        yield _child(process.pid)
    finally:
        process.terminate()
        process.wait(60)


def _child(process: int) -> int:
    (child,) = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return int(child)
