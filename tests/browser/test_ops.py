"""Operators at a desk: two of them decide on a payout, and a plan that would pay out too much is refused."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mall.core.rights import PLANS, RELEASE, REVIEW
from members.models import Member
from payouts.models import Withdrawal, WithdrawalState
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.linkage.stories import Mall
from tests.operators import operator
from tests.payouts.people import asked, person

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"


def with_password(member: Member) -> str:
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return str(member.phone)


def test_one_operator_approves_and_another_releases(open_page, accessible):
    withdrawal = asked(person("周敏"))
    first, second = with_password(operator("苏敏", REVIEW)), with_password(operator("陈立", RELEASE))

    desk = open_page(DESK)
    log_in_with_password(desk, first, PASSWORD)
    accessible(desk)
    desk.get_by_role("link", name="提现审核").click()
    accessible(desk)
    desk.get_by_role("link", name=withdrawal.number).click()
    accessible(desk)
    desk.get_by_role("link", name="初审通过").click()
    accessible(desk)
    desk.get_by_role("button", name="初审通过").click()
    expect(desk.get_by_text("等另一位同事复核打款")).to_be_visible()
    expect(desk.get_by_role("button", name="复核打款")).to_be_disabled()

    other = open_page(DESK)
    log_in_with_password(other, second, PASSWORD)
    other.goto(reverse("ops:payouts_withdrawal_change", args=[withdrawal.pk]))
    other.get_by_role("link", name="复核打款").click()
    other.get_by_role("button", name="复核通过").click()
    expect(other.get_by_text("已打款 ¥497.00")).to_be_visible()
    assert Withdrawal.objects.get().state == WithdrawalState.PAID


def test_a_plan_is_read_refused_mended_and_kept_as_a_draft(open_page, accessible):
    Mall()
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("林岚", PLANS)), PASSWORD)
    desk.get_by_role("link", name="规则方案").click()
    desk.get_by_role("link", name="起草新版本").click()
    accessible(desk)
    desk.fill("[name=direct_agent_fen]", "300")
    desk.get_by_role("button", name="存为草稿").click()
    expect(desk.get_by_text("首份礼包最多可能发放 ¥490.00")).to_be_visible()
    desk.fill("[name=direct_agent_fen]", "105.50")
    desk.get_by_role("button", name="先读一读").click()
    expect(desk.get_by_text("读出来是这样")).to_be_visible()
    accessible(desk)
    desk.get_by_role("button", name="存为草稿").click()
    expect(desk.get_by_text("草稿 v2 已保存")).to_be_visible()
    accessible(desk)
