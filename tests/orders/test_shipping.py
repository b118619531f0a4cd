import pytest

from orders import queries
from orders.commands import (
    OrderRefused,
    Refusal,
    complete_orders,
    confirm_receipt,
    receive_overdue,
    ship_order,
)
from orders.models import OrderState
from suppliers.models import Sku
from tests.factories import (
    AT,
    a_member,
    a_paid_order,
    a_placed_order,
    a_received_order,
    a_seat,
    a_shipped_order,
    a_sku,
    a_supplier,
    fresh,
    later,
)
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def test_a_supplier_ships_its_own_order_and_the_stock_leaves() -> None:
    sku = a_sku(on_hand=5)
    order, by = a_paid_order(sku=sku, quantity=2), a_seat(sku.product.supplier)
    parcel = ship_order(order=order, carrier="顺丰速运", tracking_number=" SF123 ", by=by, at=later(hours=1))

    order = fresh(order)
    assert (order.state, order.shipped_at) == (OrderState.SHIPPED, later(hours=1))
    assert order.auto_receive_at == later(days=10, hours=1)
    assert (parcel.tracking_number, parcel.shipped_by) == ("SF123", by)
    assert Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk) == (3, 0)
    with nothing_changes(), pytest.raises(OrderRefused):
        ship_order(order=order, carrier="顺丰速运", tracking_number="SF124", by=by, at=later(hours=2))


def test_nobody_ships_for_another_supplier() -> None:
    order = a_paid_order()
    for stranger in (a_seat(a_supplier()), a_member()):
        with nothing_changes(), pytest.raises(OrderRefused) as refusal:
            ship_order(order=order, carrier="顺丰速运", tracking_number="SF1", by=stranger, at=AT)
        assert refusal.value.reason == Refusal.NOT_YOURS


@pytest.mark.parametrize(("carrier", "tracking"), [("", "SF1"), ("顺丰", " "), ("顺丰", "S" * 41), ("顺\x00丰", "SF1")])
def test_a_parcel_has_a_carrier_and_a_number(carrier: str, tracking: str) -> None:
    order = a_paid_order()
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        ship_order(order=order, carrier=carrier, tracking_number=tracking, by=None, at=AT)
    assert refusal.value.reason == Refusal.BAD_PARCEL


def test_what_is_not_paid_does_not_ship() -> None:
    order = a_placed_order()
    with nothing_changes(), pytest.raises(OrderRefused):
        ship_order(order=order, carrier="顺丰", tracking_number="SF1", by=None, at=AT)


def test_what_did_not_ship_is_not_received() -> None:
    order = a_paid_order()
    with nothing_changes(), pytest.raises(OrderRefused):
        confirm_receipt(order=order, at=AT)


def test_a_receipt_is_confirmed_once() -> None:
    order = a_shipped_order()
    confirm_receipt(order=order, at=later(days=3))
    with nothing_changes():
        assert confirm_receipt(order=order, at=later(days=4)).received_at == later(days=3)


def test_after_ten_days_goods_count_as_received_when_they_were_due() -> None:
    order, confirmed = a_shipped_order(), a_received_order()
    with nothing_changes():
        assert receive_overdue(at=later(days=9, hours=23)) == 0
    assert receive_overdue(at=later(days=12)) == 1
    assert fresh(order).received_at == later(days=10)
    assert fresh(confirmed).received_at == AT
    with nothing_changes():
        assert receive_overdue(at=later(days=12)) == 0


def test_an_order_is_complete_when_its_cooling_off_was_over() -> None:
    order = a_received_order()
    with nothing_changes():
        assert complete_orders(at=later(days=6, hours=23)) == 0
    assert complete_orders(at=later(days=9)) == 1
    order = fresh(order)
    assert (order.state, order.completed_at) == (OrderState.COMPLETED, later(days=7))


def test_the_timeline_says_what_was_and_what_is_to_come() -> None:
    steps = queries.timeline(order=a_shipped_order())
    assert [step.label for step in steps] == ["提交订单", "付款成功", "商家发货", "确认收货", "交易完成"]
    assert [step.at is not None for step in steps] == [True, True, True, False, False]
    assert steps[3].due_at == later(days=10)
