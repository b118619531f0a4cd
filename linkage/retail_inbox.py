"""The inbox of retail commission: goods that were paid, received or refunded in part become waiting events in the shard
of the shopkeeper whose order it is."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from members.models import RelationPolicy
from members.queries import relation_policy
from orders.events import LinesRefunded, OrdersPaid, OrdersReceived, OrdersRefunded, RefundedOrder
from orders.models import OrderLine

from .models import EventKind, LinkageEvent
from .stream import put, whole_second


class Earning(NamedTuple):
    """A line that carries a commission, with what is asked of its order and of the shopkeeper whose order it is."""

    pk: int
    order_id: int
    paid_fen: int
    refunded_fen: int
    commission_bps: int
    number: str
    placed_at: datetime
    relation_version: int | None
    adviser_id: int
    shard: int


_COLUMNS = (
    *("pk", "order_id", "paid_fen", "refunded_fen", "commission_bps"),
    *("order__number", "order__placed_at", "order__relation_version", "order__adviser_id", "order__adviser__shard"),
)


def record_sales(event: OrdersPaid) -> None:
    """Lines with a commission, of orders that belong to a shopkeeper, earn under the policy of the order's placing."""
    goods = {order.order_id: order for order in event.orders if not order.packs}
    lines = _earning(goods)
    days = _cooling_off_days(lines)
    put(
        [
            LinkageEvent(
                key=f"sale:{line.pk}",
                shard=line.shard,
                kind=EventKind.SALE,
                at=whole_second(goods[line.order_id].paid_at),
                member_id=line.adviser_id,
                order_id=line.order_id,
                reference=line.number,
                line_id=line.pk,
                amount_fen=line.paid_fen,
                commission_bps=line.commission_bps,
                cooling_off_days=days[line.relation_version],
            )
            for line in lines
        ]
    )


def record_goods_received(event: OrdersReceived) -> None:
    goods = {order.order_id: order for order in event.orders if not order.packs}
    put(
        [
            LinkageEvent(
                key=f"sale_receive:{line.order_id}",
                shard=line.shard,
                kind=EventKind.SALE_RECEIVED,
                at=whole_second(goods[line.order_id].received_at),
                member_id=line.adviser_id,
                order_id=line.order_id,
                reference=line.number,
            )
            for line in {line.order_id: line for line in _earning(goods)}.values()
        ]
    )


def record_goods_kept(event: LinesRefunded) -> None:
    """What of each line is kept decides its commission; a line of which nothing more went back makes no event."""
    put([_kept(line, event) for line in _earning([event.order_id]) if line.refunded_fen])


def record_goods_returned(event: OrdersRefunded) -> None:
    goods = {order.order_id: order for order in event.orders if not order.packs}
    put([_kept(line, goods[line.order_id]) for line in _earning(goods) if line.refunded_fen])


def _kept(line: Earning, refund: LinesRefunded | RefundedOrder) -> LinkageEvent:
    kept_fen = line.paid_fen - line.refunded_fen
    return LinkageEvent(
        key=f"sale_keep:{line.pk}:{kept_fen}",
        shard=line.shard,
        kind=EventKind.SALE_KEPT,
        at=whole_second(refund.refunded_at),
        member_id=line.adviser_id,
        order_id=line.order_id,
        reference=line.number,
        line_id=line.pk,
        amount_fen=kept_fen,
    )


def _earning(order_ids: Iterable[int]) -> list[Earning]:
    """Return the lines of these orders that carry a commission for somebody, by id."""
    wanted = list(order_ids)
    if not wanted:
        return []
    lines = OrderLine.objects.filter(
        order__in=wanted, order__adviser__isnull=False, commission_bps__gt=0, paid_fen__gt=0
    )
    return [Earning(*row) for row in lines.order_by("id").values_list(*_COLUMNS)]


def _cooling_off_days(lines: Iterable[Earning]) -> dict[int | None, int]:
    """Return the cooling-off by version of the relation policy, which is never edited."""
    versions = {line.relation_version for line in lines if line.relation_version is not None}
    days: dict[int | None, int] = dict(
        RelationPolicy.objects.filter(version__in=versions).values_list("version", "cooling_off_days")
    )
    for line in lines:
        days.setdefault(line.relation_version, relation_policy(at=line.placed_at).cooling_off_days)
    return days
