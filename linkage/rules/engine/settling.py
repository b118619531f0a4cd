"""A paid gift-pack order: who gets what, and who stands where afterwards."""

from __future__ import annotations

from typing import Any

from linkage.rules.plan import Plan

from .keeping import Keeping
from .records import (
    ACTIVE,
    AGENT,
    BPS,
    CONSUMER,
    DIRECT,
    EXPENSE,
    HELD,
    PARTNER,
    PEER_BONUS,
    PEER_SHARE,
    PENDING,
    SEE_POINT,
    Member,
    Order,
    Reward,
)


class Settling(Keeping):
    """The steps of a paid order, as `docs/rules.md` tells them. `Book` is what others use."""

    def _settle(self, order: Order, buyer: Member, plan: Plan, activation: bool) -> None:
        """Steps 1 to 5 of a paid order; acting ranks of steps 1 and 2 are those before it."""
        further = order.packs - 1 if activation else order.packs
        referrer = self._referrer_of(buyer)
        referrer_acting = self.acting(referrer, plan) if referrer is not None else CONSUMER
        leader = self._team_leader(buyer, referrer, activation)

        if referrer is not None:
            self._direct_reward(order, buyer, referrer, referrer_acting, plan, activation, further)
        if leader is not None:
            self._see_point_reward(order, buyer, referrer, leader, plan, activation, further)

        buyer.packs += order.packs
        self._touched(buyer)
        if not activation:
            return
        led_by = leader.id if leader is not None else None
        if buyer.rank == CONSUMER:
            buyer.rank = AGENT
            buyer.leader = led_by
            self._became_agent(buyer)
        elif buyer.rank == AGENT:
            former = self._leader_of(buyer)
            buyer.leader = led_by
            if former != led_by:
                self._changed_team(order, buyer, former)

        if referrer is not None and referrer_acting != CONSUMER:
            referrer.valid_referrals += 1
            buyer.counted = True
            self._touched(referrer)
            if referrer.rank == AGENT and referrer.valid_referrals >= plan.promotion_referrals:
                self._promote(order, referrer, plan)

    def _team_leader(self, buyer: Member, referrer: Member | None, activation: bool) -> Member | None:
        if activation:
            head = referrer
            while head is not None and head.rank == CONSUMER:
                head = self._above(head)
            if head is None or head.rank == PARTNER:
                return head
        elif buyer.rank == AGENT:
            head = buyer
        else:
            return None
        leader = self._leader_of(head)
        return None if leader is None else self.member(leader)

    def _direct_reward(
        self, order: Order, buyer: Member, referrer: Member, acting: int, plan: Plan, activation: bool, further: int
    ) -> None:
        receiver: Member | None = referrer
        via = [referrer.id]
        if acting == CONSUMER:
            if plan.unranked_referrer == "forfeit":
                return
            if not (activation or further * plan.repeat_direct_fen):
                return
            while receiver is not None and receiver.packs == 0:
                receiver = self._above(receiver)
                if receiver is not None and receiver.rank != CONSUMER:
                    via.append(receiver.id)
            if receiver is None:
                return
            acting = self.acting(receiver, plan)
        assert receiver is not None
        first_fen = 0
        if activation:
            first_fen = plan.direct_partner_fen if acting == PARTNER else plan.direct_agent_fen
        amount = first_fen + further * plan.repeat_direct_fen
        self._reward(
            order, DIRECT, receiver, amount, buyer, acting, plan, first_fen, plan.repeat_direct_fen, tuple(via)
        )

    def _see_point_reward(
        self,
        order: Order,
        buyer: Member,
        referrer: Member | None,
        leader: Member,
        plan: Plan,
        activation: bool,
        further: int,
    ) -> None:
        first_fen = plan.see_point_fen if activation else 0
        amount = first_fen + further * plan.repeat_see_point_fen
        if amount == 0:
            return
        acting = self.acting(leader, plan)
        via = (leader.id,) if referrer is None else (referrer.id, leader.id)
        if acting != PARTNER:
            reward = Reward(order, SEE_POINT, None, amount, buyer.id, acting, first_fen, plan.repeat_see_point_fen, via)
            order.rewards.append(reward)
            self.expense += amount
            self._move(EXPENSE, None, amount)
            self._to_fund(amount)
            return
        self._reward(order, SEE_POINT, leader, amount, buyer, acting, plan, first_fen, plan.repeat_see_point_fen, via)
        if plan.peer_rate_bps:
            peer = self._referrer_of(leader)
            if peer is not None and self.acting(peer, plan) == PARTNER:
                share = amount * plan.peer_rate_bps // BPS
                self._reward(
                    order,
                    PEER_SHARE,
                    peer,
                    share,
                    buyer,
                    PARTNER,
                    plan,
                    first_fen,
                    plan.repeat_see_point_fen,
                    (*via, peer.id),
                )

    def _promote(self, order: Order, promoted: Member, plan: Plan) -> None:
        former = self._leader_of(promoted)
        promoted.rank = PARTNER
        promoted.leader = None
        self._touched(promoted)
        self._changed_team(order, promoted, former)
        if plan.on_promotion == "follow":
            self._take_along(promoted)
        if plan.peer_bonus_fen == 0:
            return
        via = [promoted.id]
        receiver = self._referrer_of(promoted)
        if receiver is not None:
            via.append(receiver.id)
        if receiver is None or self.acting(receiver, plan) != PARTNER:
            if plan.peer_to != "referrer_or_leader" or former is None:
                return
            receiver = self.member(former)
            via.append(receiver.id)
            if self.acting(receiver, plan) != PARTNER:
                return
        self._reward(
            order,
            PEER_BONUS,
            receiver,
            plan.peer_bonus_fen,
            promoted,
            PARTNER,
            plan,
            plan.peer_bonus_fen,
            0,
            tuple(via),
        )

    def _reward(
        self,
        order: Order,
        kind: str,
        owner: Member,
        amount: int,
        seed: Member,
        acting: int,
        plan: Plan,
        first_fen: int,
        further_fen: int,
        via: tuple[Any, ...],
    ) -> None:
        if amount == 0:
            return
        reward = Reward(order, kind, owner.id, amount, seed.id, acting, first_fen, further_fen, via)
        order.rewards.append(reward)
        held = 0
        if acting == PARTNER and not seed.tasks_done:
            held = amount * plan.hold_bps // BPS
        if held:
            reward.held = held
            reward.hold = ACTIVE
            owner.held += held
            self._move(HELD, owner.id, -held)
            self._hold(reward)
        owner.pending += amount - held
        self.expense += amount
        self._move(EXPENSE, None, amount)
        self._move(PENDING, owner.id, held - amount)

    # Ranks

    def acting(self, member: Member, plan: Plan) -> int:
        """The rank that decides rewards: what the member does at present, not its title."""
        if member.packs == 0 or member.rank == CONSUMER:
            return CONSUMER
        if member.rank == PARTNER and member.valid_referrals >= plan.promotion_referrals:
            return PARTNER
        return AGENT

    # The referral forest: the live settlement loads only a part of it and overrides these

    def _referrer_of(self, member: Member) -> Member | None:
        return None if member.referrer is None else self.member(member.referrer)

    def _above(self, member: Member) -> Member | None:
        """The next member above to look at; whoever is passed over has the title of consumer."""
        return None if member.skip is None else self.member(member.skip)

    def _leader_of(self, member: Member) -> Any:
        return member.leader

    def _hold(self, reward: Reward) -> None:
        self.holds.setdefault(reward.seed, []).append(reward)

    def _take_along(self, promoted: Member) -> None:
        """Everyone below whose title is agent gets `promoted` as leader, not into or through other partners."""
        stack = list(promoted.recruits or ())
        while stack:
            below = stack.pop()
            if below.rank == PARTNER:
                continue
            if below.rank == AGENT:
                below.leader = promoted.id
            if below.recruits:
                stack.extend(below.recruits)

    def _became_agent(self, member: Member) -> None:
        """The title of `member` was consumer until now: those below it, through consumers, now look up to it."""
        stack = list(member.recruits or ())
        while stack:
            below = stack.pop()
            below.skip = member.id
            if below.rank == CONSUMER and below.recruits:
                stack.extend(below.recruits)

    def _changed_team(self, order: Order, member: Member, former: Any) -> None:
        """`order` let `member` leave the team of `former` (none: the platform) by itself: as a new partner, or as an
        agent that had returned everything and bought again. Whoever is taken along is not told of."""

    def _touched(self, member: Member) -> None:
        """The standing of `member` changed."""
