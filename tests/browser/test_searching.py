"""Looking for goods on a phone: by the rail of categories, by words, with filters, and without script."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from suppliers.commands import add_brand, add_category
from suppliers.models import Category
from tests.browser.accessibility import violations
from tests.browser.conftest import PHONE
from tests.factories import a_supplier
from tests.storefront.goods import a_good

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


@pytest.fixture
def shop(transactional_db: None) -> None:
    """Thirty teas of two brands, and a rice."""
    supplier, tea, grain = a_supplier(), add_category(name="茶饮", slug="tea"), add_category(name="粮油", slug="grain")
    tea, grain = (Category.objects.get(pk=each.pk) for each in (tea, grain))
    brands = [add_brand(name=name, slug=slug, seal=name[0]) for name, slug in (("狮峰", "lion"), ("岩序", "rock"))]
    a_good("明前龙井", supplier=supplier, category=tea, price_fen=9_800, label="龙井", brand=brands[0])
    for number in range(29):
        a_good(f"白毫银针 {number}", supplier=supplier, category=tea, price_fen=20_000 + number, brand=brands[1])
    a_good("稻花香米", supplier=supplier, category=grain, price_fen=5_000)


def test_a_visitor_goes_by_the_rail_and_scrolls_to_the_end(open_page: Any, shop: None) -> None:
    page: Page = open_page(NARROW)
    page.goto("/c/")
    page.get_by_role("navigation", name="分类", exact=True).get_by_text("茶饮").click()
    expect(page.locator(".panel-good")).to_have_count(20)
    page.locator(".list-end").scroll_into_view_if_needed()
    expect(page.locator(".panel-good")).to_have_count(30)
    expect(page.locator(".list-end")).to_have_text("没有更多了")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("navigation", name="品牌").get_by_text("狮峰").click()
    expect(page.locator(".panel-good")).to_have_count(1)
    page.locator(".panel-add").click()
    expect(page.locator("dialog#sheet")).to_be_visible()
    page.keyboard.press("Escape")
    assert violations(page) == []


def test_a_visitor_searches_by_initials_filters_and_clears(open_page: Any, shop: None) -> None:
    page: Page = open_page()
    page.goto("/search")
    page.get_by_role("searchbox").press_sequentially("lj", delay=30)
    page.locator("#suggestions").get_by_role("link", name="龙井").click()
    expect(page.get_by_text("找到 1 件")).to_be_visible()
    page.goto("/search?q=茶")
    page.locator(".list-filter").click()
    sheet = page.locator("dialog#sheet")
    expect(sheet).to_be_visible()
    sheet.get_by_label("最高价").fill("100")
    sheet.get_by_role("button", name="看结果").click()
    expect(page).to_have_url(re.compile(r"high=100"))
    expect(page.locator("#goods > .good")).to_have_count(1)
    page.get_by_role("link", name="¥100 以下").click()
    expect(page.locator("#goods > .good")).to_have_count(20)
    page.goto("/search?q=龙景")
    expect(page.get_by_text("已按“龙井”找到 1 件")).to_be_visible()
    page.goto("/search")
    expect(page.get_by_role("heading", name="搜过的")).to_be_visible()
    page.get_by_role("button", name="清空").click()
    expect(page.get_by_role("heading", name="搜过的")).to_have_count(0)
    assert violations(page) == []


def test_all_of_it_works_without_script(open_page: Any, shop: None) -> None:
    page: Page = open_page(java_script_enabled=False)
    page.goto("/search")
    page.get_by_role("searchbox").fill("longjing")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_text("明前龙井")).to_be_visible()
    page.goto("/list?c=tea")
    page.get_by_role("link", name="更多商品").click()
    expect(page.locator("#goods > .good")).to_have_count(10)
    page.get_by_role("link", name="筛选").click()
    page.get_by_label("最高价").fill("100")
    page.get_by_role("button", name="看结果").click()
    expect(page.locator("#goods > .good")).to_have_count(1)
    page.get_by_role("link", name="清除筛选").click()
    expect(page.locator("#goods > .good")).to_have_count(20)
