"""The figures of the compliance page: how deep and how wide the trees are, and what is paid for what.

Everything is read once, in the order of members' ids (a referrer is always older), in one read-only snapshot with a
limit of time: the count may be late, but it never holds anything up.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from ledger.models import AccountKind
from ledger.queries import balance_fen
from linkage.models import Position, RewardKind
from linkage.rules.compliance import HEADS_GRAVE, HEADS_MAX

SECONDS_MAX = 120
CHUNK = 20_000
LEVELS_SHOWN = 10
OTHERS_KINDS = (RewardKind.SEE_POINT, RewardKind.PEER_SHARE)


def counted() -> dict[str, Any]:
    """Return all figures as JSON of integers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{SECONDS_MAX}s'")
        return {**_trees(), **_payouts(), **_selling()}


def _trees() -> dict[str, Any]:
    """Count levels of those with a title, one above the other, and how many of them stand below each."""
    places: dict[int, int] = {}
    above, level, titled = array("i"), array("i"), bytearray()
    teams: Counter[int] = Counter()
    partners = 0
    standings = Position.objects.order_by("member_id").values_list("member_id", "referrer_id", "rank", "leader_id")
    for member_id, referrer_id, rank, leader_id in standings.iterator(chunk_size=CHUNK):
        places[member_id] = len(places)
        referrer = -1 if referrer_id is None else places.get(referrer_id, -1)
        above.append(referrer)
        level.append((level[referrer] if referrer >= 0 else 0) + (rank > 0))
        titled.append(rank > 0)
        partners += rank == 2
        if leader_id is not None and rank > 0:
            teams[leader_id] += 1
    below = array("i", bytes(4 * len(above)))
    for place in range(len(above) - 1, -1, -1):
        if above[place] >= 0:
            below[above[place]] += below[place] + titled[place]
    levels = Counter(level[place] for place in range(len(level)) if titled[place])
    heads = [below[place] for place in range(len(below)) if titled[place]]
    sizes = list(teams.values())
    return {
        "participants": sum(titled),
        "partners": partners,
        "levels_max": max(levels, default=0),
        "levels": [
            *(levels.get(number, 0) for number in range(1, LEVELS_SHOWN)),
            sum(count for number, count in levels.items() if number >= LEVELS_SHOWN),
        ],
        "beyond_levels": sum(count for number, count in levels.items() if number > 3),
        "below_max": max(heads, default=0),
        "below_many": sum(1 for count in heads if count >= HEADS_MAX),
        "below_grave": sum(1 for count in heads if count >= HEADS_GRAVE),
        "team_max": max(sizes, default=0),
        "teams_many": sum(1 for size in sizes if size >= HEADS_MAX),
        "teams_grave": sum(1 for size in sizes if size >= HEADS_GRAVE),
    }


def _payouts() -> dict[str, Any]:
    kinds = dict(_rows("SELECT kind, sum(amount_fen)::bigint FROM linkage_reward WHERE NOT reversed GROUP BY kind"))
    ((pack_sales,),) = _rows(
        "SELECT coalesce(sum(o.total_fen), 0)::bigint FROM linkage_settledorder s"
        " JOIN orders_order o ON o.id = s.order_id WHERE s.refunded_at IS NULL"
    )
    return {
        "reward_fen": balance_fen(kind=AccountKind.REWARD_EXPENSE),
        "commission_fen": balance_fen(kind=AccountKind.COMMISSION_EXPENSE),
        "kinds": {RewardKind(kind).name.lower(): fen for kind, fen in sorted(kinds.items())},
        "others_fen": sum(kinds.get(kind.value, 0) for kind in OTHERS_KINDS),
        "pack_sales_fen": pack_sales,
    }


def _selling() -> dict[str, Any]:
    ((sellers, retail_sales),) = _rows(
        "SELECT count(DISTINCT c.member_id) FILTER (WHERE p.rank > 0), coalesce(sum(c.kept_fen), 0)::bigint"
        " FROM linkage_commission c LEFT JOIN linkage_position p ON p.member_id = c.member_id WHERE c.kept_fen > 0"
    )
    return {"sellers": sellers, "retail_sales_fen": retail_sales}


def _rows(sql: str) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
