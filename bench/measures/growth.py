"""Processor time of an order as the mall grows, in referral trees of every shape; and a team of 10^5 that moves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction

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
    tree_of_agents,
)
from bench.results import Result, pair
from bench.run import ROUNDS, Run
from linkage.models import Position, Rank
from linkage.settlement import settle_shard

BATCH = 1000
GROWTH_MAX = 1.4
SIZES = {"10³": 1_000, "10⁴": 10_000, "10⁵": 100_000}
MILLION = {"10⁶": 1_000_000}
ORDERED_AT = MEASURED_AT + timedelta(days=2)
TURN = "mall_bench_turn"

# Fifty referrals make a partner, so that an order makes the same two rewards in every shape and nobody is promoted:
# what is compared is the tree, not how much an order earns.
EVEN = {"promotion_referrals": 50, "unranked_referrer": "roll_up"}
USUAL = {"unranked_referrer": "roll_up"}
INSIDE = "consumers who buy inside chains of a thousand"
SHAPES: dict[str, tuple[Shape, dict[str, Any]]] = {
    "random tree": (tree_of_agents, EVEN),
    "chains of a thousand agents": (chains_of_agents, EVEN),
    "chains of a thousand consumers": (chains_of_consumers, EVEN),
    INSIDE: (chains_of_consumers, EVEN),
    "all under one partner": (star, EVEN),
    "random tree with consumers, two referrals make a partner": (random_tree, USUAL),
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
    batch = run.size(BATCH)
    statements: set[int] = set()
    for name, (shape, plan) in SHAPES.items():
        # A plan that pays for other things is held against itself.
        first_shape = tree_of_agents if plan is EVEN else shape
        first = _build("the first", first_shape, plan, run.size(SIZES["10³"]), batch)
        cells = [
            _build(f"{name}, {label} members", shape, plan, run.size(size), batch, inside=name == INSIDE)
            for label, size in sizes.items()
            # Nobody buys for the first time twice.
            if name != INSIDE or run.size(size) > (ROUNDS + 1) * batch + FOUNDERS
        ]
        run.tell(f"built: {name}")
        for turn in range(ROUNDS):
            for cell in (first, *cells):
                _settle(cell, batch)
            costs = [f"{cell.costs[-1]:.0f}" for cell in (first, *cells)]
            run.tell(f"round {turn + 1}: {' against '.join((costs[0], ', '.join(costs[1:])))} µs an order")
        for cell in (first, *cells):
            databases.use(cell.mall.database)
            books.prove()
            databases.drop(cell.mall.database)
            statements |= cell.statements
        for cell in cells:
            yield pair(f"growth: {cell.name}", "µs of processor", cell.costs, first.costs, at_most=GROWTH_MAX)
    if len(statements) > 1:
        raise books.BooksWrong(f"batches took {sorted(statements)} statements")
    yield Result("growth: statements of every batch", "statements", statements.pop())


def _build(name: str, shape: Shape, plan: dict[str, Any], size: int, batch: int, *, inside: bool = False) -> Cell:
    """Build a mall, let new members join under those of the shape and buy, or with `inside` those of the shape
    themselves, and settle one batch of that to warm up."""
    mall = Mall(databases.copy(databases.EMPTY, f"mall_bench_{abs(hash(name))}"))
    found(mall, plan=plan)
    populate(mall, shape(size, Random(5)))
    cell = Cell(name, shape, mall)
    places = _places(cell, (ROUNDS + 1) * batch, Random(7))
    if inside:
        buyers = [mall.members[place] for place in places]
    else:
        buyers = populate(mall, [(place, False) for place in places], at=MEASURED_AT)
    put_orders(mall, [(buyer, 1) for buyer in buyers], at=ORDERED_AT)
    databases.settle_down(mall.database)
    settle_shard(SHARD, 0, batch)
    return cell


def _settle(cell: Cell, batch: int) -> None:
    """Measure one batch; what the connection has to learn anew about the tables is not part of it, nor is what fetching
    pages costs: the batch is settled once before and taken back. Of a large mall nearly every page would be fetched for
    the first time here, of a small one hardly any, while a mall in use has them in memory."""
    databases.use(cell.mall.database)
    with transaction.atomic():
        settle_shard(SHARD, 0, batch)
        transaction.set_rollback(True)
    with measured() as cost:
        settled = len(settle_shard(SHARD, 0, batch))
    if settled != batch:
        raise books.BooksWrong(f"{settled} of {batch} orders were settled: {cell.name}")
    cell.costs.append(1e6 * cost.processor / batch)
    cell.statements.add(cost.statements)


def _places(cell: Cell, count: int, chance: Random) -> list[int]:
    """Choose members, each as often as the next one, so that the orders of a batch meet as few times in a small mall as
    in a large one."""
    if cell.shape is star:
        return [0] * count
    places = list(range(FOUNDERS + 1, len(cell.mall.members)))
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
