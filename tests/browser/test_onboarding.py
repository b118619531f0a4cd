"""V-0: a firm applies on the phone, mends what came back, is approved, and makes its first product at the desk."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mall.core.rights import SERVICE
from suppliers.models import Product, ReviewState, Supplier
from tests.browser.applying import file_of, fill_in, go_on, let_in
from tests.browser.conftest import DESK
from tests.browser.people import log_in, log_in_with_password, show_code_again
from tests.browser.test_supplier_house import PASSWORD, with_password
from tests.factories import a_member
from tests.onboarding.firms import COMPANY, a_picture, tea
from tests.operators import operator


@pytest.fixture(autouse=True)
def private(tmp_path: Path, settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "file_permissions_mode": 0o600},
        },
    }


def test_a_firm_becomes_a_supplier(open_page: Any, accessible: Any, transactional_db: None) -> None:
    tea()
    applicant, checker = a_member(nickname="林小山"), with_password(operator("何琳", SERVICE))
    phone: Page = open_page()
    phone.goto("/supply/")
    accessible(phone)
    log_in(phone, str(applicant.phone), then="/supply/")
    go_on(phone)
    accessible(phone)
    assert phone.request.get("/supplier/").url.endswith("/supplier/login/?next=/supplier/")
    fill_in(phone, accessible)
    expect(phone.locator("main")).to_contain_text("等待审核")

    desk: Page = open_page(DESK)
    log_in_with_password(desk, str(checker.phone), PASSWORD)
    show_code_again(desk)
    _send_back(desk, accessible)

    phone.goto("/supply/apply/")
    expect(phone.locator("main")).to_contain_text("审核意见：许可证照片看不清")
    accessible(phone)
    assert phone.locator("main a.btn").count() == 1
    phone.get_by_role("link", name="修改").click()
    phone.set_input_files("input[name=food_document]", file_of("permit.png", a_picture().read()))
    go_on(phone)
    go_on(phone)
    expect(phone.locator("main")).to_contain_text("等待审核")

    let_in(desk)
    supplier = Supplier.objects.get(name=COMPANY.shop_name)
    phone.goto("/supply/apply/")
    expect(phone.locator("main")).to_contain_text("你是店长")
    accessible(phone)
    _first_product(phone)
    product = Product.objects.get(supplier=supplier)
    assert (product.name, product.review, product.is_published) == ("正山小种", ReviewState.DRAFT, False)
    phone.goto("/supply/apply/")
    expect(phone.locator("main")).to_contain_text("正山小种")


def _send_back(page: Page, accessible: Any) -> None:
    page.goto("/ops/onboarding/application/")
    accessible(page)
    page.locator("#result_list tbody tr a").first.click()
    for picture in page.locator(".ops-documents img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("image => image.naturalWidth") > 500
    accessible(page)
    page.locator(".ops-acts").get_by_role("link", name="退回修改").click()
    accessible(page)
    page.fill("textarea[name=papers]", "许可证照片看不清")
    page.get_by_role("button", name="退回修改").click()
    expect(page.locator("body")).to_contain_text("要修改")


def _first_product(page: Page) -> None:
    """At the desk, which opens to who is signed in and was refused before."""
    page.set_viewport_size({"width": 1_280, "height": 900})
    page.locator("main .notice").get_by_role("link", name="去供应商后台").click()
    expect(page.locator("body")).to_contain_text("今日看板")
    page.goto("/supply/apply/")
    page.get_by_role("link", name="去填第一件商品").click()
    page.fill("input[name=name]", "正山小种")
    page.locator("select[name=category]").select_option(label="--- 茶叶")
    page.locator("[name=_save]").first.click()
    expect(page.locator("body")).to_contain_text("正山小种")
