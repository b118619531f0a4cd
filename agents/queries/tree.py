"""A partner's team as a tree: a node's recruits as far as they belong to the team, and who left it.

What is read is bounded: of a node's recruits one page, of theirs a few. Whoever is neither in the viewer's team nor has
left it is not there, and nor is what stands below.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from linkage.models import Position, Rank, TeamMove
from linkage.queries import nearest_title, recruits_of
from members.models import Member

from .mates import Mate, left_at, mates

PAGE = 20
FIRST_PAGE = 12
BELOW = 4
# Of those below somebody who left, so many are looked at: whoever stayed behind joined early.
STAYED_AMONG = 400
STAYED_AMONG_BELOW = 40
OUTSIDE_AMONG = 50
# Deeper than this a node is opened on a page of its own.
LEVELS = 4


@dataclass(slots=True)
class Node:
    """One person of the tree. `is_open` where those below are shown, `opens` where there may be any to show."""

    mate: Mate
    level: int
    opens: bool
    below: list[Node] = field(default_factory=list)
    is_open: bool = False
    more_after: str = ""

    @property
    def opens_inside(self) -> bool:
        return self.level < LEVELS


@dataclass(frozen=True, slots=True)
class Branch:
    """The nodes below one person, and the public id after which there are more; empty at the end."""

    nodes: list[Node]
    more_after: str


@dataclass(frozen=True, slots=True)
class Outside:
    """Own recruits who stand in another team: they came before their referrer was a partner."""

    members: list[Member]
    leader: str


def node_of(*, viewer: Member, public_id: str) -> Position | None:
    """Return somebody below whom the viewer may look: only a partner may, at its own team, at who left it, and at
    consumers whose recruits would join it. None for everybody else."""
    own = Position.objects.filter(member=viewer).first()
    if own is None or own.rank != Rank.PARTNER:
        return None
    position = Position.objects.select_related("member").filter(member__public_id=public_id).first()
    if position is None or position.pk == viewer.pk:
        return None
    if position.leader_id == viewer.pk or _left(viewer, position):
        return position
    if position.rank == Rank.CONSUMER:
        head = nearest_title(member_id=position.pk)
        if head is not None and viewer.pk in (head.pk, head.leader_id):
            return position
    return None


def root(*, viewer: Member, position: Position, after: str = "", at: datetime) -> Branch:
    """Return the viewer's own recruits with the first of theirs: two steps, never more. Who has no team sees the own
    recruits and nobody below them."""
    if position.rank != Rank.PARTNER:
        return _recruits(viewer, after, at)
    shown, more_after = _page(viewer, position, after, PAGE if after else FIRST_PAGE)
    below_each, read, among = _first_below(viewer, shown)
    everybody = [*shown, *(position for there in below_each.values() for position in there[:BELOW])]
    people = {mate.position.pk: mate for mate in mates(viewer=viewer, positions=everybody, at=at)}
    nodes = []
    for upper in shown:
        there = below_each.get(upper.pk, [])
        nodes.append(
            Node(
                people[upper.pk],
                1,
                opens=bool(there) or len(read.get(upper.pk, ())) >= among,
                below=[_node(people[position.pk], 2) for position in there[:BELOW]],
                is_open=bool(there),
                more_after=there[BELOW - 1].member.public_id if len(there) > BELOW else "",
            )
        )
    return Branch(nodes, more_after)


def below(*, viewer: Member, position: Position, after: str = "", level: int, at: datetime) -> Branch:
    """Return a page of those below somebody who belong to the viewer's team or left it, in the order of joining."""
    shown, more_after = _page(viewer, position, after, PAGE)
    return Branch([_node(mate, level) for mate in mates(viewer=viewer, positions=shown, at=at)], more_after)


def outside(*, viewer: Member) -> Outside | None:
    """Return the own recruits who stand in another's team, and the leader of the first of them; among those who came
    first."""
    ids = recruits_of(referrer_ids=[viewer.pk], limit=OUTSIDE_AMONG, ranks=(Rank.AGENT, Rank.PARTNER))[viewer.pk]
    found = Position.objects.select_related("member").in_bulk(ids)
    others = [found[member_id] for member_id in ids if found[member_id].leader_id != viewer.pk]
    gone = left_at(leader=viewer, positions=others)
    others = [position for position in others if position.pk not in gone]
    if not others:
        return None
    leaders = [position.leader_id for position in others if position.leader_id is not None]
    named = Member.objects.filter(pk__in=leaders[:1]).values_list("nickname", flat=True).first()
    return Outside([position.member for position in others], named or "")


def _recruits(viewer: Member, after: str, at: datetime) -> Branch:
    ids = recruits_of(referrer_ids=[viewer.pk], limit=PAGE + 1, cursor=_cursor(viewer.pk, after))[viewer.pk]
    found = Position.objects.select_related("member").in_bulk(ids[:PAGE])
    people = mates(viewer=viewer, positions=[found[member_id] for member_id in ids[:PAGE]], at=at)
    nodes = [Node(mate, 1, opens=False) for mate in people]
    return Branch(nodes, people[-1].member.public_id if len(ids) > PAGE else "")


def _page(viewer: Member, position: Position, after: str, limit: int) -> tuple[list[Position], str]:
    """Return a page of those below somebody, and after whom the next one begins."""
    left = position.pk != viewer.pk and position.leader_id != viewer.pk and position.rank != Rank.CONSUMER
    among = STAYED_AMONG if left else limit + BELOW
    read = recruits_of(referrer_ids=[position.pk], limit=among + 1, cursor=_cursor(position.pk, after))
    found = _visible(viewer, {position.pk: position}, read)[position.pk]
    has_more = len(found) > limit or (not left and len(read[position.pk]) > among)
    shown = found[:limit]
    return shown, shown[-1].member.public_id if has_more and shown else ""


def _first_below(
    viewer: Member, above: Sequence[Position]
) -> tuple[dict[int, list[Position]], dict[int, list[int]], int]:
    """Return the first of those below each of these who belong to the viewer's team, whom was looked at, and how many
    of each at most."""
    by_id = {position.pk: position for position in above if position.recruits}
    someone_left = any(position.leader_id != viewer.pk and position.rank for position in by_id.values())
    among = STAYED_AMONG_BELOW if someone_left else BELOW + 1
    read = recruits_of(referrer_ids=list(by_id), limit=among) if by_id else {}
    return _visible(viewer, by_id, read), read, among


def _node(mate: Mate, level: int) -> Node:
    """Below whom there is nobody, that does not open."""
    return Node(mate, level, opens=mate.position.recruits > 0)


def _cursor(referrer_id: int, after: str) -> int | None:
    if not after:
        return None
    recruits = Position.objects.filter(referrer_id=referrer_id, member__public_id=after)
    return recruits.values_list("pk", flat=True).first()


def _visible(viewer: Member, above: dict[int, Position], ids: dict[int, list[int]]) -> dict[int, list[Position]]:
    """Return of each one's recruits those who belong to the viewer's team, would join it, or left it."""
    everybody = [member_id for below_one in ids.values() for member_id in below_one]
    found = Position.objects.select_related("member").in_bulk(everybody)
    gone = left_at(leader=viewer, positions=[found[member_id] for member_id in everybody])
    visible: dict[int, list[Position]] = {}
    for above_id, below_one in ids.items():
        upper = above[above_id]
        is_ours = above_id == viewer.pk or upper.leader_id == viewer.pk or upper.rank == Rank.CONSUMER
        visible[above_id] = [
            found[member_id] for member_id in below_one if _belongs(viewer, found[member_id], is_ours, gone)
        ]
    return visible


def _belongs(viewer: Member, position: Position, is_below_ours: bool, gone: Collection[int]) -> bool:
    if position.rank == Rank.CONSUMER:
        return is_below_ours
    return position.leader_id == viewer.pk or position.pk in gone


def _left(viewer: Member, position: Position) -> bool:
    return TeamMove.objects.filter(member_id=position.pk, from_leader_id=viewer.pk).exists()
