"""What agents and shopkeepers really earn: all of them, with the median, before anybody joins for the sake of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median_low

from django.core.cache import cache
from django.db import connection

from linkage.queries import Plan
from linkage.queries.outlook import simulated_earnings

KEEP_SECONDS = 600
DOTS = 100
_SHOPKEEPERS = "agents.disclosure.shopkeepers"
DOTS_A_ROW = 25

# Every agent there is or was, with what it kept of its rewards: reversed ones and forfeited holds do not count.
_EARNED = """
WITH earned AS (
    SELECT position.member_id, coalesce(sum(
        CASE WHEN reward.hold = 3 THEN reward.amount_fen - reward.held_fen ELSE reward.amount_fen END
    ), 0)::bigint AS fen
    FROM linkage_position position
    LEFT JOIN linkage_reward reward ON reward.member_id = position.member_id AND NOT reward.reversed
    WHERE position.rank > 0
    GROUP BY position.member_id
)
SELECT count(*), count(*) FILTER (WHERE fen = 0), count(*) FILTER (WHERE fen > 0 AND fen < %(price)s),
    count(*) FILTER (WHERE fen >= %(price)s),
    coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY fen), 0),
    coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY fen) FILTER (WHERE fen > 0), 0)
FROM earned
"""


# Everybody who ever was a shopkeeper, with what is left of the commissions after refunds.
_SOLD = """
WITH earned AS (
    SELECT shop.member_id, coalesce(sum(commission.amount_fen), 0)::bigint AS fen
    FROM members_shopkeeper shop
    LEFT JOIN linkage_commission commission ON commission.member_id = shop.member_id
    WHERE shop.approved_at IS NOT NULL
    GROUP BY shop.member_id
)
SELECT count(*), count(*) FILTER (WHERE fen = 0), coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY fen), 0),
    coalesce(percentile_disc(0.5) WITHIN GROUP (ORDER BY fen) FILTER (WHERE fen > 0), 0)
FROM earned
"""


@dataclass(frozen=True, slots=True)
class Dot:
    """One percent of the agents, and where it is drawn."""

    fill: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """How many agents earned nothing, less than a gift pack costs, or at least that; medians in fen. Simulated where
    there are no agents yet."""

    agents: int
    nothing: int
    below: int
    reached: int
    median_fen: int
    median_of_earners_fen: int
    is_simulated: bool = field(default=False, kw_only=True)

    @property
    def nothing_bps(self) -> int:
        return self.nothing * 10_000 // self.agents if self.agents else 0

    @property
    def reached_bps(self) -> int:
        return self.reached * 10_000 // self.agents if self.agents else 0

    @property
    def dots(self) -> list[Dot]:
        """A hundred dots, one for each percent of the agents; nobody is rounded away in favour of who earned more."""
        if not self.agents:
            return []
        reached = self.reached * DOTS // self.agents
        below = (self.reached + self.below) * DOTS // self.agents - reached
        fills = ["track"] * (DOTS - below - reached) + ["gold"] * below + ["jade"] * reached
        return [
            Dot(fill, place % DOTS_A_ROW * 10 + 5, place // DOTS_A_ROW * 10 + 5) for place, fill in enumerate(fills)
        ]


@dataclass(frozen=True, slots=True)
class ShopkeeperDisclosure:
    """How many shopkeepers there ever were, how many earned nothing; medians in fen."""

    shopkeepers: int
    nothing: int
    median_fen: int
    median_of_earners_fen: int

    @property
    def nothing_bps(self) -> int:
        return self.nothing * 10_000 // self.shopkeepers if self.shopkeepers else 0


def disclosure(*, plan: Plan) -> Disclosure:
    """Return what all agents earned so far against the price of a gift pack; at most ten minutes old. While there is no
    agent, what the simulator says of a thousand."""
    price_fen = plan.pack_price_fen
    key = f"agents.disclosure.{price_fen}"
    row = cache.get(key)
    if row is None:
        with connection.cursor() as cursor:
            cursor.execute(_EARNED, {"price": price_fen})
            row = list(cursor.fetchone())
        cache.set(key, row, KEEP_SECONDS)
    if not row[0]:
        return _simulated(simulated_earnings(plan=plan), price_fen)
    return Disclosure(*(int(value) for value in row))


def shopkeeper_disclosure() -> ShopkeeperDisclosure:
    """Return what all shopkeepers earned so far; at most ten minutes old."""
    row = cache.get(_SHOPKEEPERS)
    if row is None:
        with connection.cursor() as cursor:
            cursor.execute(_SOLD)
            row = list(cursor.fetchone())
        cache.set(_SHOPKEEPERS, row, KEEP_SECONDS)
    return ShopkeeperDisclosure(*(int(value) for value in row))


def _simulated(earned: Sequence[int], price_fen: int) -> Disclosure:
    earners = [fen for fen in earned if fen > 0]
    reached = sum(fen >= price_fen for fen in earners)
    return Disclosure(
        agents=len(earned),
        nothing=len(earned) - len(earners),
        below=len(earners) - reached,
        reached=reached,
        median_fen=median_low(earned),
        median_of_earners_fen=median_low(earners) if earners else 0,
        is_simulated=True,
    )
