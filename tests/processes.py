"""Real processes for tests: a Celery worker on the test database, and what has to be true when one is gone."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

PROJECT = Path(__file__).resolve().parents[1]


@dataclass
class Worker:
    """A running worker; `process` leads a process group of its own."""

    process: subprocess.Popen[str]
    queue: str

    def kill(self) -> None:
        """End the worker and its children as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Let the worker finish what it has in hand."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


def database_url() -> str:
    """Return the address of this test's own database, for the owner."""
    address = urlsplit(os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"]))
    return urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a process that works on the test database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "mall.settings.test",
        "DATABASE_OWNER_URL": database_url(),
        "PYTHONUNBUFFERED": "1",
        **changes,
    }


@contextmanager
def celery_worker(*, concurrency: int = 1, **changes: str) -> Iterator[Worker]:
    """Run a worker that is ready for tasks, and stop it at the end. `changes` are environment variables."""
    command = [
        *(sys.executable, "-m", "celery", "-A", "mall.celery", "worker"),
        *("--concurrency", str(concurrency), "--loglevel", "INFO", "--without-gossip", "--without-mingle"),
    ]
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        for line in process.stdout:
            log.write(line)
            if " ready." in line:
                break
        else:
            log.seek(0)
            raise AssertionError(f"the worker did not start:\n{log.read()[-2000:]}")
        drain = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        worker = Worker(process, settings.CELERY_TASK_DEFAULT_QUEUE)
        try:
            yield worker
        finally:
            if process.poll() is None:
                worker.stop()
            process.stdout.close()
            drain.wait()


def living_processes(needle: str) -> list[str]:
    """Return the command lines of processes that name `needle`, this one and zombies left out."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if any(needle in word for word in words):
            found.append(f"{folder.name}: {' '.join(words)}")
    return found


def wait_until(true: Callable[[], bool], *, seconds: int = 20) -> None:
    """Return as soon as `true()` is; fail when it is not within so many seconds."""
    tick = threading.Event()
    for _ in range(seconds * 20):
        if true():
            return
        tick.wait(0.05)
    raise AssertionError(f"still not so after {seconds} s")
