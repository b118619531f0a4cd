"""The cashier and the way to the provider, as pages."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client

from mall.core import clock
from members.models import Member
from orders.commands import capture_payment, start_payment
from orders.models import Order, Payment, PaymentState
from tests.factories import a_member, a_placed_order, fresh
from tests.pages.reading import markup, signed_in
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

INSIDE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit/605 Mobile/15E148 MicroMessenger/8.0.55"
SHEET = {
    "appId": "wx0",
    "timeStamp": "1",
    "nonceStr": "n",
    "package": "prepay_id=wx1",
    "signType": "RSA",
    "paySign": "s",
}


@pytest.fixture
def buyer() -> Member:
    return a_member(nickname="周可")


@pytest.fixture
def browser(buyer: Member) -> Client:
    return signed_in(buyer)


@pytest.fixture
def order(buyer: Member) -> Order:
    return a_placed_order(member=buyer, at=clock.now())


def pay(order: Order, browser: Client, provider: str = "alipay", **more: str) -> Any:
    return browser.post(f"/pay/{order.purchase.number}", {"provider": provider, **more})


def page(order: Order, browser: Client, **headers: Any) -> str:
    answer = browser.get(f"/pay/{order.purchase.number}", headers=headers)
    markup(answer)
    return answer.content.decode()


def methods(text: str) -> list[str]:
    return re.findall(r'name="provider" value="(\w+)"', text)


def test_outside_of_wechat_all_ways_are_offered_and_inside_only_those_that_open_there(
    browser: Client, order: Order
) -> None:
    assert methods(page(order, browser)) == settings.PAYMENT_PROVIDERS
    assert browser.get(f"/pay/{order.purchase.number}", headers={"user_agent": INSIDE}).status_code == 302
    inside = page(order, browser, user_agent=INSIDE)
    assert "alipay" not in methods(inside)
    assert "wechat" in methods(inside)
    assert "<noscript>" in inside
    assert f"/qr.svg?to=/pay/{order.purchase.number}" in inside


def test_a_page_of_ours_leads_on_to_the_provider_and_back_to_us(browser: Client, order: Order) -> None:
    answer = pay(order, browser, return_url="https://evil.example/", amount="1", total_fen="1")
    assert answer["Location"].startswith(f"/pay/{order.purchase.number}/to/PY")
    step = browser.get(answer["Location"])
    markup(step)
    text = step.content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', text)
    assert found is not None
    address = unquote(unescape(found[1]))
    assert address.startswith(settings.ALIPAY_URL)
    assert f"return_url={settings.SITE_URL}/pay/{order.purchase.number}/result" in address
    assert '"total_amount":"68.00"' in address
    assert "evil" not in address
    assert step["Referrer-Policy"] == "origin"
    assert "no-store" in step["Cache-Control"]
    forms = re.search(r"form-action ([^;]+)", step["Content-Security-Policy"])
    assert forms is not None
    assert "alipay" not in forms[1]


def test_tapping_twice_is_one_payment(browser: Client, order: Order) -> None:
    first = pay(order, browser)
    with nothing_changes():
        assert pay(order, browser)["Location"] == first["Location"]
    assert Payment.objects.count() == 1


def test_the_last_way_is_chosen_the_next_time(browser: Client, buyer: Member, order: Order) -> None:
    pay(order, browser)
    another = a_placed_order(member=buyer, at=clock.now())
    browser.get(f"/pay/{order.purchase.number}", headers={"user_agent": INSIDE})
    assert re.search(r'value="alipay" required checked', page(another, browser))
    assert "sandbox" in re.findall(r'value="(\w+)" required checked', page(another, browser, user_agent=INSIDE))


def test_a_payment_under_way_is_said_before_another_one_is_begun(browser: Client, order: Order) -> None:
    assert "不用再付一次" not in page(order, browser)
    pay(order, browser)
    assert "支付宝还没有告诉我们结果" in page(order, browser)


def test_the_way_to_the_provider_is_good_for_its_own_member_and_for_minutes(browser: Client, order: Order) -> None:
    address, other = pay(order, browser)["Location"], signed_in(a_member())
    with nothing_changes(without=("members_dayvisit", "members_membersession")):
        assert other.get(address).status_code == 404
        assert browser.get(address.replace("/to/PY", "/to/XX")).status_code == 404
        assert browser.get(f"{address}%00").status_code == 404
        assert Client().get(address).status_code == 302
    clock.advance(timedelta(minutes=5))
    assert browser.get(address)["Location"] == f"/pay/{order.purchase.number}"


def test_once_paid_the_cashier_and_the_way_lead_to_the_result(browser: Client, order: Order) -> None:
    address = pay(order, browser)["Location"]
    payment = Payment.objects.get()
    capture_payment(
        payment_number=payment.number,
        provider_ref="2026112222001",
        amount_fen=payment.amount_fen,
        currency="CNY",
        captured_at=clock.now(),
    )
    result = f"/pay/{order.purchase.number}/result"
    for path in (address, f"/pay/{order.purchase.number}"):
        assert browser.get(path)["Location"] == result
    with nothing_changes():
        assert pay(order, browser)["Location"] == result
    assert "支付宝已确认" in browser.get(result).content.decode()


def test_inside_wechat_who_is_not_known_there_is_asked_once_and_then_told_another_way(
    browser: Client, order: Order
) -> None:
    browser.defaults["HTTP_USER_AGENT"] = INSIDE
    with nothing_changes():
        assert pay(order, browser, "wechat")["Location"].startswith("/wx/enter?next=%2Fpay%2F")
        answer = pay(order, browser, "wechat")
    assert answer.status_code == 409
    assert "在浏览器打开" in answer.content.decode()


def test_inside_wechat_the_page_holds_the_sheet_and_another_way_without_script(
    browser: Client, buyer: Member, order: Order
) -> None:
    payment = start_payment(purchase=order.purchase, provider="wechat", at=clock.now())
    Payment.objects.update(sheet=SHEET, opened_at=clock.now())
    answer = browser.get(f"/pay/{order.purchase.number}/to/{payment.number}")
    markup(answer)
    text = answer.content.decode()
    found = re.search(r'data-pay-sheet="([^"]+)"', text)
    assert found is not None
    assert json.loads(unescape(found[1])) == SHEET
    assert "<noscript>" in text
    assert 'http-equiv="refresh"' not in text
    assert settings.WECHAT_BRIDGE_URL in text


def test_without_stand_ins_no_script_but_our_own_is_loaded(browser: Client, order: Order, settings: Any) -> None:
    settings.WECHAT_BRIDGE_URL = ""
    payment = start_payment(purchase=order.purchase, provider="wechat", at=clock.now())
    Payment.objects.update(sheet=SHEET, opened_at=clock.now())
    text = browser.get(f"/pay/{order.purchase.number}/to/{payment.number}").content.decode()
    assert "bridge" not in text


def test_a_way_that_is_not_in_use_is_refused(browser: Client, order: Order, settings: Any) -> None:
    settings.PAYMENT_GATEWAYS = {"sandbox": settings.PAYMENT_GATEWAYS["sandbox"]}
    with nothing_changes():
        for provider in ("alipay", "", "x" * 500, "wechat\x00"):
            assert pay(order, browser, provider).status_code == 409
    assert methods(page(order, browser)) == ["sandbox"]


def test_the_result_has_the_provider_asked_and_not_at_each_look(browser: Client, order: Order) -> None:
    pay(order, browser)
    payment = Payment.objects.get()
    with nothing_changes():
        for _ in range(3):
            answer = browser.get(f"/pay/{order.purchase.number}/result")
    assert "正在确认支付结果" in answer.content.decode()
    assert (payment.asks, payment.state) == (0, PaymentState.CREATED)
    assert fresh(order).state == "placed"


def test_the_cashier_asks_the_database_a_fixed_number_of_times(
    browser: Client, order: Order, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    page(order, browser)
    with django_assert_max_num_queries(16):
        page(order, browser)
