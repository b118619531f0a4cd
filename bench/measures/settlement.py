"""Orders settled a second: by the worker's code path, by the plainest set-based SQL, and one by one by a naive ORM."""

from collections.abc import Callable, Iterator, Sequence

from bench import books, databases, naive_orm, plain_sql
from bench.costs import Cost, measured
from bench.population import SHARD
from bench.results import Result, pair
from bench.run import ROUNDS, Run
from linkage.commands import settle_waiting
from linkage.settlement import settle_shard

from . import workload
from .workload import ORDERED_AT, Workload

BATCH = 1000
NAIVE_ORDERS = 300
TURN = "mall_bench_turn"


def measure(run: Run) -> Iterator[Result]:
    base = workload.build("mall_bench_base", members=run.size(100_000), orders=run.size(10_000) + BATCH)
    run.tell(f"{len(base.events)} orders wait among {run.size(100_000)} members")
    few = NAIVE_ORDERS // min(run.scale, 10)
    databases.copy(base.database, TURN)
    settle_shard(SHARD, 0, few)
    few_rows = books.rows_print()

    ours: list[float] = []
    plain: list[float] = []
    naive: list[float] = []
    for turn in range(ROUNDS):
        ours_rows = _settle(base, ours, lambda: settle_waiting(shards=[SHARD], at=ORDERED_AT))
        plain_rows = _settle(base, plain, lambda: plain_sql.settle_waiting(SHARD, base.plan))
        books.same_rows(ours_rows, plain_rows)
        cost = one_by_one(base, base.events[:few])
        books.prove()
        books.same_rows(few_rows, books.rows_print())
        naive.append(few / cost.elapsed)
        run.tell(
            f"round {turn + 1}: {ours[-1]:,.0f} orders/s; plain SQL {plain[-1]:,.0f};"
            f" naive ORM {naive[-1]:.1f}, {cost.statements / few:.1f} statements an order"
        )
    databases.drop(TURN)
    yield pair("settlement in batches of 1,000, against plain SQL", "orders/s", ours, plain, at_least=0.6)
    yield pair("settlement in batches of 1,000, against a naive ORM", "orders/s", ours, naive, at_least=60)


def one_by_one(base: Workload, events: Sequence[int]) -> Cost:
    """Settle some orders in a copy by the naive ORM."""
    databases.copy(base.database, TURN)
    with measured() as cost:
        for event in events:
            naive_orm.settle_order(event, base.plan)
    return cost


def _settle(base: Workload, rates: list[float], settle: Callable[[], int]) -> books.Print:
    """Settle what waits in a copy, by one way or the other; the first batch is ours and untimed, and warms the copy."""
    databases.copy(base.database, TURN)
    warmed = len(settle_shard(SHARD, 0, BATCH))
    with measured() as cost:
        settled = settle()
    if warmed + settled != len(base.events):
        raise books.BooksWrong(f"{warmed + settled} of {len(base.events)} orders were settled")
    rates.append(settled / cost.elapsed)
    books.prove()
    return books.rows_print()
