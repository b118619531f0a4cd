"""The rules over a part of the mall: whoever is needed and was not loaded is asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkage.rules import engine
from linkage.rules.plan import Plan


class Missing(Exception):
    """The rules need more than was loaded: members by id, the way up from some of them to a title or to a partner, or
    balances."""

    def __init__(
        self,
        *,
        member: int | None = None,
        path_from: int | None = None,
        team_of: int | None = None,
        balances_of: int | None = None,
    ) -> None:
        super().__init__(f"member {member}, path from {path_from}, team of {team_of}, balances of {balances_of}")
        self.member = member
        self.path_from = path_from
        self.team_of = team_of
        self.balances_of = balances_of


class BatchEnds(Exception):
    """The event at hand is better begun with in a batch of its own."""


class LoadedMember(engine.Member):
    """A member with what the rows of its standing say. Balances other than `available` and `debt` start at zero: only
    what changes is written."""

    __slots__ = ("agent_at", "funded", "is_new", "partner_at", "recruit_count")

    def __init__(self, id: int, referrer: int | None) -> None:
        super().__init__(id, referrer)
        self.recruit_count = 0
        self.funded = False
        self.is_new = False
        self.agent_at: int | None = None
        self.partner_at: int | None = None


class LoadedBook(engine.Book):
    """`engine.Book` over loaded rows.

    Who took a team along (`took_along`) leads everybody below up to the next partner, but only the members that were
    asked about are told so here; one statement at the end of the batch sets the others.
    """

    def __init__(self, plans: Mapping[int, Plan], clock: int) -> None:
        super().__init__(plans, entries=[])
        self.now = clock
        self.changed: dict[int, LoadedMember] = {}
        self.hold_ended: dict[engine.Reward, int] = {}
        self.activated: list[int] = []
        self.took_along: list[int] = []
        self.begun = 0
        self._stale: set[int | None] = set()

    def member(self, member: Any) -> engine.Member:
        try:
            return self.members[member]
        except KeyError:
            raise Missing(member=member) from None

    def _above(self, member: engine.Member) -> engine.Member | None:
        assert isinstance(member, LoadedMember)
        if member.referrer is None:
            return None
        referrer = self.members.get(member.referrer)
        if referrer is not None:
            return referrer
        if member.skip in self._stale:
            raise Missing(path_from=member.referrer)
        return None if member.skip is None else self.member(member.skip)

    def _enrol(self, member: Any, above: engine.Member | None) -> engine.Member:
        joined = LoadedMember(member, None if above is None else above.id)
        joined.is_new = joined.funded = True
        if isinstance(above, LoadedMember):
            joined.skip = above.skip if above.rank == engine.CONSUMER else above.id
            above.recruit_count += 1
            self._touched(above)
        self._touched(joined)
        return joined

    def _became_agent(self, member: engine.Member) -> None:
        assert isinstance(member, LoadedMember)
        member.agent_at = self.now
        if member.recruit_count:
            self._stale.add(member.skip)
            self.activated.append(member.id)

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

    def _touched(self, member: engine.Member) -> None:
        assert isinstance(member, LoadedMember)
        self.changed[member.id] = member
        if member.partner_at is None and member.rank == engine.PARTNER:
            member.partner_at = self.now

    def _reward_changed(self, reward: engine.Reward) -> None:
        self.hold_ended[reward] = self.now

    def _need_balances(self, member: engine.Member) -> None:
        assert isinstance(member, LoadedMember)
        if not member.funded:
            raise Missing(balances_of=member.id)
