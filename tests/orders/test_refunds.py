import pytest

from ledger.queries import findings
from orders.commands import (
    OrderRefused,
    Refusal,
    cancel_order,
    complete_orders,
    confirm_receipt,
    refund_order,
    retry_refund,
)
from orders.models import OrderState, PaymentState, Refund, RefundState
from suppliers.models import Sku
from tests.factories import (
    AT,
    a_gift_pack,
    a_paid_order,
    a_placed_order,
    a_received_order,
    a_shipped_order,
    a_sku,
    fresh,
    gift_pack_terms,
    later,
)
from tests.orders.books import books
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def test_a_refund_takes_the_sale_back_and_owes_the_money() -> None:
    order = a_paid_order(sku=a_sku(price_fen=6_800, supply_price_fen=4_000))
    refund = refund_order(order=order, reason="不喜欢", at=later(hours=1))

    order = fresh(order)
    assert (order.state, order.refunded_at, order.refund_reason) == (OrderState.REFUNDED, later(hours=1), "不喜欢")
    assert (refund.state, refund.amount_fen) == (RefundState.REQUESTED, 6_800)
    assert refund.payment.state == PaymentState.REFUNDING
    assert books(order.supplier_id) == {"cash": 6_800, "refunds_owed": 6_800}
    assert list(findings()) == []


def test_a_refund_again_is_the_same_refund() -> None:
    order = a_paid_order()
    refund = refund_order(order=order, reason="不喜欢", at=AT)
    with nothing_changes():
        assert refund_order(order=order, reason="再来一次", at=later(hours=1)) == refund


def test_stock_that_did_not_ship_is_released_and_what_shipped_is_not() -> None:
    sku = a_sku(on_hand=5)
    refund_order(order=a_paid_order(sku=sku), reason="", at=AT)
    assert Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk) == (5, 0)
    refund_order(order=a_shipped_order(sku=sku), reason="", at=AT)
    assert Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk) == (4, 0)


def test_ordinary_goods_go_back_until_the_cooling_off_is_over() -> None:
    order = a_received_order()
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        refund_order(order=order, reason="", at=later(days=7))
    assert refusal.value.reason == Refusal.NOT_REFUNDABLE
    assert refund_order(order=order, reason="", at=later(days=6, hours=23)).pk


def test_a_gift_pack_goes_back_even_when_it_is_completed() -> None:
    gift_pack_terms()
    order = a_received_order(sku=a_gift_pack())
    assert complete_orders(at=later(days=7)) == 1
    assert fresh(order).state == OrderState.COMPLETED
    refund_order(order=order, reason="", at=later(days=300))
    assert fresh(order).state == OrderState.REFUNDED


@pytest.mark.parametrize("state", ["placed", "cancelled"])
def test_what_was_not_paid_is_not_refunded(state: str) -> None:
    order = a_placed_order()
    if state == "cancelled":
        cancel_order(order=order, reason="", at=AT)
    with nothing_changes(), pytest.raises(OrderRefused):
        refund_order(order=order, reason="", at=AT)


def test_a_refunded_order_does_not_go_on() -> None:
    order = a_shipped_order()
    refund_order(order=order, reason="", at=AT)
    with nothing_changes(), pytest.raises(OrderRefused):
        confirm_receipt(order=order, at=AT)


def test_only_a_refund_that_was_turned_down_is_sent_again_under_its_number() -> None:
    refund = refund_order(order=a_paid_order(), reason="", at=AT)
    with nothing_changes():
        assert not retry_refund(refund=refund, at=AT)
    Refund.objects.update(state=RefundState.FAILED)
    assert retry_refund(refund=refund, at=AT)
    again = Refund.objects.get()
    assert (again.number, again.state) == (refund.number, RefundState.REQUESTED)
