"""Placing a purchase, split into an order for each supplier, and closing one that is not paid."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from mall.core.built import Built, BuiltInsert
from mall.core.events import publish
from mall.core.ids import SHANGHAI, numbered
from mall.core.numbers import drawn_anew
from mall.core.text import clean_line
from members.models import Address, Member
from members.queries import Attribution, order_attribution
from orders.events import OrderCancelled, OrderPlaced
from orders.models import (
    EnterpriseRequest,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentState,
    Purchase,
    PurchaseState,
    RequestState,
)
from orders.queries.quoting import Agreed, Quote, QuotePart, must_sign_first, quote
from orders.refusals import OrderRefused, Refusal
from orders.rules import NOTE_MAX, UNPAID_MAX, pay_until
from suppliers.commands import OutOfStock, release_stock, reserve_orders

from .carting import take_out
from .doorbell import ring_close_charge
from .invoicing import InvoiceRequest, request_invoices
from .locking import change_payment, change_purchase, locked_buyer, locked_orders, locked_payment, locked_purchase

KEY_MAX = 64
_PURCHASES, _ORDERS, _LINES = BuiltInsert(Purchase), BuiltInsert(Order), BuiltInsert(OrderLine)
_PLACED = Built(
    lambda member_id, key: Purchase.objects.filter(member=member_id, idempotency_key=key), member_id=int, key=str
)
_UNPAID = Built(
    lambda member_id: Purchase.objects.filter(member=member_id, state=PurchaseState.PLACED)[:UNPAID_MAX], member_id=int
)
EXPIRED_REASON = "超时未付款"

Items = Sequence[tuple[int, int]]


def place_purchase(
    *,
    member: Member,
    items: Items,
    address: Address | None,
    notes: Mapping[int, str] | str,
    idempotency_key: str,
    at: datetime,
    seen: str | None = None,
    invoice: InvoiceRequest | None = None,
    from_cart: bool = False,
    by_buyer: bool = False,
    agreed: Agreed | None = None,
) -> Purchase:
    """Place an order at each supplier of `items` (SKU id, quantity), at the prices of this instant, and reserve the
    stock for 30 minutes. `notes` is by supplier id, or one for all; `seen` is the fingerprint of the quote that the
    buyer saw: where it is another by now, nothing is placed. What comes from the cart is taken out of it. A gift pack
    that makes an agent is placed `by_buyer` only once the buyer has signed the agreement of agents. Only
    `enterprise.accept_quote` places at `agreed` prices, which it reads under the lock of the request.

    The same key with the same content returns the purchase that was placed before, with another content it is refused.
    Raises OrderRefused, and nothing is written.
    """
    if not 0 < len(idempotency_key) <= KEY_MAX or "\x00" in idempotency_key:
        raise OrderRefused(Refusal.BAD_KEY)
    notes = _cleaned(notes)
    request_hash = _request_hash(items, address, notes, invoice, agreed)
    placed = _placed_before(member, idempotency_key, request_hash)
    if placed is not None:
        return placed

    def write() -> Purchase:
        with transaction.atomic():
            purchase, written = _place(
                member, items, address, notes, (idempotency_key, request_hash), seen, at, by_buyer, agreed
            )
            if invoice is not None:
                request_invoices(orders=[order for order, _ in written], invoice=invoice, at=at)
            if from_cart:
                take_out(member=member, sku_ids=[sku_id for sku_id, _ in items])
            _reserve(written, at)
            return purchase

    try:
        return drawn_anew(write)
    except IntegrityError as error:
        # The same request came twice at once: the other one has placed the purchase.
        placed = _placed_before(member, idempotency_key, request_hash)
        if placed is None:
            if agreed is not None and _is_used(agreed):
                raise OrderRefused(Refusal.QUOTE_USED) from error
            raise
        return placed


def place_order(
    *, member: Member, items: Items, address: Address | None, note: str, idempotency_key: str, at: datetime
) -> Order:
    """Place a purchase of goods of one supplier and return its only order. See `place_purchase`.

    Raises OrderRefused, also where there are several suppliers.
    """
    with transaction.atomic():
        purchase = place_purchase(
            member=member, items=items, address=address, notes=note, idempotency_key=idempotency_key, at=at
        )
        order, *others = purchase.orders.order_by("id")
        if others:
            raise OrderRefused(Refusal.ONE_SUPPLIER)
    return order


def cancel_purchase(*, purchase: Purchase, reason: str, at: datetime) -> Purchase:
    """Cancel an unpaid purchase whole and release its stock. Of one that is cancelled already it changes nothing.

    Raises OrderRefused where it was paid.
    """
    with transaction.atomic():
        locked = locked_purchase(purchase.pk)
        if locked.state != PurchaseState.CANCELLED:
            _close(locked, reason, at)
    return locked


def cancel_order(*, order: Order, reason: str, at: datetime) -> Order:
    """Cancel the unpaid purchase that an order belongs to, and return the order. See `cancel_purchase`."""
    cancel_purchase(purchase=Purchase(pk=order.purchase_id), reason=reason, at=at)
    return Order.objects.select_related("member", "supplier").get(pk=order.pk)


def expire_purchases(*, at: datetime, limit: int = 500) -> int:
    """Close purchases that were not paid in time, oldest first; returns how many. Each is a transaction of its own."""
    due = Purchase.objects.filter(state=PurchaseState.PLACED, expires_at__lte=at).order_by("expires_at")
    closed = 0
    for purchase_id in list(due.values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            purchase = locked_purchase(purchase_id)
            if purchase.state == PurchaseState.PLACED and purchase.expires_at <= at:
                _close(purchase, EXPIRED_REASON, at)
                closed += 1
    return closed


def _place(
    member: Member,
    items: Items,
    address: Address | None,
    notes: Mapping[int, str] | str,
    key: tuple[str, str],
    seen: str | None,
    at: datetime,
    by_buyer: bool,
    agreed: Agreed | None,
) -> tuple[Purchase, list[tuple[Order, QuotePart]]]:
    """Check under the buyer's lock, then write the purchase, its orders and their lines."""
    target = locked_buyer(member=member, address_id=address.pk if address else None)
    if target is None:
        raise OrderRefused(Refusal.BAD_ADDRESS)
    if len(_UNPAID.rows(member_id=member.pk)) >= UNPAID_MAX:
        raise OrderRefused(Refusal.TOO_MANY_UNPAID)
    quoted = quote(items=items, at=at, member=member, province=target.province, agreed=agreed)
    if by_buyer and must_sign_first(member=member, quoted=quoted):
        raise OrderRefused(Refusal.NOT_SIGNED)
    if seen is not None and seen != quoted.fingerprint:
        raise OrderRefused(Refusal.PRICE_CHANGED)
    purchase = Purchase(
        number=numbered("HP", at),
        member=member,
        state=PurchaseState.PLACED,
        total_fen=quoted.total_fen,
        placed_at=at,
        expires_at=pay_until(at),
        idempotency_key=key[0],
        request_hash=key[1],
    )
    _PURCHASES.write([purchase])
    attribution = None if quoted.packs else order_attribution(member=member, at=at)
    orders = _ORDERS.write(
        [
            _order(
                purchase,
                part,
                quoted,
                target,
                attribution,
                notes if isinstance(notes, str) else notes.get(part.supplier.pk, ""),
            )
            for part in quoted.parts
        ]
    )
    written = list(zip(orders, quoted.parts, strict=True))
    _LINES.write([line for order, part in written for line in _lines(order, part)])
    for order in orders:
        publish(OrderPlaced(order_id=order.pk, number=order.number, member_id=member.pk, placed_at=at))
    return purchase, written


def _reserve(written: list[tuple[Order, QuotePart]], at: datetime) -> None:
    """Reserve the stock of all orders: last, so that the row of a much wanted SKU is locked no longer than needed."""
    try:
        reserve_orders(
            items=[(line.sku.pk, line.quantity, order.number) for order, part in written for line in part.lines], at=at
        )
    except OutOfStock as shortage:
        raise OrderRefused(Refusal.OUT_OF_STOCK) from shortage


def _order(
    purchase: Purchase, part: QuotePart, quoted: Quote, target: Address, attribution: Attribution | None, note: str
) -> Order:
    """Write down an order. A gift pack belongs to no shopkeeper: its rewards go by the referral line."""
    belongs: dict[str, Any] = {}
    if attribution is not None:
        belongs = {
            "adviser_id": attribution.adviser_id,
            "adviser_reason": attribution.reason,
            "adviser_relation_id": attribution.relation_id,
            "adviser_touch_id": attribution.touch_id,
            "relation_version": attribution.policy.version,
        }
    return Order(
        **belongs,
        number=numbered("HJ", purchase.placed_at),
        purchase=purchase,
        member=purchase.member,
        supplier=part.supplier,
        state=OrderState.PLACED,
        packs=quoted.packs,
        goods_fen=part.goods_fen,
        freight_fen=part.freight_fen,
        total_fen=part.total_fen,
        supply_total_fen=part.supply_total_fen,
        placed_at=purchase.placed_at,
        expires_at=purchase.expires_at,
        cooling_off_days=quoted.cooling_off_days,
        plan_version=quoted.terms.plan_version if quoted.terms else None,
        referrer_id=purchase.member.referrer_id,
        recipient_name=target.name,
        recipient_phone=target.phone,
        recipient_address=target.text,
        note=note,
        quote_number=quoted.number,
    )


def _lines(order: Order, part: QuotePart) -> list[OrderLine]:
    return [
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
            commission_bps=0 if order.adviser_id is None else line.sku.product.commission_bps,
            amount_fen=line.amount_fen,
            paid_fen=line.amount_fen,
        )
        for line in part.lines
    ]


def _close(purchase: Purchase, reason: str, at: datetime) -> None:
    """Cancel a locked unpaid purchase with its orders, close its payments and release its stock."""
    orders = locked_orders(purchase)
    change_purchase(purchase, orders, PurchaseState.CANCELLED, cancelled_at=at, cancel_reason=reason[:80])
    close_payments(purchase)
    items: dict[int, list[tuple[int, int]]] = {order.pk: [] for order in orders}
    for order_id, sku_id, quantity in OrderLine.objects.filter(order__in=orders).values_list(
        "order_id", "sku_id", "quantity"
    ):
        items[order_id].append((sku_id, quantity))
    _free_quotes([order.quote_number for order in orders if order.quote_number], at)
    for order in orders:
        release_stock(items=items[order.pk], reference=order.number, at=at)
        publish(OrderCancelled(order_id=order.pk, number=order.number, member_id=order.member_id, cancelled_at=at))


def close_payments(purchase: Purchase) -> None:
    """Close the payments of a locked purchase that wait for the buyer, and have their providers told."""
    waiting = Payment.objects.filter(purchase=purchase, state=PaymentState.CREATED).order_by("id")
    for payment_id in waiting.values_list("pk", flat=True):
        payment = locked_payment(payment_id)
        change_payment(payment, PaymentState.CLOSED)
        ring_close_charge(payment.number)


def _free_quotes(numbers: Sequence[str], at: datetime) -> None:
    """Let quotes be used again whose orders were just cancelled, until their last day. Most orders have none."""
    if not numbers:
        return
    today = at.astimezone(SHANGHAI).date()
    used = EnterpriseRequest.objects.filter(number__in=numbers, state=RequestState.ACCEPTED)
    used.filter(valid_date__gte=today).update(state=RequestState.QUOTED)
    used.filter(valid_date__lt=today).update(state=RequestState.EXPIRED, ended_at=at)


def _is_used(agreed: Agreed) -> bool:
    return Order.objects.filter(quote_number=agreed.number).exclude(state=OrderState.CANCELLED).exists()


def _placed_before(member: Member, key: str, request_hash: str) -> Purchase | None:
    purchase = _PLACED.first(member_id=member.pk, key=key)
    if purchase is not None and purchase.request_hash != request_hash:
        raise OrderRefused(Refusal.KEY_REUSED)
    return purchase


def _cleaned(notes: Mapping[int, str] | str) -> Mapping[int, str] | str:
    try:
        if isinstance(notes, str):
            return clean_line(notes, NOTE_MAX)
        return {supplier_id: clean_line(note, NOTE_MAX) for supplier_id, note in notes.items()}
    except ValueError as error:
        raise OrderRefused(Refusal.BAD_NOTE) from error


def _request_hash(
    items: Items,
    address: Address | None,
    notes: Mapping[int, str] | str,
    invoice: InvoiceRequest | None,
    agreed: Agreed | None,
) -> str:
    content: dict[str, Any] = {
        "items": [[repr(part) for part in item] for item in items],
        "address": address.pk if address else None,
        "notes": notes if isinstance(notes, str) else {str(key): note for key, note in notes.items() if note},
        "invoice": list(invoice) if invoice else None,
    }
    if agreed is not None:
        content["quote"] = [agreed.number, sorted(agreed.prices.items())]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
