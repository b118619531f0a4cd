"""WeChat Pay over HTTP between the mall and its stand-in: opening, paying, notices, asking, closing, refunds, bills."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.utils import timezone

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.commands import (
    ask_provider,
    cancel_order,
    close_charge,
    open_cashier,
    refund_order,
    send_refund,
)
from orders.gateways import ChargeState, GatewayError, GatewayRefusal, NoBill, Payer, RefundOutcome, payment_gateway
from orders.models import Notice, Order, OrderState, Payment, PaymentState, Refund, RefundState
from orders.queries import unasked_payments
from sandbox.payments.delivery import send_due_notices
from sandbox.payments.models import Trade, TradeNotice, TradeRefund, TradeTrouble
from sandbox.payments.tasks import send_what_is_due
from tests.factories import a_placed_order, a_sku, fresh
from tests.orders.books import books
from tests.snapshots import nothing_changes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("mall_url")]

BROWSER = Payer(client_ip="203.0.113.9")
INSIDE = Payer(client_ip="203.0.113.9", openid="oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", is_wechat=True)
TROUBLES = ("sandbox_payments_tradetrouble",)


def order_to_pay() -> Order:
    return a_placed_order(sku=a_sku(price_fen=6_800, supply_price_fen=4_000), at=clock.now())


def cashier(order: Order, payer: Payer = BROWSER) -> Payment:
    return open_cashier(
        purchase=order.purchase,
        provider="wechat",
        return_url=f"http://127.0.0.1/pay/{order.purchase.number}/result",
        at=clock.now(),
        payer=payer,
    )


def confirm(page: str, settings: Any, decision: str = "pay") -> httpx.Response:
    """Open the provider's page from the mall and press a button there, as a buyer."""
    with httpx.Client(timeout=10) as browser:
        assert browser.get(page, headers={"Referer": f"{settings.SITE_URL}/"}).status_code == 200
        token = browser.cookies.get("csrftoken") or ""
        return browser.post(page, data={"decision": decision, "csrfmiddlewaretoken": token}, headers={"Referer": page})


def paid_order(settings: Any) -> Order:
    order = order_to_pay()
    confirm(cashier(order).pay_url, settings)
    assert fresh(order).state == OrderState.PAID
    return fresh(order)


def trouble(operation: str, kind: str, remaining: int = 1) -> None:
    TradeTrouble.objects.create(provider="wechat", operation=operation, kind=kind, remaining=remaining)


def gateway() -> Any:
    return payment_gateway("wechat")


def test_a_buyer_in_another_browser_pays_on_the_page_and_the_notice_pays_the_order(settings: Any) -> None:
    order = order_to_pay()
    payment = cashier(order)
    parts = urlsplit(payment.pay_url)
    assert parse_qs(parts.query)["redirect_url"] == [f"http://127.0.0.1/pay/{order.purchase.number}/result"]
    confirm(payment.pay_url, settings)
    trade, payment = Trade.objects.get(), Payment.objects.get()
    assert fresh(order).state == OrderState.PAID
    assert (payment.scene, payment.provider_ref) == ("h5", trade.reference)
    assert trade.paid_at is not None
    assert payment.captured_at is not None
    assert payment.captured_at <= trade.paid_at
    assert TradeNotice.objects.get().acknowledged_at is not None
    assert Notice.objects.get().result == "captured"
    assert books(order.supplier_id) == {"wechat_cash": 6_800, "revenue": 6_800, "cost": 4_000, "payable": 4_000}


def test_inside_wechat_the_browser_gets_a_signed_sheet_and_the_stand_in_verifies_it(settings: Any) -> None:
    order = order_to_pay()
    sheet = cashier(order, INSIDE).sheet
    assert sheet is not None
    assert set(sheet) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert sheet["timeStamp"].isdigit()
    address = f"{settings.WECHAT_PAY_URL}/sheet"
    with nothing_changes():
        assert httpx.post(address, json=sheet | {"package": "prepay_id=wx0", "decision": "pay"}).status_code == 404
        assert httpx.post(address, json=sheet).json()["amount_fen"] == 6_800
    assert httpx.post(address, json=sheet | {"decision": "pay"}).status_code == 200
    assert fresh(order).state == OrderState.PAID
    assert Trade.objects.get().payer == INSIDE.openid


def test_inside_wechat_nobody_pays_without_an_openid() -> None:
    order = order_to_pay()
    with pytest.raises(GatewayRefusal):
        cashier(order, Payer(is_wechat=True))
    assert Trade.objects.count() == 0
    assert fresh(order).state == OrderState.PLACED


def test_opening_the_cashier_again_gives_the_same_page_and_a_new_one_when_it_is_old() -> None:
    order = order_to_pay()
    first = cashier(order)
    with nothing_changes():
        assert cashier(order).pay_url == first.pay_url
    clock.advance(timedelta(minutes=5))
    again = cashier(order)
    assert (again.number, Trade.objects.count()) == (first.number, 1)


def test_who_changes_browsers_pays_under_another_number_and_the_first_is_closed() -> None:
    order = order_to_pay()
    first, second = cashier(order), cashier(order, INSIDE)
    assert first.number != second.number
    assert Payment.objects.get(number=first.number).state == PaymentState.CLOSED
    close_charge(payment_number=first.number, at=clock.now())
    assert Trade.objects.get(number=first.number).state == "closed"
    assert Payment.objects.get(number=first.number).ask_at is None


def test_a_notice_that_is_lost_costs_only_time(settings: Any) -> None:
    order = order_to_pay()
    trouble("notice", "dropped")
    confirm(cashier(order).pay_url, settings)
    assert send_due_notices(at=clock.now() + timedelta(days=1)) == 0
    assert (fresh(order).state, unasked_payments(at=clock.now(), limit=9)) == (OrderState.PLACED, [])
    clock.advance(timedelta(seconds=31))
    number = Payment.objects.get().number
    assert unasked_payments(at=clock.now(), limit=9) == [number]
    ask_provider(payment_number=number, at=clock.now())
    assert fresh(order).state == OrderState.PAID
    assert unasked_payments(at=clock.now() + timedelta(days=1), limit=9) == []


def test_a_late_notice_pays_and_after_the_order_is_closed_the_money_goes_back(settings: Any) -> None:
    order = order_to_pay()
    trouble("notice", "delayed")
    confirm(cashier(order).pay_url, settings)
    cancel_order(order=order, reason="", at=clock.now())
    clock.advance(timedelta(minutes=1))
    assert send_due_notices(at=clock.now()) == 1
    refund = Refund.objects.get()
    assert (fresh(order).state, refund.amount_fen) == (OrderState.CANCELLED, 6_800)
    send_refund(number=refund.number, at=clock.now())
    assert Refund.objects.get().state == RefundState.SENT
    clock.advance(timedelta(minutes=2))
    send_refund(number=refund.number, at=clock.now())
    assert Refund.objects.get().state == RefundState.SUCCEEDED
    assert books(order.supplier_id) == {}


def test_a_repeated_notice_pays_once(settings: Any) -> None:
    order = order_to_pay()
    trouble("notice", "repeated")
    confirm(cashier(order).pay_url, settings)
    assert fresh(order).state == OrderState.PAID
    assert Notice.objects.count() == 1
    assert books(order.supplier_id)["wechat_cash"] == 6_800


def test_forged_notices_come_first_and_change_nothing(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    order = order_to_pay()
    trouble("notice", "forged")
    confirm(cashier(order).pay_url, settings)
    assert fresh(order).state == OrderState.PAID
    assert [line.message for line in caplog.records if "refused" in line.message] != []
    assert Notice.objects.count() == 1


def test_notices_out_of_order_pay_both_orders(settings: Any) -> None:
    first, second = order_to_pay(), order_to_pay()
    trouble("notice", "reordered")
    confirm(cashier(first).pay_url, settings)
    assert fresh(first).state == OrderState.PLACED
    confirm(cashier(second).pay_url, settings)
    assert (fresh(first).state, fresh(second).state) == (OrderState.PAID, OrderState.PAID)


@pytest.mark.parametrize("kind", ["unavailable", "bad_signature", "lost_answer"])
def test_a_cashier_without_a_sure_answer_stays_closed_and_can_be_tried_again(kind: str, settings: Any) -> None:
    order = order_to_pay()
    trouble("open", kind)
    with pytest.raises(GatewayError):
        cashier(order)
    confirm(cashier(order).pay_url, settings)
    assert fresh(order).state == OrderState.PAID
    assert Trade.objects.count() == Payment.objects.count() == 1


def test_who_is_not_answered_in_time_does_not_wait_for_long(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.payments.wechat.api.SILENCE_SECONDS", 2)
    settings.PROVIDER_TIMEOUT_SECONDS = 0.3
    order = order_to_pay()
    trouble("open", "silent")
    started = timezone.now()
    with pytest.raises(GatewayError):
        cashier(order)
    assert timezone.now() - started < timedelta(seconds=1.5)


def test_a_refusal_closes_the_number_and_the_next_try_has_another() -> None:
    order = order_to_pay()
    trouble("open", "refused")
    with pytest.raises(GatewayRefusal):
        cashier(order)
    assert Payment.objects.get().state == PaymentState.CLOSED
    assert cashier(order).state == PaymentState.CREATED
    assert Payment.objects.count() == 2


def test_a_payment_is_asked_about_at_thirty_seconds_two_ten_and_sixty_minutes_and_then_closed() -> None:
    order = order_to_pay()
    number = cashier(order).number
    started = Payment.objects.get().created_at
    for wait in (30, 120, 600, 3_600):
        due = started + timedelta(seconds=wait)
        assert unasked_payments(at=due - timedelta(seconds=1), limit=9) == []
        assert unasked_payments(at=due, limit=9) == [number]
        ask_provider(payment_number=number, at=due)
    assert Payment.objects.get().state == PaymentState.CLOSED
    assert fresh(order).state == OrderState.PLACED


def test_a_closed_payment_of_which_the_provider_was_not_told_is_told_later() -> None:
    order = order_to_pay()
    number = cashier(order).number
    cancel_order(order=order, reason="", at=clock.now())
    trouble("close", "unavailable")
    trouble("close", "bad_signature")
    for _ in range(3):
        clock.advance(timedelta(minutes=11))
        assert unasked_payments(at=clock.now(), limit=9) == [number]
        ask_provider(payment_number=number, at=clock.now())
    assert Trade.objects.get().state == "closed"
    assert unasked_payments(at=clock.now() + timedelta(days=1), limit=9) == []


def test_money_of_a_closed_payment_counts_while_the_purchase_is_unpaid(settings: Any) -> None:
    order = order_to_pay()
    first = cashier(order)
    cashier(order, INSIDE)
    confirm(first.pay_url, settings)
    assert fresh(order).state == OrderState.PAID
    assert Refund.objects.count() == 0


def test_a_refund_is_accepted_first_and_arrives_with_its_notice(settings: Any) -> None:
    order = paid_order(settings)
    refund = refund_order(order=order, reason="", at=clock.now())
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert (refund.state, TradeRefund.objects.get().state) == (RefundState.SENT, "processing")
    send_what_is_due()
    assert Notice.objects.filter(result="refund sent").count() == 1
    send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert books(order.supplier_id) == {}


@pytest.mark.parametrize("kind", ["lost_answer", "unavailable", "bad_signature"])
def test_a_refund_of_unknown_outcome_is_sent_again_under_its_number_and_paid_once(kind: str, settings: Any) -> None:
    order = paid_order(settings)
    refund = refund_order(order=order, reason="", at=clock.now())
    trouble("refund", kind)
    for _ in range(3):
        send_refund(number=refund.number, at=clock.now())
    refund.refresh_from_db()
    assert refund.state == RefundState.SUCCEEDED
    assert TradeRefund.objects.get().number == refund.number


def test_parts_are_given_back_and_never_more_than_was_paid(settings: Any) -> None:
    order = paid_order(settings)
    payment = Payment.objects.get()
    parts = {"payment_number": payment.number, "total_fen": 6_800, "currency": "CNY", "at": clock.now()}
    assert gateway().refund(number="RP1", amount_fen=6_000, **parts) == RefundOutcome.PENDING
    with nothing_changes():
        assert gateway().refund(number="RP1", amount_fen=6_000, **parts) == RefundOutcome.PENDING
        assert gateway().refund(number="RP1", amount_fen=1, **parts) == RefundOutcome.REFUSED
        assert gateway().refund(number="RP2", amount_fen=801, **parts) == RefundOutcome.REFUSED
    assert gateway().refund(number="RP2", amount_fen=800, **parts) == RefundOutcome.PENDING
    query = {"payment_number": payment.number, "at": clock.now()}
    assert gateway().query_refund(number="RP1", **query) == RefundOutcome.SUCCEEDED
    assert gateway().query_refund(number="RP9", **query) == RefundOutcome.UNKNOWN
    assert fresh(order).state == OrderState.PAID


def test_a_charge_that_was_never_opened_is_unknown() -> None:
    assert gateway().query_charge(number="PY2611010000000000", at=clock.now()).state == ChargeState.UNKNOWN
    assert gateway().close_charge(number="PY2611010000000000", at=clock.now()).state == ChargeState.UNKNOWN


def test_the_bill_of_a_day_holds_payments_and_refunds(settings: Any) -> None:
    today = clock.now().astimezone(SHANGHAI).date()
    with pytest.raises(NoBill):
        gateway().download_bill(day=today, at=clock.now())
    order = paid_order(settings)
    payment = Payment.objects.get()
    refund = refund_order(order=order, reason="", at=clock.now())
    for _ in range(2):
        send_refund(number=refund.number, at=clock.now())
    bill = gateway().download_bill(day=today, at=clock.now())
    found = sorted((entry.kind, entry.number, entry.payment_number, entry.amount_fen) for entry in bill.entries)
    assert found == [
        ("payment", payment.number, payment.number, 6_800),
        ("refund", refund.number, payment.number, 6_800),
    ]


def test_a_bill_whose_hash_does_not_fit_is_not_believed(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    paid_order(settings)
    monkeypatch.setattr("sandbox.payments.wechat.api.gzip.compress", lambda content: b"\x1f\x8b" + content)
    with pytest.raises(GatewayError):
        gateway().download_bill(day=clock.now().astimezone(SHANGHAI).date(), at=clock.now())


def test_a_merchant_without_the_public_key_uses_the_certificate(settings: Any) -> None:
    settings.WECHAT_PAY_PUBLIC_KEY_ID = ""
    settings.WECHAT_PAY_URL = f"{settings.WECHAT_PAY_URL}/."
    order = order_to_pay()
    assert cashier(order).pay_url
    Trade.objects.update(state="paid", paid_at=clock.now())
    ask_provider(payment_number=Payment.objects.get().number, at=clock.now())
    assert fresh(order).state == OrderState.PAID


def test_an_unreachable_provider_opens_no_cashier(settings: Any) -> None:
    settings.WECHAT_PAY_URL = "http://127.0.0.1:9"
    with pytest.raises(GatewayError):
        cashier(order_to_pay())
