"""Refunds of orders, whole or in parts.

A refund is decided in one transaction: pieces and money are taken off the lines, the order and the payment, the sale is
taken back in the books, stock that was not shipped is released, and it is published. The money follows, sent under the
refund's one number until the provider has given it back; only then the books owe it no longer. A decision is never
undone because a provider is slow.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from mall.core.events import publish
from orders.events import LinesRefunded, OrdersRefunded, RefundedOrder
from orders.gateways import GatewayError, PaymentGateway, RefundOutcome, payment_gateway
from orders.models import AfterSale, Order, OrderLine, OrderState, Payment, PaymentState, Refund, RefundState
from orders.queries import is_order_refundable
from orders.queries.after_sale import has_open_cases
from orders.queries.refund_sums import Share, refund_sum, shares_of_rest
from orders.queries.refunding import no_way_back
from orders.refusals import OrderRefused, Refusal
from orders.rules import IMPORTED, PAID_STATES
from suppliers.commands import release_stock

from . import books
from .case_steps import end_case
from .doorbell import ring_send_refund
from .locking import change_order, change_payment, change_refund, locked_order, locked_payment
from .shipping import ship_all


def refund_order(*, order: Order, reason: str, at: datetime) -> Refund:
    """Decide to take a paid order back whole, or what is left of it. Of a refunded one it returns the refund and
    changes nothing. An operator asks for it, and another one confirms it (`refund_asking`).

    A gift pack can be returned at any time, other goods until the cooling-off is over. Raises OrderRefused, also while
    a part of it is in after-sale.
    """
    with transaction.atomic():
        locked = locked_order(order.pk)
        if locked.state == OrderState.REFUNDED:
            return Refund.objects.filter(order=locked, created_at=F("order__refunded_at")).latest("pk")
        if locked.state not in PAID_STATES:
            raise OrderRefused(Refusal.WRONG_STATE)
        if not is_order_refundable(order=locked, at=at):
            raise OrderRefused(Refusal.NOT_REFUNDABLE)
        if has_open_cases(order=locked):
            raise OrderRefused(Refusal.CASE_OPEN)
        shares = shares_of_rest(list(locked.lines.order_by("id")))
        refund = decide_refund(order=locked, shares=shares, with_freight=True, reason=reason[:80], at=at)
        if refund is None:
            raise OrderRefused(Refusal.NOT_REFUNDABLE)
        return refund


def decide_refund(
    *,
    order: Order,
    shares: Sequence[Share],
    with_freight: bool,
    reason: str,
    at: datetime,
    after_sale: AfterSale | None = None,
) -> Refund | None:
    """Decide what goes back of a locked order, with its freight or without; none where it comes to nothing.

    Freight comes back by itself with the last piece of an order of which nothing was ever handed over. Raises
    OrderRefused where more would go back than is left, or where the provider gives no more back.
    """
    lines = {line.pk: line for line in order.lines.all()}
    total = refund_sum(order=order, lines=list(lines.values()), shares=shares, with_freight=with_freight)
    for share in shares:
        _take_off(lines[share.line.pk], share, total.supply_fen[share.line.pk])
    amount_fen = total.amount_fen
    refund = None
    if amount_fen:
        refund = _take_from_payment(order, amount_fen, reason, at, after_sale)
        books.post_refund(order, refund.payment, refund, total.supply_back_fen, at)
    _take_from_order(order, list(lines.values()), amount_fen, reason, at)
    called_off = [(lines[share.line.pk].sku_id, share.called_off) for share in shares if share.called_off]
    release_stock(items=called_off, reference=after_sale.number if after_sale else order.number, at=at)
    if refund is not None:
        ring_send_refund(refund.number)
    return refund


def send_refund(*, number: str, at: datetime) -> None:
    """Send a refund to its provider, or ask what became of it, and write down the outcome. Repeats are harmless.

    Where it was sent before without a clear answer, the provider is asked first. No transaction may be open.
    """
    refund = Refund.objects.select_related("payment").filter(number=number).first()
    if refund is None or refund.state not in (RefundState.REQUESTED, RefundState.SENT):
        return
    if refund.payment.provider == IMPORTED:
        _settle(refund, at)
        return
    gateway = payment_gateway(refund.payment.provider)
    if gateway is None:
        return
    was_sent = refund.state == RefundState.SENT
    with transaction.atomic(durable=True):
        if was_sent:
            Refund.objects.filter(pk=refund.pk, state=RefundState.SENT).update(sent_at=at)
        elif not change_refund(refund, RefundState.SENT, sent_at=at):
            return
    try:
        outcome = _outcome(gateway, refund, was_sent, at)
    except GatewayError:
        return
    if outcome == RefundOutcome.SUCCEEDED:
        _settle(refund, at)
    elif outcome == RefundOutcome.REFUSED:
        change_refund(refund, RefundState.FAILED)


def retry_refund(*, refund: Refund, at: datetime) -> bool:
    """Have a refund that the provider turned down sent again, under the same number; returns whether it was one."""
    fresh = Refund.objects.get(pk=refund.pk)
    with transaction.atomic():
        again = change_refund(fresh, RefundState.REQUESTED, sent_at=None)
        if again:
            ring_send_refund(fresh.number)
    return again


def _take_off(line: OrderLine, share: Share, supply_fen: int) -> None:
    """Take a share, which is left, off a line, and off what the supplier is owed for it."""
    line.refunded_quantity += share.pieces
    line.called_off_quantity += share.called_off
    line.refunded_fen += share.amount_fen
    line.supply_refunded_fen += supply_fen
    line.save(update_fields=["refunded_quantity", "called_off_quantity", "refunded_fen", "supply_refunded_fen"])


def _take_from_order(order: Order, lines: Sequence[OrderLine], amount_fen: int, reason: str, at: datetime) -> None:
    """Add to what goes back of a locked order, bring it on where nothing is left to keep or to ship, and tell it."""
    is_in_parts = bool(order.refunded_fen)
    refunded_fen = order.refunded_fen + amount_fen
    is_whole = all(line.refunded_quantity == line.quantity for line in lines)
    is_handed_over = any(line.shipped_quantity for line in lines) and all(
        line.shipped_quantity + line.called_off_quantity == line.quantity for line in lines
    )
    if is_whole:
        change_order(order, OrderState.REFUNDED, refunded_at=at, refund_reason=reason, refunded_fen=refunded_fen)
    elif order.state == OrderState.PAID and is_handed_over:
        ship_all(order, at, refunded_fen=refunded_fen)
    else:
        Order.objects.filter(pk=order.pk).update(refunded_fen=refunded_fen)
        order.refunded_fen = refunded_fen
    whose: dict[str, Any] = {
        "order_id": order.pk,
        "number": order.number,
        "member_id": order.member_id,
        "shard": order.member.shard,
    }
    if amount_fen and (is_in_parts or not is_whole):
        publish(LinesRefunded(**whose, amount_fen=amount_fen, refunded_at=at))
    if is_whole:
        publish(OrdersRefunded((RefundedOrder(**whose, packs=order.packs, refunded_at=at),)))


def _take_from_payment(
    order: Order, amount_fen: int, reason: str, at: datetime, after_sale: AfterSale | None
) -> Refund:
    """Write the refund under the lock of the order's payment. Raises OrderRefused where the payment has less left, or
    its provider gives nothing of it back any more."""
    found = Payment.objects.only("pk").filter(purchase=order.purchase_id, state=PaymentState.CAPTURED).first()
    if found is None:
        raise OrderRefused(Refusal.CASE_AMOUNT)
    payment = locked_payment(found.pk)
    if amount_fen > payment.amount_fen - payment.refunded_fen:
        raise OrderRefused(Refusal.CASE_AMOUNT)
    refusal = no_way_back(payment=payment, at=at)
    if refusal is not None:
        raise OrderRefused(refusal)
    take_from_payment(payment, amount_fen)
    count = Refund.objects.filter(order=order).count()
    return Refund.objects.create(
        number=f"R{order.number}-{count}" if count else f"R{order.number}",
        payment=payment,
        order=order,
        after_sale=after_sale,
        amount_fen=amount_fen,
        state=RefundState.REQUESTED,
        reason=reason[:80],
        created_at=at,
    )


def take_from_payment(payment: Payment, amount_fen: int) -> None:
    """Add a refund to what goes back of a locked payment; the one that takes the last fen of it ends it.

    Raises ValueError where more would go back than was paid.
    """
    refunded_fen = payment.refunded_fen + amount_fen
    if amount_fen <= 0 or refunded_fen > payment.amount_fen:
        raise ValueError(f"payment {payment.number} has no {amount_fen} fen left to give back")
    if refunded_fen == payment.amount_fen:
        change_payment(payment, PaymentState.REFUNDING, refunded_fen=refunded_fen)
    else:
        Payment.objects.filter(pk=payment.pk).update(refunded_fen=refunded_fen)
        payment.refunded_fen = refunded_fen


def _outcome(gateway: PaymentGateway, refund: Refund, was_sent: bool, at: datetime) -> RefundOutcome:
    if was_sent:
        known = gateway.query_refund(number=refund.number, payment_number=refund.payment.number, at=at)
        if known != RefundOutcome.UNKNOWN:
            return known
    return gateway.refund(
        number=refund.number,
        payment_number=refund.payment.number,
        amount_fen=refund.amount_fen,
        total_fen=refund.payment.amount_fen,
        currency=refund.payment.currency,
        at=at,
    )


def _settle(refund: Refund, at: datetime) -> None:
    """Write down, once, that the money is back with the buyer; the case that it came from is done."""
    with transaction.atomic():
        if refund.order_id is not None:
            locked_order(refund.order_id)
        payment = locked_payment(refund.payment_id)
        fresh = Refund.objects.select_for_update().get(pk=refund.pk)
        if change_refund(fresh, RefundState.SUCCEEDED, succeeded_at=at):
            under_way = Refund.objects.filter(payment=payment).exclude(state=RefundState.SUCCEEDED)
            if payment.state == PaymentState.REFUNDING and not under_way.exists():
                change_payment(payment, PaymentState.REFUNDED)
            books.post_refund_paid(payment, fresh, at)
            if fresh.after_sale_id is not None:
                end_case(fresh.after_sale_id, at)
