"""Customers of an adviser, and what they received, as rows: how relations come about is told in tests of members."""

from datetime import datetime, timedelta

from mall.core import clock
from members.models import AdviserRelation, BindReason, RelationEnd, RelationPolicy
from orders.models import Order, OrderState
from tests.linkage.stories import Mall


def bind(
    mall: Mall, customer: str, adviser: str, *, days: int = 90, protected: int = 15, ago: int = 5
) -> AdviserRelation:
    """Let `customer` be a customer of `adviser` since some days, for `days` from now on."""
    policy, _created = RelationPolicy.objects.get_or_create(
        version=1,
        defaults={
            "starts_at": datetime.fromtimestamp(0, mall.at.tzinfo),
            "touch_days": 30,
            "protection_days": 15,
            "lock_days": 90,
            "order_lock_days": 180,
            "cooling_off_days": 7,
        },
    )
    since = mall.at - timedelta(days=ago)
    return AdviserRelation.objects.create(
        customer=mall.members[customer],
        adviser=mall.members[adviser],
        reason=BindReason.LOGIN,
        policy=policy,
        since=since,
        protected_until=min(since + timedelta(days=protected), mall.at + timedelta(days=days)),
        until=mall.at + timedelta(days=days),
    )


def end(relation: AdviserRelation, mall: Mall) -> None:
    """Let the customer leave."""
    AdviserRelation.objects.filter(pk=relation.pk).update(ended_at=mall.at, end_reason=RelationEnd.LEFT)


def serve(mall: Mall, customer: str, adviser: str, number: str, *, ago: int = 0) -> Order:
    """Let `customer` have received ordinary goods some days ago, in an order that belongs to `adviser`."""
    order = mall.buy(customer, number, packs=0)
    at = clock.now() - timedelta(days=ago)
    Order.objects.filter(pk=order.pk).update(
        adviser=mall.members[adviser],
        state=OrderState.RECEIVED,
        shipped_at=at,
        received_at=at,
        paid_at=at,
        placed_at=at,
    )
    return order
