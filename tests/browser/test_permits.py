"""Goods that lack a permit, as their supplier and an operator see them, and how the shelf is left and come back to."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mall.core import clock
from mall.core.rights import SERVICE
from suppliers.models import Category, PermitGap, Product, Qualification, Supplier
from suppliers.tasks import check_papers
from tests.browser.applying import file_of
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password, show_code_again
from tests.browser.test_onboarding import private as private
from tests.browser.test_paying import picture
from tests.browser.test_supplier_house import PASSWORD, with_password
from tests.factories import a_seat, a_sku, a_supplier
from tests.onboarding.firms import JY, a_picture, tea
from tests.operators import operator

NARROW = {"width": 375, "height": 812}


@pytest.fixture
def supplier(transactional_db: None) -> Supplier:
    found = a_supplier("禾山茶业")
    product = a_sku(supplier=found).product
    Product.objects.filter(pk=product.pk).update(name="狮峰龙井", category=tea())
    return found


def look(page: Page, accessible: Any, name: str) -> None:
    accessible(page)
    picture(page, name)
    size = page.viewport_size
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    picture(page, f"{name}-narrow")
    page.set_viewport_size(size)  # type: ignore[arg-type]


def test_goods_without_a_permit_leave_the_shelf_and_come_back_with_one(
    open_page: Any, accessible: Any, supplier: Supplier
) -> None:
    desk, ops, checker = open_page(DESK), open_page(DESK), with_password(operator("何琳", SERVICE))
    log_in_with_password(desk, str(with_password(a_seat(supplier)).phone), PASSWORD, site="/supplier/")
    log_in_with_password(ops, str(checker.phone), PASSWORD)
    assert check_papers() == 0
    desk.goto("/supplier/quality/")
    expect(desk.locator("#gaps")).to_contain_text("狮峰龙井")
    expect(desk.locator("#gaps")).to_contain_text("还有 14 天")
    look(desk, accessible, "gaps-supplier")
    ops.goto("/ops/suppliers/permitgap/")
    expect(ops.locator("#result_list")).to_contain_text("狮峰龙井")
    look(ops, accessible, "gaps-ops")
    ops.goto(f"/ops/suppliers/category/{Category.objects.get(slug='food').pk}/permit/")
    expect(ops.locator(".ops-act")).to_contain_text("14 天里没有有效的证就下架")
    look(ops, accessible, "gaps-category")

    clock.advance(timedelta(days=15))
    assert check_papers() == 1
    desk.goto("/supplier/quality/")
    expect(desk.locator("#gaps")).to_contain_text("已下架")
    look(desk, accessible, "gaps-off")
    desk.locator("#gaps").get_by_role("link", name="上传资质").click()
    desk.select_option("select[name=kind]", "food")
    desk.fill("input[name=number]", JY)
    desk.fill("input[name=valid_until]", "2029-01-01")
    desk.set_input_files("input[type=file]", file_of("permit.png", a_picture().read()))
    desk.locator("form.ops-act button[type=submit], [name=_save]").first.click()
    expect(desk.locator("body")).to_contain_text("待审核")

    show_code_again(ops)
    ops.goto("/ops/suppliers/qualification/")
    ops.get_by_role("link", name="查看并审核").click()
    ops.locator(".ops-acts").get_by_role("link").first.click()
    ops.locator("form.ops-act button[type=submit]").click()
    assert Qualification.objects.get(kind="food").is_in_force
    product = Product.objects.get(supplier=supplier)
    desk.goto(f"/supplier/suppliers/product/{product.pk}/change/")
    desk.get_by_role("link", name="上架 / 下架").click()
    desk.get_by_role("button", name="上架").click()
    expect(desk.locator("body")).to_contain_text("狮峰龙井 已上架")
    assert check_papers() == 0
    desk.goto("/supplier/quality/")
    expect(desk.locator("#gaps")).to_have_count(0)
    assert PermitGap.objects.filter(off_shelf_at=None).count() == 0
