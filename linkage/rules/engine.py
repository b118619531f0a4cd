"""The 2+1 rules as one pure state machine: events in, rewards and balances out.

`Book` follows `docs/rules.md` step by step. Amounts are integer fen, rates basis points (floored), times whole Unix
seconds that never run backwards. The same class serves the live settlement (which loads only the members that a batch
touches, see `linkage.settlement`), the import, the simulator, the explanation of a reward and the audit.

A refused event raises `Refused` and changes nothing but the passing of time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from heapq import heappop, heappush
from typing import Any, NamedTuple

from .plan import Plan

CONSUMER, AGENT, PARTNER = 0, 1, 2
RANKS = ("consumer", "agent", "partner")

DIRECT, SEE_POINT, PEER_SHARE, PEER_BONUS = "direct", "see_point", "peer_share", "peer_bonus"

NONE, ACTIVE, RELEASED, FORFEITED = "none", "active", "released", "forfeited"

MATURE, EXPIRE = 0, 1
DAY = 86_400
BPS = 10_000

# The accounts that a `Move` names: the five of a member, and the mall's own.
PENDING, HELD, AVAILABLE, WITHDRAWING, DEBT = "pending", "held", "available", "withdrawing", "debt"
FUND, EXPENSE, CASH, FEE, TAX = "fund", "expense", "cash", "fee", "tax"


class Refused(Exception):
    """The event is impossible in the present state; the message says why. Nothing was changed."""


class Move(NamedTuple):
    """One line of a journal entry: `amount_fen` is positive for a debit, negative for a credit."""

    account: str
    member: Any
    amount_fen: int


class Member:
    """A member's standing and balances (fen). `recruits` holds those it referred; `skip` names the nearest member above
    whose title is not consumer, so that no walk up a long line of consumers is ever needed."""

    __slots__ = (
        "available",
        "counted",
        "debt",
        "held",
        "id",
        "leader",
        "packs",
        "pending",
        "rank",
        "recruits",
        "referrer",
        "skip",
        "tasks_done",
        "valid_referrals",
        "withdrawing",
        "withdrawn",
    )

    def __init__(self, id: Any, referrer: Any) -> None:
        self.id = id
        self.referrer = referrer
        self.rank = CONSUMER
        self.leader: Any = None
        self.packs = 0
        self.valid_referrals = 0
        self.counted = False
        self.tasks_done = False
        self.recruits: list[Member] | None = None
        self.skip: Any = None
        self.pending = self.held = self.available = self.withdrawing = self.withdrawn = self.debt = 0


class Reward:
    """One reward of one order. `via` lists the members looked at on the way to who got it, the first being the buyer's
    referrer; whoever else has the title of consumer is passed over in silence. `acting` is the acting rank that the
    reward was judged by; `first_fen` and `further_fen` are the amounts for the first pack and for each further one,
    before any share.
    """

    __slots__ = (
        "acting",
        "amount",
        "first_fen",
        "further_fen",
        "held",
        "hold",
        "kind",
        "member",
        "order",
        "reversed",
        "seed",
        "via",
    )

    def __init__(
        self,
        order: Order,
        kind: str,
        member: Any,
        amount: int,
        seed: Any,
        acting: int,
        first_fen: int,
        further_fen: int,
        via: tuple[Any, ...],
    ) -> None:
        self.order = order
        self.kind = kind
        self.member = member
        self.amount = amount
        self.held = 0
        self.seed = seed
        self.hold = NONE
        self.reversed = False
        self.acting = acting
        self.first_fen = first_fen
        self.further_fen = further_fen
        self.via = via


class Order:
    """A gift-pack order that was settled. `first_packs` is 1 where the order was an activation."""

    __slots__ = (
        "first_packs",
        "id",
        "matured",
        "member",
        "packs",
        "paid_at",
        "received_at",
        "refunded",
        "rewards",
        "version",
    )

    def __init__(self, id: Any, member: Any, packs: int, version: int, paid_at: int, first_packs: int = 0) -> None:
        self.id = id
        self.member = member
        self.packs = packs
        self.first_packs = first_packs
        self.version = version
        self.paid_at = paid_at
        self.received_at: int | None = None
        self.matured = False
        self.refunded = False
        self.rewards: list[Reward] = []


class Withdrawal:
    __slots__ = ("amount", "decided", "fee_bps", "id", "member", "tax_bps")

    def __init__(self, id: Any, member: Any, amount: int, fee_bps: int, tax_bps: int) -> None:
        self.id = id
        self.member = member
        self.amount = amount
        self.fee_bps = fee_bps
        self.tax_bps = tax_bps
        self.decided = False


class Book:
    """Members, orders, rewards and balances of one mall (or of the part of it that was loaded).

    `plans` maps a version number to its plan. With `entries` set to a list, every event appends the journal entries
    that it makes, as `(kind, reference, moves, at)`, for the ledger.
    """

    def __init__(
        self, plans: Mapping[int, Plan], entries: list[tuple[str, Any, list[Move], int]] | None = None
    ) -> None:
        self.plans = plans
        self.entries = entries
        self.members: dict[Any, Member] = {}
        self.orders: dict[Any, Order] = {}
        self.withdrawals: dict[Any, Withdrawal] = {}
        self.holds: dict[Any, list[Reward]] = {}
        self.due: list[tuple[int, int, Any, int]] = []
        self.now = 0
        self.fund = self.expense = self.cash_out = self.tax = self.fee = 0
        self._moves: list[Move] = []

    @property
    def rewards_of(self) -> dict[Any, list[Reward]]:
        return {number: order.rewards for number, order in self.orders.items()}

    # Events

    def join(self, at: int, member: Hashable, referrer: Hashable | None) -> Member:
        self.advance(at)
        if self.find(member) is not None:
            raise Refused("the member is known already")
        above = None
        if referrer is not None:
            above = self.find(referrer)
            if above is None:
                raise Refused("the referrer is unknown")
        joined = self._enrol(member, above)
        self.members[member] = joined
        return joined

    def order(self, at: int, order: Hashable, member: Hashable, packs: int, version: int = 1) -> Order:
        self.advance(at)
        buyer = self.find(member)
        if buyer is None:
            raise Refused("the member is unknown")
        if order in self.orders:
            raise Refused("the order is known already")
        if packs < 1:
            raise Refused("an order has at least one pack")
        plan = self.plans[version]
        activation = buyer.packs == 0
        placed = Order(order, member, packs, version, at, 1 if activation else 0)
        self.orders[order] = placed
        self._settle(placed, buyer, plan, activation)
        self._enter("reward", order)
        if any(reward.hold is ACTIVE for reward in placed.rewards):
            self._put_due(at + plan.hold_days * DAY, EXPIRE, placed)
        return placed

    def receive(self, at: int, order: Hashable) -> None:
        self.advance(at)
        received = self._standing_order(order)
        if received.received_at is not None:
            raise Refused("the order was received already")
        received.received_at = at
        self._put_due(at + self.plans[received.version].cooling_off_days * DAY, MATURE, received)

    def refund(self, at: int, order: Hashable) -> None:
        self.advance(at)
        refunded = self._standing_order(order)
        refunded.refunded = True
        for reward in refunded.rewards:
            self._reverse(reward)
        self._enter("clawback", order)
        buyer = self.member(refunded.member)
        buyer.packs -= refunded.packs
        self._touched(buyer)
        if buyer.packs == 0 and buyer.counted:
            buyer.counted = False
            referrer = self.member(buyer.referrer)
            referrer.valid_referrals -= 1
            self._touched(referrer)

    def tasks_done(self, at: int, member: Hashable) -> None:
        self.advance(at)
        seed = self.find(member)
        if seed is None:
            raise Refused("the member is unknown")
        if seed.tasks_done:
            raise Refused("the tasks were done already")
        seed.tasks_done = True
        self._touched(seed)
        for reward in self._holds_of(member):
            if reward.hold is ACTIVE and not reward.reversed:
                self._release(reward)
        self._enter("hold_release", member)

    def withdraw(
        self, at: int, withdrawal: Hashable, member: Hashable, amount: int, *, min_fen: int, fee_bps: int, tax_bps: int
    ) -> None:
        self.advance(at)
        payee = self.find(member)
        if payee is None:
            raise Refused("the member is unknown")
        if withdrawal in self.withdrawals:
            raise Refused("the withdrawal is known already")
        if amount < 1 or amount < min_fen:
            raise Refused("the amount is below the minimum")
        self._need_balances(payee)
        if amount > payee.available:
            raise Refused("the amount is above what is available")
        payee.available -= amount
        payee.withdrawing += amount
        self._move(AVAILABLE, member, amount)
        self._move(WITHDRAWING, member, -amount)
        self.withdrawals[withdrawal] = Withdrawal(withdrawal, member, amount, fee_bps, tax_bps)
        self._enter("withdrawal", withdrawal)

    def payout(self, at: int, withdrawal: Hashable, approved: bool) -> None:
        self.advance(at)
        asked = self.withdrawals.get(withdrawal)
        if asked is None:
            raise Refused("the withdrawal is unknown")
        if asked.decided:
            raise Refused("the withdrawal was decided already")
        asked.decided = True
        payee = self.member(asked.member)
        payee.withdrawing -= asked.amount
        self._move(WITHDRAWING, payee.id, asked.amount)
        if not approved:
            self._credit_available(payee, asked.amount)
            self._enter("withdrawal_return", withdrawal)
            return
        fee = asked.amount * asked.fee_bps // BPS
        tax = asked.amount * asked.tax_bps // BPS
        payee.withdrawn += asked.amount
        self.fee += fee
        self.tax += tax
        self.cash_out += asked.amount - fee - tax
        self._move(CASH, None, fee + tax - asked.amount)
        self._move(FEE, None, -fee)
        self._move(TAX, None, -tax)
        self._enter("payout", withdrawal)

    def grant(self, at: int, member: Hashable, amount: int, reference: Hashable = None) -> None:
        self.advance(at)
        receiver = self.find(member)
        if receiver is None:
            raise Refused("the member is unknown")
        if amount < 1:
            raise Refused("a grant is above zero")
        if amount > self.fund:
            raise Refused("the support fund holds less")
        self._to_fund(-amount)
        self._credit_available(receiver, amount)
        self._enter("grant", reference)

    def tick(self, at: int) -> None:
        self.advance(at)

    # Time

    def advance(self, at: int) -> None:
        """Let everything due at or before `at` take effect, in the order in which it falls due."""
        if at < self.now:
            raise ValueError("time runs backwards")
        due = self.due
        while due and due[0][0] <= at:
            _, what, _, _ = entry = due[0]
            order = self.orders[entry[2]]
            self._prepare_due(order)
            heappop(due)
            self.now = entry[0]
            if order.refunded:
                continue
            if what == MATURE:
                self._mature(order)
            else:
                self._expire(order)
        self.now = at

    def _put_due(self, at: int, what: int, order: Order) -> None:
        heappush(self.due, (at, what, order.id, 0))

    def _mature(self, order: Order) -> None:
        order.matured = True
        for reward in order.rewards:
            if reward.member is None:
                continue
            amount = reward.amount - (reward.held if reward.hold in (ACTIVE, FORFEITED) else 0)
            if amount:
                owner = self.member(reward.member)
                owner.pending -= amount
                self._move(PENDING, owner.id, amount)
                self._credit_available(owner, amount)
        self._enter("mature", order.id)

    def _expire(self, order: Order) -> None:
        to_fund = self.plans[order.version].on_hold_expiry == "fund"
        for reward in order.rewards:
            if reward.hold is not ACTIVE:
                continue
            if to_fund:
                owner = self.member(reward.member)
                owner.held -= reward.held
                self._move(HELD, owner.id, reward.held)
                self._to_fund(reward.held)
                reward.hold = FORFEITED
                self._reward_changed(reward)
            else:
                self._release(reward)
        self._enter("hold_expiry", order.id)

    # A gift-pack order

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
        if buyer.rank == CONSUMER:
            buyer.rank = AGENT
            self._became_agent(buyer)
        if buyer.rank == AGENT:
            buyer.leader = leader.id if leader is not None else None

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

    def _reverse(self, reward: Reward) -> None:
        reward.reversed = True
        self._reward_changed(reward)
        self.expense -= reward.amount
        self._move(EXPENSE, None, -reward.amount)
        if reward.member is None:
            self._to_fund(-reward.amount)
            return
        owner = self.member(reward.member)
        rest = reward.amount
        if reward.hold is ACTIVE:
            owner.held -= reward.held
            self._move(HELD, owner.id, reward.held)
            rest -= reward.held
        elif reward.hold is FORFEITED:
            self._to_fund(-reward.held)
            rest -= reward.held
        if not reward.order.matured:
            owner.pending -= rest
            self._move(PENDING, owner.id, rest)
            return
        self._need_balances(owner)
        taken = min(rest, owner.available)
        owner.available -= taken
        owner.debt += rest - taken
        self._move(AVAILABLE, owner.id, taken)
        self._move(DEBT, owner.id, rest - taken)

    def _release(self, reward: Reward) -> None:
        owner = self.member(reward.member)
        owner.held -= reward.held
        self._move(HELD, owner.id, reward.held)
        reward.hold = RELEASED
        self._reward_changed(reward)
        if reward.order.matured:
            self._credit_available(owner, reward.held)
        else:
            owner.pending += reward.held
            self._move(PENDING, owner.id, -reward.held)

    # Ranks

    def acting(self, member: Member, plan: Plan) -> int:
        """The rank that decides rewards: what the member does at present, not its title."""
        if member.packs == 0 or member.rank == CONSUMER:
            return CONSUMER
        if member.rank == PARTNER and member.valid_referrals >= plan.promotion_referrals:
            return PARTNER
        return AGENT

    # Money

    def _credit_available(self, owner: Member, amount: int) -> None:
        """A credit to available repays debt first."""
        self._need_balances(owner)
        repaid = min(owner.debt, amount)
        owner.debt -= repaid
        owner.available += amount - repaid
        self._move(DEBT, owner.id, -repaid)
        self._move(AVAILABLE, owner.id, repaid - amount)

    def _to_fund(self, amount: int) -> None:
        self.fund += amount
        self._move(FUND, None, -amount)

    def _move(self, account: str, member: Any, amount_fen: int) -> None:
        if amount_fen and self.entries is not None:
            self._moves.append(Move(account, member, amount_fen))

    def _enter(self, kind: str, reference: Any) -> None:
        if self._moves and self.entries is not None:
            self.entries.append((kind, reference, self._moves, self.now))
            self._moves = []

    # Where members and orders come from: the live settlement loads only a part of them and overrides these.

    def find(self, member: Any) -> Member | None:
        return self.members.get(member)

    def member(self, member: Any) -> Member:
        return self.members[member]

    def _referrer_of(self, member: Member) -> Member | None:
        return None if member.referrer is None else self.member(member.referrer)

    def _above(self, member: Member) -> Member | None:
        """The next member above to look at; whoever is passed over has the title of consumer."""
        return None if member.skip is None else self.member(member.skip)

    def _leader_of(self, member: Member) -> Any:
        return member.leader

    def _standing_order(self, order: Any) -> Order:
        known = self.orders.get(order)
        if known is None:
            raise Refused("the order is unknown")
        if known.refunded:
            raise Refused("the order was refunded already")
        return known

    def _enrol(self, member: Any, above: Member | None) -> Member:
        joined = Member(member, None if above is None else above.id)
        if above is not None:
            if above.recruits is None:
                above.recruits = []
            above.recruits.append(joined)
            joined.skip = above.skip if above.rank == CONSUMER else above.id
        return joined

    def _hold(self, reward: Reward) -> None:
        self.holds.setdefault(reward.seed, []).append(reward)

    def _holds_of(self, seed: Any) -> Iterable[Reward]:
        return self.holds.get(seed, ())

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

    def _touched(self, member: Member) -> None:
        """The standing of `member` changed."""

    def _reward_changed(self, reward: Reward) -> None:
        """The hold or the reversal of `reward` changed."""

    def _need_balances(self, member: Member) -> None:
        """`available` and `debt` of `member` are about to be read."""

    def _prepare_due(self, order: Order) -> None:
        """`order` is about to mature, or its holds to expire."""
