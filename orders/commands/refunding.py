"""Refunds of orders.

A refund is decided in one transaction: the order is refunded, its sale is taken back in the books, stock that was not
shipped is released, and `OrdersRefunded` is published, so that rewards are taken back at once. The money follows, sent
under the refund's one number until the provider has given it back; only then the books owe it no longer. A decision is
never undone because a provider is slow.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from mall.core.events import publish
from orders.events import OrdersRefunded, RefundedOrder
from orders.gateways import GatewayError, PaymentGateway, RefundOutcome, payment_gateway
from orders.models import Order, OrderLine, OrderState, Payment, PaymentState, Refund, RefundState
from orders.queries import is_order_refundable
from orders.refusals import OrderRefused, Refusal
from orders.rules import IMPORTED, PAID_STATES
from suppliers.commands import release_stock

from . import books
from .doorbell import ring_send_refund
from .locking import change_order, change_payment, change_refund, locked_order, locked_payment


def refund_order(*, order: Order, reason: str, at: datetime) -> Refund:
    """Decide to take a paid order back whole. Of a refunded one it returns the refund and changes nothing.

    A gift pack can be returned at any time, other goods until the cooling-off is over. Raises OrderRefused.
    """
    with transaction.atomic():
        locked = locked_order(order.pk)
        if locked.state == OrderState.REFUNDED:
            return Refund.objects.filter(order=locked, created_at=F("order__refunded_at")).latest("pk")
        if locked.state not in PAID_STATES:
            raise OrderRefused(Refusal.WRONG_STATE)
        if not is_order_refundable(order=locked, at=at):
            raise OrderRefused(Refusal.NOT_REFUNDABLE)
        return _decide(locked, reason[:80], at)


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


def _decide(order: Order, reason: str, at: datetime) -> Refund:
    payment = locked_payment(Payment.objects.only("pk").get(purchase=order.purchase_id, state=PaymentState.CAPTURED).pk)
    was_unshipped = order.state == OrderState.PAID
    amount_fen = order.total_fen - order.refunded_fen
    change_order(order, OrderState.REFUNDED, refunded_at=at, refund_reason=reason, refunded_fen=order.total_fen)
    OrderLine.objects.filter(order=order).update(refunded_quantity=F("quantity"), refunded_fen=F("paid_fen"))
    take_from_payment(payment, amount_fen)
    refund = Refund.objects.create(
        number=f"R{order.number}",
        payment=payment,
        order=order,
        amount_fen=amount_fen,
        state=RefundState.REQUESTED,
        reason=reason,
        created_at=at,
    )
    books.post_refund(order, payment, refund, at)
    refunded = RefundedOrder(
        order_id=order.pk,
        number=order.number,
        member_id=order.member_id,
        shard=order.member.shard,
        packs=order.packs,
        refunded_at=at,
    )
    publish(OrdersRefunded((refunded,)))
    if was_unshipped:
        release_stock(items=order.lines.values_list("sku_id", "quantity"), reference=order.number, at=at)
    ring_send_refund(refund.number)
    return refund


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
        known = gateway.query_refund(number=refund.number, at=at)
        if known != RefundOutcome.UNKNOWN:
            return known
    return gateway.refund(
        number=refund.number,
        payment_number=refund.payment.number,
        amount_fen=refund.amount_fen,
        currency=refund.payment.currency,
        at=at,
    )


def _settle(refund: Refund, at: datetime) -> None:
    """Write down, once, that the money is back with the buyer."""
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
