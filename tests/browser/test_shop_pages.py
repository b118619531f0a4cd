"""The shop in a real browser: everybody can use it, nothing runs over the edge, and it works without script."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mall.core import clock
from members.models import Member
from orders.models import Order, OrderState
from tests.browser.conftest import PHONE
from tests.browser.people import log_in, newest_code
from tests.factories import (
    a_gift_pack,
    a_member,
    a_paid_order,
    a_placed_order,
    a_received_order,
    a_shipped_order,
    a_sku,
    an_address,
    gift_pack_terms,
)
from tests.plans import published

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    return a_member(nickname="周可", at=clock.now() - timedelta(days=40))


@pytest.fixture
def paths(buyer: Member) -> dict[str, list[str]]:
    """Every page of the shop, for a stranger and for the buyer, in a mall with a plan."""
    now = clock.now()
    published({}, name="2+1", starts_at=now)
    sku, pack = a_sku(), a_gift_pack()
    sold_out = a_sku(on_hand=0)
    orders = [
        a_placed_order(member=buyer, at=now),
        a_paid_order(member=buyer, at=now),
        a_shipped_order(member=buyer, at=now),
        a_received_order(member=buyer, at=now, sku=pack),
    ]
    placed, paid, shipped, _received = (order.number for order in orders)
    public = [
        "/",
        f"/p/{sku.product.slug}",
        f"/p/{pack.product.slug}",
        f"/p/{sold_out.product.slug}",
        "/account/login/",
        f"/r/{a_member().referral_code}?to=p/{sku.product.slug}",
        "/me/settings/",
        "/demo/outbox",
        "/offline",
    ]
    own = [
        f"/checkout?sku={sku.pk}&quantity=2",
        f"/checkout?sku={pack.pk}&quantity=1",
        f"/pay/{orders[0].purchase.number}",
        f"/pay/{orders[1].purchase.number}/result",
        "/orders/",
        *(f"/orders/{order.number}/" for order in orders),
        f"/orders/{placed}/cancel/",
        f"/orders/{shipped}/receive/",
        f"/orders/{paid}/refund/",
        "/me/",
        "/me/profile/",
        "/me/addresses/",
        "/me/addresses/new/",
    ]
    return {"public": public, "own": own}


def walk(page: Page, addresses: list[str], look: Any) -> None:
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        look(address)


def test_everybody_can_use_every_page(
    open_page: Any, accessible: Any, buyer: Member, paths: dict[str, list[str]]
) -> None:
    page: Page = open_page()
    walk(page, paths["public"], lambda address: accessible(page))
    log_in(page, str(buyer.phone))
    walk(page, paths["own"], lambda address: accessible(page))


def test_nothing_runs_over_the_edge_of_a_narrow_phone(
    open_page: Any, buyer: Member, paths: dict[str, list[str]]
) -> None:
    page: Page = open_page(NARROW)

    def fits(address: str) -> None:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, address

    walk(page, paths["public"], fits)
    log_in(page, str(buyer.phone))
    walk(page, paths["own"], fits)


def test_a_purchase_works_without_script(browser: Browser, site: str) -> None:
    gift_pack_terms(starts_at=clock.now() - timedelta(days=1))
    pack = a_gift_pack()
    member = a_member(nickname="")
    context = browser.new_context(base_url=site, locale="zh-CN", java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto(f"/p/{pack.product.slug}")
    page.click("#buy a")
    page.fill("input[name=quantity]", "2")
    page.click("main button:has-text('买礼包')")
    page.fill("input[name=phone]", str(member.phone).removeprefix("+86"))
    page.check("input[name=agreed]")
    page.click("main form#login button[type=submit]:not([formaction])")
    page.fill("input[name=code]", newest_code(page, str(member.phone)))
    page.locator("main form:has(input[name=code]) button[type=submit]").click()
    page.click("text=先添加收货地址")
    for field, text in {"name": "陈新", "phone": "13912345678", "detail": "龙井路 1 号"}.items():
        page.fill(f"[name={field}]", text)
    for field, name in {"province": "浙江省", "city": "杭州市", "district": "西湖区"}.items():
        page.select_option(f"[name={field}]", name)
        page.click("text=选好后，更新下一级")
    page.click("text=保存地址")
    page.click("text=提交订单")
    assert "998" in page.inner_text("main")
    page.locator(".actions .btn-pay").click()
    page.click("text=/^确认支付/")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    order = Order.objects.get(member=member)
    assert (order.state, order.packs, order.total_fen) == (OrderState.PAID, 2, 99_800)
    page.goto(f"/orders/{order.number}/")
    page.click(".actions >> text=整份退货")
    page.check("input[value=changed_mind]")
    page.click("button:has-text('退款')")
    order.refresh_from_db()
    assert order.state == OrderState.REFUNDED
    context.close()


def test_no_more_can_be_chosen_than_there_are(phone: Page, transactional_db: None) -> None:
    sku = a_sku(price_fen=6_800, on_hand=3)
    phone.goto(f"/p/{sku.product.slug}")
    phone.click("#chosen")
    phone.wait_for_selector("#sheet[open]")
    for _ in range(2):
        phone.click("#sheet [data-step='1']")
    expect(phone.locator("#sheet input[name=quantity]")).to_have_value("3")
    assert phone.locator("#sheet [data-step='1']").is_disabled()


def test_a_question_opens_as_a_sheet_and_closes_again(phone: Page, buyer: Member) -> None:
    an_address(buyer)
    order = a_placed_order(member=buyer, at=clock.now())
    log_in(phone, str(buyer.phone))
    phone.goto(f"/orders/{order.number}/")
    phone.click(".actions >> text=取消订单")
    phone.wait_for_selector("#sheet[open] >> text=取消这个订单？")
    phone.keyboard.press("Escape")
    phone.wait_for_selector("#sheet:not([open])", state="attached")
    phone.click(".actions >> text=取消订单")
    phone.wait_for_selector("#sheet[open]")
    with phone.expect_navigation():
        phone.click("#sheet button[type=submit]")
    assert "已取消" in phone.inner_text("main")


def test_a_countdown_follows_the_clock_of_the_server(phone: Page, buyer: Member) -> None:
    order = a_placed_order(member=buyer, at=clock.now())
    log_in(phone, str(buyer.phone))
    phone.clock.install(time=clock.now() + timedelta(hours=5))
    phone.goto(f"/pay/{order.purchase.number}")
    expect(phone.locator("[data-countdown]")).to_have_text(re.compile(r"^(30:00|29:[0-5][0-9])$"))
