"""Memory of a real worker's process after 10^5 settled orders, against 10^4."""

import time
from collections.abc import Iterator
from random import Random

from bench import books, databases
from bench.costs import resident_bytes
from bench.population import MEASURED_AT, SHARD, Mall, found, populate, put_orders, random_tree
from bench.results import Result, pair
from bench.run import ROUNDS, Run
from bench.worker import worker
from linkage.models import LinkageEvent, Position, Rank
from linkage.tasks import settle

EARLY = 10_000
LATE = 100_000
GROWTH_MAX = 1.1
PATIENCE_SECONDS = 300
LOOK_EVERY_SECONDS = 0.05


def measure(run: Run) -> Iterator[Result]:
    base = Mall(databases.copy(databases.EMPTY, "mall_bench_base"))
    found(base, plan={"repeat_fen": {"direct": 2000, "see_point": 3000}})
    populate(base, random_tree(run.size(20_000), Random(5)))
    databases.settle_down(base.database)
    early, late = [], []
    for turn in range(ROUNDS):
        mall = Mall(databases.copy(base.database, "mall_bench_turn"), orders=base.orders)
        with worker(mall.database) as process:
            early.append(_settle(mall, process, run.size(EARLY)))
            late.append(_settle(mall, process, run.size(LATE) - run.size(EARLY)))
        books.prove()
        run.tell(f"round {turn + 1}: {early[-1]:.1f} MB, then {late[-1]:.1f} MB")
    databases.drop("mall_bench_turn")
    yield pair("memory of a worker after 10⁵ orders, against 10⁴", "MB", late, early, at_most=GROWTH_MAX)


def _settle(mall: Mall, process: int, orders: int) -> float:
    """Let agents buy again, ring, and wait until all is settled; return the megabytes of the worker's process."""
    agents = list(Position.objects.filter(rank__gt=Rank.CONSUMER).values_list("pk", flat=True))
    chance = Random(orders)
    for first in range(0, orders, 5000):
        put_orders(mall, [(chance.choice(agents), 1) for _ in range(min(5000, orders - first))], at=MEASURED_AT)
    settle.ring(SHARD)
    waiting = LinkageEvent.objects.filter(shard=SHARD, number=None, refusal="")
    began = time.monotonic()
    while waiting.exists():
        if time.monotonic() - began > PATIENCE_SECONDS:
            raise books.BooksWrong(f"{waiting.count()} events still wait after {PATIENCE_SECONDS} seconds")
        time.sleep(LOOK_EVERY_SECONDS)
    return resident_bytes(process) / 1e6
