"""From a guest's cart to an order at two suppliers, on a phone, with and without script."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from mall.core import clock
from members.models import Member
from orders.commands import add_to_cart, invoice_request, request_invoice, save_title
from orders.models import CartItem, Order, OrderState, Purchase
from orders.rules.cart import CartOwner
from suppliers.models import Product, Sku
from tests.browser.conftest import PHONE
from tests.browser.people import log_in, newest_code
from tests.factories import (
    a_member,
    a_paid_order,
    a_sku,
    a_supplier,
    an_address,
)
from tests.orders.goods import a_sku_of, send_for

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    member = a_member(nickname="周可", at=clock.now() - timedelta(days=40))
    an_address(member)
    return member


@pytest.fixture
def goods(transactional_db: None) -> tuple[Sku, Sku]:
    """Tea and rice of two suppliers; the rice costs freight."""
    tea = a_sku(supplier=a_supplier("岩序茶业"), price_fen=12_800)
    rice = a_sku(supplier=a_supplier("五常禾田"), price_fen=8_900, on_hand=6)
    send_for(rice, first_fee_fen=800)
    return tea, rice


def a_full_cart(member: Member, goods: tuple[Sku, Sku]) -> None:
    """Everything that can stand in a cart: two suppliers, moved prices, what is scarce, limited, off or sold out."""
    owner, now = CartOwner(member.pk), clock.now()
    tea, rice = goods
    cup, off, out = a_sku(supplier=tea.product.supplier), a_sku(), a_sku()
    for sku, quantity in ((tea, 1), (a_sku_of(tea.product), 2), (rice, 2), (cup, 1), (off, 1), (out, 1)):
        add_to_cart(owner=owner, sku_id=sku.pk, quantity=quantity, at=now)
    CartItem.objects.filter(sku=rice).update(price_fen=9_500)
    CartItem.objects.filter(sku=tea).update(price_fen=12_500)
    CartItem.objects.filter(sku=cup).update(is_chosen=False)
    Product.objects.filter(pk=tea.product_id).update(limit_per_order=2)
    Product.objects.filter(pk=off.product_id).update(is_published=False)
    Sku.objects.filter(pk=out.pk).update(on_hand=0)


def test_a_guests_cart_is_bought_at_two_suppliers(phone: Page, buyer: Member, goods: tuple[Sku, Sku]) -> None:
    tea, rice = goods
    for sku in goods:
        phone.goto(f"/p/{sku.product.slug}")
        phone.click("#buy >> text=加入购物车")
        phone.wait_for_selector("#sheet[open]")
        phone.click("#sheet >> text=加入购物车")
        expect(phone.locator("#toast")).to_contain_text("已加入购物车")
    phone.goto("/cart")
    rice_row = phone.locator(".cart-line", has_text=rice.product.name)
    rice_row.locator("[data-step='1']").click()
    expect(phone.locator("#cart-bar")).to_contain_text("结算 3 件")
    expect(phone.locator("#cart-bar")).to_contain_text("306")
    phone.locator(".cart-line", has_text=tea.product.name).get_by_role("checkbox").click()
    expect(phone.locator("#cart-bar")).to_contain_text("结算 2 件")
    phone.get_by_role("checkbox", name="全选", exact=True).click()
    expect(phone.locator("#cart-bar")).to_contain_text("结算 3 件")

    phone.click("#cart-bar >> text=结算 3 件")
    phone.fill("input[name=phone]", str(buyer.phone).removeprefix("+86"))
    phone.check("input[name=agreed]")
    with phone.expect_navigation():
        phone.click("main form#login button[type=submit]:not([formaction])")
    phone.fill("input[name=code]", newest_code(phone, str(buyer.phone)))
    with phone.expect_navigation():
        phone.locator("main form:has(input[name=code]) button[type=submit]").click()

    expect(phone).to_have_url(re.compile("/checkout"))
    assert CartItem.objects.filter(member=buyer).count() == 2
    assert not CartItem.objects.exclude(guest_hash="").exists()
    assert "快递 ¥8.00" in phone.inner_text("main")
    phone.fill(f"[name=note-{tea.product.supplier_id}]", "请放门口")
    with phone.expect_navigation():
        phone.click("text=提交订单")
    purchase = Purchase.objects.get(member=buyer)
    assert purchase.total_fen == 12_800 + 2 * 8_900 + 800
    assert dict(purchase.orders.values_list("supplier", "note")) == {
        tea.product.supplier_id: "请放门口",
        rice.product.supplier_id: "",
    }
    assert not CartItem.objects.exists()

    phone.check("input[value=sandbox]")
    with phone.expect_navigation():
        phone.click(".actions .btn-pay")
    with phone.expect_navigation():
        phone.click("text=/^确认支付/")
    expect(phone.locator("main")).to_contain_text("支付成功")
    assert set(purchase.orders.values_list("state", flat=True)) == {OrderState.PAID}
    phone.goto("/orders/?tab=to-ship")
    assert phone.locator("article").count() == 2


def test_the_cart_works_without_script(browser: Browser, site: str, buyer: Member, goods: tuple[Sku, Sku]) -> None:
    tea, rice = goods
    context = browser.new_context(base_url=site, locale="zh-CN", java_script_enabled=False, **PHONE)
    page = context.new_page()
    for sku in goods:
        page.goto(f"/p/{sku.product.slug}")
        page.click("#buy >> text=加入购物车")
        page.click("main >> text=加入购物车")
    log_in(page, str(buyer.phone), then="/cart")
    rice_row = page.locator(".cart-line", has_text=rice.product.name)
    rice_row.locator("input[type=number]").fill("3")
    page.click("#cart-bar >> text=更新数量")
    assert "结算 4 件" in page.inner_text("#cart-bar")
    page.locator(".cart-line", has_text=tea.product.name).get_by_role("checkbox").click()
    assert "结算 3 件" in page.inner_text("#cart-bar")
    page.click("#cart-bar >> text=结算 3 件")
    page.click("text=提交订单")
    assert "¥275.00" in page.inner_text("main")
    assert Order.objects.get(member=buyer).supplier == rice.product.supplier
    page.goto("/cart?manage=1")
    page.locator("input[name=marked]").check()
    page.click("text=删除所选")
    assert "购物车还是空的" in page.inner_text("main")
    context.close()


def test_cart_checkout_orders_and_invoices_can_be_used_by_everybody(
    open_page: Any, accessible: Any, buyer: Member, goods: tuple[Sku, Sku]
) -> None:
    a_full_cart(buyer, goods)
    now = clock.now()
    order = a_paid_order(member=buyer, at=now)
    save_title(member=buyer, invoice=invoice_request(kind="personal", title="周可"), at=now)
    request_invoice(order=order, invoice=invoice_request(kind="personal", title="周可"), at=now)
    other = a_paid_order(member=buyer, at=now)
    item = CartItem.objects.filter(member=buyer, sku=goods[0]).get()
    page: Page = open_page(NARROW)
    log_in(page, str(buyer.phone))
    for address in (
        "/cart",
        "/cart?manage=1",
        "/cart/sum",
        f"/cart/{item.pk}/sku",
        "/checkout",
        f"/checkout?sku={goods[1].pk}&quantity=9",
        "/orders/",
        "/orders/?q=nothing",
        "/orders/?tab=after-sale",
        f"/orders/{order.number}/",
        f"/orders/{order.number}/invoice/",
        f"/orders/{other.number}/invoice/",
        "/me/invoices/",
        "/me/invoices/new/",
    ):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["viewport"]["width"], address
        for summary in page.locator("main summary").all():
            summary.click()
        accessible(page)
