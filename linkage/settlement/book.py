"""The rules over a part of the mall: whoever is needed and was not loaded is asked for by name."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Mapping
from typing import Any

from linkage.models import MoveKind
from linkage.rules import engine
from linkage.rules.plan import Plan

from .rows import Spot
from .tree import Tree

_LAST = 1 << 63

# Plain numbers, as array literals need them.
PROMOTED, REJOINED = int(MoveKind.PROMOTED), int(MoveKind.REJOINED)


class Missing(Exception):
    """The rules need more than was loaded: members by id, who bears the nearest title at a spot of the tree or above,
    the way up from a member to a partner, or balances."""

    def __init__(
        self,
        *,
        member: int | None = None,
        above: Spot | None = None,
        team_of: int | None = None,
        balances_of: int | None = None,
    ) -> None:
        super().__init__(f"member {member}, titles above {above}, team of {team_of}, balances of {balances_of}")
        self.member = member
        self.above = above
        self.team_of = team_of
        self.balances_of = balances_of


class BatchEnds(Exception):
    """The event at hand is better begun with in a batch of its own."""


class LoadedMember(engine.Member):
    """A member with what the rows of its standing say. Balances other than `available` and `debt` start at zero: only
    what changes is written."""

    __slots__ = ("agent_at", "funded", "is_new", "partner_at", "place", "recruit_count", "strand")

    def __init__(self, id: int, referrer: int | None) -> None:
        super().__init__(id, referrer)
        self.recruit_count = 0
        self.strand = id
        self.place = 0
        self.funded = False
        self.is_new = False
        self.agent_at: int | None = None
        self.partner_at: int | None = None


class LoadedBook(engine.Book):
    """`engine.Book` over loaded rows.

    Who bears the nearest title above somebody is what the tree told when the batch began, and who became an agent since
    (`titled`, by strand: places and members); who joined since stands at the end of a strand (from `grown` on).

    Who took a team along (`took_along`) leads everybody below up to the next partner, but only the members that were
    asked about are told so here; one statement at the end of the batch sets the others.
    """

    def __init__(self, plans: Mapping[int, Plan], clock: int, tree: Tree) -> None:
        super().__init__(plans, entries=[])
        self.tree = tree
        self.now = clock
        self.changed: dict[int, LoadedMember] = {}
        self.hold_ended: dict[engine.Reward, int] = {}
        self.cuts: list[tuple[engine.Commission, int, int, int]] = []
        self.took_along: list[int] = []
        self.team_moves: list[tuple[int, int, int, int | None, int | None, int]] = []
        self.begun = 0
        self.titled: dict[int, list[tuple[int, int]]] = {}
        self.grown: dict[int, int] = {}

    def member(self, member: Any) -> engine.Member:
        try:
            return self.members[member]
        except KeyError:
            raise Missing(member=member) from None

    def _above(self, member: engine.Member) -> engine.Member | None:
        """Return who bears the nearest title above: one look for each strand on the way."""
        assert isinstance(member, LoadedMember)
        spot = (member.strand, member.place) if member.rank == engine.CONSUMER else self._spot_above(member)
        while spot is not None:
            strand, place = spot
            head = self._head(strand, place)
            if head is not None:
                return self.member(head)
            first = self.members.get(strand)
            spot = self.tree.above.get(strand) if first is None else self._spot_above(first)
        return None

    def _spot_above(self, member: engine.Member) -> Spot | None:
        """Return the spot of the referrer."""
        assert isinstance(member, LoadedMember)
        if member.referrer is None:
            return None
        if member.place:
            return member.strand, member.place - 1
        referrer = self.members.get(member.referrer)
        if isinstance(referrer, LoadedMember):
            return referrer.strand, referrer.place
        spot = self.tree.above.get(member.id)
        if spot is None:
            raise Missing(member=member.referrer)
        return spot

    def _head(self, strand: int, place: int) -> int | None:
        """Return who bears the nearest title in this strand at or above a place, if anybody does."""
        known = min(place, self.grown.get(strand, place + 1) - 1)
        head = None
        if known >= 0:
            try:
                head = self.tree.heads[strand, known]
            except KeyError:
                raise Missing(above=(strand, known)) from None
        since = self.titled.get(strand)
        if since:
            nearest = bisect_right(since, (place, _LAST))
            if nearest and (head is None or since[nearest - 1][0] > head.place):
                return since[nearest - 1][1]
        return None if head is None else head.id

    def _enrol(self, member: Any, above: engine.Member | None) -> engine.Member:
        joined = LoadedMember(member, None if above is None else above.id)
        joined.is_new = joined.funded = True
        if isinstance(above, LoadedMember):
            if above.recruit_count == 0:
                joined.strand, joined.place = above.strand, above.place + 1
            above.recruit_count += 1
            self._touched(above)
        self.grown.setdefault(joined.strand, joined.place)
        self._touched(joined)
        return joined

    def _became_agent(self, member: engine.Member) -> None:
        assert isinstance(member, LoadedMember)
        member.agent_at = self.now
        insort(self.titled.setdefault(member.strand, []), (member.place, member.id))

    def _promote(self, order: engine.Order, promoted: engine.Member, plan: Plan) -> None:
        # Who is made a partner under `stay` after somebody took a team along would hide from that statement those
        # below that were taken along.
        if self.took_along and plan.on_promotion != "follow":
            raise BatchEnds
        super()._promote(order, promoted, plan)

    def _take_along(self, promoted: engine.Member) -> None:
        self.took_along.append(promoted.id)

    def _leader_of(self, member: engine.Member) -> Any:
        if self.took_along:
            above = member
            while above.referrer is not None:
                referrer = self.members.get(above.referrer)
                if referrer is None:
                    raise Missing(team_of=member.id)
                if referrer.rank == engine.PARTNER:
                    return referrer.id if referrer.id in self.took_along else member.leader
                above = referrer
        return member.leader

    def _changed_team(self, order: engine.Order, member: engine.Member, former: Any) -> None:
        kind = PROMOTED if member.rank == engine.PARTNER else REJOINED
        self.team_moves.append((order.id, member.id, kind, former, member.leader, self.now))

    def _touched(self, member: engine.Member) -> None:
        assert isinstance(member, LoadedMember)
        self.changed[member.id] = member
        if member.partner_at is None and member.rank == engine.PARTNER:
            member.partner_at = self.now

    def _reward_changed(self, reward: engine.Reward) -> None:
        self.hold_ended[reward] = self.now

    def _commission_cut(self, commission: engine.Commission, back: int) -> None:
        self.cuts.append((commission, commission.kept, back, self.now))

    def _need_balances(self, member: engine.Member) -> None:
        assert isinstance(member, LoadedMember)
        if not member.funded:
            raise Missing(balances_of=member.id)
