"""Alipay over HTTP between the mall and its stand-in: the page, notices, asking, closing, refunds, bills."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.commands import ask_provider, cancel_order, close_charge, open_cashier, refund_order, send_refund
from orders.gateways import ChargeState, GatewayError, NoBill, RefundOutcome, payment_gateway
from orders.models import Notice, Order, OrderState, Payment, PaymentState, Refund, RefundState
from orders.queries import unasked_payments
from sandbox.payments.delivery import send_due_notices
from sandbox.payments.models import Trade, TradeNotice, TradeRefund, TradeTrouble
from sandbox.payments.tasks import send_what_is_due
from tests.factories import a_placed_order, a_sku, fresh
from tests.orders.books import books
from tests.snapshots import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]

BACK = "http://127.0.0.1/back"


def order_to_pay() -> Order:
    return a_placed_order(sku=a_sku(price_fen=6_800, supply_price_fen=4_000), at=clock.now())


def cashier(order: Order) -> Payment:
    return open_cashier(purchase=order.purchase, provider="alipay", return_url=BACK, at=clock.now())


def confirm(address: str, decision: str = "pay") -> httpx.Response:
    """Open the signed address and press a button on the page, as a buyer."""
    with httpx.Client(timeout=10, follow_redirects=True) as browser:
        page = browser.get(address)
        assert page.status_code == 200
        token = browser.cookies.get("csrftoken") or ""
        return browser.post(
            page.url,
            data={"decision": decision, "csrfmiddlewaretoken": token},
            headers={"Referer": str(page.url)},
            follow_redirects=False,
        )


def paid_order() -> Order:
    order = order_to_pay()
    confirm(cashier(order).pay_url)
    assert fresh(order).state == OrderState.PAID
    return fresh(order)


def trouble(operation: str, kind: str, remaining: int = 1) -> None:
    TradeTrouble.objects.create(provider="alipay", operation=operation, kind=kind, remaining=remaining)


def gateway() -> Any:
    return payment_gateway("alipay")


def test_a_buyer_pays_on_the_page_and_the_notice_pays_the_order() -> None:
    order = order_to_pay()
    answer = confirm(cashier(order).pay_url)
    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    trade, payment = Trade.objects.get(), Payment.objects.get()
    assert (fresh(order).state, payment.provider_ref, payment.scene) == (OrderState.PAID, trade.reference, "wap")
    assert TradeNotice.objects.get().acknowledged_at is not None
    assert Notice.objects.get().result == "captured"
    assert books(order.supplier_id) == {"alipay_cash": 6_800, "revenue": 6_800, "cost": 4_000, "payable": 4_000}


def test_coming_back_from_the_page_proves_nothing() -> None:
    order = order_to_pay()
    address = cashier(order).pay_url
    answer = confirm(address, "cancel")
    assert answer.headers["Location"] == BACK
    assert fresh(order).state == OrderState.PLACED


def test_an_address_that_was_changed_is_refused() -> None:
    address = cashier(order_to_pay()).pay_url
    with nothing_changes():
        cheaper = httpx.get(address.replace("68.00", "0.01"))
    assert "isv.invalid-signature" in cheaper.text


def test_the_trade_begins_with_the_page_and_before_it_is_unknown() -> None:
    payment = cashier(order_to_pay())
    assert Trade.objects.count() == 0
    assert gateway().query_charge(number=payment.number, at=clock.now()).state == ChargeState.UNKNOWN
    httpx.get(payment.pay_url, follow_redirects=True)
    assert gateway().query_charge(number=payment.number, at=clock.now()).state == ChargeState.OPEN


def test_a_notice_that_is_lost_costs_only_time() -> None:
    order = order_to_pay()
    trouble("notice", "dropped")
    confirm(cashier(order).pay_url)
    assert fresh(order).state == OrderState.PLACED
    clock.advance(timedelta(seconds=31))
    ask_provider(payment_number=Payment.objects.get().number, at=clock.now())
    assert fresh(order).state == OrderState.PAID


def test_a_late_notice_after_the_order_is_closed_gives_the_money_back_once() -> None:
    order = order_to_pay()
    trouble("notice", "delayed")
    trouble("notice", "repeated")
    confirm(cashier(order).pay_url)
    cancel_order(order=order, reason="", at=clock.now())
    clock.advance(timedelta(minutes=1))
    assert send_due_notices(at=clock.now()) == 1
    send_refund(number=Refund.objects.get().number, at=clock.now())
    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert TradeRefund.objects.get().amount_fen == 6_800
    assert books(order.supplier_id) == {}


def test_a_repeated_and_a_forged_notice_pay_once() -> None:
    for kind in ("repeated", "forged"):
        order = order_to_pay()
        trouble("notice", kind)
        confirm(cashier(order).pay_url)
        assert fresh(order).state == OrderState.PAID
    assert Notice.objects.count() == 2


def test_a_closed_order_takes_no_more_money() -> None:
    order = order_to_pay()
    address = cashier(order).pay_url
    httpx.get(address, follow_redirects=True)
    cancel_order(order=order, reason="", at=clock.now())
    close_charge(payment_number=Payment.objects.get().number, at=clock.now())
    assert (Trade.objects.get().state, Payment.objects.get().ask_at) == ("closed", None)
    assert httpx.get(address, follow_redirects=True).status_code == 400


def test_an_address_nobody_opened_is_looked_after_until_it_is_no_longer_good() -> None:
    order = order_to_pay()
    number = cashier(order).number
    cancel_order(order=order, reason="", at=clock.now())
    close_charge(payment_number=number, at=clock.now())
    assert Payment.objects.get().ask_at is not None
    clock.advance(timedelta(minutes=31))
    assert unasked_payments(at=clock.now(), limit=9) == [number]
    ask_provider(payment_number=number, at=clock.now())
    assert Payment.objects.get().ask_at is None
    assert Payment.objects.get().state == PaymentState.CLOSED


def test_a_refund_arrives_at_once_and_its_notice_is_no_payment() -> None:
    order = paid_order()
    refund = refund_order(order=order, reason="", at=clock.now())
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert books(order.supplier_id) == {}
    with nothing_changes(without=("orders_notice", "sandbox_payments_tradenotice")):
        send_what_is_due()
    assert Notice.objects.latest("id").result == "refund succeeded"


@pytest.mark.parametrize("kind", ["lost_answer", "unavailable", "bad_signature"])
def test_a_refund_of_unknown_outcome_is_asked_about_and_paid_once(kind: str) -> None:
    refund = refund_order(order=paid_order(), reason="", at=clock.now())
    trouble("refund", kind)
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.SENT
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert (refund.state, TradeRefund.objects.get().number) == (RefundState.SUCCEEDED, refund.number)


def test_a_refund_that_is_turned_down_stays_owed() -> None:
    refund = refund_order(order=paid_order(), reason="", at=clock.now())
    trouble("refund", "refused")
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.FAILED


def test_parts_are_given_back_and_never_more_than_was_paid() -> None:
    paid_order()
    payment = Payment.objects.get()
    parts = {"payment_number": payment.number, "total_fen": 6_800, "currency": "CNY", "at": clock.now()}
    assert gateway().refund(number="RP1", amount_fen=6_000, **parts) == RefundOutcome.SUCCEEDED
    with nothing_changes():
        assert gateway().refund(number="RP1", amount_fen=6_000, **parts) == RefundOutcome.PENDING
        assert gateway().refund(number="RP2", amount_fen=801, **parts) == RefundOutcome.REFUSED
    query = {"payment_number": payment.number, "at": clock.now()}
    assert gateway().query_refund(number="RP1", **query) == RefundOutcome.SUCCEEDED
    assert gateway().query_refund(number="RP9", **query) == RefundOutcome.UNKNOWN


@pytest.mark.parametrize("kind", ["unavailable", "bad_signature", "lost_answer"])
def test_an_answer_that_is_not_sure_changes_nothing_but_when_it_is_asked_next(kind: str) -> None:
    order = order_to_pay()
    trouble("notice", "dropped")
    confirm(cashier(order).pay_url)
    trouble("query", kind)
    with nothing_changes(without=("orders_payment", "sandbox_payments_tradetrouble")):
        ask_provider(payment_number=Payment.objects.get().number, at=clock.now())
    assert Payment.objects.get().state == PaymentState.CREATED
    assert fresh(order).state == OrderState.PLACED


def test_the_bill_of_a_day_holds_payments_and_refunds() -> None:
    today = clock.now().astimezone(SHANGHAI).date()
    with pytest.raises(NoBill):
        gateway().download_bill(day=today, at=clock.now())
    order = paid_order()
    payment = Payment.objects.get()
    refund = refund_order(order=order, reason="", at=clock.now())
    send_refund(number=refund.number, at=clock.now())
    bill = gateway().download_bill(day=today, at=clock.now())
    assert [(entry.kind, entry.number, entry.payment_number, entry.amount_fen) for entry in bill.entries] == [
        ("payment", payment.number, payment.number, 6_800),
        ("refund", refund.number, payment.number, 6_800),
    ]


def test_a_bill_at_another_address_is_not_fetched(settings: Any) -> None:
    paid_order()
    settings.ALIPAY_BILL_HOSTS = ["dwbillcenter.alipay.com"]
    with pytest.raises(GatewayError, match="another address"):
        gateway().download_bill(day=clock.now().astimezone(SHANGHAI).date(), at=clock.now())


def test_a_redirect_is_not_followed(settings: Any) -> None:
    settings.ALIPAY_URL = f"{settings.SITE_URL}/account/login"
    with pytest.raises(GatewayError):
        gateway().query_charge(number="PY1", at=clock.now())
