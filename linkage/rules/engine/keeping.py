"""Time and money: what falls due, and every move of a balance with its journal entry."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heappop, heappush
from typing import Any

from linkage.rules.plan import Plan

from .records import (
    ACTIVE,
    AVAILABLE,
    DEBT,
    EARN,
    EXPENSE,
    FORFEITED,
    FUND,
    HELD,
    MATURE,
    PENDING,
    RELEASED,
    Commission,
    Member,
    Move,
    Order,
    Reward,
    Withdrawal,
)


class Keeping:
    """Balances, the support fund, and what falls due. `Book` is what others use."""

    def __init__(
        self, plans: Mapping[int, Plan], entries: list[tuple[str, Any, list[Move], int]] | None = None
    ) -> None:
        self.plans = plans
        self.entries = entries
        self.members: dict[Any, Member] = {}
        self.orders: dict[Any, Order] = {}
        self.withdrawals: dict[Any, Withdrawal] = {}
        self.holds: dict[Any, list[Reward]] = {}
        self.commissions: dict[Any, Commission] = {}
        self.commissions_of: dict[Any, list[Commission]] = {}
        self.due: list[tuple[int, int, Any]] = []
        self.now = 0
        self.fund = self.expense = self.commission = self.adjusted = self.cash_out = self.tax = self.fee = 0
        self._moves: list[Move] = []

    # Time

    def advance(self, at: int) -> None:
        """Let everything due at or before `at` take effect, in the order in which it falls due."""
        if at < self.now:
            raise ValueError("time runs backwards")
        due = self.due
        while due and due[0][0] <= at:
            self.now, what, name = heappop(due)
            if what == EARN:
                self._earn(self.commissions[name])
                continue
            order = self.orders[name]
            if order.refunded:
                continue
            if what == MATURE:
                self._mature(order)
            else:
                self._expire(order)
        self.now = at

    def _put_due(self, at: int, what: int, name: Any) -> None:
        heappush(self.due, (at, what, name))

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

    def _earn(self, commission: Commission) -> None:
        """The cooling-off of goods is over: what is left of their commission becomes available."""
        commission.matured = True
        if commission.amount:
            owner = self.member(commission.member)
            owner.pending -= commission.amount
            self._move(PENDING, owner.id, commission.amount)
            self._credit_available(owner, commission.amount)
        self._enter("commission_mature", commission.id)

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

    # Rewards taken back and holds released

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
        self._take_back(owner, rest, reward.order.matured)

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

    # Money

    def _take_back(self, owner: Member, amount: int, matured: bool) -> None:
        """Take from pending, or, of what has matured, from available as far as that goes; the rest becomes debt."""
        if not matured:
            owner.pending -= amount
            self._move(PENDING, owner.id, amount)
            return
        self._need_balances(owner)
        taken = min(amount, owner.available)
        owner.available -= taken
        owner.debt += amount - taken
        self._move(AVAILABLE, owner.id, taken)
        self._move(DEBT, owner.id, amount - taken)

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

    # Where members come from: the live settlement loads only a part of them and overrides these

    def find(self, member: Any) -> Member | None:
        return self.members.get(member)

    def member(self, member: Any) -> Member:
        return self.members[member]

    def _reward_changed(self, reward: Reward) -> None:
        """The hold or the reversal of `reward` changed."""

    def _need_balances(self, member: Member) -> None:
        """`available` and `debt` of `member` are about to be read."""
