"""Payments: asking a provider for one, and taking its word only after every field was compared with our own rows."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from mall.core.events import publish
from mall.core.ids import numbered
from mall.core.numbers import drawn_anew
from mall.core.sealing import fingerprint
from members.commands import note_paid_order
from orders.events import OrdersPaid, PaidOrder
from orders.gateways import (
    Charge,
    ChargeState,
    GatewayError,
    GatewayRefusal,
    NoticeMessage,
    Payer,
    PaymentGateway,
    RefundNotice,
    payment_gateway,
)
from orders.models import (
    Notice,
    Order,
    OrderState,
    Payment,
    PaymentState,
    Purchase,
    PurchaseState,
    Refund,
    RefundState,
)
from orders.refusals import OrderRefused, Refusal
from orders.rules.paying import OPENED_FOR, next_ask_at, next_close_at

from . import books
from .doorbell import ring_close_charge, ring_send_refund
from .locking import change_payment, change_purchase, locked_orders, locked_payment, locked_purchase
from .placing import close_payments
from .promising import promised_at

log = logging.getLogger(__name__)

LATE_REASON = "订单关闭后到账"
TWICE_REASON = "重复付款"
CLOCK_SKEW = timedelta(minutes=5)
NOBODY = Payer()


class PaymentRefused(Exception):
    """What a provider says does not fit our rows; nothing was changed. The text is for the log."""


@dataclass(frozen=True, slots=True)
class TakenNotice:
    """What became of a notice. One that was not accepted changed nothing but the record of notices."""

    accepted: bool
    result: str


def start_payment(*, purchase: Purchase, provider: str, at: datetime, payer: Payer = NOBODY) -> Payment:
    """Return the payment by which a placed purchase can be paid with `provider`, a new one if there is none yet.

    Payments with other providers stay open: whichever has the money first counts. One that was begun for another way of
    the same provider (inside WeChat, outside of it) is closed, since a charge is bound to its way.
    Raises OrderRefused where the purchase is not to be paid any more, or the provider is not in use.
    """
    gateway = payment_gateway(provider)
    if gateway is None:
        raise OrderRefused(Refusal.NO_PROVIDER)
    scene = gateway.scene(payer=payer)
    return drawn_anew(lambda: _start(purchase, provider, scene, at, payer))


def open_cashier(*, purchase: Purchase, provider: str, return_url: str, at: datetime, payer: Payer = NOBODY) -> Payment:
    """Return the payment by which the buyer pays, with the provider's address (`pay_url`) or its sheet.

    Asking again soon gives the same one. Where the provider says no, the payment is closed, so that the next try has a
    number of its own; where it turns out to be paid, it is taken in. Raises OrderRefused, GatewayRefusal, GatewayError.
    No transaction may be open: it waits for the provider.
    """
    with transaction.atomic(durable=True):
        payment = start_payment(purchase=purchase, provider=provider, at=at, payer=payer)
    if payment.opened_at is not None and payment.opened_at <= at < payment.opened_at + OPENED_FOR:
        return payment
    gateway = payment_gateway(provider)
    if gateway is None:
        raise OrderRefused(Refusal.NO_PROVIDER)
    try:
        charge = gateway.create_charge(
            number=payment.number,
            amount_fen=payment.amount_fen,
            currency=payment.currency,
            subject=purchase.number,
            return_url=return_url,
            expires_at=payment.purchase.expires_at,
            at=at,
            payer=payer,
        )
    except GatewayRefusal:
        asked = ask_provider(payment_number=payment.number, at=at)
        if asked is not None and asked.state != PaymentState.CREATED:
            return asked
        give_up_payment(payment_number=payment.number)
        raise
    if not charge.pay_url and not charge.sheet:
        raise GatewayError("the provider gave nothing to pay with")
    payment.pay_url, payment.sheet, payment.opened_at = charge.pay_url, charge.sheet, at
    opened = Payment.objects.filter(pk=payment.pk, state=PaymentState.CREATED)
    opened.update(pay_url=payment.pay_url, sheet=payment.sheet, opened_at=at)
    return payment


def capture_payment(
    *, payment_number: str, provider_ref: str, amount_fen: int, currency: str, captured_at: datetime
) -> Payment:
    """Take in the money of a payment: its purchase is paid, with all its orders. The same again is a no-op.

    Money for a purchase that was closed meanwhile, or paid by other means, is refunded, once. Raises PaymentRefused
    where number, amount, currency or reference do not fit, and nothing is changed.
    """
    ids = Payment.objects.filter(number=payment_number).values_list("pk", "purchase_id").first()
    if ids is None:
        raise PaymentRefused("unknown payment")
    with transaction.atomic():
        purchase = locked_purchase(ids[1])
        orders = locked_orders(purchase)
        payment = locked_payment(ids[0])
        _check_money(purchase, payment, provider_ref, amount_fen, currency)
        if payment.state in (PaymentState.CREATED, PaymentState.CLOSED):
            captured_at = max(captured_at, payment.created_at)
            if purchase.state == PurchaseState.PLACED:
                _pay(purchase, orders, payment, provider_ref, captured_at)
            else:
                _give_back(purchase, payment, provider_ref, captured_at)
    return payment


def take_notice(*, provider: str, message: NoticeMessage | RefundNotice, body: str, at: datetime) -> TakenNotice:
    """Act on a notice whose signature was right, and write it down with what became of it. A repeat adds no row."""
    with transaction.atomic():
        try:
            with transaction.atomic():
                taken = TakenNotice(True, _act(provider, message, at))
        except PaymentRefused as refusal:
            taken = TakenNotice(False, f"refused: {refusal}")
        Notice.objects.bulk_create(
            [
                Notice(
                    provider=provider, notice_id=message.notice_id, body=body, result=taken.result[:120], received_at=at
                )
            ],
            ignore_conflicts=True,
        )
    return taken


def ask_provider(*, payment_number: str, at: datetime) -> Payment | None:
    """Ask the provider what became of a payment and take in its money, as a notice would.

    An open one that brought nothing after the last time is closed; for a closed one, the provider is told so.
    Returns the payment as it is then; none where there is no such number. No transaction may be open.
    """
    payment = Payment.objects.filter(number=payment_number).first()
    if payment is None or payment.state not in (PaymentState.CREATED, PaymentState.CLOSED):
        return payment
    gateway = payment_gateway(payment.provider)
    if gateway is None:
        return payment
    if payment.state == PaymentState.CLOSED:
        return _close_charge(gateway, payment, at)
    asks = payment.asks + 1
    ask_at = next_ask_at(payment.created_at, asks)
    with transaction.atomic(durable=True):
        Payment.objects.filter(pk=payment.pk).update(asks=asks, ask_at=ask_at)
    try:
        charge = gateway.query_charge(number=payment_number, at=at)
    except GatewayError:
        charge = Charge(ChargeState.OPEN)
    if charge.state == ChargeState.PAID:
        return _take_charge(payment, charge)
    if ask_at is None or charge.state == ChargeState.CLOSED:
        give_up_payment(payment_number=payment_number)
    return Payment.objects.get(pk=payment.pk)


def hurry_payment(*, payment_number: str, at: datetime) -> Payment | None:
    """Ask about an open payment out of turn and take in its money. What is asked later, and how often, stays.

    Returns the payment as it is then; none where it is not open. No transaction may be open.
    """
    payment = Payment.objects.filter(number=payment_number, state=PaymentState.CREATED).first()
    gateway = payment_gateway(payment.provider) if payment is not None else None
    if payment is None or gateway is None:
        return None
    try:
        return _take_charge(payment, gateway.query_charge(number=payment_number, at=at))
    except GatewayError:
        return payment


def close_charge(*, payment_number: str, at: datetime) -> None:
    """Have the provider take no more money for a closed payment; what it took before is taken in, and given back.

    Until the provider has answered, it is told again later. No transaction may be open.
    """
    payment = Payment.objects.filter(number=payment_number, state=PaymentState.CLOSED).first()
    gateway = payment_gateway(payment.provider) if payment is not None else None
    if payment is not None and gateway is not None:
        _close_charge(gateway, payment, at)


def give_up_payment(*, payment_number: str) -> None:
    """Close a payment that nobody pays any more, and have its provider told. Of others it changes nothing."""
    ids = Payment.objects.filter(number=payment_number).values_list("pk", "purchase_id").first()
    if ids is None:
        return
    with transaction.atomic():
        locked_purchase(ids[1])
        payment = locked_payment(ids[0])
        if payment.state == PaymentState.CREATED:
            change_payment(payment, PaymentState.CLOSED)
            ring_close_charge(payment.number)


def _start(purchase: Purchase, provider: str, scene: str, at: datetime, payer: Payer) -> Payment:
    with transaction.atomic():
        locked = locked_purchase(purchase.pk)
        if locked.state != PurchaseState.PLACED:
            raise OrderRefused(Refusal.WRONG_STATE)
        if at >= locked.expires_at:
            raise OrderRefused(Refusal.EXPIRED)
        payment = Payment.objects.filter(purchase=locked, provider=provider, state=PaymentState.CREATED).first()
        if payment is not None:
            if payment.scene == scene:
                return payment
            change_payment(locked_payment(payment.pk), PaymentState.CLOSED)
            ring_close_charge(payment.number)
        return Payment.objects.create(
            number=numbered("PY", at),
            purchase=locked,
            provider=provider,
            scene=scene,
            amount_fen=locked.total_fen,
            state=PaymentState.CREATED,
            payer_mark=fingerprint(f"{provider} {payer.openid}", purpose="payer") if payer.openid else "",
            created_at=at,
            ask_at=next_ask_at(at, 0),
        )


def _close_charge(gateway: PaymentGateway, payment: Payment, at: datetime) -> Payment:
    asks = payment.asks + 1
    with transaction.atomic(durable=True):
        Payment.objects.filter(pk=payment.pk).update(asks=asks, ask_at=next_close_at(at, asks))
    try:
        charge = gateway.close_charge(number=payment.number, at=at)
    except GatewayError:
        return payment
    # One that the provider has never heard of can still be begun at an address that it once signed.
    if charge.state == ChargeState.CLOSED or (
        charge.state == ChargeState.UNKNOWN and at >= payment.purchase.expires_at
    ):
        Payment.objects.filter(pk=payment.pk, state=PaymentState.CLOSED).update(ask_at=None)
    return _take_charge(payment, charge)


def _act(provider: str, message: NoticeMessage | RefundNotice, at: datetime) -> str:
    if not message.is_for_us:
        raise PaymentRefused("another app or merchant")
    if isinstance(message, RefundNotice):
        return _hear_of_refund(provider, message)
    if not message.is_paid:
        raise PaymentRefused("not a payment")
    if message.paid_at > at + CLOCK_SKEW:
        raise PaymentRefused("paid in the future")
    if not Payment.objects.filter(number=message.number, provider=provider).exists():
        raise PaymentRefused("unknown payment")
    payment = capture_payment(
        payment_number=message.number,
        provider_ref=message.provider_ref,
        amount_fen=message.amount_fen,
        currency=message.currency,
        captured_at=message.paid_at,
    )
    return str(payment.state)


def _hear_of_refund(provider: str, message: RefundNotice) -> str:
    """Have the provider asked about the refund that a notice names: the answer is the proof, not the notice."""
    refund = (
        Refund.objects.select_related("payment")
        .filter(number=message.number, payment__number=message.payment_number, payment__provider=provider)
        .first()
    )
    if refund is None:
        raise PaymentRefused("unknown refund")
    if message.amount_fen not in (None, refund.amount_fen):
        raise PaymentRefused("a refund of another amount")
    if refund.state in (RefundState.REQUESTED, RefundState.SENT):
        ring_send_refund(refund.number)
    return f"refund {refund.state}"


def _check_money(purchase: Purchase, payment: Payment, provider_ref: str, amount_fen: int, currency: str) -> None:
    """Raise PaymentRefused unless it is this payment's money to the last fen, and its own reference."""
    if type(amount_fen) is not int or amount_fen != payment.amount_fen or amount_fen != purchase.total_fen:
        raise PaymentRefused("another amount")
    if currency != payment.currency:
        raise PaymentRefused("another currency")
    if not provider_ref:
        raise PaymentRefused("no reference")
    if payment.provider_ref not in (None, provider_ref):
        raise PaymentRefused("another reference")
    if Payment.objects.filter(provider_ref=provider_ref).exclude(pk=payment.pk).exists():
        raise PaymentRefused("the reference of another payment")


def _pay(purchase: Purchase, orders: list[Order], payment: Payment, provider_ref: str, at: datetime) -> None:
    change_payment(payment, PaymentState.CAPTURED, provider_ref=provider_ref, captured_at=at, ask_at=None)
    change_purchase(purchase, orders, OrderState.PAID, order_fields={"due_at": promised_at(at)}, paid_at=at)
    close_payments(purchase)
    books.post_payment(purchase, orders, payment, at)
    _tell_adviser(orders, at)
    paid = (
        PaidOrder(
            order_id=order.pk,
            number=order.number,
            member_id=order.member_id,
            shard=order.member.shard,
            packs=order.packs,
            total_fen=order.total_fen,
            paid_at=at,
        )
        for order in orders
    )
    publish(OrdersPaid(tuple(paid)))


def _tell_adviser(orders: list[Order], at: datetime) -> None:
    """Have the customer bound, or what stands extended. The orders of a purchase have one snapshot."""
    for order in orders[:1]:
        note_paid_order(
            customer_id=order.member_id,
            adviser_id=order.adviser_id,
            reason=order.adviser_reason,
            touch_id=order.adviser_touch_id,
            policy_version=order.relation_version,
            placed_at=order.placed_at,
            at=at,
        )


def _give_back(purchase: Purchase, payment: Payment, provider_ref: str, at: datetime) -> None:
    """Book money that came too late or twice, and decide its refund."""
    change_payment(
        payment,
        PaymentState.REFUNDING,
        provider_ref=provider_ref,
        captured_at=at,
        refunded_fen=payment.amount_fen,
        ask_at=None,
    )
    books.post_late_payment(purchase, payment, at)
    refund = Refund.objects.create(
        number=f"R{payment.number}",
        payment=payment,
        amount_fen=payment.amount_fen,
        state=RefundState.REQUESTED,
        reason=TWICE_REASON if purchase.state == PurchaseState.PAID else LATE_REASON,
        created_at=at,
    )
    ring_send_refund(refund.number)


def _take_charge(payment: Payment, charge: Charge) -> Payment:
    if charge.state != ChargeState.PAID or charge.paid_at is None:
        return payment
    try:
        return capture_payment(
            payment_number=payment.number,
            provider_ref=charge.provider_ref,
            amount_fen=charge.amount_fen,
            currency=charge.currency,
            captured_at=charge.paid_at,
        )
    except PaymentRefused as refusal:
        log.error("payment %s: the provider's answer does not fit: %s", payment.number, refusal)
        return payment
