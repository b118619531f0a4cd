"""Real threads and commits against one SKU, order, payment or key. Each was seen failing without its guard."""

from typing import Any

import pytest

from ledger.models import JournalEntry
from ledger.queries import findings
from linkage.models import LinkageEvent
from orders.commands import (
    OrderRefused,
    cancel_order,
    capture_payment,
    confirm_receipt,
    expire_purchases,
    place_order,
    refund_order,
    ship_order,
)
from orders.models import Order, OrderState, Parcel, Payment, PaymentState, Refund
from suppliers.models import Sku, StockMovement
from suppliers.queries import miscounted_skus
from tests.concurrency.threads import at_once
from tests.factories import (
    AT,
    a_gift_pack,
    a_member,
    a_paid_order,
    a_payment,
    a_placed_order,
    a_shipped_order,
    a_sku,
    an_address,
    fresh,
    gift_pack_terms,
    later,
)

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(5)


def capture(payment: Payment, captured_at: Any = AT) -> Payment:
    return capture_payment(
        payment_number=payment.number,
        provider_ref=f"SC{payment.number}",
        amount_fen=payment.amount_fen,
        currency="CNY",
        captured_at=captured_at,
    )


def stock(sku: Sku) -> tuple[int, int]:
    return Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk)


def test_two_hundred_buyers_of_fifty_units_get_exactly_fifty() -> None:
    sku = a_sku(on_hand=50)
    buyers = [a_member() for _ in range(200)]
    addresses = [an_address(buyer) for buyer in buyers]

    def buy(number: int) -> list[Any]:
        results: list[Any] = []
        for index in range(number, 200, 20):
            try:
                results.append(
                    place_order(
                        member=buyers[index],
                        items=[(sku.pk, 1)],
                        address=addresses[index],
                        note="",
                        idempotency_key="k",
                        at=AT,
                    )
                )
            except OrderRefused as refusal:
                results.append(refusal)
        return results

    results = [result for thread in at_once(buy, 20) for result in thread]

    assert sum(isinstance(result, Order) for result in results) == 50
    assert sum(isinstance(result, OrderRefused) for result in results) == 150
    assert Order.objects.count() == StockMovement.objects.filter(kind="reserved").count() == 50
    assert stock(sku) == (50, 50)
    assert not miscounted_skus().exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_carts_in_opposite_order_do_not_deadlock(_round: int) -> None:
    first = a_sku(on_hand=100)
    second = a_sku(supplier=first.product.supplier, on_hand=100)
    buyers = [a_member() for _ in range(8)]
    addresses = [an_address(buyer) for buyer in buyers]

    def buy(number: int) -> Order:
        pair = [(first.pk, 1), (second.pk, 1)]
        return place_order(
            member=buyers[number],
            items=pair if number % 2 else pair[::-1],
            address=addresses[number],
            note="",
            idempotency_key="k",
            at=AT,
        )

    at_once(buy, 8)
    assert (stock(first), stock(second)) == ((100, 8), (100, 8))


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_request_sent_eight_times_is_one_order(_round: int) -> None:
    member, sku = a_member(), a_sku()
    address = an_address(member)

    def buy(number: int) -> Order:
        return place_order(member=member, items=[(sku.pk, 2)], address=address, note="", idempotency_key="k", at=AT)

    assert len({order.pk for order in at_once(buy, 8)}) == 1
    assert stock(sku) == (50, 2)


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_notice_sent_eight_times_captures_once(_round: int) -> None:
    gift_pack_terms()
    order = a_placed_order(sku=a_gift_pack())
    payment = a_payment(order)

    states = {captured.state for captured in at_once(lambda number: capture(payment), 8)}

    assert states == {PaymentState.CAPTURED}
    assert fresh(order).state == OrderState.PAID
    assert JournalEntry.objects.filter(kind="payment", reference=payment.number).count() == 1
    assert LinkageEvent.objects.filter(order_id=order.pk).count() <= 1
    assert Refund.objects.count() == 0


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_payment_and_the_end_of_its_time_agree(_round: int) -> None:
    sku = a_sku(on_hand=1)
    order = a_placed_order(sku=sku)
    payment = a_payment(order)

    def act(number: int) -> Any:
        return capture(payment, later(minutes=31)) if number % 2 else expire_purchases(at=later(minutes=31))

    at_once(act, 8)

    state, payment_state = fresh(order).state, Payment.objects.get(pk=payment.pk).state
    if state == OrderState.PAID:
        assert (payment_state, stock(sku), Refund.objects.count()) == (PaymentState.CAPTURED, (1, 1), 0)
    else:
        assert state == OrderState.CANCELLED
        assert (payment_state, stock(sku), Refund.objects.count()) == (PaymentState.REFUNDING, (1, 0), 1)
    assert not miscounted_skus().exists()
    assert list(findings()) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_payment_and_a_cancellation_agree(_round: int) -> None:
    sku = a_sku(on_hand=1)
    order = a_placed_order(sku=sku)
    payment = a_payment(order)

    def act(number: int) -> Any:
        return capture(payment) if number % 2 else cancel_order(order=order, reason="", at=AT)

    at_once(act, 8, refusals=(OrderRefused,))

    is_paid = fresh(order).state == OrderState.PAID
    assert stock(sku) == ((1, 1) if is_paid else (1, 0))
    assert Refund.objects.count() == (0 if is_paid else 1)
    assert JournalEntry.objects.filter(reference=payment.number).count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_refund_asked_for_eight_times_is_one_refund(_round: int) -> None:
    sku = a_sku(on_hand=5)
    order = a_paid_order(sku=sku, quantity=2)

    refunds = at_once(lambda number: refund_order(order=order, reason="", at=AT), 8)

    assert len({refund.pk for refund in refunds}) == 1
    assert Refund.objects.count() == 1
    assert JournalEntry.objects.filter(kind="refund").count() == 1
    assert stock(sku) == (5, 0)
    assert list(findings()) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_refund_and_a_shipment_agree(_round: int) -> None:
    sku = a_sku(on_hand=5)
    order = a_paid_order(sku=sku)

    def act(number: int) -> Any:
        if number % 2:
            return refund_order(order=order, reason="", at=AT)
        return ship_order(order=order, carrier="顺丰", tracking_number="SF1", by=None, at=AT)

    at_once(act, 8, refusals=(OrderRefused,))

    assert fresh(order).state == OrderState.REFUNDED
    shipped = Parcel.objects.count()
    assert shipped <= 1
    assert stock(sku) == (5 - shipped, 0)
    assert not miscounted_skus().exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_shipment_pressed_eight_times_leaves_one_parcel(_round: int) -> None:
    sku = a_sku(on_hand=5)
    order = a_paid_order(sku=sku, quantity=2)

    def ship(number: int) -> Parcel:
        return ship_order(order=order, carrier="顺丰", tracking_number=f"SF{number}", by=None, at=AT)

    results = at_once(ship, 8, refusals=(OrderRefused,))

    assert sum(isinstance(result, Parcel) for result in results) == 1
    assert Parcel.objects.count() == 1
    assert stock(sku) == (3, 0)


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_receipt_confirmed_eight_times_is_told_once(_round: int) -> None:
    order = a_shipped_order()
    received = at_once(lambda number: confirm_receipt(order=order, at=later(seconds=number)).received_at, 8)
    assert len(set(received)) == 1
