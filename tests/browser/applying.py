"""How a firm becomes a supplier: what it fills in on the phone, and how an operator lets it in at the desk."""

from typing import Any

from playwright.sync_api import Page, expect

from onboarding.models import Application
from tests.core.test_documents import a_pdf
from tests.onboarding.firms import COMPANY, JY, a_picture


def file_of(name: str, content: bytes) -> Any:
    kinds = {
        "pdf": "application/pdf",
        "png": "image/png",
        "csv": "text/csv",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    return {"name": name, "mimeType": kinds[name.rpartition(".")[2]], "buffer": content}


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator("footer button[type=submit]").click()


def fill_in(page: Page, look: Any) -> None:
    """Fill in all steps and submit them; `look` is called with each page."""
    page.get_by_role("link", name="去填写 公司信息").click()
    for name in ("shop_name", "company_name", "licence_number", "legal_person", "address", "contact_name"):
        page.fill(f"input[name={name}]", getattr(COMPANY, name))
    look(page)
    go_on(page)
    page.locator("label.chip", has_text="茶叶").click()
    page.set_input_files("input[name=business_document]", file_of("licence.pdf", a_pdf(2)))
    page.fill("input[name=food_number]", JY)
    page.fill("input[name=food_valid_until]", "2029-01-01")
    page.set_input_files("input[name=food_document]", file_of("permit.png", a_picture().read()))
    look(page)
    go_on(page)
    page.fill("input[name=bank_name]", "农业银行武夷山支行")
    page.fill("input[name=number]", "6222 0200 1234 5678")
    look(page)
    go_on(page)
    page.check("input[name=agreed]")
    look(page)
    go_on(page)
    assert Application.objects.get().stage == "filling"
    go_on(page)


def let_in(page: Page) -> None:
    page.goto("/ops/onboarding/application/?stage__exact=waiting")
    page.locator("#result_list tbody tr a").first.click()
    page.locator(".ops-acts").get_by_role("link", name="通过入驻").click()
    page.get_by_role("button", name="通过入驻").click()
    expect(page.locator("body")).to_contain_text("已开通")
