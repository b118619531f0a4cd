"""An operator opens a card, reads the evidence, holds the payouts, and decides."""

import pytest
from playwright.sync_api import expect

from mall.core.rights import PLANS, REVIEW
from members.models import Member
from payouts.models import PayoutHold
from risk.commands import scan
from risk.models import Hit, HitState
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.factories import a_member
from tests.operators import operator
from tests.risk.crowd import AT, a_sale, ago, came_from, recruits

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"


def with_password(member: Member) -> str:
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return str(member.phone)


def a_story() -> Member:
    """Three people behind one phone and one address, a ring, and a rush of sign-ups."""
    owner = a_member(nickname="周岚", at=ago(days=100))
    for member in recruits(owner, 3):
        came_from(member, device="one phone")
        a_sale(member, packs=1, address="浙江省杭州市西湖区龙井路1号")
    recruits(owner, 11, every=3, at=ago(days=4))
    a, b = (a_member(nickname=name, at=ago(days=90)) for name in ("何青", "许诺"))
    a_sale(a, adviser=b), a_sale(b, adviser=a)
    scan(at=AT)
    return owner


def test_a_hit_is_read_held_and_decided(open_page, accessible):
    owner = a_story()
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("苏敏", REVIEW)), PASSWORD)
    desk.get_by_role("link", name="风险规则").click()
    expect(desk.get_by_role("heading", name="推荐的人共用设备")).to_be_visible()
    accessible(desk)
    desk.get_by_role("link", name="风险预警").click()
    accessible(desk)
    desk.get_by_role("link", name="推荐的人共用设备").first.click()
    expect(desk.get_by_text("推荐人 周岚").first).to_be_visible()
    accessible(desk)
    desk.get_by_role("link", name="暂停提现", exact=True).last.click()
    desk.fill("[name=reason]", "同一部手机登录三个账号")
    desk.fill("[name=words]", "正在核对账号信息，预计 2 个工作日。")
    desk.get_by_role("button", name="暂停提现").click()
    expect(desk.get_by_text("提现暂停中")).to_be_visible()
    desk.get_by_label("属实：确有问题").check()
    desk.fill("#decision_reason", "三人同一部手机，货寄到同一个地址")
    desk.get_by_role("button", name="记下结论").click()
    expect(desk.get_by_text("已记为属实")).to_be_visible()
    assert PayoutHold.objects.get().member_id == owner.pk
    assert Hit.objects.get(kind="same_device").state == HitState.CONFIRMED


def test_a_rule_is_set_as_a_new_version(open_page, accessible):
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("林岚", PLANS)), PASSWORD)
    desk.goto("/ops/risk/rules/")
    desk.get_by_role("link", name="设置：短时间大量注册").click()
    accessible(desk)
    desk.fill("[name=threshold]", "20")
    desk.fill("[name=reason]", "线下活动多，十人太低")
    desk.get_by_role("button", name="保存为新版本").click()
    expect(desk.get_by_text("已更新为第 1 版")).to_be_visible()
    expect(desk.get_by_text("一小时内由同一人推荐注册 20 人以上")).to_be_visible()
