"""One plan's way through a scenario: its book, and what was seen on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from linkage.rules.engine import Book
from linkage.rules.plan import Plan

# So many points has a curve at the most.
POINTS = 24


class Sample(NamedTuple):
    """How things stood at the end of a day. `liability_fen` is pending and held of all members together."""

    day: int
    revenue_fen: int
    expense_fen: int
    liability_fen: int
    available_fen: int
    fund_fen: int


class Course:
    """A book, and the samples of its way. Orders before `begins_at` were there already: they count in no figure."""

    def __init__(self, plans: Mapping[int, Plan], version: int, *, begins_at: int = 0, days: int = 0) -> None:
        self.book = Book(plans)
        self.plan = plans[version]
        self.version = version
        self.begins_at = begins_at
        self.step = max(1, -(-days // POINTS))
        self.samples: list[Sample] = []
        self.sold_fen = self.returned_fen = 0
        self.spent_before_fen = 0
        self.refused = 0
        self._withdrawals = 0

    def order(self, at: int, order: Any, member: Any, packs: int, version: int) -> None:
        """A gift-pack order is paid; one before the beginning under its own version."""
        self.book.order(at, order, member, packs, version)
        if at >= self.begins_at:
            self.sold_fen += packs * self.book.plans[version].pack_price_fen

    def refund(self, at: int, order: Any) -> None:
        self.book.refund(at, order)
        refunded = self.book.orders[order]
        if refunded.paid_at >= self.begins_at:
            self.returned_fen += refunded.packs * self.book.plans[refunded.version].pack_price_fen

    def begin(self) -> None:
        """What was paid out before counts for nothing."""
        self.spent_before_fen = self.book.expense

    def day_ends(self, day: int, *, last: bool = False) -> None:
        """Take a sample, as often as the curve has points."""
        if not last and day % self.step:
            return
        book = self.book
        liability = available = 0
        for member in book.members.values():
            liability += member.pending + member.held
            available += member.available
        if self.samples and self.samples[-1].day == day:
            self.samples.pop()
        revenue = self.sold_fen - self.returned_fen
        self.samples.append(Sample(day, revenue, book.expense - self.spent_before_fen, liability, available, book.fund))

    def pay_everybody(self, at: int) -> None:
        """Everybody withdraws all that is available, and gets it."""
        book = self.book
        for member in list(book.members.values()):
            if member.available > 0:
                number = ("all", self._withdrawals)
                self._withdrawals += 1
                book.withdraw(at, number, member.id, member.available, min_fen=1, fee_bps=0, tax_bps=0)
                book.payout(at, number, True)
                del book.withdrawals[number]
