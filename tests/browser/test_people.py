"""People and their accounts in a real browser: coming by WeChat, ending a device, having one's data, leaving."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mall.core import clock
from members.commands import gather_waiting_exports, record_consent, request_closing, save_address
from members.models import Member, WechatIdentity
from tests.browser.conftest import PHONE
from tests.browser.people import log_in, newest_code
from tests.factories import a_member, a_paid_order, a_phone, address_text
from tests.members.wechat import PHONE_UA

pytestmark = pytest.mark.django_db(transaction=True)

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


def confirm(page: Page, phone: str) -> None:
    """Confirm by a code to the own phone, on the page that asks for it."""
    page.click("text=/发送验证码到/")
    page.fill("input[name=code]", newest_code(page, phone))
    page.click("main form:has(input[name=code]) button[type=submit]")


def test_who_comes_by_wechat_binds_a_phone_and_ends_another_device(
    open_page: Any, accessible: Any, transactional_db: None
) -> None:
    phone = a_phone()
    inside: Page = open_page(user_agent=PHONE_UA)
    inside.goto("/agreements/terms/")
    inside.goto("/me/settings/")
    assert "/me/settings/" in inside.url
    assert WechatIdentity.objects.get().nickname == ""

    inside.goto("/account/login/?next=/me/security/")
    inside.click("text=微信一键登录")
    assert "请先阅读并同意" in inside.inner_text("main")
    inside.check("input[name=agreed]")
    inside.click("text=微信一键登录")
    accessible(inside)
    inside.check("input[value=keke]")
    inside.click("text=允许")
    assert "微信已授权：周可" in inside.inner_text("main")
    accessible(inside)
    inside.fill("input[name=phone]", phone.removeprefix("+86"))
    inside.check("input[name=agreed]")
    inside.click("text=获取验证码")
    inside.fill("input[name=code]", newest_code(inside, phone))
    inside.click("main form:has(input[name=code]) button[type=submit]")
    expect(inside.locator("main")).to_contain_text("登录设备")
    member = Member.objects.get(phone=phone)
    assert WechatIdentity.objects.get(nickname="周可").member == member

    clock.advance(timedelta(minutes=2))
    outside: Page = open_page()
    log_in(outside, phone, then="/me/privacy/")
    assert "隐私" in outside.inner_text("h1")

    inside.goto("/me/security/")
    assert inside.locator("text=最近使用").count() == 2
    inside.click("li:not(:has-text('本机')) >> text=退出")
    expect(inside.locator("main")).to_contain_text("已退出登录")
    outside.goto("/me/privacy/data/")
    assert "/account/login/" in outside.url


def test_one_has_ones_data_and_may_leave_and_stay_after_all(
    open_page: Any, accessible: Any, tmp_path: Path, transactional_db: None
) -> None:
    member = a_member(nickname="周可", at=clock.now() - timedelta(days=40))
    page: Page = open_page()
    log_in(page, str(member.phone), then="/me/privacy/")
    page.click("[role=switch][aria-label=个性化推荐]")
    expect(page.locator("[role=switch][aria-label=个性化推荐]")).to_have_attribute("aria-checked", "true")

    page.click("text=我的数据")
    page.click("text=申请副本")
    confirm(page, str(member.phone))
    page.click("text=申请副本")
    assert "正在整理" in page.inner_text("main")
    gather_waiting_exports(at=clock.now())
    page.goto("/me/privacy/data/")
    accessible(page)
    with page.expect_download() as waiting:
        page.click("main a:has-text('下载')")
    kept = tmp_path / "data.zip"
    waiting.value.save_as(kept)
    with zipfile.ZipFile(io.BytesIO(kept.read_bytes())) as archive:
        assert str(member.phone) in archive.read("profile.json").decode()

    page.goto("/me/privacy/close/")
    page.check("input[name=sure]")
    page.click("text=申请注销")
    assert "将在" in page.inner_text("main")
    accessible(page)
    page.click("text=不注销了")
    expect(page.locator("main")).to_contain_text("已撤销注销")


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    now = clock.now()
    member = a_member(nickname="周可", at=now - timedelta(days=40))
    save_address(member=member, text=address_text(), label="home", at=now)
    a_paid_order(member=member, at=now)
    for kind in ("terms", "privacy", "personal"):
        record_consent(member=member, kind=kind, is_given=True, at=now)
    return member


PUBLIC = ["/account/login/", "/me/settings/", "/me/privacy/", "/agreements/privacy/", "/sandbox/wechat/me"]
OWN = [
    "/me/security/",
    "/me/security/confirm/",
    "/me/privacy/",
    "/me/privacy/consents/",
    "/me/privacy/data/",
    "/me/privacy/close/",
    "/me/addresses/",
    "/me/addresses/new/",
    "/me/profile/",
]


def test_everybody_can_use_the_pages_of_the_account(open_page: Any, accessible: Any, buyer: Member) -> None:
    page: Page = open_page()
    invitation = f"/r/{a_member(nickname='小林').referral_code}"
    for address in [*PUBLIC, invitation]:
        page.goto(address)
        accessible(page)
    log_in(page, str(buyer.phone))
    for address in OWN:
        page.goto(address)
        accessible(page)


def test_the_largest_text_runs_over_no_edge_of_a_narrow_phone(open_page: Any, buyer: Member) -> None:
    page: Page = open_page(NARROW)
    log_in(page, str(buyer.phone))
    page.goto("/me/settings/")
    page.click("text=特大")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "21px"
    request_closing(member=a_member(), gives_up_rewards=False, at=clock.now())
    for address in [*PUBLIC, *OWN]:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_cities_follow_the_province_and_a_pasted_address_is_read(open_page: Any, buyer: Member) -> None:
    page: Page = open_page()
    log_in(page, str(buyer.phone), then="/me/addresses/new/")
    page.select_option("[name=province]", "江苏省")
    expect(page.locator("[name=city]")).to_contain_text("苏州市")
    page.select_option("[name=city]", "苏州市")
    expect(page.locator("[name=district]")).to_contain_text("姑苏区")
    page.fill("[name=pasted]", "张三 13800001111 浙江省杭州市西湖区龙井路1号")
    page.click("text=识别")
    expect(page.locator("[name=district]")).to_have_value("西湖区")
    assert page.input_value("[name=name]") == "张三"
    page.click(".chip:has-text('公司')")
    page.click("text=保存地址")
    expect(page.locator("main")).to_contain_text("公司")
