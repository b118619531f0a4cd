"""Joining: a member bound to its referrer, its row in the inbox and its settlement, in a small and a large mall."""

from collections.abc import Iterator
from random import Random

from bench import books, databases
from bench.costs import measured
from bench.population import MEASURED_AT, SHARD, Mall, found, populate, random_tree
from bench.results import Result, pair
from bench.run import Run
from linkage.settlement import settle_shard
from members.commands import register_member
from members.models import Member

JOINS = 200
ROUNDS = 5
GROWTH_MAX = 1.3
SIZES = {"10³": 1_000, "10⁵": 100_000}
MILLION = {"10⁶": 1_000_000}


def measure(run: Run) -> Iterator[Result]:
    malls = {}
    for label, size in (SIZES | (MILLION if run.full else {})).items():
        mall = malls[label] = Mall(databases.copy(databases.EMPTY, f"mall_bench_{size}"))
        found(mall, plan={})
        populate(mall, random_tree(run.size(size), Random(5)))
        databases.settle_down(mall.database)
        _join(mall, Random(99), "9")
        run.tell(f"built: {label} members")
    costs: dict[str, list[float]] = {label: [] for label in malls}
    for turn in range(ROUNDS):
        for label, mall in malls.items():
            costs[label].append(_join(mall, Random(turn), str(turn)))
    for mall in malls.values():
        databases.use(mall.database)
        books.prove()
        databases.drop(mall.database)
    first, *others = costs
    for label in others:
        run.tell(f"{sorted(costs[first])} ms of processor at {first} members, {sorted(costs[label])} at {label}")
        yield pair(
            f"joining at {label} members, against {first}",
            "ms of processor",
            costs[label],
            costs[first],
            at_most=GROWTH_MAX,
        )


def _join(mall: Mall, chance: Random, prefix: str) -> float:
    """Let some members join, one after the other; return what one of them cost."""
    databases.use(mall.database)
    referrers = list(Member.objects.filter(pk__in=chance.sample(mall.members, JOINS)))
    at = MEASURED_AT
    spent = 0.0
    for number, referrer in enumerate(referrers):
        with measured() as cost:
            register_member(phone=f"+86138{prefix}{number:07d}", nickname="", referrer=referrer, at=at)
            settle_shard(SHARD, 0)
        spent += cost.processor
    return 1000 * spent / JOINS
