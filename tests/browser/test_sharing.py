"""A shopkeeper shares a poster; somebody new scans it, lands on the product and joins."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from playwright.sync_api import Page, expect

from agents.models import Shop, ShopItem
from mall.core import clock
from mall.pictures import picture_files, view_path
from members.models import Member, Touch
from suppliers.models import Product
from tests.agents.shops import a_good, a_shopkeeper
from tests.browser.dealing import poster_path
from tests.browser.people import log_in, newest_code

NEWCOMER = "13912345679"


@pytest.fixture
def owner(transactional_db: None, settings: Any, tmp_path: Any) -> Member:
    settings.PRIVATE_ROOT = tmp_path / "private"
    product = a_good("武夷山大红袍", price_fen=12_800, bps=1_000).product
    for path, content in picture_files(product.slug, 12, "tin", "岩茶"):
        storages["default"].delete(path)
        storages["default"].save(path, ContentFile(content))
    Product.objects.filter(pk=product.pk).update(image=view_path(product.slug, "hero"))
    return a_shopkeeper("小林")


def join(page: Page) -> None:
    page.get_by_role("link", name="手机号登录").click()
    page.fill("input[name=phone]", NEWCOMER)
    page.check("input[name=agreed]")
    page.get_by_role("button", name="获取验证码").click()
    page.fill("input[name=code]", newest_code(page, NEWCOMER))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/p/*")


def test_a_poster_brings_somebody_to_the_product_and_into_the_mall(
    owner: Member, open_page: Any, accessible: Any
) -> None:
    phone = open_page()
    log_in(phone, str(owner.phone), then="/agent/goods/")
    phone.get_by_role("button", name="上架到我的小店").first.click()
    expect(phone.get_by_role("button", name="已在小店")).to_be_visible()
    item = ShopItem.objects.select_related("product").get()
    assert Shop.objects.get().owner == owner

    phone.get_by_role("link", name=re.compile("^分享")).first.click()
    sheet = phone.locator("dialog#sheet")
    expect(sheet.get_by_text("发到哪里").first).to_be_visible()
    accessible(phone)
    sheet.get_by_role("link", name="线下").click()
    expect(sheet.locator("code")).to_contain_text("ch=offline")
    sheet.get_by_role("link", name="生成海报").click()
    path = poster_path(phone)
    assert path == f"/r/{owner.referral_code}?to=p/{item.product.slug}&ch=poster"
    accessible(phone)

    friend = open_page()
    friend.goto(path)
    expect(friend.get_by_role("heading", level=1)).to_contain_text("小林邀请你来")
    expect(friend.locator("main")).to_contain_text("武夷山大红袍")
    join(friend)
    expect(friend.locator("h1")).to_contain_text("武夷山大红袍")
    newcomer = Member.objects.get(phone=f"+86{NEWCOMER}")
    touch = Touch.objects.get()
    assert (newcomer.referrer, touch.member, touch.channel) == (owner, newcomer, "poster")
    assert touch.at <= clock.now()
    friend.goto("/")
    friend.get_by_role("link", name=re.compile("来自 小林 的小店")).click()
    expect(friend.locator("main")).to_contain_text("武夷山大红袍")
    accessible(friend)

    phone.goto("/agent/share/stats/")
    expect(phone.locator("main")).to_contain_text("海报")
    accessible(phone)


def test_the_shop_is_arranged_with_and_without_script(owner: Member, open_page: Any, accessible: Any) -> None:
    for name in ("一号茶", "二号米"):
        a_good(name)
    options: dict[str, Any] = {}
    for has_script in (True, False):
        page = open_page(**options)
        if has_script:
            log_in(page, str(owner.phone), then="/agent/goods/?sort=new")
            options = {"java_script_enabled": False, "storage_state": page.context.storage_state()}
            for name in ("一号茶", "二号米"):
                page.get_by_role("button", name=f"上架到我的小店 {name}").click()
                expect(page.get_by_role("button", name=f"已在小店，下架 {name}")).to_be_visible()
        page.goto("/agent/shop/")
        first = page.locator(".shop-item").first
        before = first.locator(".two-lines").inner_text()
        page.get_by_role("button", name=f"下移 {before}").click()
        expect(page.locator(".shop-item").nth(1)).to_contain_text(before)
        if has_script:
            accessible(page)
