"""The supplier's desk walked: orders shipped by a file, and every page usable by everybody, narrow and in the dark."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from mall.core import clock
from members.models import Member
from orders.models import Order, OrderState, RecipientReveal
from suppliers.models import Product, Supplier
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.factories import a_paid_order, a_seat, a_sku, a_supplier, fresh

PASSWORD = "a long enough password"
TABLET = {**DESK, "viewport": {"width": 768, "height": 1024}}


@pytest.fixture
def supplier(transactional_db: None) -> Supplier:
    return a_supplier("禾山茶业")


@pytest.fixture
def packer(supplier: Supplier) -> Member:
    member = Member.objects.get(pk=a_seat(supplier).pk)
    member.set_password(PASSWORD)
    member.save()
    return member


@pytest.fixture
def orders(supplier: Supplier) -> list[Order]:
    """Three orders to ship, one of them soon."""
    skus = [a_sku(supplier=supplier) for _ in range(3)]
    for sku, name in zip(skus, ("大红袍礼罐", "正山小种", "白瓷盖碗"), strict=True):
        Product.objects.filter(pk=sku.product_id).update(name=name)
    Product.objects.filter(pk=skus[0].product_id).update(ship_within_hours=3)
    return [a_paid_order(sku=sku, quantity=2, at=clock.now()) for sku in skus]


def test_orders_are_shipped_by_a_file(open_page: Any, packer: Member, orders: list[Order], tmp_path: Path) -> None:
    page: Page = open_page(DESK)
    log_in_with_password(page, str(packer.phone), PASSWORD, site="/supplier/")
    page.goto("/supplier/orders/order/")
    expect(page.locator("#result_list tbody tr")).to_have_count(3)
    page.get_by_role("link", name="批量发货").click()
    page.fill("input[name=reason]", "打单发货")
    with page.expect_download() as downloading:
        page.click("text=下载表格")
    book = load_workbook(io.BytesIO(downloading.value.path().read_bytes()))
    sheet = book.active
    for number, row in enumerate(sheet.iter_rows(min_row=2)):
        row[6].value, row[7].value = "顺丰速运", f"SF12345678{number}"
    sheet["H4"].value = "不对"
    book.save(tmp_path / "filled.xlsx")
    page.set_input_files("input[name=file]", tmp_path / "filled.xlsx")
    page.click("text=上传并核对")
    expect(page.locator(".ops-card")).to_contain_text("快递单号应为 6 到 40 位")
    page.click("text=确认发出")
    expect(page.locator("body")).to_contain_text("2 个订单发出了包裹")
    states = sorted(fresh(order).state for order in orders)
    assert states == [OrderState.PAID, OrderState.SHIPPED, OrderState.SHIPPED]
    assert RecipientReveal.objects.count() == 3


def test_everybody_can_use_every_page_of_the_desk(
    open_page: Any, accessible: Any, packer: Member, orders: list[Order]
) -> None:
    page: Page = open_page(TABLET)
    log_in_with_password(page, str(packer.phone), PASSWORD, site="/supplier/")
    for path in (
        "/supplier/orders/order/?part=to_ship",
        "/supplier/orders/order/?part=late",
        "/supplier/orders/order/batch/",
        "/supplier/orders/order/labels/",
        "/supplier/orders/order/pick-list/",
        f"/supplier/orders/order/{orders[0].pk}/reveal",
        "/supplier/",
        "/supplier/suppliers/product/",
        "/supplier/suppliers/product/goods/",
        "/supplier/suppliers/product/prices/",
        "/supplier/suppliers/sku/board/",
        "/supplier/suppliers/sku/restock/",
        "/supplier/suppliers/restock/",
        "/supplier/suppliers/sku/warehouses/",
        "/supplier/suppliers/stockmovement/",
        "/supplier/agents/samplerequest/",
        "/supplier/opportunities/",
        "/supplier/suppliers/product/imports/",
        "/supplier/core/listexport/",
    ):
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
