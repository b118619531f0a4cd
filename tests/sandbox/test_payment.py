"""A payment from the cashier to the notice and back, over HTTP between the mall and its provider."""

from datetime import timedelta

import httpx
import pytest
from django.db import transaction

from mall.core import clock
from orders.commands import (
    OrderRefused,
    ask_provider,
    cancel_order,
    close_charge,
    open_cashier,
    refund_order,
    send_refund,
)
from orders.gateways import GatewayError, GatewayRefusal
from orders.models import Notice, Order, OrderState, Payment, PaymentState, Refund, RefundState
from orders.queries import unasked_payments, unsent_refunds
from orders.tasks import ask_providers, send_refunds
from sandbox.models import SandboxCharge, SandboxNotice, SandboxRefund, SandboxTrouble
from sandbox.notices import send_due_notices
from tests.factories import a_placed_order, a_sku, fresh
from tests.orders.books import books
from tests.sandbox.provider import confirm
from tests.snapshots import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]


def order_to_pay() -> Order:
    return a_placed_order(sku=a_sku(price_fen=6_800, supply_price_fen=4_000), at=clock.now())


def cashier(order: Order) -> str:
    payment = open_cashier(
        purchase=order.purchase, provider="sandbox", return_url="http://127.0.0.1/back", at=clock.now()
    )
    return str(payment.pay_url)


def paid_order() -> Order:
    order = order_to_pay()
    confirm(cashier(order))
    return fresh(order)


def trouble(operation: str, kind: str, remaining: int = 1) -> None:
    SandboxTrouble.objects.create(operation=operation, kind=kind, remaining=remaining)


def test_a_buyer_confirms_and_the_order_is_paid_by_the_notice() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    assert fresh(order).state == OrderState.PLACED

    answer = confirm(pay_url)

    assert (answer.status_code, answer.headers["Location"]) == (303, "http://127.0.0.1/back")
    assert fresh(order).state == OrderState.PAID
    charge, payment = SandboxCharge.objects.get(), Payment.objects.get()
    assert (payment.provider_ref, payment.captured_at) == (charge.reference, charge.paid_at)
    assert SandboxNotice.objects.get().acknowledged_at is not None
    assert Notice.objects.get().result == "captured"


def test_opening_the_cashier_again_gives_the_same_page() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    with nothing_changes():
        assert cashier(order) == pay_url


def test_a_buyer_who_leaves_has_not_paid() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    with nothing_changes():
        assert confirm(pay_url, "cancel").status_code == 303
    assert fresh(order).state == OrderState.PLACED


def test_pressing_pay_twice_pays_once() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    confirm(pay_url)
    with nothing_changes():
        confirm(pay_url)


def test_the_providers_page_is_found_by_its_token_only(mall_url: str) -> None:
    assert httpx.get(f"{mall_url}/sandbox/pay/guess/").status_code == 404


def test_a_notice_that_did_not_arrive_is_sent_again() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    SandboxCharge.objects.update(notify_url="http://127.0.0.1:9/nobody")
    confirm(pay_url)
    notice = SandboxNotice.objects.get()
    assert (fresh(order).state, notice.acknowledged_at, notice.tries) == (OrderState.PLACED, None, 1)
    SandboxCharge.objects.update(notify_url=httpx.URL(pay_url).copy_with(path="/api/payments/sandbox/notice"))

    assert send_due_notices(at=clock.now()) == 0
    assert send_due_notices(at=clock.now() + timedelta(seconds=16)) == 1
    assert fresh(order).state == OrderState.PAID
    assert send_due_notices(at=clock.now() + timedelta(hours=1)) == 0


def test_a_payment_of_which_no_notice_comes_is_asked_about() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    SandboxCharge.objects.update(notify_url="http://127.0.0.1:9/nobody")
    confirm(pay_url)
    assert unasked_payments(at=clock.now(), limit=9) == []
    clock.advance(timedelta(minutes=1))
    assert ask_providers() == 1
    assert fresh(order).state == OrderState.PAID
    assert ask_providers() == 0


def test_asking_about_an_unpaid_payment_changes_nothing_but_when_it_was_asked() -> None:
    order = order_to_pay()
    cashier(order)
    payment = Payment.objects.get()
    with nothing_changes(without=("orders_payment", "sandbox_sandboxnonce")):
        asked = ask_provider(payment_number=payment.number, at=clock.now())
    assert asked is not None
    assert asked.state == PaymentState.CREATED


def test_a_provider_that_says_another_amount_is_not_believed() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    SandboxCharge.objects.update(amount_fen=1, notify_url="http://127.0.0.1:9/nobody")
    confirm(pay_url)
    ask_provider(payment_number=Payment.objects.get().number, at=clock.now())
    assert fresh(order).state == OrderState.PLACED


def test_a_closed_order_takes_no_more_money() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    cancel_order(order=order, reason="", at=clock.now())
    close_charge(payment_number=Payment.objects.get().number, at=clock.now())
    confirm(pay_url)
    assert SandboxCharge.objects.get().state == "closed"
    assert SandboxNotice.objects.count() == 0


def test_money_that_came_while_the_order_was_closed_is_given_back_once() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    cancel_order(order=order, reason="", at=clock.now())
    confirm(pay_url)
    assert Refund.objects.get().state == RefundState.REQUESTED
    assert books(order.supplier_id) == {"cash": 6_800, "refunds_owed": 6_800}

    assert send_refunds() == 1
    assert (Refund.objects.get().state, Payment.objects.get().state) == (RefundState.SUCCEEDED, PaymentState.REFUNDED)
    assert SandboxRefund.objects.get().amount_fen == 6_800
    assert books(order.supplier_id) == {}
    assert fresh(order).state == OrderState.CANCELLED
    assert send_refunds() == 0
    with nothing_changes():
        send_refund(number=Refund.objects.get().number, at=clock.now())


def test_an_order_past_its_time_is_not_paid_on_the_providers_page() -> None:
    order = order_to_pay()
    pay_url = cashier(order)
    clock.advance(timedelta(minutes=31))
    with nothing_changes():
        confirm(pay_url)


def test_a_refund_goes_back_over_the_provider() -> None:
    order = paid_order()
    refund = refund_order(order=order, reason="不喜欢", at=clock.now())
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert SandboxRefund.objects.get().number == refund.number
    assert books(order.supplier_id) == {}


@pytest.mark.parametrize("kind", ["lost_answer", "unavailable"])
def test_a_refund_of_unknown_outcome_is_asked_about_and_paid_once(kind: str) -> None:
    order = paid_order()
    refund = refund_order(order=order, reason="", at=clock.now())
    trouble("refund", kind)
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.SENT
    assert unsent_refunds(at=clock.now(), limit=9) == []
    assert fresh(order).state == OrderState.REFUNDED

    clock.advance(timedelta(minutes=2))
    assert unsent_refunds(at=clock.now(), limit=9) == [refund.number]
    assert send_refunds() == 1
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert SandboxRefund.objects.count() == 1
    assert books(order.supplier_id) == {}


def test_a_refund_that_the_provider_turns_down_stays_owed() -> None:
    order = paid_order()
    refund = refund_order(order=order, reason="", at=clock.now())
    trouble("refund", "rejected")
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.FAILED
    assert books(order.supplier_id) == {"cash": 6_800, "refunds_owed": 6_800}


@pytest.mark.parametrize(("kind", "error"), [("unavailable", GatewayError), ("rejected", GatewayRefusal)])
def test_a_cashier_that_does_not_open_leaves_an_order_that_can_be_tried_again(
    kind: str, error: type[Exception]
) -> None:
    order = order_to_pay()
    trouble("charge", kind)
    with pytest.raises(error):
        cashier(order)
    assert fresh(order).state == OrderState.PLACED
    confirm(cashier(order))
    assert fresh(order).state == OrderState.PAID


def test_a_charge_whose_answer_was_lost_is_opened_once() -> None:
    order = order_to_pay()
    trouble("charge", "lost_answer")
    with pytest.raises(GatewayError):
        cashier(order)
    cashier(order)
    assert SandboxCharge.objects.count() == Payment.objects.count() == 1


def test_an_unreachable_provider_opens_no_cashier(settings) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:9/sandbox"
    order = order_to_pay()
    with pytest.raises(GatewayError):
        cashier(order)
    assert Order.objects.get().state == OrderState.PLACED


def test_a_paid_order_opens_no_cashier() -> None:
    order = paid_order()
    with nothing_changes(), pytest.raises(OrderRefused):
        cashier(order)


def test_no_transaction_is_open_while_the_provider_is_waited_for() -> None:
    order = order_to_pay()
    refund = refund_order(order=paid_order(), reason="", at=clock.now())
    cashier(order)
    number = Payment.objects.get(purchase=order.purchase_id).number
    with transaction.atomic(), nothing_changes():
        for wait in (
            lambda: cashier(order),
            lambda: ask_provider(payment_number=number, at=clock.now()),
            lambda: send_refund(number=refund.number, at=clock.now()),
        ):
            with pytest.raises(RuntimeError, match="durable"):
                wait()
