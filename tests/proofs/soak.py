"""`make soak`: a mall under load; processes are killed, messages are lost, and its books are proved all the while.

Web, two workers and beat run as in production, on durable servers of their own (`mall`). Two processes act as people do
(`people`), a third does harm. Once a minute the books are proved as they stand; at the end everything settles.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
from redis import Redis

from tests.proofs import evidence
from tests.proofs.mall import Broken, Mall, Part, acts_of, mall_at_work, prove_books, query, wait_until_settled

PROVED_EVERY_SECONDS = 60
HARM_EVERY_SECONDS = (4.0, 14.0)


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
            with mall_at_work(options.keep or Path(folder), seed=options.seed) as mall:
                body = _soak(mall, options.minutes, options.seed)
        except Broken as error:
            print(f"soak: {error}", file=sys.stderr)
            return 1
    page = evidence.write("soak", "Soaked", body)
    print(f"soak: see {page.relative_to(evidence.PROJECT)}")
    return 0


def _soak(mall: Mall, minutes: int, seed: int) -> str:
    environment = mall.environment
    dice = random.Random(seed)
    harm = Harm(mall.parts, environment, dice)
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
    for part in mall.people:
        part.stop()
    wait_until_settled(environment)
    rows.append(_row(int(time.monotonic() - began), environment, harm))
    print(rows[-1], flush=True)
    counted = query(
        environment,
        "SELECT (SELECT count(*) FROM orders_order), (SELECT count(*) FROM orders_refund),"
        " (SELECT count(*) FROM linkage_event), (SELECT count(*) FROM linkage_reward),"
        " (SELECT count(*) FROM payouts_withdrawal WHERE state = 'paid')",
    )
    orders, refunds, events, rewards, withdrawals = counted
    acts = acts_of(mall.folder)
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
    prove_books(environment, f"after {seconds} s")
    paid, settled, postings = query(
        environment,
        "SELECT (SELECT count(*) FROM orders_order WHERE paid_at IS NOT NULL),"
        " (SELECT count(*) FROM linkage_event WHERE number IS NOT NULL), (SELECT count(*) FROM ledger_posting)",
    )
    harmed = harm.done.total()
    return f"| {seconds} | {harmed} | {paid:,} | {settled:,} | {postings:,} | agrees | agrees | agrees |"


if __name__ == "__main__":
    sys.exit(main())
