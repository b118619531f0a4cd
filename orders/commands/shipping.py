"""From the supplier's parcel to the end of the cooling-off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F

import suppliers.queries
from mall.core.events import publish
from mall.core.text import clean_line
from orders.events import OrderCompleted, OrderShipped, OrdersReceived, ReceivedOrder
from orders.models import Order, OrderState, Parcel
from orders.refusals import OrderRefused, Refusal
from orders.rules import auto_receive_at
from suppliers.commands import consume_stock

from .locking import change_order, locked_order

CARRIER_MAX = 30
TRACKING_MAX = 40


def ship_order(*, order: Order, carrier: str, tracking_number: str, by: Any, at: datetime) -> Parcel:
    """Hand a paid order to a carrier: its stock leaves. `by` has a seat at its supplier, or is an operator.

    Raises OrderRefused.
    """
    try:
        carrier, tracking_number = clean_line(carrier, CARRIER_MAX), clean_line(tracking_number, TRACKING_MAX)
    except ValueError as error:
        raise OrderRefused(Refusal.BAD_PARCEL) from error
    if not carrier or not tracking_number:
        raise OrderRefused(Refusal.BAD_PARCEL)
    with transaction.atomic():
        locked = locked_order(order.pk)
        if by is not None and not by.is_staff and suppliers.queries.supplier_of(member=by) != locked.supplier:
            raise OrderRefused(Refusal.NOT_YOURS)
        change_order(locked, OrderState.SHIPPED, shipped_at=at, auto_receive_at=auto_receive_at(at))
        parcel = Parcel.objects.create(
            order=locked, carrier=carrier, tracking_number=tracking_number, shipped_by=by, shipped_at=at
        )
        locked.lines.update(shipped_quantity=F("quantity"))
        consume_stock(items=locked.lines.values_list("sku_id", "quantity"), reference=locked.number, at=at)
        publish(OrderShipped(order_id=locked.pk, number=locked.number, member_id=locked.member_id, shipped_at=at))
    return parcel


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


_RECEIVE = """
UPDATE orders_order AS o SET state = 'received', received_at = o.auto_receive_at
FROM (
    SELECT id FROM orders_order WHERE state = 'shipped' AND auto_receive_at <= %s
    ORDER BY auto_receive_at, id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
) AS due, members_member AS member
WHERE o.id = due.id AND member.id = o.member_id AND o.state = 'shipped'
RETURNING o.id, o.number, o.member_id, member.shard, o.packs, o.received_at
"""

_COMPLETE = """
UPDATE orders_order AS o
SET state = 'completed', completed_at = o.received_at + o.cooling_off_days * interval '24 hours'
FROM (
    SELECT id FROM orders_order
    WHERE state = 'received' AND received_at + cooling_off_days * interval '24 hours' <= %s
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
