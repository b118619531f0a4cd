"""The inbox of settlement: listeners that write what other apps publish as waiting events, and ring the doorbell.

The row is the truth; the doorbell only saves time, and the sweeper (`linkage.tasks.sweep`) finds what it missed. Events
take effect in whole seconds.
"""

from collections.abc import Iterable
from datetime import datetime

from members.events import DayVisited, MembersJoined, ProfileCompleted
from orders.events import OrdersPaid, OrdersReceived, OrdersRefunded, PaidOrder, ReceivedOrder, RefundedOrder
from payouts.events import WithdrawalDecided

from . import queries, seed_tasks
from .models import EventKind, LinkageEvent
from .rules import plan as terms
from .stream import put, whole_second


def record_joins(event: MembersJoined) -> None:
    put(
        [
            LinkageEvent(
                key=f"join:{joined.member_id}",
                shard=joined.shard,
                kind=EventKind.JOIN,
                at=whole_second(joined.joined_at),
                member_id=joined.member_id,
                referrer_id=joined.referrer_id,
            )
            for joined in event.members
        ]
    )


def record_payments(event: OrdersPaid) -> None:
    """Gift packs paid while a plan is in force settle under it; without a plan they settle nothing."""
    waiting = []
    for order in event.orders:
        seed_tasks.note_purchase(order)
        version = queries.version_in_force(at=order.paid_at) if order.packs else None
        if version is not None and version.params is not None:
            paid = _of_order(EventKind.ORDER, order, order.paid_at)
            paid.packs = order.packs
            paid.plan_version = version.version
            waiting.append(paid)
    put(waiting)


def record_receipts(event: OrdersReceived) -> None:
    packs = [order for order in event.orders if order.packs]
    known = _recorded(order.order_id for order in packs)
    put([_of_order(EventKind.RECEIVE, order, order.received_at) for order in packs if order.order_id in known])
    for order in packs:
        seed_tasks.note(
            member_id=order.member_id, shard=order.shard, kind=terms.GOODS_RECEIVED, reached=1, at=order.received_at
        )


def record_refunds(event: OrdersRefunded) -> None:
    known = _recorded(order.order_id for order in event.orders if order.packs)
    put([_of_order(EventKind.REFUND, order, order.refunded_at) for order in event.orders if order.order_id in known])


def record_decision(event: WithdrawalDecided) -> None:
    put(
        [
            LinkageEvent(
                key=f"payout:{event.number}",
                shard=event.shard,
                kind=EventKind.PAYOUT,
                at=whole_second(event.at),
                member_id=event.member_id,
                reference=event.number,
                approved=event.approved,
            )
        ]
    )


def record_profile(event: ProfileCompleted) -> None:
    seed_tasks.note(member_id=event.member_id, kind=terms.PROFILE_COMPLETED, reached=1, at=event.at)


def record_visit(event: DayVisited) -> None:
    seed_tasks.note(member_id=event.member_id, kind=terms.DAYS_VISITED, reached=event.days, at=event.at)


def _of_order(kind: EventKind, order: PaidOrder | ReceivedOrder | RefundedOrder, at: datetime) -> LinkageEvent:
    return LinkageEvent(
        key=f"{kind}:{order.order_id}",
        shard=order.shard,
        kind=kind,
        at=whole_second(at),
        member_id=order.member_id,
        order_id=order.order_id,
        reference=order.number,
    )


def _recorded(order_ids: Iterable[int]) -> set[int | None]:
    """Return those of the orders whose payment came into the stream."""
    keys = [f"order:{order_id}" for order_id in order_ids]
    return set(LinkageEvent.objects.filter(key__in=keys, refusal="").values_list("order_id", flat=True))
