"""Placing an order, and closing one that is not paid."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

import members.queries
from mall.core.events import publish
from mall.core.ids import numbered
from mall.core.text import clean_line
from members.models import Address, Member
from orders import queries
from orders.events import OrderCancelled, OrderPlaced
from orders.models import Order, OrderLine, OrderState, Payment, PaymentState
from orders.refusals import OrderRefused, Refusal
from orders.rules import NOTE_MAX, UNPAID_MAX, pay_until
from suppliers.commands import OutOfStock, release_stock, reserve_stock

from .doorbell import ring_close_charge
from .locking import change_order, change_payment, locked_order, locked_payment

KEY_MAX = 64
EXPIRED_REASON = "超时未付款"


def place_order(
    *,
    member: Member,
    items: Sequence[tuple[int, int]],
    address: Address | None,
    note: str,
    idempotency_key: str,
    at: datetime,
) -> Order:
    """Place an order for `items` (SKU id, quantity) at the prices of this instant and reserve stock for 30 minutes.

    The same key with the same content returns the order that was placed before, with another content it is refused.
    Raises OrderRefused, and nothing is written.
    """
    if not 0 < len(idempotency_key) <= KEY_MAX or "\x00" in idempotency_key:
        raise OrderRefused(Refusal.BAD_KEY)
    try:
        line = clean_line(note, NOTE_MAX)
    except ValueError as error:
        raise OrderRefused(Refusal.BAD_NOTE) from error
    request_hash = _request_hash(items, address, line)
    placed = _placed_before(member, idempotency_key, request_hash)
    if placed is not None:
        return placed
    try:
        with transaction.atomic():
            return _place(member, items, address, line, idempotency_key, request_hash, at)
    except IntegrityError:
        # The same request came twice at once: the other one has placed the order.
        placed = _placed_before(member, idempotency_key, request_hash)
        if placed is None:
            raise
        return placed


def cancel_order(*, order: Order, reason: str, at: datetime) -> Order:
    """Cancel an unpaid order and release its stock. Of one that is cancelled already it changes nothing.

    Raises OrderRefused where it was paid.
    """
    with transaction.atomic():
        locked = locked_order(order.pk)
        if locked.state != OrderState.CANCELLED:
            _close(locked, reason, at)
    return locked


def expire_orders(*, at: datetime, limit: int = 500) -> int:
    """Close orders that were not paid in time, oldest first; returns how many. Each is a transaction of its own."""
    due = Order.objects.filter(state=OrderState.PLACED, expires_at__lte=at).order_by("expires_at")
    closed = 0
    for order_id in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            order = locked_order(order_id)
            if order.state == OrderState.PLACED and order.expires_at <= at:
                _close(order, EXPIRED_REASON, at)
                closed += 1
    return closed


def _place(
    member: Member,
    items: Sequence[tuple[int, int]],
    address: Address | None,
    note: str,
    idempotency_key: str,
    request_hash: str,
    at: datetime,
) -> Order:
    target = members.queries.address_of(member=member, address_id=address.pk) if address is not None else None
    if target is None:
        raise OrderRefused(Refusal.BAD_ADDRESS)
    if Order.objects.filter(member=member, state=OrderState.PLACED).count() >= UNPAID_MAX:
        raise OrderRefused(Refusal.TOO_MANY_UNPAID)
    quote = queries.quote(items=items, at=at)
    order = Order.objects.create(
        number=_new_number(at),
        member=member,
        supplier=quote.supplier,
        state=OrderState.PLACED,
        packs=quote.packs,
        total_fen=quote.total_fen,
        supply_total_fen=quote.supply_total_fen,
        placed_at=at,
        expires_at=pay_until(at),
        cooling_off_days=quote.cooling_off_days,
        plan_version=quote.terms.plan_version if quote.terms else None,
        referrer_id=member.referrer_id,
        recipient_name=target.name,
        recipient_phone=target.phone,
        recipient_address=target.text,
        note=note,
        idempotency_key=idempotency_key,
        request_hash=request_hash,
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            sku=line.sku,
            product_name=line.sku.product.name,
            spec=line.sku.spec,
            label=line.sku.product.label,
            image=line.sku.product.image,
            unit_price_fen=line.unit_price_fen,
            supply_price_fen=line.sku.supply_price_fen,
            quantity=line.quantity,
            amount_fen=line.amount_fen,
        )
        for line in quote.lines
    )
    publish(OrderPlaced(order_id=order.pk, number=order.number, member_id=member.pk, placed_at=at))
    # Last, so that the row of a much wanted SKU is locked no longer than needed.
    try:
        reserve_stock(items=[(line.sku.pk, line.quantity) for line in quote.lines], reference=order.number, at=at)
    except OutOfStock as shortage:
        raise OrderRefused(Refusal.OUT_OF_STOCK) from shortage
    return order


def _close(order: Order, reason: str, at: datetime) -> None:
    """Cancel a locked unpaid order, close its payment and release its stock."""
    change_order(order, OrderState.CANCELLED, cancelled_at=at, cancel_reason=reason[:80])
    for payment_id in Payment.objects.filter(order=order, state=PaymentState.CREATED).values_list("pk", flat=True):
        payment = locked_payment(payment_id)
        change_payment(payment, PaymentState.CLOSED)
        ring_close_charge(payment.number)
    release_stock(items=order.lines.values_list("sku_id", "quantity"), reference=order.number, at=at)
    publish(OrderCancelled(order_id=order.pk, number=order.number, member_id=order.member_id, cancelled_at=at))


def _placed_before(member: Member, key: str, request_hash: str) -> Order | None:
    order = Order.objects.filter(member=member, idempotency_key=key).first()
    if order is not None and order.request_hash != request_hash:
        raise OrderRefused(Refusal.KEY_REUSED)
    return order


def _request_hash(items: Sequence[tuple[int, int]], address: Address | None, note: str) -> str:
    content = {
        "items": [[repr(part) for part in item] for item in items],
        "address": address.pk if address else None,
        "note": note,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _new_number(at: datetime) -> str:
    while True:
        number = numbered("HJ", at)
        if not Order.objects.filter(number=number).exists():
            return number
