"""What a refund comes to: worked out once, for the page that asks before it and for the refund itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from orders.models import AfterSale, Order, OrderLine, RefundRequest, RefundRequestState
from orders.refusals import OrderRefused, Refusal
from orders.rules import returning as rules


@dataclass(frozen=True, slots=True)
class Share:
    """What goes back of one line: so many pieces, of which `called_off` were never handed over, for so much.

    Without pieces it is money alone: the buyer keeps what he has.
    """

    line: OrderLine
    pieces: int
    called_off: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class RefundSum:
    """What a refund comes to, in fen: to the buyer `goods_fen` and `freight_fen`, and what the supplier is owed less.

    `supply_fen` is by line, `kept_fen` what of each line's price stays paid; both by the line's id.
    """

    goods_fen: int
    freight_fen: int
    supply_fen: dict[int, int]
    kept_fen: dict[int, int]

    @property
    def amount_fen(self) -> int:
        return self.goods_fen + self.freight_fen

    @property
    def supply_back_fen(self) -> int:
        """What the supplier is owed less, its freight included."""
        return sum(self.supply_fen.values()) + self.freight_fen


def refund_sum(*, order: Order, lines: Sequence[OrderLine], shares: Sequence[Share], with_freight: bool) -> RefundSum:
    """Return what a refund of these shares comes to; `lines` are all of the order's, each with one share at most.

    Freight comes back by itself with the last piece of an order of which nothing was ever handed over. Raises
    OrderRefused where more would go back than is left.
    """
    by_id = {line.pk: line for line in lines}
    called_off = {share.line.pk: share.called_off for share in shares}
    supply_fen = {share.line.pk: _supply_back_fen(by_id[share.line.pk], share) for share in shares}
    freight_left_fen = order.freight_fen - (order.refunded_fen - sum(line.refunded_fen for line in lines))
    is_called_off = all(line.called_off_quantity + called_off.get(line.pk, 0) == line.quantity for line in lines)
    return RefundSum(
        goods_fen=sum(share.amount_fen for share in shares),
        freight_fen=freight_left_fen if with_freight or is_called_off else 0,
        supply_fen=supply_fen,
        kept_fen={
            share.line.pk: by_id[share.line.pk].paid_fen - by_id[share.line.pk].refunded_fen - share.amount_fen
            for share in shares
        },
    )


def share_of_case(case: AfterSale) -> Share:
    """Return what a case takes off its line if it is refunded now: it never exceeds what is left."""
    line = case.line
    left_fen = rules.refund_fen(
        paid_fen=line.paid_fen,
        quantity=line.quantity,
        refunded=line.refunded_quantity,
        given_back_fen=line.refunded_fen,
        pieces=case.quantity,
    )
    return Share(
        line=line,
        pieces=case.quantity if case.counts_pieces else 0,
        called_off=case.quantity if case.before_shipping else 0,
        amount_fen=left_fen if case.counts_pieces else min(case.amount_fen, left_fen),
    )


def sum_of_case(*, case: AfterSale, with_freight: bool) -> RefundSum:
    """Return what a refund of a case would come to now. Raises OrderRefused where it is not left."""
    lines = list(OrderLine.objects.filter(order=case.order_id).order_by("id"))
    return refund_sum(order=case.order, lines=lines, shares=[share_of_case(case)], with_freight=with_freight)


def shares_of_rest(lines: Sequence[OrderLine]) -> list[Share]:
    """Return all that is left of an order's lines."""
    return [
        Share(
            line=line,
            pieces=line.quantity - line.refunded_quantity,
            called_off=line.quantity - line.shipped_quantity - line.called_off_quantity,
            amount_fen=line.paid_fen - line.refunded_fen,
        )
        for line in lines
    ]


def rest_of_order(*, order: Order) -> RefundSum:
    """Return what a refund of all that is left of an order comes to now, its freight included."""
    lines = list(OrderLine.objects.filter(order=order.pk).order_by("id"))
    return refund_sum(order=order, lines=lines, shares=shares_of_rest(lines), with_freight=True)


def refunds_asked() -> QuerySet[RefundRequest]:
    """Return the whole refunds that wait for a second person."""
    return RefundRequest.objects.filter(state=RefundRequestState.WAITING)


def _supply_back_fen(line: OrderLine, share: Share) -> int:
    """Return what the supplier is owed less for a share. Raises OrderRefused where the share is not left."""
    to_ship = line.quantity - line.shipped_quantity - line.called_off_quantity
    if share.pieces > line.quantity - line.refunded_quantity or share.called_off > to_ship:
        raise OrderRefused(Refusal.CASE_QUANTITY)
    if not 0 <= share.amount_fen <= line.paid_fen - line.refunded_fen:
        raise OrderRefused(Refusal.CASE_AMOUNT)
    if not (share.pieces or share.amount_fen):
        return 0
    return rules.supply_back_fen(
        supply_price_fen=line.supply_price_fen,
        refunded=line.refunded_quantity,
        taken_back_fen=line.supply_refunded_fen,
        pieces=share.pieces,
        amount_fen=share.amount_fen,
    )
