"""`make faults`: one fault after the other in a mall under load; each has to bite, and the books are proved after it.

A fault counts only where something shows that it bit: a log line of the server that died, messages that were there and
are gone, a process that was replaced. Then the mall has to answer again by itself, everything settles, and ledger,
settlement and stock agree. The numbers are those of the
project's fault matrix.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
from redis import Redis, RedisError

from tests.proofs import evidence
from tests.proofs.mall import Broken, Mall, acts_of, mall_at_work, prove_books, query, wait_until_settled

STARTS_WITHIN_SECONDS = 300
ANSWERS_WITHIN_SECONDS = 120
LOAD_SECONDS = 6


@dataclass(frozen=True)
class Outcome:
    """What became of one fault: how often it was done, what shows that it bit, how long until all was well."""

    name: str
    times: int
    bit: str
    answers_after: float
    settled_after: float


class Server:
    """PostgreSQL or Valkey, known by its process: killed as by a power cut, and started as it was."""

    def __init__(self, pid: int, log: Path) -> None:
        self._pid, self.log = pid, log
        self._command = [os.fsdecode(word) for word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[:-1]]
        self._folder = os.readlink(f"/proc/{pid}/cwd")
        self._owner = Path(f"/proc/{pid}").stat()

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        while Path(f"/proc/{self._pid}/status").exists() and "\nState:\tZ" not in self._status():
            time.sleep(0.05)

    def start(self) -> None:
        with self.log.open("ab") as log:
            as_root = os.geteuid() == 0
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=self._owner.st_uid if as_root else None,
                group=self._owner.st_gid if as_root else None,
            )
        self._pid = self._process.pid

    def stop(self, number: signal.Signals) -> None:
        """End a server that was started here; the first one belongs to the launcher."""
        if hasattr(self, "_process"):
            self._process.send_signal(number)
            self._process.wait(60)

    def _status(self) -> str:
        try:
            return Path(f"/proc/{self._pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return "\nState:\tZ"


class Faults:
    """The faults, each a function that does it so many times and returns what shows that it bit."""

    def __init__(self, mall: Mall, dice: random.Random, times: int) -> None:
        self._mall, self._dice, self._times = mall, dice, times
        self._broker = Redis.from_url(mall.environment["REDIS_URL"] + "/0")
        self.postgres = Server(_first_line(mall.data / "postgres" / "postmaster.pid"), mall.data / "postgres.log")
        self.valkey = Server(int(self._broker.info()["process_id"]), mall.data / "valkey.log")
        self.all: dict[str, Callable[[], str]] = {
            "X1 a worker and its pool killed": self._workers,
            "X2 a pool's child alone killed": self._children,
            "X3 the web server killed": self._web,
            "X4 PostgreSQL killed": self._postmaster,
            "X5 one PostgreSQL process killed": self._backend,
            "X6 Valkey killed, and started empty": self._empty_broker,
            "X7 all messages and sessions lost": self._flush,
            "X9, X10 messages repeated and shuffled": self._repeat,
            "X14 every other database connection cut": self._cut,
            "X20 a worker stands still": self._stand_still,
            "X22 beat stopped": self._no_beat,
        }

    def stop(self) -> None:
        self.postgres.stop(signal.SIGINT)
        self.valkey.stop(signal.SIGTERM)

    def _again(self, act: Callable[[], int]) -> int:
        """Do it so many times under load; returns how much there was of it."""
        there = 0
        for _ in range(self._times):
            time.sleep(self._dice.uniform(LOAD_SECONDS / 2, LOAD_SECONDS))
            there += act()
        return there

    def _workers(self) -> str:
        def act() -> int:
            self._mall.parts[f"worker{self._dice.randrange(2)}"].kill()
            return 1

        return f"{self._again(act)} replaced"

    def _children(self) -> str:
        before = self._said_of_workers("exited prematurely|WorkerLostError|signal 9")

        def act() -> int:
            children = self._mall.parts[f"worker{self._dice.randrange(2)}"].children()
            if children:
                os.kill(self._dice.choice(children), signal.SIGKILL)
            return len(children)

        self._again(act)
        _within(lambda: self._said_of_workers("exited prematurely|WorkerLostError|signal 9") > before)
        return "the worker's log says so"

    def _said_of_workers(self, words: str) -> int:
        logs = [(self._mall.folder / f"worker{number}.log").read_text(errors="replace") for number in range(2)]
        return sum(log.count(word) for log in logs for word in words.split("|"))

    def _web(self) -> str:
        def act() -> int:
            self._mall.parts["web"].kill()
            return 1

        return f"{self._again(act)} replaced"

    def _postmaster(self) -> str:
        recovered = "database system was not properly shut down"

        def act() -> int:
            before = self.postgres.log.read_text(errors="replace").count(recovered)
            self.postgres.kill()
            _within(lambda: not _answers(self._mall))
            self._start_postgres()
            return self.postgres.log.read_text(errors="replace").count(recovered) - before

        return f"{self._again(act)} recoveries in its log"

    def _start_postgres(self) -> None:
        """Start it; while children of the dead one hold its memory, it refuses and is started again."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            self.postgres.start()
            for _ in range(100):
                if _can_connect(self._mall):
                    return
                time.sleep(0.1)
        raise Broken("PostgreSQL did not come up again")

    def _backend(self) -> str:
        words = "was terminated by signal 9"

        def act() -> int:
            before = self.postgres.log.read_text(errors="replace").count(words)
            found = query(
                self._mall.environment,
                "SELECT coalesce(max(pid), 0) FROM pg_stat_activity WHERE usename = current_user"
                " AND datname = current_database() AND pid <> pg_backend_pid()",
            )
            if found[0]:
                os.kill(found[0], signal.SIGKILL)
            _within(lambda: self.postgres.log.read_text(errors="replace").count(words) > before)
            return 1

        return f"{self._again(act)} recoveries in its log"

    def _empty_broker(self) -> str:
        def act() -> int:
            there = int(self._broker.dbsize())
            self.valkey.kill()
            shutil.rmtree(self._mall.data / "valkey" / "appendonlydir", ignore_errors=True)
            self.valkey.start()
            _within(self._broker_answers)
            return there

        return f"{self._again(act)} keys gone"

    def _broker_answers(self) -> bool:
        try:
            return bool(self._broker.ping())
        except RedisError:
            return False

    def _flush(self) -> str:
        def act() -> int:
            keys = sum(int(space["keys"]) for name, space in self._broker.info("keyspace").items() if name)
            self._broker.flushall()
            return keys

        return f"{self._again(act)} keys gone"

    def _repeat(self) -> str:
        def act() -> int:
            sent = 0
            until = time.monotonic() + LOAD_SECONDS
            while time.monotonic() < until:
                waiting = self._broker.lrange("mall", 0, -1)
                self._dice.shuffle(waiting)
                if waiting:
                    self._broker.rpush("mall", *waiting[:200])
                    sent += len(waiting[:200])
                time.sleep(0.02)
            return sent

        return f"{self._again(act)} messages sent again"

    def _cut(self) -> str:
        def act() -> int:
            with psycopg2.connect(self._mall.environment["DATABASE_URL"]) as connection, connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = current_user"
                    " AND datname = current_database() AND pid <> pg_backend_pid() AND pid %% 2 = %s",
                    [self._dice.randrange(2)],
                )
                (cut,) = cursor.fetchone() or (0,)
            connection.close()
            return int(cut)

        return f"{self._again(act)} connections"

    def _stand_still(self) -> str:
        def act() -> int:
            worker = self._mall.parts[f"worker{self._dice.randrange(2)}"]
            worker.halt(going=False)
            time.sleep(LOAD_SECONDS)
            worker.halt(going=True)
            return LOAD_SECONDS

        return f"{self._again(act)} s in all"

    def _no_beat(self) -> str:
        def act() -> int:
            beat = self._mall.parts["beat"]
            beat.halt(going=False)
            time.sleep(2 * LOAD_SECONDS)
            beat.halt(going=True)
            return 2 * LOAD_SECONDS

        return f"{self._again(act)} s in all"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.faults", description=__doc__)
    parser.add_argument("--times", type=int, default=3, help="how often each fault is done")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="faults whose name has this in it, as in X4")
    parser.add_argument("--keep", type=Path, help="folder for the logs, left behind")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="faults-") as folder:
        try:
            with mall_at_work(options.keep or Path(folder), seed=options.seed) as mall:
                body = _prove(mall, options.times, options.seed, options.only or "")
        except Broken as error:
            print(f"faults: {error}", file=sys.stderr)
            return 1
    if not options.only:
        page = evidence.write("faults", "Faults survived", body)
        print(f"faults: see {page.relative_to(evidence.PROJECT)}")
    return 0


def _prove(mall: Mall, times: int, seed: int, only: str) -> str:
    faults = Faults(mall, random.Random(seed), times)
    outcomes = []
    try:
        _within(lambda: _answers(mall), STARTS_WITHIN_SECONDS, "the web server did not start")
        for name, fault in faults.all.items():
            if only in name:
                outcomes.append(_one(mall, name, fault, times))
                print(_row(outcomes[-1]), flush=True)
        for part in mall.people:
            part.stop()
        wait_until_settled(mall.environment)
        prove_books(mall.environment, "at the end")
    finally:
        # In this order: whoever still has a connection is ended after it.
        for part in (*mall.people, *mall.parts.values()):
            part.stop()
        faults.stop()
    acts = acts_of(mall.folder)
    return "\n".join(
        [
            f"`make faults`, each fault {times} times under load, seed {seed}: the books agreed after every one.",
            "",
            "| fault | times | what shows that it bit | answers again after (s) | all settled after (s) | books |",
            "| --- | ---: | --- | ---: | ---: | --- |",
            *map(_row, outcomes),
            "",
            "What people did meanwhile: " + ", ".join(f"{act} {count}" for act, count in sorted(acts.items())) + ".",
            "",
            "Not done here: partitions without an answer (X13, a test has it: tests/faults), clocks that differ (X12), "
            "full disks (X17), slow databases (X18), deploying under load (X23), restoring (X24).",
        ]
    )


def _one(mall: Mall, name: str, fault: Callable[[], str], times: int) -> Outcome:
    bit = fault()
    if bit.startswith("0 "):
        raise Broken(f"{name}: it never bit")
    began = time.monotonic()
    _within(lambda: _answers(mall), ANSWERS_WITHIN_SECONDS, f"{name}: the web server does not answer again")
    answered = time.monotonic() - began
    wait_until_settled(mall.environment)
    settled = time.monotonic() - began
    prove_books(mall.environment, f"after {name}")
    return Outcome(name, times, bit, answered, settled)


def _row(outcome: Outcome) -> str:
    return (
        f"| {outcome.name} | {outcome.times} | {outcome.bit} | {outcome.answers_after:.1f} |"
        f" {outcome.settled_after:.1f} | agree |"
    )


def _within(is_so: Callable[[], bool], seconds: float = 60, otherwise: str = "it did not happen in time") -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise Broken(otherwise)
        time.sleep(0.1)


def _answers(mall: Mall) -> bool:
    try:
        with urllib.request.urlopen(f"{mall.environment['SITE_URL']}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.HTTPError):
        return False


def _can_connect(mall: Mall) -> bool:
    try:
        psycopg2.connect(mall.environment["DATABASE_URL"], connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True


def _first_line(file: Path) -> int:
    return int(file.read_text().splitlines()[0])


if __name__ == "__main__":
    sys.exit(main())
