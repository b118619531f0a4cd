"""People of one's team and recruits, as one may see them: masked, with what they are, what is left to do, and what they
brought."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection

from linkage.models import MoveKind, Position, Rank, SettledOrder, TeamMove
from linkage.queries import SeedTask, tasks_by_member
from mall.core import arrays
from members.models import Member

# What these brought somebody: the orders they paid, and the one that made each of them a partner.
_BROUGHT = """
WITH touched AS MATERIALIZED (
    SELECT order_id FROM linkage_settledorder WHERE member_id = ANY (%(members)s::bigint[])
    UNION SELECT order_id FROM linkage_teammove WHERE member_id = ANY (%(members)s::bigint[]) AND kind = %(promoted)s
)
SELECT reward.seed_id, count(DISTINCT reward.order_id),
    sum(CASE WHEN reward.hold = 3 THEN reward.amount_fen - reward.held_fen ELSE reward.amount_fen END)::bigint
FROM touched CROSS JOIN LATERAL (
    SELECT seed_id, order_id, amount_fen, held_fen, hold FROM linkage_reward
    WHERE order_id = touched.order_id AND member_id = %(viewer)s AND NOT reversed
) AS reward
WHERE reward.seed_id = ANY (%(members)s::bigint[])
GROUP BY reward.seed_id
"""


class Badge(StrEnum):
    """The one thing to know about somebody at first sight."""

    LEFT = "left"
    WAITING = "waiting"
    RETURNED = "returned"
    COMING = "coming"
    UNFINISHED = "unfinished"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody of one's team, or whom one brought in. `brought_fen` is what the viewer has of rewards that came by it,
    neither taken back nor forfeited; `left_at` says since when it is no longer in the viewer's team."""

    member: Member
    position: Position
    tasks: list[SeedTask]
    received: bool
    orders: int
    brought_fen: int
    left_at: datetime | None

    @property
    def badge(self) -> Badge | None:
        if self.left_at is not None:
            return Badge.LEFT
        if self.position.rank == Rank.CONSUMER:
            return Badge.WAITING
        if self.position.packs == 0:
            return Badge.RETURNED
        if not self.received:
            return Badge.COMING
        if not self.tasks:
            return None
        return Badge.DONE if self.done == len(self.tasks) else Badge.UNFINISHED

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)

    @property
    def since(self) -> datetime:
        """When it became what it is."""
        position = self.position
        since = position.partner_at if position.rank == Rank.PARTNER else position.agent_at
        return self.member.joined_at if since is None else since


def mates(*, viewer: Member, positions: Iterable[Position], at: datetime) -> list[Mate]:
    """Return these people, whose members are loaded, in the same order; a fixed number of queries."""
    shown = list(positions)
    ids = [position.pk for position in shown]
    if not ids:
        return []
    tasks = tasks_by_member(member_ids=ids, at=at)
    waiting = set(_goods_on_the_way(ids))
    gains = brought(viewer=viewer, ids=ids)
    left = left_at(leader=viewer, positions=shown)
    return [
        Mate(
            member=position.member,
            position=position,
            tasks=tasks[position.pk],
            received=position.pk not in waiting,
            orders=gains.get(position.pk, (0, 0))[0],
            brought_fen=gains.get(position.pk, (0, 0))[1],
            left_at=left.get(position.pk),
        )
        for position in shown
    ]


def left_at(*, leader: Member, positions: Collection[Position]) -> Mapping[int, datetime]:
    """Return when those of these people who left the leader's team, and did not come back, left it."""
    gone = [position.pk for position in positions if position.leader_id != leader.pk]
    moves = TeamMove.objects.filter(member_id__in=gone, from_leader_id=leader.pk)
    return dict(moves.order_by("id").values_list("member_id", "at"))


def _goods_on_the_way(ids: Collection[int]) -> Iterable[int]:
    """Yield who waits for a gift pack: none of those it keeps was received."""
    received: dict[int, bool] = {}
    standing = SettledOrder.objects.filter(member_id__in=ids, refunded_at=None)
    for member_id, at in standing.values_list("member_id", "received_at"):
        received[member_id] = received.get(member_id, False) or at is not None
    return (member_id for member_id, known in received.items() if not known)


def brought(*, viewer: Member, ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return by member how many orders brought the viewer a reward, and how much."""
    with connection.cursor() as cursor:
        cursor.execute(
            _BROUGHT,
            {"members": arrays.numbers(sorted(ids)), "viewer": viewer.pk, "promoted": int(MoveKind.PROMOTED)},
        )
        return {seed_id: (orders, amount_fen) for seed_id, orders, amount_fen in cursor.fetchall()}
