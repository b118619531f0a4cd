"""From the front page to the cart: on a phone, without script, in light and dark."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mall.core import clock
from orders.commands.reviewing import write_review
from orders.models import CartItem
from suppliers.models import Product, Sku
from tests.browser.conftest import PHONE
from tests.browser.people import log_in
from tests.factories import a_member, a_received_order

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


@pytest.fixture
def tea(transactional_db: None) -> Product:
    """A tea in two scents and two sizes, of which one combination does not exist and one is sold out; with a review."""
    order = a_received_order(at=clock.now())
    product = order.lines.get().sku.product
    write_review(
        member=order.member,
        line_id=order.lines.get().pk,
        stars=5,
        tags=["口味好"],
        text="焙火很匀",
        is_anonymous=False,
        at=clock.now(),
    )
    Sku.objects.filter(product=product).update(is_active=False)
    Product.objects.filter(pk=product.pk).update(name="武夷岩茶", spec_names=["香型", "规格"], label="岩茶")
    for number, (scent, size, on_hand) in enumerate(
        [("浓香", "一罐", 30), ("浓香", "两罐", 0), ("清香", "一罐", 5)], 1
    ):
        Sku.objects.create(
            product=product,
            code=f"ROCK-{number}",
            spec=f"{scent} {size}",
            spec_values=[scent, size],
            supply_price_fen=5_000,
            list_price_fen=16_800,
            sale_price_fen=12_800 + number * 100,
            on_hand=on_hand,
        )
    return Product.objects.get(pk=product.pk)


def test_a_visitor_finds_a_tea_chooses_and_puts_it_into_the_cart(open_page: Any, tea: Product) -> None:
    page: Page = open_page()
    page.goto("/")
    page.locator(f"a[href='/p/{tea.slug}']").first.click()
    expect(page.get_by_role("heading", name="武夷岩茶")).to_be_visible()
    page.locator("#buy a", has_text="加入购物车").click()
    sheet = page.locator("dialog#sheet")
    expect(sheet).to_be_visible()
    sheet.get_by_role("link", name="清香").click()
    expect(sheet.locator("[aria-current]", has_text="清香")).to_be_visible()
    expect(sheet).to_contain_text("无此组合")
    expect(sheet).to_contain_text("仅剩 5 件")
    expect(page.locator("#chosen")).to_contain_text("清香 一罐")
    sheet.get_by_role("button", name="加一件").click()
    sheet.get_by_role("button", name="加入购物车").click()
    expect(page.locator("#toast")).to_be_visible()
    expect(sheet).to_be_hidden()
    expect(page.locator(".actions [data-cart-count]")).to_be_visible()
    item = CartItem.objects.get()
    assert (item.sku.code, item.quantity) == ("ROCK-3", 2)
    page.locator(".actions a[href='/cart']").click()
    expect(page.locator("main")).to_contain_text("武夷岩茶")


def test_what_is_sold_out_offers_a_notice_and_keeps_the_rest(open_page: Any, tea: Product) -> None:
    member = a_member(at=clock.now())
    page: Page = open_page()
    log_in(page, str(member.phone))
    page.goto(f"/p/{tea.slug}")
    page.locator("#chosen").click()
    sheet = page.locator("dialog#sheet")
    sheet.get_by_role("link", name="两罐").click()
    sheet.get_by_role("button", name="到货提醒我").click()
    expect(page.locator("main")).to_contain_text("已登记，到货后在消息里告诉您")
    page.get_by_role("button", name="收藏").click()
    expect(page.locator("#favourite button")).to_have_attribute("aria-pressed", "true")


def test_the_whole_way_to_the_cart_works_without_script(browser: Browser, site: str, tea: Product) -> None:
    context = browser.new_context(base_url=site, locale="zh-CN", java_script_enabled=False, **PHONE)
    page = context.new_page()
    page.goto("/")
    page.locator(f"a[href='/p/{tea.slug}']").first.click()
    page.locator("#chosen").click()
    page.get_by_role("link", name="清香").click()
    page.fill("input[name=quantity]", "3")
    page.get_by_role("button", name="加入购物车").click()
    item = CartItem.objects.get()
    assert (item.sku.code, item.quantity) == ("ROCK-3", 3)
    page.goto(f"/p/{tea.slug}")
    page.locator("#buy a", has_text="立即购买").click()
    page.get_by_role("button", name="立即购买").click()
    assert "/checkout" in page.url or "/account/login/" in page.url
    page.goto(f"/p/{tea.slug}/share")
    expect(page.get_by_role("img", name="商品的二维码")).to_be_visible()
    context.close()


def test_everybody_can_use_the_goods_pages(open_page: Any, accessible: Any, tea: Product) -> None:
    member = a_member(at=clock.now())
    order = a_received_order(member=member, at=clock.now())
    page: Page = open_page()
    for address in ("/", f"/p/{tea.slug}", f"/p/{tea.slug}/choose", f"/p/{tea.slug}/share", f"/p/{tea.slug}/reviews"):
        page.goto(address)
        accessible(page)
    page.goto(f"/p/{tea.slug}")
    page.locator("#chosen").click()
    expect(page.locator("dialog#sheet")).to_be_visible()
    accessible(page)
    log_in(page, str(member.phone))
    own = ("/me/", "/me/favorites", "/me/history", "/reviews/", "/reviews/?tab=done")
    for address in (*own, f"/reviews/new/{order.lines.get().pk}"):
        page.goto(address)
        accessible(page)


def test_the_goods_pages_fit_a_narrow_phone(open_page: Any, tea: Product) -> None:
    page: Page = open_page(NARROW)
    for address in ("/", f"/p/{tea.slug}", f"/p/{tea.slug}/choose", f"/p/{tea.slug}/reviews", f"/p/{tea.slug}/share"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
