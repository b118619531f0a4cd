"""`make soak`: a mall under load; processes are killed, messages are lost, and its books are proved all the while.

Web, two workers and beat run as in production, on durable servers of their own. Two processes act as people do
(`people`), a third does harm. Once a minute the books are proved as they stand; at the end everything settles.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
from redis import Redis

from mall.services.children import free_port
from mall.services.embedded import services
from tests.proofs import evidence

PEOPLE = 2
PROVED_EVERY_SECONDS = 60
HARM_EVERY_SECONDS = (4.0, 14.0)
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

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._log.close()


class Harm:
    """What can go wrong from outside, one kind at a time."""

    def __init__(self, parts: dict[str, Part], environment: dict[str, str], dice: random.Random) -> None:
        self._parts, self._dice = parts, dice
        self._database = environment["DATABASE_URL"]
        self._broker = Redis.from_url(environment["REDIS_URL"] + "/0")
        self.done: Counter[str] = Counter()
        self._kinds: dict[str, Callable[[], None]] = {
            "a worker killed": lambda: parts[f"worker{dice.randrange(2)}"].kill(),
            "the web server killed": lambda: parts["web"].kill(),
            "beat killed": lambda: parts["beat"].kill(),
            "all messages lost": lambda: self._broker.flushdb(),
            "messages repeated and shuffled": self._repeat,
            "a worker stands still": self._stand_still,
            "connections cut": self._cut,
        }

    def one(self) -> None:
        kind = self._dice.choice(list(self._kinds))
        self._kinds[kind]()
        self.done[kind] += 1

    def _repeat(self) -> None:
        waiting = self._broker.lrange("mall", 0, -1)
        self._dice.shuffle(waiting)
        if waiting:
            self._broker.rpush("mall", *waiting)

    def _stand_still(self) -> None:
        worker = self._parts[f"worker{self._dice.randrange(2)}"]
        worker.halt(going=False)
        time.sleep(self._dice.uniform(1, 6))
        worker.halt(going=True)

    def _cut(self) -> None:
        """Cut every other connection of the application, in whatever it is doing."""
        with psycopg2.connect(self._database) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
                " AND datname = current_database() AND pid <> pg_backend_pid() AND pid %% 2 = %s",
                [self._dice.randrange(2)],
            )
        connection.close()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.soak", description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the logs, left behind")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="soak-") as folder:
        try:
            body = _run(options.keep or Path(folder), options.minutes, options.seed)
        except Broken as error:
            print(f"soak: {error}", file=sys.stderr)
            return 1
    page = evidence.write("soak", "Soaked", body)
    print(f"soak: see {page.relative_to(evidence.PROJECT)}")
    return 0


def _run(folder: Path, minutes: int, seed: int) -> str:
    with ExitStack() as stack:
        data = stack.enter_context(TemporaryDirectory(prefix="mall-", ignore_cleanup_errors=True))
        found = stack.enter_context(services(Path(data), fast=False))
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
        return _soak(parts, people, environment, folder, minutes, seed)


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


def _soak(
    parts: dict[str, Part], people: list[Part], environment: dict[str, str], folder: Path, minutes: int, seed: int
) -> str:
    dice = random.Random(seed)
    harm = Harm(parts, environment, dice)
    rows: list[str] = []
    began = time.monotonic()
    next_proof = began + PROVED_EVERY_SECONDS
    while time.monotonic() < began + minutes * 60:
        time.sleep(dice.uniform(*HARM_EVERY_SECONDS))
        harm.one()
        if time.monotonic() >= next_proof:
            next_proof += PROVED_EVERY_SECONDS
            rows.append(_row(int(time.monotonic() - began), environment, harm))
            print(rows[-1], flush=True)
    for part in people:
        part.stop()
    _wait_until_settled(environment)
    rows.append(_row(int(time.monotonic() - began), environment, harm))
    print(rows[-1], flush=True)
    counted = _query(
        environment,
        "SELECT (SELECT count(*) FROM orders_order), (SELECT count(*) FROM orders_refund),"
        " (SELECT count(*) FROM linkage_event), (SELECT count(*) FROM linkage_reward),"
        " (SELECT count(*) FROM payouts_withdrawal WHERE state = 'paid')",
    )
    orders, refunds, events, rewards, withdrawals = counted
    acts = _acts(folder)
    return "\n".join(
        [
            f"`make soak` for {minutes} minutes, seed {seed}: the books agreed every time.",
            "",
            "| after (s) | harm done | orders paid | events settled | postings | ledger | linkage | stock |",
            "| ---: | ---: | ---: | ---: | ---: | --- | --- | --- |",
            *rows,
            "",
            "Harm: " + ", ".join(f"{kind} ×{count}" for kind, count in sorted(harm.done.items())) + ".",
            "",
            "What people did: " + ", ".join(f"{act} {count}" for act, count in sorted(acts.items())) + ".",
            "",
            f"At the end {orders} orders, {refunds} refunds, {events} events, {rewards} rewards, "
            f"{withdrawals} withdrawals paid; no event waited, and every paid order was settled once.",
        ]
    )


def _row(seconds: int, environment: dict[str, str], harm: Harm) -> str:
    """Prove the books as they stand. Raises Broken with what the proof said."""
    for command in ("ledger_verify", "linkage_verify"):
        done = subprocess.run([*MANAGE, command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Broken(f"{command} after {seconds} s: {done.stdout[-2000:]} {done.stderr[-2000:]}")
    miscounted = _query(environment, _MISCOUNTED)[0]
    if miscounted:
        raise Broken(f"the stock of {miscounted} SKUs is not the sum of its movements after {seconds} s")
    paid, settled, postings = _query(
        environment,
        "SELECT (SELECT count(*) FROM orders_order WHERE paid_at IS NOT NULL),"
        " (SELECT count(*) FROM linkage_event WHERE number IS NOT NULL), (SELECT count(*) FROM ledger_posting)",
    )
    harmed = harm.done.total()
    return f"| {seconds} | {harmed} | {paid:,} | {settled:,} | {postings:,} | agrees | agrees | agrees |"


def _wait_until_settled(environment: dict[str, str]) -> None:
    until = time.monotonic() + SETTLED_WITHIN_SECONDS
    while time.monotonic() < until:
        if not _query(environment, "SELECT count(*) FROM linkage_event WHERE number IS NULL AND refusal = ''")[0]:
            return
        time.sleep(1)
    raise Broken(f"events still wait {SETTLED_WITHIN_SECONDS} s after the last act")


def _query(environment: dict[str, str], statement: str) -> tuple[int, ...]:
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


def _acts(folder: Path) -> Counter[str]:
    """Return what the people said at their end that they had done."""
    acts: Counter[str] = Counter()
    for number in range(PEOPLE):
        for line in (folder / f"people{number}.log").read_text(errors="replace").splitlines():
            if line.startswith("acts "):
                name, _, count = line.removeprefix("acts ").rpartition(" ")
                acts[name] += int(count)
    return acts


if __name__ == "__main__":
    sys.exit(main())
