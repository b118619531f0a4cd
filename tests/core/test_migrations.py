"""A mall with rows in it comes through every migration, from the first release to the newest, with its rows right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ledger.queries import findings
from linkage.models import Position
from members.models import Member
from orders.models import Order, OrderLine, Payment, Purchase
from orders.queries import unasked_payments
from suppliers.models import Product
from suppliers.queries import Selection, listing, miscounted_skus

# As the first release left them.
FIRST = [
    *(("members", "0002_guards"), ("ledger", "0002_guards"), ("payouts", "0002_guards"), ("suppliers", "0001_initial")),
    *(("orders", "0001_initial"), ("linkage", "0002_guards"), ("sandbox", "0001_initial")),
]
AT = datetime(2026, 3, 1, 4, tzinfo=UTC)


def after(**parts: int) -> datetime:
    return AT + timedelta(**parts)


@pytest.fixture
def old_mall(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A database of its own as of the first release; yields the models of then."""
    with django_db_blocker.unblock():
        usual = connection.settings_dict["NAME"]
        name = f"{usual}_old"
        quoted = connection.ops.quote_name(name)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {quoted}")
            cursor.execute(f"CREATE DATABASE {quoted}")
        try:
            _turn_to(name)
            executor = MigrationExecutor(connection)
            executor.migrate(FIRST)
            yield executor.loader.project_state(FIRST).apps
        finally:
            _turn_to(usual)
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE {quoted}")


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def migrate() -> None:
    """Bring the database to the newest state, each migration in its own transaction as `manage.py migrate` does."""
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


class Then:
    """Writes rows with the models of the first release."""

    def __init__(self, apps: Any) -> None:
        self._apps = apps
        self._numbers = iter(range(1, 1_000))
        self.supplier = self.add("suppliers.Supplier", name="山里人", seal="山", slug="shan", hue=30)
        self.category = self.add("suppliers.Category", name="茶饮", slug="tea", lft=1, rght=2, tree_id=1, level=0)
        self.product = self.add(
            "suppliers.Product",
            supplier=self.supplier,
            category=self.category,
            name="狮峰龙井",
            slug="long-jing",
            is_published=True,
        )
        self.sku = self.add(
            "suppliers.Sku",
            product=self.product,
            code="LJ1",
            spec="250 克",
            supply_price_fen=4_000,
            list_price_fen=7_800,
            sale_price_fen=6_800,
        )

    def add(self, model: str, **fields: Any) -> Any:
        return self._apps.get_model(model).objects.create(**fields)

    def member(self, referrer: Any = None) -> Any:
        number = next(self._numbers)
        return self.add(
            "members.Member",
            nickname=f"会员{number}",
            phone=f"+86139{number:08d}",
            phone_verified=True,
            public_id=f"M{number}",
            referral_code=f"CODE{number:04d}",
            shard=3,
            referrer=referrer,
            joined_at=AT,
            password="!",
        )

    def order(self, state: str, *, quantity: int = 1, payment: str = "", **instants: datetime) -> Any:
        number, amount_fen = f"HJ26030100000{next(self._numbers):03d}", 6_800 * quantity
        order = self.add(
            "orders.Order",
            number=number,
            member=self.member(),
            supplier=self.supplier,
            state=state,
            total_fen=amount_fen,
            supply_total_fen=4_000 * quantity,
            placed_at=AT,
            expires_at=after(minutes=30),
            cooling_off_days=7,
            recipient_name="林小禾",
            idempotency_key=number,
            **instants,
        )
        self.add(
            "orders.OrderLine",
            order=order,
            sku=self.sku,
            product_name="狮峰龙井",
            spec="250 克",
            unit_price_fen=6_800,
            supply_price_fen=4_000,
            quantity=quantity,
            amount_fen=amount_fen,
        )
        if instants.get("shipped_at"):
            self.add("orders.Parcel", order=order, carrier="顺丰", tracking_number="SF1", shipped_at=after(days=1))
        if payment:
            self.add(
                "orders.Payment",
                order=order,
                number=f"PY{number}",
                provider="sandbox",
                amount_fen=amount_fen,
                state=payment,
                provider_ref=f"SC{number}" if payment != "created" else None,
                captured_at=after(minutes=1) if payment not in ("created", "closed") else None,
                created_at=AT,
            )
        return order

    def refund(self, order: Any, at: datetime) -> None:
        self.add(
            "orders.Refund",
            number=f"R{order.number}",
            payment=self._apps.get_model("orders.Payment").objects.get(order=order),
            amount_fen=order.total_fen,
            state="succeeded",
            created_at=at,
            succeeded_at=at,
        )

    def tree(self) -> list[Any]:
        """Four members: the second and third below the first, the fourth below the second; the first is an agent."""
        top = self.member()
        second, third = self.member(top), self.member(top)
        fourth = self.member(second)
        for number, (member, skip) in enumerate(((top, None), (second, top), (third, top), (fourth, top)), 1):
            self.add(
                "linkage.Position",
                member=member,
                shard=3,
                referrer_id=member.referrer_id,
                skip_id=skip.pk if skip else None,
                rank=1 if member is top else 0,
            )
            self.add(
                "linkage.LinkageEvent",
                key=f"join:{member.pk}",
                shard=3,
                kind="join",
                at=AT,
                effective_at=AT,
                member_id=member.pk,
                referrer_id=member.referrer_id,
                number=number,
            )
        return [top, second, third, fourth]


def test_a_mall_of_the_first_release_comes_through_all_migrations_with_its_rows(old_mall: Any) -> None:
    then = Then(old_mall)
    paid = {"paid_at": after(minutes=1)}
    sent = {**paid, "shipped_at": after(days=1), "auto_receive_at": after(days=11)}
    there = {**sent, "received_at": after(days=3)}
    waiting = then.order("placed", payment="created")
    then.order("cancelled", payment="closed", cancelled_at=after(minutes=31))
    to_send = then.order("paid", quantity=2, payment="captured", **paid)
    on_its_way = then.order("shipped", quantity=3, payment="captured", **sent)
    received = then.order("received", payment="captured", **there)
    then.order("completed", payment="captured", **there, completed_at=after(days=10))
    called_off = then.order("refunded", quantity=2, payment="refunded", **paid, refunded_at=after(hours=2))
    then.refund(called_off, after(hours=2))
    came_back = then.order("refunded", payment="refunded", **there, refunded_at=after(days=5))
    then.refund(came_back, after(days=5))
    too_late = then.order("cancelled", payment="refunded", cancelled_at=after(minutes=31))
    then.refund(too_late, after(hours=1))
    top, second, third, fourth = then.tree()

    migrate()

    assert Order.objects.count() == Purchase.objects.count() == Payment.objects.count() == 9
    for order in Order.objects.select_related("purchase"):
        assert order.purchase.number == f"HP{order.number}"
        assert order.purchase.member_id == order.member_id
        assert (order.purchase.total_fen, order.goods_fen) == (order.total_fen, order.total_fen)
        assert (order.purchase.state == "paid") == (order.paid_at is not None)
        assert order.purchase.payments.get().number == f"PY{order.number}"
    lines = {
        line.order_id: (
            *(line.shipped_quantity, line.refunded_quantity, line.called_off_quantity),
            *(line.paid_fen, line.refunded_fen, line.supply_refunded_fen),
        )
        for line in OrderLine.objects.all()
    }
    assert lines[waiting.pk] == (0, 0, 0, 6_800, 0, 0)
    assert lines[to_send.pk] == (0, 0, 0, 13_600, 0, 0)
    assert lines[on_its_way.pk] == (3, 0, 0, 20_400, 0, 0)
    assert lines[received.pk] == (1, 0, 0, 6_800, 0, 0)
    assert lines[called_off.pk] == (0, 2, 2, 13_600, 13_600, 8_000)
    assert lines[came_back.pk] == (1, 1, 0, 6_800, 6_800, 4_000)
    packed = {
        order.pk: [line.quantity for parcel in order.parcels.all() for line in parcel.lines.all()]
        for order in Order.objects.all()
    }
    assert (packed[on_its_way.pk], packed[came_back.pk], packed[to_send.pk]) == ([3], [1], [])
    refunds = {order.pk: list(order.refunds.values_list("amount_fen", flat=True)) for order in Order.objects.all()}
    assert (refunds[called_off.pk], refunds[came_back.pk], refunds[too_late.pk]) == ([13_600], [6_800], [])
    assert Payment.objects.get(purchase__orders=too_late.pk).refunded_fen == 6_800
    assert unasked_payments(at=after(minutes=1), limit=9) == [f"PY{waiting.number}"]

    product = Product.objects.get()
    assert (product.spec_names, product.lowest_price_fen) == (["规格"], 6_800)
    assert product.skus.get().spec_values == ["250 克"]
    for words in ("龙井", "longjing"):
        assert [found.product for found in listing(selection=Selection(text=words), limit=5, at=after(days=30))] == [
            product
        ]

    strands = {row.member_id: (row.strand_id, row.place) for row in Position.objects.all()}
    assert strands == {top.pk: (top.pk, 0), second.pk: (top.pk, 1), fourth.pk: (top.pk, 2), third.pk: (third.pk, 0)}
    assert Member.objects.count() == 13
    assert list(findings()) == []
    assert list(miscounted_skus()) == []
