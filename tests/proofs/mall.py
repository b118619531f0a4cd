"""A mall at work for a proof: web, two workers and beat as in production, on durable servers of its own, and processes
that act as people do (`people`)."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2

from mall.services.children import free_port
from mall.services.embedded import services
from tests.proofs import evidence

PEOPLE = 2
SETTLED_WITHIN_SECONDS = 300
MANAGE = [sys.executable, "manage.py"]

_MISCOUNTED = """
SELECT count(*) FROM suppliers_sku AS sku
JOIN (
    SELECT sku_id, sum(on_hand_delta) AS hand, sum(reserved_delta) AS kept FROM suppliers_stockmovement GROUP BY 1
) AS moved ON moved.sku_id = sku.id
WHERE (sku.on_hand, sku.reserved) <> (moved.hand, moved.kept)
"""


class Broken(Exception):
    """The books do not agree, or something did not come up again."""


class Part:
    """A process of the mall that is killed and started again; it leads a process group of its own."""

    def __init__(self, name: str, command: Sequence[str], environment: dict[str, str], folder: Path) -> None:
        self.name, self._command, self._environment = name, list(command), environment
        self._log = (folder / f"{name}.log").open("ab")
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command,
            cwd=evidence.PROJECT,
            env=self._environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """End it and its children as a power cut would, and start it again."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self.start()

    def halt(self, going: bool) -> None:
        os.killpg(self._process.pid, signal.SIGCONT if going else signal.SIGSTOP)

    def children(self) -> list[int]:
        """Return the processes that it started itself: of a worker, its pool."""
        pid = self._process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def stop(self) -> None:
        """Ask it to end, and make it; a repeat is harmless."""
        if self._log.closed:
            return
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()


@dataclass(frozen=True)
class Mall:
    """A mall at work. `data` is where its servers keep theirs, `folder` where its processes write their logs."""

    data: Path
    folder: Path
    environment: dict[str, str]
    parts: dict[str, Part]
    people: list[Part]


@contextmanager
def mall_at_work(folder: Path, *, seed: int) -> Iterator[Mall]:
    """Fill a mall and let people come, until the block ends."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(TemporaryDirectory(prefix="mall-", ignore_cleanup_errors=True)))
        found = stack.enter_context(services(data, fast=False))
        port = free_port()
        environment = {
            **os.environ,
            **found,
            "DJANGO_SETTINGS_MODULE": "mall.settings.local",
            "DEBUG": "0",
            "DEMO": "1",
            "PORT": str(port),
            "SITE_URL": f"http://127.0.0.1:{port}",
            "STATIC_ROOT": str(folder / "static"),
            "MEDIA_ROOT": str(folder / "media"),
            "PYTHONUNBUFFERED": "1",
        }
        for words in (["migrate", "--no-input", "-v0"], ["collectstatic", "--no-input", "-v0"]):
            subprocess.run([*MANAGE, *words], env=environment, check=True)
        subprocess.run([*MANAGE, "load_demo", "--scale", "10", "--no-pictures"], env=environment, check=True)
        parts = stack.enter_context(_parts(port, environment, folder))
        people = stack.enter_context(_people(environment, folder, seed))
        yield Mall(data, folder, environment, parts, people)


@contextmanager
def _parts(port: int, environment: dict[str, str], folder: Path) -> Iterator[dict[str, Part]]:
    celery = [sys.executable, "-m", "celery", "-A", "mall.celery"]
    web = [sys.executable, "-m", "gunicorn", "mall.wsgi:application", "--bind", f"127.0.0.1:{port}"]
    commands = {
        "web": [*web, "--workers", "2", "--threads", "4", "--worker-class", "gthread"],
        "worker0": [*celery, "worker", "--concurrency", "1", "-n", "one@%h", "--loglevel", "INFO"],
        "worker1": [*celery, "worker", "--concurrency", "1", "-n", "two@%h", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--schedule", str(folder / "beat"), "--pidfile", "", "--loglevel", "INFO"],
    }
    parts: dict[str, Part] = {}
    try:
        for name, command in commands.items():
            parts[name] = Part(name, command, environment, folder)
        yield parts
    finally:
        for part in parts.values():
            part.stop()


@contextmanager
def _people(environment: dict[str, str], folder: Path, seed: int) -> Iterator[list[Part]]:
    command = [sys.executable, "-m", "tests.proofs.people"]
    started = [
        Part(f"people{number}", [*command, str(seed * 100 + number)], environment, folder) for number in range(PEOPLE)
    ]
    try:
        yield started
    finally:
        for part in started:
            part.stop()


def prove_books(environment: dict[str, str], when: str) -> None:
    """Prove ledger, settlement and stock as they stand. Raises Broken with what the proof said."""
    for command in ("ledger_verify", "linkage_verify"):
        done = subprocess.run([*MANAGE, command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Broken(f"{command} {when}: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    miscounted = query(environment, _MISCOUNTED)[0]
    if miscounted:
        raise Broken(f"the stock of {miscounted} SKUs is not the sum of its movements {when}")


def wait_until_settled(environment: dict[str, str]) -> None:
    """Return when no event waits any more. Raises Broken."""
    until = time.monotonic() + SETTLED_WITHIN_SECONDS
    while time.monotonic() < until:
        if not query(environment, "SELECT count(*) FROM linkage_event WHERE number IS NULL AND refusal = ''")[0]:
            return
        time.sleep(1)
    raise Broken(f"events still wait {SETTLED_WITHIN_SECONDS} s after the last act")


def query(environment: dict[str, str], statement: str) -> tuple[int, ...]:
    """Return the one row of a statement, tried again where the connection is cut."""
    for _ in range(5):
        try:
            with psycopg2.connect(environment["DATABASE_URL"]) as connection, connection.cursor() as cursor:
                cursor.execute(statement)
                row: tuple[int, ...] = cursor.fetchone() or ()
            connection.close()
            return row
        except psycopg2.OperationalError:
            time.sleep(1)
    raise Broken("the database cannot be reached")


def acts_of(folder: Path) -> Counter[str]:
    """Return what the people said at their end that they had done."""
    acts: Counter[str] = Counter()
    for number in range(PEOPLE):
        for line in (folder / f"people{number}.log").read_text(errors="replace").splitlines():
            if line.startswith("acts "):
                name, _, count = line.removeprefix("acts ").rpartition(" ")
                acts[name] += int(count)
    return acts
