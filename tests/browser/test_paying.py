"""Paying on a phone through the stand-ins of WeChat Pay and Alipay, whatever becomes of their notices."""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mall.core import clock
from members.models import Member
from orders.models import Notice, Order, OrderState, Payment, PaymentState, Purchase, Refund
from sandbox.payments.delivery import send_due_notices
from sandbox.payments.models import Trade, TradeTrouble
from tests.browser.conftest import PHONE
from tests.browser.people import log_in
from tests.factories import a_gift_pack, a_member, a_placed_order, a_sku, fresh, gift_pack_terms

INSIDE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Mobile/15E148 MicroMessenger/8.0.55(0x18003731) NetType/WIFI Language/zh_CN"
)
AMOUNT = "¥68.00"


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    return a_member(nickname="周可", at=clock.now())


@pytest.fixture
def order(buyer: Member) -> Order:
    return a_placed_order(member=buyer, sku=a_sku(price_fen=6_800, supply_price_fen=4_000), at=clock.now())


def trouble(provider: str, kind: str) -> None:
    TradeTrouble.objects.create(provider=provider, operation="notice", kind=kind)


def cashier(page: Page, order: Order, buyer: Member) -> None:
    log_in(page, buyer.phone, then=f"/pay/{order.purchase.number}")
    expect(page.get_by_role("heading", name="收银台")).to_be_visible()


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=re.compile(name)).check()
    page.get_by_role("button", name=f"{name} {AMOUNT}").click()


def confirm(page: Page) -> None:
    page.get_by_role("button", name=f"确认支付 {AMOUNT}").click()
    page.wait_for_url("**/result**")


def paid(page: Page, order: Order, method: str) -> None:
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    expect(page.locator("#result")).to_contain_text(f"{method}已确认")
    assert fresh(order).state == OrderState.PAID
    assert Payment.objects.filter(state=PaymentState.CAPTURED).count() == 1
    assert Refund.objects.count() == 0


@pytest.mark.parametrize("kind", ["", "repeated", "forged"])
@pytest.mark.parametrize(("provider", "name"), [("wechat", "微信支付"), ("alipay", "支付宝")])
def test_a_payment_in_a_browser_of_a_phone(
    phone: Page, order: Order, buyer: Member, provider: str, name: str, kind: str
) -> None:
    if kind:
        trouble(provider, kind)
    cashier(phone, order, buyer)
    choose(phone, name)
    phone.wait_for_url(re.compile("checkmweb" if provider == "wechat" else r"/sandbox/alipay/pay/"))
    confirm(phone)
    paid(phone, order, name)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("provider", "name"), [("wechat", "微信支付"), ("alipay", "支付宝")])
def test_a_late_notice_updates_the_page_that_waits(
    phone: Page, order: Order, buyer: Member, provider: str, name: str
) -> None:
    trouble(provider, "delayed")
    cashier(phone, order, buyer)
    choose(phone, name)
    confirm(phone)
    expect(phone.get_by_role("heading", name="正在确认支付结果")).to_be_visible()
    assert fresh(order).state == OrderState.PLACED
    phone.goto(f"/pay/{order.purchase.number}")
    expect(phone.locator("main")).to_contain_text("如果已经付过，不用再付一次")
    phone.get_by_role("link", name="我已付款，看结果").click()
    assert send_due_notices(at=clock.now() + timedelta(minutes=1)) == 1
    paid(phone, order, name)


def test_inside_wechat_the_sheet_is_shown_by_the_bridge(open_page: Any, order: Order, buyer: Member) -> None:
    page = open_page({**PHONE, "user_agent": INSIDE})
    cashier(page, order, buyer)
    assert page.get_by_role("radio", name="支付宝").count() == 0
    choose(page, "微信支付")
    sheet = page.get_by_role("dialog", name="微信支付")
    expect(sheet).to_contain_text(AMOUNT)
    sheet.get_by_role("button", name="取消").click()
    expect(page.get_by_role("status").filter(has_text="没有付款，可以再试一次")).to_be_visible()
    assert fresh(order).state == OrderState.PLACED
    page.get_by_role("button", name=f"微信支付 {AMOUNT}").click()
    sheet.get_by_role("button", name="确认支付").click()
    page.wait_for_url("**/result")
    paid(page, order, "微信支付")
    assert Trade.objects.get().payer != ""
    assert Payment.objects.get().scene == "jsapi"


def test_what_the_browser_says_is_no_proof(open_page: Any, order: Order, buyer: Member) -> None:
    page = open_page({**PHONE, "user_agent": INSIDE})
    page.add_init_script(
        "window.WeixinJSBridge = {invoke: (name, given, then) => then({err_msg: 'get_brand_wcpay_request:ok'})}"
    )
    cashier(page, order, buyer)
    choose(page, "微信支付")
    page.wait_for_url("**/result")
    expect(page.get_by_role("heading", name="正在确认支付结果")).to_be_visible()
    assert fresh(order).state == OrderState.PLACED


@pytest.mark.parametrize(("provider", "name"), [("wechat", "微信支付"), ("alipay", "支付宝")])
def test_without_script_it_is_paid_as_well(
    open_page: Any, order: Order, buyer: Member, provider: str, name: str
) -> None:
    page = open_page(java_script_enabled=False)
    cashier(page, order, buyer)
    page.get_by_role("radio", name=re.compile(name)).check()
    page.get_by_role("button", name=re.compile(f"{AMOUNT}$")).click()
    confirm(page)
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    assert fresh(order).state == OrderState.PAID


def test_inside_wechat_without_script_another_way_is_shown(open_page: Any, order: Order, buyer: Member) -> None:
    page = open_page({**PHONE, "user_agent": INSIDE}, java_script_enabled=False)
    cashier(page, order, buyer)
    expect(page.get_by_role("img", name="收银台的二维码")).to_be_visible()
    page.get_by_role("radio", name=re.compile("微信支付")).check()
    page.get_by_role("button", name=re.compile(f"{AMOUNT}$")).click()
    expect(page.get_by_role("heading", name="请在微信的付款窗口里确认")).to_be_visible()
    expect(page.get_by_role("img", name="收银台的二维码")).to_be_visible()
    assert "选择在浏览器打开" in page.content()


def test_paying_by_two_means_counts_once_and_the_surplus_goes_back(
    phone: Page, order: Order, buyer: Member, site: str
) -> None:
    trouble("alipay", "delayed")
    cashier(phone, order, buyer)
    choose(phone, "支付宝")
    confirm(phone)
    phone.goto(f"/pay/{order.purchase.number}")
    choose(phone, "微信支付")
    confirm(phone)
    expect(phone.get_by_role("heading", name="支付成功")).to_be_visible()
    assert send_due_notices(at=clock.now() + timedelta(minutes=1)) == 1
    surplus = Payment.objects.get(provider="alipay")
    assert (surplus.state, Refund.objects.get().payment_id) == (PaymentState.REFUNDING, surplus.pk)


def picture(page: Page, name: str) -> None:
    """Keep a picture where SHOTS names a folder: for people who look."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_pages_of_paying_are_accessible_and_fit(open_page: Any, buyer: Member, accessible: Any) -> None:
    gift_pack_terms(starts_at=clock.now() - timedelta(days=1))
    order = a_placed_order(member=buyer, sku=a_sku(price_fen=6_800), quantity=1, at=clock.now())
    pack = a_placed_order(member=buyer, sku=a_gift_pack(), quantity=2, at=clock.now())

    def look(page: Page, name: str) -> None:
        accessible(page)
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), name
        picture(page, name)

    device = {**PHONE, "viewport": {"width": 320, "height": 812}}
    page = open_page({**device, "user_agent": INSIDE})
    cashier(page, order, buyer)
    look(page, "cashier-inside")
    choose(page, "微信支付")
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, "sheet")
    page = open_page(device, storage_state=page.context.storage_state())
    page.goto(f"/pay/{pack.purchase.number}")
    look(page, "cashier-pack")
    page.goto(f"/pay/{order.purchase.number}")
    look(page, "cashier-in-flight")
    trouble("alipay", "delayed")
    choose(page, "支付宝")
    page.wait_for_url("**/alipay/pay/**")
    look(page, "alipay")
    confirm(page)
    look(page, "waiting")
    page.goto(f"/pay/{order.purchase.number}")
    choose(page, "微信支付")
    page.wait_for_url("**/checkmweb**")
    look(page, "wechat")
    confirm(page)
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    look(page, "paid")
    page.goto("/sandbox/control/")
    look(page, "control")
    Purchase.objects.filter(pk=pack.purchase_id).update(expires_at=clock.now() - timedelta(minutes=1))
    page.goto(f"/pay/{pack.purchase.number}")
    look(page, "cashier-late")
