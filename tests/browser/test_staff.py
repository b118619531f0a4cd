"""An operator signs in with a code, and somebody else resets a lost authenticator."""

import pytest
from playwright.sync_api import expect

from mall.core.rights import REVIEW, STAFF
from members.models import Member, StaffDevice
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.operators import operator

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"


def with_password(member: Member) -> str:
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return str(member.phone)


def test_a_code_is_asked_for_after_the_password(open_page, accessible):
    member = operator("苏敏", REVIEW)
    desk = open_page(DESK)
    phone = with_password(member)
    desk.goto("/ops/login/?next=/ops/")
    desk.fill("input[name=username]", phone)
    desk.fill("input[name=password]", PASSWORD)
    desk.locator("form button[type=submit]").click()
    expect(desk.get_by_role("heading", name="验证动态口令", level=2)).to_be_visible()
    accessible(desk)
    desk.goto("/ops/payouts/withdrawal/")
    expect(desk.get_by_role("heading", name="验证动态口令", level=2)).to_be_visible()
    other = open_page(DESK)
    log_in_with_password(other, phone, PASSWORD)
    expect(other.get_by_role("link", name="提现审核")).to_be_visible()


def test_who_has_no_authenticator_enrols_one(open_page, accessible):
    member = operator("苏敏", REVIEW)
    StaffDevice.objects.all().delete()
    desk = open_page(DESK)
    phone = with_password(member)
    desk.goto("/ops/login/?next=/ops/")
    desk.fill("input[name=username]", phone)
    desk.fill("input[name=password]", PASSWORD)
    desk.locator("form button[type=submit]").click()
    expect(desk.get_by_role("img", name="绑定用的二维码")).to_be_visible()
    accessible(desk)


def test_staff_are_seen_with_their_rights_and_reset_by_somebody_else(open_page, accessible):
    lost, boss = operator("苏敏", REVIEW), operator("总管", STAFF)
    with_password(lost)
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(boss), PASSWORD)
    desk.goto("/ops/staff/")
    accessible(desk)
    desk.get_by_role("link", name="权限矩阵").click()
    expect(desk.get_by_text("谁可以复核谁")).to_be_visible()
    accessible(desk)
    desk.go_back()
    desk.get_by_role("link", name="苏敏").click()
    accessible(desk)
    desk.get_by_role("link", name="重置动态口令").click()
    desk.fill("[name=reason]", "手机丢了，电话核实过")
    desk.get_by_role("button", name="解绑").click()
    expect(desk.get_by_text("已解绑，下次登录须重新绑定")).to_be_visible()
    assert not StaffDevice.objects.filter(member=lost).exists()
