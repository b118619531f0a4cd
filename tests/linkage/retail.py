"""Goods of a shopkeeper's customers for tests: through the commands that pages use, settled like everything else."""

from datetime import datetime, timedelta

from ledger.queries import MemberBalances, findings, member_balances
from linkage import audit, commands
from linkage.models import Commission
from members.models import AdviserRelation, BindReason, Member, RelationPolicy, Shopkeeper, ShopkeeperState
from members.queries.advisers import FIRST_POLICY
from orders.commands import confirm_receipt, ship_order
from orders.models import Order, OrderLine
from suppliers.models import Product, Sku
from tests.factories import AT, a_member, a_paid_order, a_sku, fresh

RATE_BPS = 1_200


def a_policy(**changes: int) -> RelationPolicy:
    """Return the policy that a new mall starts with, or another as its first."""
    policy, _ = RelationPolicy.objects.get_or_create(version=1, defaults=FIRST_POLICY | changes)
    return policy


def a_shopkeeper(*, at: datetime = AT) -> Member:
    member = a_member(nickname="小林", at=at)
    Shopkeeper.objects.create(
        member=member, state=ShopkeeperState.APPROVED, applied_at=at, decided_at=at, approved_at=at
    )
    return member


def a_customer_of(shopkeeper: Member, *, at: datetime = AT, until: datetime | None = None) -> Member:
    customer = a_member(nickname="阿月", at=at)
    bind(customer, shopkeeper, at=at, until=until)
    return customer


def bind(customer: Member, shopkeeper: Member, *, at: datetime = AT, until: datetime | None = None) -> AdviserRelation:
    return AdviserRelation.objects.create(
        customer=customer,
        adviser=shopkeeper,
        reason=BindReason.LOGIN,
        policy=a_policy(),
        since=at,
        protected_until=at + timedelta(days=15),
        until=until or at + timedelta(days=90),
    )


def an_earning_sku(*, price_fen: int = 6_800, bps: int = RATE_BPS) -> Sku:
    sku = a_sku(price_fen=price_fen, supply_price_fen=min(4_000, price_fen // 2))
    Product.objects.filter(pk=sku.product_id).update(commission_bps=bps)
    sku.product.refresh_from_db()
    return sku


def a_sale(shopkeeper: Member, *, sku: Sku | None = None, quantity: int = 1, at: datetime = AT) -> Order:
    """A paid order of a customer of the shopkeeper, settled."""
    order = a_paid_order(member=a_customer_of(shopkeeper, at=at), sku=sku or an_earning_sku(), quantity=quantity, at=at)
    settle(at)
    return order


def receive(order: Order, at: datetime) -> Order:
    ship_order(order=order, carrier="顺丰速运", tracking_number="SF1234567890", by=None, at=at)
    received = confirm_receipt(order=fresh(order), at=at)
    settle(at)
    return received


def settle(at: datetime) -> None:
    commands.advance_shards(at=at)


def balances(member: Member) -> MemberBalances:
    return member_balances(holder_id=member.pk)


def commission_of(order: Order) -> Commission:
    return Commission.objects.get(order=order)


def line_of(order: Order) -> OrderLine:
    return OrderLine.objects.get(order=order)


def prove() -> None:
    """The books hold, and the replay of the stream agrees."""
    assert list(findings()) == []
    assert list(audit.findings(audit.replay())) == []
