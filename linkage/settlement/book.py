"""The rules over a part of the mall: whoever is needed and was not loaded is asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkage.rules import engine
from linkage.rules.plan import Plan


class Missing(Exception):
    """The rules need more than was loaded: members by id, the way up from some of them, or balances."""

    def __init__(
        self, *, member: int | None = None, path_from: int | None = None, balances_of: int | None = None
    ) -> None:
        super().__init__(f"member {member}, path from {path_from}, balances of {balances_of}")
        self.member = member
        self.path_from = path_from
        self.balances_of = balances_of


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
    """`engine.Book` over loaded rows. After `reshaped` is set, no further event may be applied to it."""

    def __init__(self, plans: Mapping[int, Plan], clock: int) -> None:
        super().__init__(plans, entries=[])
        self.now = clock
        self.changed: dict[int, LoadedMember] = {}
        self.hold_ended: dict[engine.Reward, int] = {}
        self.activated: list[int] = []
        self.took_along: list[int] = []
        self.reshaped = False
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

    def _take_along(self, promoted: engine.Member) -> None:
        self.took_along.append(promoted.id)
        self.reshaped = True

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
