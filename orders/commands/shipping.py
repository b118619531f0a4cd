"""From the supplier's parcels to the end of the cooling-off."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

import suppliers.queries
from mall.core.events import publish
from mall.core.text import clean_line
from orders.events import OrderCompleted, OrderShipped, OrdersReceived, ReceivedOrder
from orders.models import Order, OrderLine, OrderState, Parcel, ParcelKind, ParcelLine
from orders.refusals import OrderRefused, Refusal
from orders.rules import auto_receive_at
from orders.rules.returning import ENGAGED_CASES
from suppliers.commands import consume_stock

from .doorbell import ring_announce_parcel
from .locking import change_order, locked_order

CARRIER_MAX = 30
TRACKING_MAX = 40


def ship_order(
    *,
    order: Order,
    carrier: str,
    tracking_number: str,
    by: Any,
    at: datetime,
    items: Mapping[int, int] | None = None,
    once: bool = False,
) -> Parcel:
    """Hand a parcel of a paid order to a carrier: its stock leaves. `items` are pieces by the line's id; without them
    everything goes that is left. `by` has a seat at the order's supplier, or is an operator. With `once` a waybill that
    the order was shipped with before is refused.

    The order is shipped when all that was not refunded is handed over; until then it stays paid. Raises OrderRefused.
    """
    carrier, tracking_number = cleaned_waybill(carrier, tracking_number)
    with transaction.atomic():
        locked = locked_order(order.pk)
        if by is not None and not by.is_staff and suppliers.queries.supplier_of(member=by) != locked.supplier:
            raise OrderRefused(Refusal.NOT_YOURS)
        if once and _is_used(locked, carrier, tracking_number):
            raise OrderRefused(Refusal.WAYBILL_USED)
        if locked.state != OrderState.PAID:
            raise OrderRefused(Refusal.WRONG_STATE)
        lines = list(locked.lines.order_by("id"))
        packed = _packed(lines, items)
        is_first = not any(line.shipped_quantity for line in lines)
        parcel = Parcel.objects.create(
            order=locked, carrier=carrier, tracking_number=tracking_number, shipped_by=by, shipped_at=at
        )
        ParcelLine.objects.bulk_create(
            ParcelLine(parcel=parcel, line=line, quantity=quantity) for line, quantity in packed
        )
        for line, quantity in packed:
            line.shipped_quantity += quantity
            OrderLine.objects.filter(pk=line.pk).update(shipped_quantity=line.shipped_quantity)
        if all(line.shipped_quantity + line.called_off_quantity == line.quantity for line in lines):
            ship_all(locked, at)
        earlier = 0 if is_first else locked.parcels.filter(kind=ParcelKind.ORDER).exclude(pk=parcel.pk).count()
        consume_stock(
            items=[(line.sku_id, quantity) for line, quantity in packed],
            reference=f"{locked.number}/{earlier + 1}" if earlier else locked.number,
            at=at,
        )
        ring_announce_parcel(parcel.pk)
    return parcel


def ship_all(order: Order, at: datetime, **fields: Any) -> None:
    """Take a locked order as shipped: nothing of it is left to hand over."""
    change_order(order, OrderState.SHIPPED, shipped_at=at, auto_receive_at=auto_receive_at(at), **fields)
    publish(OrderShipped(order_id=order.pk, number=order.number, member_id=order.member_id, shipped_at=at))


def cleaned_waybill(carrier: str, tracking_number: str) -> tuple[str, str]:
    """Return the two lines of a waybill. Raises OrderRefused where one is missing or too long."""
    try:
        carrier, tracking_number = clean_line(carrier, CARRIER_MAX), clean_line(tracking_number, TRACKING_MAX)
    except ValueError as error:
        raise OrderRefused(Refusal.BAD_PARCEL) from error
    if not carrier or not tracking_number:
        raise OrderRefused(Refusal.BAD_PARCEL)
    return carrier, tracking_number


def confirm_receipt(*, order: Order, at: datetime) -> Order:
    """Take a shipped order as received: the cooling-off starts. Of one received before it changes nothing.

    Raises OrderRefused.
    """
    with transaction.atomic():
        locked = locked_order(order.pk)
        if locked.state in (OrderState.RECEIVED, OrderState.COMPLETED):
            return locked
        change_order(locked, OrderState.RECEIVED, received_at=at)
        received = ReceivedOrder(
            order_id=locked.pk,
            number=locked.number,
            member_id=locked.member_id,
            shard=locked.member.shard,
            packs=locked.packs,
            received_at=at,
        )
        publish(OrdersReceived((received,)))
    return locked


# While a part of an order is in after-sale, the clock neither receives nor completes it.
_NO_OPEN_CASE = f"""
NOT EXISTS (
    SELECT 1 FROM orders_aftersale AS open_case
    WHERE open_case.order_id = waiting.id AND open_case.state IN ({", ".join(f"'{state}'" for state in ENGAGED_CASES)})
)
"""

_RECEIVE = f"""
UPDATE orders_order AS o SET state = 'received', received_at = o.auto_receive_at
FROM (
    SELECT id FROM orders_order AS waiting WHERE state = 'shipped' AND auto_receive_at <= %s AND {_NO_OPEN_CASE}
    ORDER BY auto_receive_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
) AS due, members_member AS member
WHERE o.id = due.id AND member.id = o.member_id AND o.state = 'shipped'
RETURNING o.id, o.number, o.member_id, member.shard, o.packs, o.received_at
"""

_COMPLETE = f"""
UPDATE orders_order AS o
SET state = 'completed', completed_at = greatest(
    o.received_at + o.cooling_off_days * interval '24 hours',
    (SELECT max(closed_at) FROM orders_aftersale WHERE order_id = o.id)
)
FROM (
    SELECT id FROM orders_order AS waiting
    WHERE state = 'received' AND received_at + cooling_off_days * interval '24 hours' <= %s AND {_NO_OPEN_CASE}
    ORDER BY received_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
) AS due
WHERE o.id = due.id AND o.state = 'received'
RETURNING o.id, o.number, o.member_id, o.completed_at
"""


def receive_overdue(*, at: datetime, limit: int = 1000) -> int:
    """Receive shipped orders that nobody confirmed for ten days, as of the instant at which they were due.

    Returns how many. Late work changes no date.
    """
    with transaction.atomic():
        rows = _returning(_RECEIVE, [at, limit])
        if rows:
            publish(
                OrdersReceived(
                    tuple(
                        sorted((ReceivedOrder(*row) for row in rows), key=lambda row: (row.received_at, row.order_id))
                    )
                )
            )
    return len(rows)


def complete_orders(*, at: datetime, limit: int = 1000) -> int:
    """Complete received orders whose cooling-off is over, as of the instant at which it was. Returns how many."""
    with transaction.atomic():
        rows = _returning(_COMPLETE, [at, limit])
        for row in rows:
            publish(OrderCompleted(*row))
    return len(rows)


def _returning(statement: str, parameters: Sequence[datetime | int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _is_used(order: Order, carrier: str, tracking_number: str) -> bool:
    shipped = order.parcels.filter(kind=ParcelKind.ORDER)
    return shipped.filter(carrier=carrier, tracking_number=tracking_number).exists()


def _packed(lines: Sequence[OrderLine], items: Mapping[int, int] | None) -> list[tuple[OrderLine, int]]:
    """Return what lies in a parcel. Raises OrderRefused for lines of other orders and for more than is left."""
    left = {line.pk: line.quantity - line.shipped_quantity - line.called_off_quantity for line in lines}
    chosen = left if items is None else items
    if not chosen.keys() <= left.keys():
        raise OrderRefused(Refusal.BAD_PACKING)
    if any(type(quantity) is not int or not 0 <= quantity <= left[key] for key, quantity in chosen.items()):
        raise OrderRefused(Refusal.BAD_PACKING)
    packed = [(line, chosen[line.pk]) for line in lines if chosen.get(line.pk)]
    if not packed:
        raise OrderRefused(Refusal.BAD_PACKING)
    return packed
