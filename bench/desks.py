"""The desks of a partner with a large team and of one with a small team, in one mall, after two years.

`build` settles everything as it would have happened: the large team joins and buys gift packs under a plan without
rewards, then members of it buy for the first time month by month under one with rewards; nearly all is received,
matures, and its holds end; a few packs come back. The last month is still on its way.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from agents.commands import sum_up_earnings
from bench import databases
from bench.population import FOUNDERS, SHARD, Mall, Row, found, populate, put_events, put_orders
from bench.run import Run
from linkage.models import Position, Reward
from linkage.settlement import drain_shard
from members.models import Member

DATABASE = "mall_bench_desks"
TEAM, REWARDS = 500_000, 200_000
SMALL_TEAM, SMALL_DIRECT = 10, 4
SEATS = 50
MONTHS = 24
# One order in so many comes back.
RETURNED = 50
# The last of the last month's orders, one in so many, were not received yet.
WAITING = 4
QUIET: dict[str, Any] = {
    "promotion_referrals": SEATS,
    "direct_fen": {"agent": 0, "partner": 0},
    "see_point_fen": 0,
    "peer_bonus_fen": 0,
}
PAYING: dict[str, Any] = {"promotion_referrals": SEATS}


@dataclass(frozen=True, slots=True)
class Desks:
    """The database, and the two partners in it."""

    database: str
    large: Member
    small: Member


def build(run: Run) -> Desks:
    """Build the mall, and leave its database in use."""
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    began_at = now - timedelta(days=30 * MONTHS + 8)
    mall = Mall(databases.copy(databases.EMPTY, DATABASE))
    team, rewards = run.size(TEAM), run.size(REWARDS)
    found(mall, plan=QUIET, at=began_at)
    populate(mall, _joining(team, buying=team - rewards, chance=Random(5)), at=began_at)
    run.tell(f"{len(mall.members)} members have joined")
    found(mall, plan=PAYING, at=began_at + timedelta(days=2))
    buyers = mall.members[-rewards:]
    Random(7).shuffle(buyers)
    # The small team buys last, so that it stands beside the latest of the large one.
    small = mall.members[FOUNDERS + 1]
    own = populate(mall, _small_team(len(mall.members)), at=began_at + timedelta(days=3))
    for month in range(MONTHS):
        bought_at = began_at + timedelta(days=30 * (month + 1))
        part = buyers[month * rewards // MONTHS : (month + 1) * rewards // MONTHS]
        _sell(mall, part if month < MONTHS - 1 else part + own, at=bought_at, is_last=month == MONTHS - 1)
        if month % 6 == 5:
            run.tell(f"{month + 1} months are over")
    drain_shard(SHARD, int(now.timestamp()))
    run.tell("settled")
    sum_up_earnings()
    databases.settle_down(mall.database)
    run.tell(_described(mall.members[0], small))
    return Desks(mall.database, Member.objects.get(pk=mall.members[0]), Member.objects.get(pk=small))


def _joining(team: int, *, buying: int, chance: Random) -> Iterator[Row]:
    """A founder whom its own recruits make a partner; one of whom others make one, too; and the team of the founder, a
    random tree, of which the first so many buy at once."""
    yield None, True
    for _ in range(FOUNDERS):
        yield 0, True
    yield 0, True
    for _ in range(SEATS):
        yield FOUNDERS + 1, True
    first = FOUNDERS + 2 + SEATS
    for number in range(first, first + team):
        referrer = chance.randrange(first - 1, number)
        yield (0 if referrer == first - 1 else referrer), number < first + buying


def _small_team(first: int) -> Iterator[Row]:
    """Some whom the small partner brought in, and those whom the first of them did."""
    for number in range(SMALL_TEAM):
        yield (FOUNDERS + 1 if number < SMALL_DIRECT else first), False


def _sell(mall: Mall, buyers: list[int], *, at: datetime, is_last: bool) -> None:
    first = mall.orders
    put_orders(mall, [(buyer, 1) for buyer in buyers], at=at, version=2)
    drain_shard(SHARD, int(at.timestamp()))
    received = mall.orders - len(buyers) // WAITING if is_last else mall.orders
    put_events("receive", first, received, at=at + timedelta(days=3))
    returned = len(buyers) // RETURNED
    put_events("refund", first, first + returned, at=at + timedelta(days=5))
    drain_shard(SHARD, int((at + timedelta(days=6)).timestamp()))


def _described(large: int, small: int) -> str:
    words = []
    for leader in (large, small):
        team = Position.objects.filter(leader_id=leader).count()
        words.append(f"{team} in the team and {Reward.objects.filter(member_id=leader).count()} rewards")
    return " against ".join(words)
