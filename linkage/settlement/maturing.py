"""What a batch changes of the sums that become available day by day."""

from __future__ import annotations

from linkage.models import Hold
from linkage.rules import engine

from .book import LoadedBook
from .loading import Loaded

# Days are numbered from the first of 1970.
MATURING = """maturing AS (
    INSERT INTO linkage_maturingsum AS known (member_id, date, rewards, amount_fen)
    SELECT member_id, date '1970-01-01' + day, rewards, amount_fen
    FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::bigint[]) AS m(member_id, day, rewards, amount_fen)
    ON CONFLICT (member_id, date) DO UPDATE SET rewards = known.rewards + excluded.rewards,
        amount_fen = known.amount_fen + excluded.amount_fen
)"""

# Asia/Shanghai is eight hours ahead, all the year.
AHEAD = 8 * 3600
_NOT_FREE = (engine.ACTIVE, engine.FORFEITED)
_NOT_FREE_ROWS = (int(Hold.ACTIVE), int(Hold.FORFEITED))

# What changed of a member on a day, numbered from the first of 1970: of how many rewards, and fen.
Change = tuple[int, int, int, int]


def maturing_changes(loaded: Loaded, book: LoadedBook) -> list[Change]:
    """Return by how much each member's sum of each day changed, the changes to nothing left out; in the order of
    members and days, so that two batches never wait for each other in a ring."""
    sums: dict[tuple[int, int], list[int]] = {}
    for order in book.orders.values():
        row = loaded.orders.get(order.id)
        if row is not None and row.matures_at is not None:
            day = (row.matures_at + AHEAD) // engine.DAY
            for known in loaded.rewards.get(row.id, ()):
                if known.member_id is not None and not known.reversed:
                    held = known.held_fen if known.hold in _NOT_FREE_ROWS else 0
                    _add(sums, known.member_id, day, -1, held - known.amount_fen)
        if order.received_at is not None and not order.matured and not order.refunded:
            matures_at = order.received_at + book.plans[order.version].cooling_off_days * engine.DAY
            day = (matures_at + AHEAD) // engine.DAY
            for reward in order.rewards:
                if reward.member is not None and not reward.reversed:
                    held = reward.held if reward.hold in _NOT_FREE else 0
                    _add(sums, reward.member, day, 1, reward.amount - held)
    changed = ((member, day, *change) for (member, day), change in sums.items())
    return sorted((member, day, rewards, fen) for member, day, rewards, fen in changed if rewards or fen)


def _add(sums: dict[tuple[int, int], list[int]], member: int, day: int, rewards: int, fen: int) -> None:
    known = sums.setdefault((member, day), [0, 0])
    known[0] += rewards
    known[1] += fen
