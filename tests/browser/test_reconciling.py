"""Two operators close a day of the books: a difference that was planted is found by a worker, explained and settled."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from mall.core import clock
from mall.core.rights import RELEASE, REVIEW
from reconciliation.models import Check, CheckState, Day, DayState
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.browser.test_ops import PASSWORD, with_password
from tests.operators import operator
from tests.processes import wait_until
from tests.reconciliation.books import given_back_by_hand, on_channel, paid, placed, today

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def test_a_planted_difference_is_found_explained_and_the_day_is_closed(open_page, accessible, worker):
    day = today()
    paid("R1")
    paid("R3", provider="alipay", price_fen=12_300)
    given_back_by_hand(paid("R2", price_fen=25_600), 5_990)
    on_channel(placed(12_800), "R4")
    clock.advance(timedelta(days=1))
    first, second = with_password(operator("何琳", REVIEW)), with_password(operator("陈立", RELEASE))

    desk = open_page(DESK)
    log_in_with_password(desk, first, PASSWORD)
    desk.get_by_role("link", name="对账").first.click()
    expect(desk.get_by_text("这一天还没有核对过").first).to_be_visible()
    accessible(desk)
    desk.get_by_role("button", name="一键核对").click()
    wait_until(lambda: Check.objects.filter(state=CheckState.DONE).exists(), seconds=40)
    desk.goto(f"/ops/reconciliation/?day={day.isoformat()}")
    expect(desk.get_by_text("还有 2 笔没平，平了才能关账")).to_be_visible()
    expect(desk.get_by_role("button", name="关账")).to_be_disabled()
    accessible(desk)
    shot(desk, "reconciliation")

    late = desk.get_by_role("row", name="回调迟到")
    late.get_by_role("link").click()
    expect(desk.get_by_text("通知迟到或丢失")).to_be_visible()
    expect(desk.get_by_text("渠道扣款成功")).to_be_visible()
    shot(desk, "reconciliation-late")
    desk.get_by_role("link", name="向渠道再查一次").click()
    accessible(desk)
    desk.get_by_role("button", name="查询").click()
    expect(desk.get_by_text("已向渠道查询")).to_be_visible()

    desk.goto(f"/ops/reconciliation/?day={day.isoformat()}")
    desk.get_by_role("link", name="BYHAND1").first.click()
    expect(desk.get_by_text("通常是有人在商户平台手工退的")).to_be_visible()
    desk.get_by_role("link", name="写处理结果").click()
    accessible(desk)
    desk.get_by_label("在系统外处理（如银行转账）").check()
    desk.get_by_label("经过").fill("客服在商户平台退的差价，已补登单据")
    shot(desk, "reconciliation-settle")
    desk.get_by_role("button", name="提交，等复核").click()
    expect(desk.get_by_role("button", name="复核通过")).to_be_disabled()
    desk.get_by_role("button", name="重新核对").click()
    wait_until(lambda: Check.objects.filter(state=CheckState.DONE).count() == 2, seconds=40)

    other = open_page(DESK)
    log_in_with_password(other, second, PASSWORD)
    other.goto(f"/ops/reconciliation/?day={day.isoformat()}")
    other.get_by_role("link", name="复核", exact=True).click()
    other.get_by_role("button", name="复核通过").click()
    expect(other.get_by_text("已复核，这一笔了结")).to_be_visible()

    desk.goto(f"/ops/reconciliation/?day={day.isoformat()}")
    desk.get_by_role("link", name="关账", exact=True).click()
    desk.get_by_label("说明").fill("差额都已查清，可以关账")
    desk.get_by_role("button", name="提交，等复核").click()
    expect(desk.get_by_role("button", name="复核")).to_be_disabled()
    other.goto(f"/ops/reconciliation/?day={day.isoformat()}")
    other.get_by_role("link", name="复核关账").click()
    other.get_by_role("button", name="复核通过，关账").click()
    expect(other.get_by_text("关账，不能再改")).to_be_visible()
    accessible(other)
    shot(other, "reconciliation-closed")
    other.set_viewport_size({"width": 768, "height": 1024})
    shot(other, "reconciliation-closed-768")
    assert Day.objects.get(date=day).state == DayState.CLOSED
