"""The mall and the orders with which the settlement is held against plain SQL and a naive ORM.

Under `follow` an agent's leader is the nearest partner above, so that whoever walks up referrer pointers finds it too.
No order makes a partner or stands above another buyer, so that no order changes what another one earns.
"""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from bench import databases
from bench.population import MEASURED_AT, Mall, found, populate, put_orders, random_tree
from linkage.models import LinkageEvent, Position, Rank
from linkage.rules.plan import Plan, parse_plan

PARAMS: dict[str, Any] = {
    "promotion_referrals": 6,
    "on_promotion": "follow",
    "repeat_fen": {"direct": 2000, "see_point": 3000},
}
ORDERED_AT = MEASURED_AT + timedelta(days=2)


@dataclass(slots=True)
class Workload:
    """A database with orders that wait, and their events in order."""

    database: str
    events: list[int]
    plan: Plan


def build(name: str, *, members: int, orders: int) -> Workload:
    """Build a mall of a random tree in which `orders` wait: nine in ten first purchases, the others again."""
    chance = Random(17)
    mall = Mall(databases.copy(databases.EMPTY, name))
    found(mall, plan=PARAMS)
    populate(mall, random_tree(members, chance))
    again = orders // 10
    referrers = _referrers(mall, orders - again, chance)
    new = populate(mall, [(place, False) for place in referrers], at=MEASURED_AT)
    agents = list(Position.objects.filter(rank__gt=Rank.CONSUMER).order_by("pk").values_list("pk", flat=True))
    buyers = new + chance.sample(agents, again)
    chance.shuffle(buyers)
    put_orders(mall, [(buyer, 2 if chance.random() < 0.1 else 1) for buyer in buyers], at=ORDERED_AT)
    events = list(LinkageEvent.objects.filter(number=None, refusal="").order_by("pk").values_list("pk", flat=True))
    databases.settle_down(name)
    return Workload(name, events, parse_plan(PARAMS)[0])


def _referrers(mall: Mall, count: int, chance: Random) -> list[int]:
    """Choose referrers among all members alike, but no agent that would become a partner."""
    standing = {pk: (rank, valid) for pk, rank, valid in Position.objects.values_list("pk", "rank", "valid_referrals")}
    left = {
        pk: PARAMS["promotion_referrals"] - 1 - valid for pk, (rank, valid) in standing.items() if rank == Rank.AGENT
    }
    chosen: list[int] = []
    while len(chosen) < count:
        place = chance.randrange(len(mall.members))
        member = mall.members[place]
        if member in left:
            if not left[member]:
                continue
            left[member] -= 1
        chosen.append(place)
    return chosen
