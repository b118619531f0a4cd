"""The way of a company's purchase: ask from a product page, quote at the desk, accept, pay, and ship."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from mall.core import clock
from mall.core.ids import SHANGHAI
from members.models import Member
from orders.models import EnterpriseRequest, Order, OrderState
from suppliers.commands.search import index_products
from suppliers.models import Sku
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import log_in, log_in_with_password
from tests.factories import a_member, a_sku, an_address, fresh
from tests.operators import superuser
from tests.orders.enterprise import CODE
from tests.suppliers.firms import Firm

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"
NARROW = {"width": 320, "height": 640}
TABLET = {"width": 768, "height": 1024}


@pytest.fixture
def firm(transactional_db: None) -> Firm:
    return Firm("禾山茶业", whole=False)


@pytest.fixture
def teas(firm: Firm) -> tuple[Sku, Sku]:
    found = a_sku(supplier=firm.supplier, on_hand=500), a_sku(supplier=firm.supplier, on_hand=500)
    index_products(product_ids=[sku.product_id for sku in found])
    return found


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    member = a_member(nickname="周可", at=clock.now())
    an_address(member)
    return member


def look(page: Page, accessible: Any, *sizes: dict[str, int]) -> None:
    """Be of use for everybody, and never wider than the screen."""
    if accessible is None:
        return
    before = page.viewport_size
    assert before is not None
    for size in sizes or (NARROW,):
        page.set_viewport_size({"width": size["width"], "height": size["height"]})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    page.set_viewport_size(before)
    accessible(page)


def follow(page: Page, what: Locator) -> None:
    with page.expect_navigation():
        what.click()


def with_password(member: Member) -> str:
    found = Member.objects.get(pk=member.pk)
    found.set_password(PASSWORD)
    found.save(update_fields=["password"])
    return str(found.phone)


def fill_in(page: Page) -> None:
    day = clock.now().astimezone(SHANGHAI).date() + timedelta(days=30)
    page.get_by_label("公司名称").fill("杭州松坪文化有限公司")
    page.get_by_label("统一社会信用代码").fill(CODE)
    page.get_by_label("联系人").fill("周可")
    page.get_by_label("最晚到货").fill(day.isoformat())
    page.get_by_label("采购说明").fill("年会礼品，可以分两批")


def ask(page: Page, accessible: Any, teas: tuple[Sku, Sku], buyer: Member) -> str:
    """Ask for both teas, beginning at the page of one, and return the request's number."""
    first, second = teas
    log_in(page, str(buyer.phone), then=f"/p/{first.product.slug}")
    page.get_by_role("link", name="企业批量采购").click()
    expect(page.get_by_role("heading", name="企业询价")).to_be_visible()
    fill_in(page)
    page.get_by_label(re.compile(f"数量 {first.product.name}")).fill("200")
    page.get_by_label("搜索要采购的商品").fill("龙井")
    follow(page, page.get_by_role("button", name="搜索"))
    look(page, accessible)
    page.get_by_role("button", name=f"添加 {second.product.name}").click()
    page.get_by_label(re.compile(f"数量 {second.product.name}")).fill("120")
    page.locator(".actions").get_by_role("button", name="提交询价").click()
    expect(page.get_by_role("heading", name="待报价")).to_be_visible()
    look(page, accessible)
    return EnterpriseRequest.objects.get().number


def quote(page: Page, accessible: Any, firm: Firm, number: str) -> None:
    """Answer it at the supplier's desk: too low, then well."""
    log_in_with_password(page, with_password(firm.owner), PASSWORD, site="/supplier/")
    follow(page, page.locator("#nav-sidebar").get_by_role("link", name="企业询价"))
    look(page, accessible, PHONE["viewport"], TABLET)
    follow(page, page.locator("#result_list").get_by_role("link", name=number))
    expect(page.locator("body")).to_contain_text(re.compile(r"1\d\d\*{4}\d{4}"))
    look(page, accessible, PHONE["viewport"], TABLET)
    page.get_by_role("link", name="报价", exact=True).first.click()
    prices = page.locator("input[name^=price_]")
    prices.nth(0).fill("39.99")
    prices.nth(1).fill("60")
    page.locator("input[name=valid_date]").fill((clock.now().date() + timedelta(days=9)).isoformat())
    page.locator("input[name=note]").fill("含礼盒，七天交货")
    page.get_by_role("button", name="报价").click()
    expect(page.get_by_text("盖不住成本")).to_be_visible()
    look(page, accessible, PHONE["viewport"], TABLET)
    prices.nth(0).fill("58.5")
    page.get_by_role("button", name="报价").click()
    expect(page.locator("body")).to_contain_text("已报价，买家会收到消息")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_company_asks_gets_a_quote_accepts_pays_and_the_supplier_ships(
    open_page: Any, accessible: Any, firm: Firm, teas: tuple[Sku, Sku], buyer: Member, scripts: bool
) -> None:
    page: Page = open_page(java_script_enabled=scripts)
    # What looks at a page is a script itself.
    number = ask(page, accessible if scripts else None, teas, buyer)
    desk: Page = open_page(DESK)
    quote(desk, accessible, firm, number)

    page.goto("/messages")
    page.get_by_role("link", name="供应商报价了").click()
    expect(page.get_by_role("heading", name="已报价")).to_be_visible()
    expect(page.locator("main")).to_contain_text("¥18,900.00")
    page.get_by_role("link", name="接受报价，去下单").click()
    expect(page.get_by_role("heading", name="确认订单")).to_be_visible()
    expect(page.locator("main")).to_contain_text("¥58.50")
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url("**/pay/*")
    order = Order.objects.get()
    assert (order.total_fen, order.quote_number) == (200 * 5_850 + 120 * 6_000, number)
    page.get_by_role("button", name="支付 ¥18,900.00").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name="确认支付 ¥18,900.00").click()
    page.wait_for_url("**/result**")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    assert fresh(order).state == OrderState.PAID

    desk.goto("/supplier/orders/order/")
    desk.get_by_role("link", name=order.number).click()
    expect(desk.locator("body")).to_contain_text(number)
    desk.goto("/supplier/orders/enterpriserequest/")
    expect(desk.locator("#result_list")).to_contain_text("已下单")


def test_everybody_can_use_the_pages_of_a_quote(
    open_page: Any, accessible: Any, firm: Firm, teas: tuple[Sku, Sku], buyer: Member
) -> None:
    page: Page = open_page(reduced_motion="reduce")
    number = ask(page, accessible, teas, buyer)
    quote(open_page(DESK), accessible, firm, number)
    page.goto("/me/")
    follow(page, page.get_by_role("link", name="企业采购"))
    expect(page.get_by_role("heading", name="企业采购")).to_be_visible()
    look(page, accessible)
    follow(page, page.get_by_role("link", name=re.compile(number)))
    look(page, accessible)
    page.goto(f"/enterprise/{number}/accept/")
    look(page, accessible)
    desk: Page = open_page(DESK)
    log_in_with_password(desk, with_password(superuser()), PASSWORD)
    follow(desk, desk.locator("#nav-sidebar").get_by_role("link", name="企业询价"))
    look(desk, accessible, PHONE["viewport"], TABLET)
    follow(desk, desk.locator("#result_list").get_by_role("link", name=number))
    look(desk, accessible, PHONE["viewport"], TABLET)


def test_a_refused_form_is_of_use_for_everybody_and_keeps_what_was_typed(
    browser: Browser, site: str, accessible: Any, teas: tuple[Sku, Sku], buyer: Member
) -> None:
    """The browser's own complaint about a refused form is no fault of the page."""
    context = browser.new_context(base_url=site, locale="zh-CN", reduced_motion="reduce", **PHONE)
    page = context.new_page()
    log_in(page, str(buyer.phone), then=f"/enterprise/new/?sku={teas[0].pk}")
    fill_in(page)
    page.get_by_label("统一社会信用代码").fill("91330100799655058A")
    page.get_by_label(re.compile("^数量")).fill("x")
    # Enter in a field sends the form: it drops and adds nothing.
    page.get_by_label("联系人").press("Enter")
    expect(page.get_by_text("数量应为 1 到 9999 的整数")).to_be_visible()
    expect(page.get_by_text("统一社会信用代码不对")).to_be_visible()
    look(page, accessible)
    page.get_by_label(re.compile("^数量")).fill("20")
    follow(page, page.locator(".actions").get_by_role("button", name="提交询价"))
    expect(page.get_by_text("统一社会信用代码不对")).to_be_visible()
    expect(page.get_by_label("公司名称")).to_have_value("杭州松坪文化有限公司")
    expect(page.get_by_label(re.compile("^数量"))).to_have_value("20")
    look(page, accessible)
    assert not EnterpriseRequest.objects.exists()
    context.close()
