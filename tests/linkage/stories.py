"""A small mall for tests of linkage: members, paid gift packs, and time that passes by settling."""

from datetime import UTC, datetime, timedelta
from typing import Any

from ledger.models import AccountKind
from ledger.queries import MemberBalances, balance_fen, findings, member_balances
from linkage import audit, commands, inbox
from linkage.models import LinkageEvent, PlanVersion, Position, Reward
from members.commands import NewMember, register_members
from members.models import Member
from orders.events import (
    OrdersPaid,
    OrdersReceived,
    OrdersRefunded,
    PaidOrder,
    ReceivedOrder,
    RefundedOrder,
)
from orders.models import Order, OrderState, Purchase, PurchaseState
from suppliers.models import Supplier
from tests.payouts.people import payable
from tests.plans import published

START = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
PLAN: dict[str, Any] = {"name": "standard"}


class Mall:
    """What happened so far. `at` is the present; each act takes a minute unless told otherwise."""

    def __init__(self, **plan: Any) -> None:
        self.at = START
        self.supplier = Supplier.objects.create(name="岩序茶业", seal="岩", slug="yan", hue=20)
        self.orders: dict[str, Order] = {}
        self.members: dict[str, Member] = {}
        self.publish({**PLAN, **plan})

    def publish(self, params: dict[str, Any] | None) -> PlanVersion:
        return published(params, starts_at=self.at)

    def pass_time(self, **period: int) -> None:
        self.at += timedelta(**(period or {"minutes": 1}))

    def join(self, name: str, referrer: str | None = None) -> Member:
        self.pass_time()
        row = NewMember(nickname=name, public_id=name, referrer=referrer, joined_at=self.at)
        self.members[name] = register_members([row], at=self.at)[0]
        return self.members[name]

    def payable(self, name: str) -> None:
        """Let somebody withdraw: a real name, and an account that rested long enough."""
        payable(self.members[name], at=self.at)

    def buy(self, name: str, number: str, packs: int = 1, total_fen: int = 49_900) -> Order:
        """Pay for gift packs, or for ordinary goods where `packs` is 0."""
        self.pass_time()
        member = self.members[name]
        purchase = Purchase.objects.create(
            number=number,
            member=member,
            state=PurchaseState.PAID,
            total_fen=total_fen,
            placed_at=self.at,
            expires_at=self.at,
            paid_at=self.at,
            idempotency_key=number,
        )
        order = self.orders[number] = Order.objects.create(
            number=number,
            purchase=purchase,
            member=member,
            supplier=self.supplier,
            state=OrderState.PAID,
            packs=packs,
            goods_fen=total_fen,
            total_fen=total_fen,
            supply_total_fen=1,
            placed_at=self.at,
            expires_at=self.at,
            paid_at=self.at,
            cooling_off_days=7,
        )
        paid = PaidOrder(order.pk, number, member.pk, member.shard, packs, total_fen, self.at)
        inbox.record_payments(OrdersPaid((paid,)))
        return order

    def receive(self, number: str) -> None:
        self.pass_time()
        order = self.orders[number]
        told = ReceivedOrder(order.pk, number, order.member_id, order.member.shard, order.packs, self.at)
        inbox.record_receipts(OrdersReceived((told,)))

    def refund(self, number: str) -> None:
        self.pass_time()
        order = self.orders[number]
        told = RefundedOrder(order.pk, number, order.member_id, order.member.shard, order.packs, self.at)
        inbox.record_refunds(OrdersRefunded((told,)))

    def settle(self) -> int:
        """Take in all that waits or is due."""
        return commands.advance_shards(at=self.at)

    def balances(self, name: str) -> MemberBalances:
        return member_balances(holder_id=self.members[name].pk)

    def position(self, name: str) -> Position:
        return Position.objects.get(member=self.members[name])

    def prove(self) -> None:
        """The books hold, and the replay of the stream agrees."""
        assert list(findings()) == []
        assert list(audit.findings(audit.replay())) == []


def fund_fen() -> int:
    return balance_fen(kind=AccountKind.SUPPORT_FUND)


def snapshot() -> list[Any]:
    """Everything that a refusal must leave as it was."""
    return [
        list(LinkageEvent.objects.order_by("pk").values_list()),
        list(Position.objects.order_by("pk").values_list()),
        list(Reward.objects.order_by("pk").values_list()),
    ]


def three_generations(mall: Mall) -> None:
    """zoe, a partner by y1 and y2, leads ann, whose recruit bob has bought: ann earned 10,000, zoe a see-point one."""
    mall.join("zoe")
    for name in ("y1", "y2", "ann"):
        mall.join(name, "zoe")
    mall.join("bob", "ann")
    for name in ("zoe", "y1", "y2", "ann", "bob"):
        mall.buy(name, f"o-{name}")
    mall.settle()
