"""A small mall whose figures are worked out again from its rows, one by one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from linkage.models import Commission, Position, Reward
from mall.core import clock
from mall.core.ids import SHANGHAI
from members.models import Member
from orders.commands import refund_order, ship_order
from orders.models import Order
from tests.factories import a_member, a_paid_order, a_sku, fresh
from tests.linkage.retail import a_customer_of, a_shopkeeper, an_earning_sku, settle
from tests.linkage.stories import Mall, three_generations

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=SHANGHAI)
TODAY = NOW.date()


def on(days_ago: int, hour: int = 10) -> datetime:
    """Return an instant so many days before NOW's day."""
    return datetime.combine(TODAY - timedelta(days=days_ago), datetime.min.time(), SHANGHAI) + timedelta(hours=hour)


@contextmanager
def at_now() -> Iterator[None]:
    """Let pages believe that it is NOW."""
    with clock.standing_at(NOW):
        yield


def send(order: Order, at: datetime) -> Order:
    ship_order(order=order, carrier="顺丰速运", tracking_number=f"SF{order.pk:010d}", by=None, at=at)
    return fresh(order)


def a_small_mall() -> None:
    """Gift packs of three generations, a shopkeeper's customer who comes back, somebody who came long ago, one parcel
    that is late, one order that is refunded; something sold today, and one SKU sold out."""
    mall = Mall()
    mall.at = on(12)
    three_generations(mall)
    mall.settle()
    shopkeeper = a_shopkeeper(at=on(40))
    customer, goods = a_customer_of(shopkeeper, at=on(35)), an_earning_sku()
    a_paid_order(member=customer, sku=goods, at=on(34))
    send(a_paid_order(member=customer, sku=goods, quantity=2, at=on(6)), on(5))
    send(a_paid_order(member=customer, sku=goods, at=on(6, 23)), on(3))
    once = a_member(nickname="一次", at=on(45))
    a_paid_order(member=once, sku=goods, at=on(44))
    again = a_member(nickname="回头", at=on(50))
    a_paid_order(member=again, sku=goods, at=on(49))
    a_paid_order(member=again, sku=goods, at=on(1))
    refunded = a_paid_order(member=a_member(nickname="退货", at=on(2)), sku=goods, at=on(2))
    refund_order(order=refunded, reason="不想要了", at=on(1))
    # Just before and just after midnight in Shanghai.
    a_paid_order(member=a_member(nickname="午夜前", at=on(4, 23)), sku=goods, at=on(3) - timedelta(hours=10, seconds=1))
    a_paid_order(member=a_member(nickname="午夜后", at=on(3, 1)), sku=goods, at=on(3) - timedelta(hours=10))
    a_paid_order(member=once, sku=a_sku(on_hand=1), at=on(0, 9))
    settle(NOW)


class Plain:
    """Every row that counts, read once; figures of a day are worked out by going through all of them."""

    def __init__(self) -> None:
        rows = Order.objects.exclude(paid_at=None).prefetch_related("lines__sku__product")
        self.orders = [(_day(one.paid_at), one) for one in rows]
        self.sent = [(_day(one.shipped_at), one) for _, one in self.orders if one.shipped_at]
        self.paid_on = {one.pk: day for day, one in self.orders}
        self.rewards = list(Reward.objects.all())
        self.commissions = list(Commission.objects.all())
        self.positions = [(_day(one.agent_at), _day(one.partner_at)) for one in Position.objects.all()]
        self.joined = [_day(one.joined_at) for one in Member.objects.all()]
        self.days_of: dict[int, list[date]] = {}
        for day, one in self.orders:
            self.days_of.setdefault(one.member_id, []).append(day)

    def of(self, day: date) -> dict[str, int]:
        own = [one for paid, one in self.orders if paid == day]
        sent = [one for left, one in self.sent if left == day]
        rewards = [one for one in self.rewards if self.paid_on[one.order_id] == day]
        commissions = [one for one in self.commissions if self.paid_on[one.order_id] == day]
        within, again = self._window(day)
        return {
            "orders": len(own),
            "gmv_fen": sum(one.total_fen for one in own),
            "pack_orders": sum(one.packs > 0 for one in own),
            "pack_fen": sum(one.total_fen for one in own if one.packs),
            "members": self.joined.count(day),
            "agents": sum(agent == day for agent, _ in self.positions),
            "partners": sum(partner == day for _, partner in self.positions),
            "shipped": len(sent),
            "in_time": sum(_in_time(one) for one in sent),
            "ship_minutes": int(sum((one.shipped_at - one.paid_at).total_seconds() for one in sent)) // 60,
            "rewards": len(rewards),
            "rewards_fen": sum(one.amount_fen for one in rewards),
            "commissions": len(commissions),
            "commissions_fen": sum(one.first_fen for one in commissions),
            "buyers": within,
            "repeat_buyers": again,
        }

    def _window(self, day: date) -> tuple[int, int]:
        within = again = 0
        for days in self.days_of.values():
            upto = [one for one in days if one <= day]
            if upto and max(upto) > day - timedelta(days=30):
                within += 1
                again += len(upto) > 1
        return within, again


def plain(day: date) -> dict[str, int]:
    return Plain().of(day)


def _in_time(order: Order) -> bool:
    hours = max(line.sku.product.ship_within_hours for line in order.lines.all())
    return order.shipped_at <= order.paid_at + timedelta(hours=hours)


def _day(at: datetime | None) -> date | None:
    return at.astimezone(SHANGHAI).date() if at else None
