"""Who left whose team, with whom, when and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linkage.models import MoveKind, Position, Rank, TeamMove
from linkage.queries import Plan, plans_by_version
from mall.core.names import masked_name
from members.models import Member

PAGE = 20
# Of those who may have come along so many are looked at.
ALONG_MAX = 60
NAMED = 3


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody left a team. `buyer` is who bought the gift pack that did it, `along` who went with the new partner
    under `follow`, the first of them by name; `version` is that of the rules that the order was settled under."""

    id: int
    kind: int
    at: datetime
    member: Member
    buyer: str
    version: int
    plan: Plan | None
    former: str | None
    joined: str | None
    along: int
    along_named: tuple[str, ...]

    @property
    def is_promotion(self) -> bool:
        return self.kind == MoveKind.PROMOTED

    @property
    def follow(self) -> bool:
        return self.plan is not None and self.plan.on_promotion == "follow"

    @property
    def along_names(self) -> str:
        """The first of those who went along, as others may see them."""
        names = "、".join(masked_name(name) for name in self.along_named)
        return f"{names}…" if self.along > len(self.along_named) else names

    @property
    def along_capped(self) -> bool:
        return self.along >= ALONG_MAX


@dataclass(frozen=True, slots=True)
class MovesPage:
    """Who left the team, newest first, and after which row the next page begins; none at the end."""

    rows: list[Move]
    next_before: int | None


def moves_from(*, leader: Member, before: int | None = None) -> MovesPage:
    """Return who left somebody's team, newest first, in a fixed number of queries."""
    moves = TeamMove.objects.filter(from_leader_id=leader.pk)
    if before is not None:
        moves = moves.filter(pk__lt=before)
    rows = list(moves.select_related("member", "order").order_by("-id")[: PAGE + 1])
    shown = rows[:PAGE]
    return MovesPage(_told(shown), shown[-1].pk if len(rows) > PAGE else None)


def own_moves(*, member: Member) -> list[Move]:
    """Return how a member itself came from one team to another: by itself, or taken along by a new partner."""
    own = list(TeamMove.objects.filter(member=member).select_related("member", "order").order_by("-id")[:PAGE])
    followed = _followed(member)
    told = _told([*own, *([followed] if followed is not None else [])])
    return sorted(told, key=lambda move: move.at, reverse=True)


def _followed(member: Member) -> TeamMove | None:
    """Return the promotion by which a member came to the partner who leads it, if that partner took it along."""
    position = Position.objects.filter(member=member, rank=Rank.AGENT).first()
    if position is None or position.leader_id is None or position.agent_at is None:
        return None
    took = TeamMove.objects.filter(member_id=position.leader_id, kind=MoveKind.PROMOTED, at__gte=position.agent_at)
    rejoined = TeamMove.objects.filter(member=member, to_leader_id=position.leader_id).order_by("-id").first()
    move = took.select_related("member", "order").first()
    if move is None or (rejoined is not None and rejoined.at >= move.at):
        return None
    plan = plans_by_version([move.order.plan_version]).get(move.order.plan_version)
    return move if plan is not None and plan.on_promotion == "follow" else None


def _told(moves: list[TeamMove]) -> list[Move]:
    plans = plans_by_version({move.order.plan_version for move in moves})
    people = {move.order.member_id for move in moves}
    people |= {leader for move in moves for leader in (move.from_leader_id, move.to_leader_id) if leader is not None}
    names = dict(Member.objects.filter(pk__in=people).values_list("pk", "nickname"))
    along = _along(move for move in moves if _takes_along(move, plans))
    told = []
    for move in moves:
        with_it = along.get(move.member_id, [])
        told.append(
            Move(
                id=move.pk,
                kind=move.kind,
                at=move.at,
                member=move.member,
                buyer=names.get(move.order.member_id, ""),
                version=move.order.plan_version,
                plan=plans.get(move.order.plan_version),
                former=names.get(move.from_leader_id) if move.from_leader_id is not None else None,
                joined=names.get(move.to_leader_id) if move.to_leader_id is not None else None,
                along=len(with_it),
                along_named=tuple(with_it[:NAMED]),
            )
        )
    return told


def _takes_along(move: TeamMove, plans: dict[int, Plan]) -> bool:
    plan = plans.get(move.order.plan_version)
    return move.kind == MoveKind.PROMOTED and plan is not None and plan.on_promotion == "follow"


def _along(moves: Iterable[TeamMove]) -> dict[int, list[str]]:
    """Return who stands in the teams of these new partners and was an agent before: the first of each team by
    nickname, as far as `ALONG_MAX`."""
    taken: dict[int, list[str]] = {}
    at = {move.member_id: move.at for move in moves}
    if not at:
        return taken
    first = [
        Position.objects.filter(leader_id=leader_id).order_by("member_id")[:ALONG_MAX].values("pk") for leader_id in at
    ]
    ids = first[0].union(*first[1:], all=True) if len(first) > 1 else first[0]
    for position in Position.objects.filter(pk__in=[row["pk"] for row in ids]).select_related("member"):
        leader_id = position.leader_id
        if leader_id is not None and position.agent_at is not None and position.agent_at <= at[leader_id]:
            taken.setdefault(leader_id, []).append(position.member.nickname)
    return taken
