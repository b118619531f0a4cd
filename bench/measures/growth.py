"""Processor time of an order as the mall grows, in referral trees of every shape; and a team of 10^5 that moves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from bench import books, databases
from bench.costs import measured
from bench.population import (
    FOUNDERS,
    MEASURED_AT,
    SHARD,
    Mall,
    Row,
    Shape,
    chains_of_agents,
    chains_of_consumers,
    found,
    populate,
    put_orders,
    random_tree,
    star,
)
from bench.results import Result, pair
from bench.run import ROUNDS, Run
from linkage.models import Position, Rank
from linkage.settlement import settle_shard

BATCH = 1000
BATCHES = 3
GROWTH_MAX = 1.4
SIZES = {"10³": 1_000, "10⁴": 10_000, "10⁵": 100_000}
MILLION = {"10⁶": 1_000_000}
ORDERED_AT = MEASURED_AT + timedelta(days=2)
TURN = "mall_bench_turn"

# Fifty referrals make a partner, so that an order makes the same two rewards in every shape and nobody is promoted:
# what is compared is the tree, not how much an order earns.
EVEN = {"promotion_referrals": 50, "unranked_referrer": "roll_up"}
USUAL = {"unranked_referrer": "roll_up"}
SHAPES: dict[str, tuple[Shape, dict[str, Any]]] = {
    "random tree": (random_tree, EVEN),
    "chains of a thousand agents": (chains_of_agents, EVEN),
    "chains of a thousand consumers": (chains_of_consumers, EVEN),
    "all under one partner": (star, EVEN),
    "random tree, two referrals make a partner": (random_tree, USUAL),
}


@dataclass(slots=True)
class Cell:
    """One shape in one size: a mall to copy, and what was measured in the copies."""

    name: str
    shape: Shape
    mall: Mall
    costs: list[float] = field(default_factory=list)
    statements: set[int] = field(default_factory=set)


def measure(run: Run) -> Iterator[Result]:
    sizes = SIZES | (MILLION if run.full else {})
    first: Cell | None = None
    statements: set[int] = set()
    for number, (name, (shape, plan)) in enumerate(SHAPES.items()):
        cells = [
            _build(f"{name}, {label} members", shape, plan, run.size(size), f"mall_bench_{number}_{place}")
            for place, (label, size) in enumerate(sizes.items())
        ]
        run.tell(f"built: {name}")
        # A plan that pays for other things is held against itself.
        first = cells[0] if first is None or plan is not EVEN else first
        first.costs.clear()
        for turn in range(ROUNDS):
            for cell in cells if first in cells else [first, *cells]:
                _settle(cell, Random(turn), run.size(BATCH))
            run.tell(f"round {turn + 1}: " + ", ".join(f"{cell.costs[-1]:.0f}" for cell in cells) + " µs an order")
        for cell in cells:
            yield pair(f"growth: {cell.name}", "µs of processor", cell.costs, first.costs, at_most=GROWTH_MAX)
            statements |= cell.statements
            if cell is not first:
                databases.drop(cell.mall.database)
    if len(statements) > 1:
        raise books.BooksWrong(f"batches took {sorted(statements)} statements")
    yield Result("growth: statements of every batch", "statements", statements.pop())


def _build(name: str, shape: Shape, plan: dict[str, Any], size: int, database: str) -> Cell:
    mall = Mall(databases.copy(databases.EMPTY, database))
    found(mall, plan=plan)
    populate(mall, shape(size, Random(5)))
    databases.settle_down(database)
    return Cell(name, shape, mall)


def _settle(cell: Cell, chance: Random, batch: int) -> None:
    """In a copy, let new members join under members of the shape, and measure how their orders are settled."""
    mall = Mall(databases.copy(cell.mall.database, TURN), list(cell.mall.members), cell.mall.orders)
    count = (BATCHES + 1) * batch
    buyers = populate(mall, [(place, False) for place in _referrers(cell, count, chance)], at=MEASURED_AT)
    put_orders(mall, [(buyer, 1) for buyer in buyers], at=ORDERED_AT)
    databases.settle_down(TURN)
    settle_shard(SHARD, 0, batch)
    spent = 0.0
    for _ in range(BATCHES):
        with measured() as cost:
            settled = len(settle_shard(SHARD, 0, batch))
        if settled != batch:
            raise books.BooksWrong(f"{settled} of {batch} orders were settled in a {cell.name}")
        spent += cost.processor
        cell.statements.add(cost.statements)
    cell.costs.append(1e6 * spent / (BATCHES * batch))
    books.prove()


def _referrers(cell: Cell, count: int, chance: Random) -> list[int]:
    """Choose members, each as often as the next one, so that the orders of a batch meet as few times in a small mall as
    in a large one."""
    if cell.shape is star:
        return [0] * count
    places = list(range(0 if cell.shape is random_tree else FOUNDERS + 1, len(cell.mall.members)))
    chosen: list[int] = []
    while len(chosen) < count:
        chance.shuffle(places)
        chosen += places[: count - len(chosen)]
    return chosen


def measure_follow(run: Run) -> Iterator[Result]:
    """Under `follow`, somebody with 10^5 agents below becomes a partner."""
    spent: list[float] = []
    moved = run.size(100_000)
    mall = Mall(databases.copy(databases.EMPTY, "mall_bench_base"))
    found(mall, plan={"promotion_referrals": FOUNDERS, "on_promotion": "follow"})
    populate(mall, _one_below_another(moved))
    databases.settle_down(mall.database)
    for turn in range(ROUNDS):
        copied = Mall(databases.copy(mall.database, TURN), list(mall.members), mall.orders)
        buyers = populate(copied, [(FOUNDERS + 1, False)], at=MEASURED_AT)
        put_orders(copied, [(buyers[0], 1)], at=ORDERED_AT)
        with measured() as cost:
            settle_shard(SHARD, 0)
        promoted = mall.members[FOUNDERS + 1]
        team = Position.objects.filter(leader_id=promoted, rank=Rank.AGENT).count()
        if team < moved:
            raise books.BooksWrong(f"{team} of {moved} agents moved")
        books.prove()
        spent.append(cost.elapsed)
        run.tell(f"round {turn + 1}: {team} agents moved in {cost.elapsed:.2f} s, {cost.statements} statements")
    databases.drop(TURN)
    yield Result("follow: a promotion moves 10⁵ agents", "s", sorted(spent)[len(spent) // 2])
    yield Result("follow: statements of that batch", "statements", cost.statements)


def _one_below_another(moved: int) -> Iterator[Row]:
    """A founder, and below it one member, one referral short of a partner, with a random tree of agents below."""
    chance = Random(3)
    yield None, True
    for _ in range(FOUNDERS):
        yield 0, True
    first = FOUNDERS + 1
    yield 0, True
    for _ in range(FOUNDERS - 1):
        yield first, True
    for number in range(first + FOUNDERS, first + moved + 1):
        yield chance.randrange(first + 1, number), True
