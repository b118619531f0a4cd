"""One order at a time through the settlement, without a broker, against the naive ORM."""

from collections.abc import Iterator

from bench import books, databases
from bench.costs import measured
from bench.population import SHARD
from bench.results import Result, ceiling, pair
from bench.run import ROUNDS, Run
from linkage.settlement import settle_shard

from . import workload
from .settlement import TURN, one_by_one

ORDERS = 200
STATEMENTS_MAX = 10


def measure(run: Run) -> Iterator[Result]:
    base = workload.build("mall_bench_base", members=run.size(20_000), orders=2 * ORDERS)
    ours, naive, statements = [], [], []
    for turn in range(ROUNDS):
        databases.copy(base.database, TURN)
        with measured() as cost:
            for _ in range(ORDERS):
                before = cost.statements
                settle_shard(SHARD, 0, 1)
                # With the two that begin and end the transaction.
                statements.append(cost.statements - before + 2)
        books.prove()
        rows = books.rows_print()
        ours.append(ORDERS / cost.elapsed)
        naive.append(ORDERS / one_by_one(base, base.events[:ORDERS]).elapsed)
        books.prove()
        books.same_rows(rows, books.rows_print())
        run.tell(
            f"round {turn + 1}: {ours[-1]:.0f} orders/s with {max(statements)} statements each;"
            f" naive ORM {naive[-1]:.0f}"
        )
    databases.drop(TURN)
    yield pair("one order a batch, against a naive ORM", "orders/s", ours, naive, at_least=3)
    yield ceiling(
        "one order a batch: statements, begin and commit included", "statements", [max(statements)], STATEMENTS_MAX
    )
