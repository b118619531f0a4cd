from typing import Any

import pytest

from ledger.models import JournalEntry
from ledger.queries import findings
from linkage.models import LinkageEvent
from orders.commands import (
    OrderRefused,
    PaymentRefused,
    Refusal,
    cancel_order,
    capture_payment,
    expire_purchases,
    start_payment,
)
from orders.models import Order, OrderState, Payment, PaymentState, Refund, RefundState
from suppliers.models import Sku
from tests.factories import (
    AT,
    a_gift_pack,
    a_paid_order,
    a_payment,
    a_placed_order,
    a_sku,
    fresh,
    gift_pack_terms,
    later,
    pay,
)
from tests.orders.books import books
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def capture(payment: Payment, **changes: Any) -> Payment:
    parts = {
        "payment_number": payment.number,
        "provider_ref": f"SC{payment.number}",
        "amount_fen": payment.amount_fen,
        "currency": "CNY",
        "captured_at": later(minutes=1),
    }
    return capture_payment(**(parts | changes))


def test_a_captured_payment_pays_its_order_and_is_in_the_books() -> None:
    order = a_placed_order(sku=a_sku(price_fen=6_800, supply_price_fen=4_000), quantity=2)
    payment = capture(a_payment(order))

    order = fresh(order)
    assert (order.state, order.paid_at) == (OrderState.PAID, later(minutes=1))
    assert (payment.state, payment.captured_at) == (PaymentState.CAPTURED, later(minutes=1))
    assert books(order.supplier_id) == {"cash": 13_600, "revenue": 13_600, "cost": 8_000, "payable": 8_000}
    assert list(findings()) == []


def test_a_paid_order_keeps_its_stock_until_it_ships() -> None:
    sku = a_sku(on_hand=5)
    a_paid_order(sku=sku, quantity=2)
    assert Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk) == (5, 2)


def test_the_same_notice_again_changes_nothing() -> None:
    payment = a_payment(a_placed_order())
    capture(payment)
    with nothing_changes():
        assert capture(payment, captured_at=later(minutes=9)).state == PaymentState.CAPTURED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount_fen": 6_799}, "another amount"),
        ({"amount_fen": 6_801}, "another amount"),
        ({"amount_fen": 0}, "another amount"),
        ({"amount_fen": -6_800}, "another amount"),
        ({"amount_fen": 6_800.0}, "another amount"),
        ({"amount_fen": "6800"}, "another amount"),
        ({"currency": "USD"}, "another currency"),
        ({"currency": ""}, "another currency"),
        ({"provider_ref": ""}, "no reference"),
        ({"payment_number": "PY2611010000000000"}, "unknown payment"),
    ],
)
def test_what_does_not_fit_to_the_last_fen_changes_nothing(changes: dict[str, Any], reason: str) -> None:
    payment = a_payment(a_placed_order(sku=a_sku(price_fen=6_800)))
    with nothing_changes(), pytest.raises(PaymentRefused, match=reason):
        capture(payment, **changes)


def test_a_short_payment_changes_nothing_even_after_the_right_one() -> None:
    payment = a_payment(a_placed_order())
    capture(payment)
    with nothing_changes(), pytest.raises(PaymentRefused, match="another amount"):
        capture(payment, amount_fen=1)
    with nothing_changes(), pytest.raises(PaymentRefused, match="another reference"):
        capture(payment, provider_ref="SC-other")


def test_one_reference_pays_one_order() -> None:
    capture(a_payment(a_placed_order()), provider_ref="SC1")
    other = a_payment(a_placed_order())
    with nothing_changes(), pytest.raises(PaymentRefused, match="the reference of another payment"):
        capture(other, provider_ref="SC1")


def test_paying_again_opens_no_second_payment() -> None:
    order = a_placed_order()
    payment = a_payment(order)
    with nothing_changes():
        assert start_payment(purchase=order.purchase, provider="sandbox", at=later(minutes=5)) == payment


def test_a_provider_that_is_not_in_use_is_refused() -> None:
    order = a_placed_order()
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        start_payment(purchase=order.purchase, provider="nobody", at=AT)
    assert refusal.value.reason == Refusal.NO_PROVIDER


def test_an_order_past_its_time_is_not_to_be_paid() -> None:
    order = a_placed_order()
    with nothing_changes(), pytest.raises(OrderRefused) as refusal:
        start_payment(purchase=order.purchase, provider="sandbox", at=later(minutes=30))
    assert refusal.value.reason == Refusal.EXPIRED


@pytest.mark.parametrize("state", ["paid", "cancelled"])
def test_an_order_that_is_paid_or_cancelled_is_not_to_be_paid(state: str) -> None:
    order = a_paid_order() if state == "paid" else cancel_order(order=a_placed_order(), reason="", at=AT)
    with nothing_changes(), pytest.raises(OrderRefused):
        start_payment(purchase=order.purchase, provider="sandbox", at=AT)


def test_money_for_a_closed_order_is_owed_back_once() -> None:
    sku = a_sku(on_hand=1, price_fen=6_800)
    order = a_placed_order(sku=sku)
    payment = a_payment(order)
    expire_purchases(at=later(minutes=31))
    sold_meanwhile = a_paid_order(sku=sku, at=later(minutes=32))

    capture(payment, captured_at=later(minutes=33))

    payment.refresh_from_db()
    refund = Refund.objects.get()
    assert (fresh(order).state, fresh(sold_meanwhile).state) == (OrderState.CANCELLED, OrderState.PAID)
    assert (payment.state, refund.state, refund.amount_fen) == (PaymentState.REFUNDING, RefundState.REQUESTED, 6_800)
    assert books(order.supplier_id)["refunds_owed"] == 6_800
    assert not JournalEntry.objects.filter(kind="payment", reference=payment.number).exists()
    assert Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk) == (1, 1)
    with nothing_changes():
        capture(payment, captured_at=later(minutes=34))


def test_a_gift_pack_paid_too_late_earns_nobody_anything() -> None:
    gift_pack_terms()
    order = a_placed_order(sku=a_gift_pack())
    payment = a_payment(order)
    cancel_order(order=order, reason="", at=AT)
    capture(payment)
    assert not LinkageEvent.objects.filter(order_id=order.pk).exists()


def test_a_payment_before_the_sweep_still_counts() -> None:
    order = a_placed_order()
    capture(a_payment(order), captured_at=later(minutes=31))
    assert expire_purchases(at=later(minutes=32)) == 0
    assert fresh(order).state == OrderState.PAID


def test_a_providers_clock_cannot_pay_before_the_payment_was_opened() -> None:
    order = a_placed_order()
    payment = a_payment(order, at=later(minutes=2))
    capture(payment, captured_at=later(days=-3))
    assert fresh(order).paid_at == later(minutes=2)


def test_every_paid_order_has_one_entry() -> None:
    for _ in range(3):
        pay(a_placed_order())
    assert Order.objects.filter(state=OrderState.PAID).count() == 3
    assert JournalEntry.objects.filter(kind="payment").count() == 3
