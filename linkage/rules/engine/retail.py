"""Retail commission: one shopkeeper, one level, a share of what was paid for goods and kept."""

from __future__ import annotations

from collections.abc import Hashable

from .records import BPS, COMMISSION, DAY, EARN, PENDING, Commission, Refused
from .settling import Settling


class Retail(Settling):
    """The events of goods that carry commission. `Book` is what others use."""

    def sale(
        self, at: int, line: Hashable, order: Hashable, member: Hashable, net: int, bps: int, days: int
    ) -> Commission:
        """Goods of one line were paid: floor(`net` × `bps`) is pending for the shopkeeper."""
        self.advance(at)
        owner = self.find(member)
        if owner is None:
            raise Refused("the member is unknown")
        if line in self.commissions:
            raise Refused("the line is known already")
        if net < 1 or not 0 <= bps <= BPS or days < 0:
            raise Refused("a sale is above zero, and its share a share")
        earned = Commission(line, order, member, net, bps, days, at)
        self._keep_commission(earned)
        owner.pending += earned.amount
        self.commission += earned.amount
        self._move(COMMISSION, None, earned.amount)
        self._move(PENDING, member, -earned.amount)
        self._enter("commission", line)
        return earned

    def sale_received(self, at: int, order: Hashable) -> None:
        """The goods of an order were received: the cooling-off of its commissions starts."""
        self.advance(at)
        waiting = [earned for earned in self.commissions_of.get(order, ()) if earned.received_at is None]
        if not waiting:
            raise Refused("the order has no commission that waits for the goods")
        for commission in waiting:
            commission.received_at = at
            self._put_due(at + commission.days * DAY, EARN, commission.id)

    def sale_kept(self, at: int, line: Hashable, kept: int) -> int:
        """A part of what was paid for a line went back: its commission is that of what was kept. Return what is taken
        back: from pending, or, where it has matured, from available as far as that goes; the rest becomes debt."""
        self.advance(at)
        commission = self.commissions.get(line)
        if commission is None:
            raise Refused("the line is unknown")
        if not 0 <= kept < commission.kept:
            raise Refused("less is kept than before, and not less than nothing")
        left = kept * commission.bps // BPS
        back = commission.amount - left
        commission.kept = kept
        commission.amount = left
        if back:
            self.commission -= back
            self._move(COMMISSION, None, -back)
            self._take_back(self.member(commission.member), back, commission.matured)
        self._commission_cut(commission, back)
        self._enter("commission_back", f"{line}:{kept}")
        return back

    def _keep_commission(self, commission: Commission) -> None:
        self.commissions[commission.id] = commission
        self.commissions_of.setdefault(commission.order, []).append(commission)

    # The live settlement loads only a part of them and overrides this

    def _commission_cut(self, commission: Commission, back: int) -> None:
        """`back` was taken back of `commission`, which has its new amount."""
