"""The events of the stream."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from .records import (
    ACTIVE,
    ADJUSTMENT,
    AVAILABLE,
    CASH,
    CONSUMER,
    DAY,
    DEBT,
    EXPIRE,
    FEE,
    MATURE,
    TAX,
    WITHDRAWING,
    Member,
    Order,
    Refused,
    Reward,
    Withdrawal,
    withheld,
)
from .retail import Retail


class Book(Retail):
    """Members, orders, rewards and balances of one mall (or of the part of it that was loaded).

    `plans` maps a version number to its plan. With `entries` set to a list, every event appends the journal entries
    that it makes, as `(kind, reference, moves, at)`, for the ledger.
    """

    @property
    def rewards_of(self) -> dict[Any, list[Reward]]:
        return {number: order.rewards for number, order in self.orders.items()}

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
            self._put_due(at + plan.hold_days * DAY, EXPIRE, placed.id)
        return placed

    def receive(self, at: int, order: Hashable) -> None:
        self.advance(at)
        received = self._standing_order(order)
        if received.received_at is not None:
            raise Refused("the order was received already")
        received.received_at = at
        self._put_due(at + self.plans[received.version].cooling_off_days * DAY, MATURE, received.id)

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
        self,
        at: int,
        withdrawal: Hashable,
        member: Hashable,
        amount: int,
        *,
        min_fen: int,
        fee_bps: int,
        tax_bps: int,
        fee_fen: int | None = None,
        tax_fen: int | None = None,
    ) -> None:
        """`fee_fen` and `tax_fen`, where given, stand in place of the shares that the rates make."""
        self.advance(at)
        payee = self.find(member)
        if payee is None:
            raise Refused("the member is unknown")
        if withdrawal in self.withdrawals:
            raise Refused("the withdrawal is known already")
        if amount < 1 or amount < min_fen:
            raise Refused("the amount is below the minimum")
        fee, tax = withheld(amount, fee_bps, fee_fen), withheld(amount, tax_bps, tax_fen)
        if fee < 0 or tax < 0 or fee + tax > amount:
            raise Refused("fee and tax are above the amount")
        self._need_balances(payee)
        if amount > payee.available:
            raise Refused("the amount is above what is available")
        payee.available -= amount
        payee.withdrawing += amount
        self._move(AVAILABLE, member, amount)
        self._move(WITHDRAWING, member, -amount)
        self.withdrawals[withdrawal] = Withdrawal(withdrawal, member, amount, fee, tax)
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
        fee, tax = asked.fee, asked.tax
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

    def adjust(self, at: int, member: Hashable, amount: int, reference: Hashable = None) -> None:
        """An amount that two operators decided on: above zero a credit to available, below zero taken from available
        as far as that goes; the rest becomes debt."""
        self.advance(at)
        adjusted = self.find(member)
        if adjusted is None:
            raise Refused("the member is unknown")
        if amount == 0:
            raise Refused("an adjustment is not zero")
        self.adjusted += amount
        self._move(ADJUSTMENT, None, amount)
        if amount > 0:
            self._credit_available(adjusted, amount)
        else:
            self._take_back(adjusted, -amount, matured=True)
        self._enter("adjustment", reference)

    def forgive(self, at: int, member: Hashable, amount: int, reference: Hashable = None) -> None:
        """Two operators let a member off a debt, or a part of it."""
        self.advance(at)
        debtor = self.find(member)
        if debtor is None:
            raise Refused("the member is unknown")
        self._need_balances(debtor)
        if not 1 <= amount <= debtor.debt:
            raise Refused("the debt is less")
        debtor.debt -= amount
        self.adjusted += amount
        self._move(ADJUSTMENT, None, amount)
        self._move(DEBT, member, -amount)
        self._enter("forgiveness", reference)

    def tick(self, at: int) -> None:
        self.advance(at)

    def _standing_order(self, order: Any) -> Order:
        known = self.orders.get(order)
        if known is None:
            raise Refused("the order is unknown")
        if known.refunded:
            raise Refused("the order was refunded already")
        return known

    # Joining, and the holds of a seed user

    def _enrol(self, member: Any, above: Member | None) -> Member:
        joined = Member(member, None if above is None else above.id)
        if above is not None:
            if above.recruits is None:
                above.recruits = []
            above.recruits.append(joined)
            joined.skip = above.skip if above.rank == CONSUMER else above.id
        return joined

    def _holds_of(self, seed: Any) -> Iterable[Reward]:
        return self.holds.get(seed, ())
