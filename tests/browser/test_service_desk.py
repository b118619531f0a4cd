"""The service desk walked: a ticket from the question to the stars, and a dispute decided after its preview."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mall.core import clock
from mall.core.rights import SERVICE
from orders.commands.after_sale import dispute_case, refuse_case, speak_in_dispute
from orders.models import AfterSale, Refund
from service.commands import save_tag, save_template
from service.models import Dispute, Ticket
from tests.browser.conftest import DESK
from tests.browser.people import log_in, log_in_with_password
from tests.browser.test_ops import PASSWORD, with_password
from tests.factories import a_member, a_seat
from tests.linkage.retail import a_sale, a_shopkeeper, an_earning_sku, settle
from tests.operators import operator
from tests.orders.after_sale import a_case, shipped

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS", "")


def shot(page: Page, name: str) -> None:
    if not SHOTS:
        return
    for width in (1440, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(DESK["viewport"])


def a_dispute() -> AfterSale:
    """A dispute about goods of a shopkeeper's customer, whose commission a refund takes back."""
    now = clock.now()
    order = shipped(a_sale(a_shopkeeper(), sku=an_earning_sku(price_fen=6_800), quantity=2, at=now), at=now)
    case = a_case(order, kind="refund_only", quantity=2, note="杯子有裂纹，照片里看得到", at=now)
    seat = a_seat(order.supplier)
    refuse_case(case=case, by=seat, reason="出库检验合格", at=now)
    dispute_case(case=case, member=order.member, text="请平台看看照片", at=now)
    speak_in_dispute(case=case, by=seat, text="仓库监控可以提供", at=now)
    return case


@pytest.mark.parametrize("look", ["light", "dark"] if SHOTS else ["light"])
def test_a_ticket_is_answered_and_rated_and_a_dispute_decided(open_page: Any, accessible: Any, look: str) -> None:
    buyer, helper = a_member(nickname="林小禾"), operator("沈初审", SERVICE)
    save_template(title="催件", text="{称呼}您好，已为您催件，工单 {工单} 有进展就告诉您。", topic="order")
    save_tag(name="催件")
    case = a_dispute()
    phone: Page = open_page()
    log_in(phone, str(buyer.phone), then="/support/new?topic=order")
    phone.fill("#id_text", "物流三天没动了")
    phone.click(".actions button[type=submit]")
    expect(phone.locator("main")).to_contain_text("首次回复")
    ticket = Ticket.objects.get()

    desk: Page = open_page(DESK, color_scheme=look)
    log_in_with_password(desk, with_password(helper), PASSWORD)
    desk.get_by_role("link", name="服务台").click()
    expect(desk.get_by_text(case.number)).to_be_visible()
    accessible(desk)
    shot(desk, f"desk-{look}")
    desk.click(f"text={ticket.number}")
    desk.get_by_role("link", name="由我受理").click()
    desk.get_by_role("button", name="确认").click()
    desk.get_by_role("link", name="改标签").click()
    desk.get_by_label("催件").check()
    accessible(desk)
    desk.get_by_role("button", name="保存").click()
    expect(desk.get_by_role("button", name="结束工单")).to_be_disabled()
    accessible(desk)
    shot(desk, f"ticket-{look}")
    desk.get_by_role("link", name="催件").click()
    desk.get_by_role("button", name="发送回复").click()
    expect(desk.get_by_text("从").filter(has_text="不计时").first).to_be_visible()
    desk.get_by_role("link", name="结束工单").click()
    desk.get_by_role("button", name="结束").click()
    expect(desk.get_by_text("会员还没有评价")).to_be_visible()

    phone.goto("/messages")
    phone.click("text=工单已结束")
    expect(phone.locator(".thread")).to_contain_text("林小禾您好，已为您催件")
    phone.check("input[name=stars][value='5']")
    phone.fill("#id_words", "一次就办好了")
    phone.click("text=提交评价")
    expect(phone.locator("main")).to_contain_text("5 星")
    desk.reload()
    expect(desk.get_by_text("一次就办好了")).to_be_visible()
    desk.goto("/ops/service/topics/")
    accessible(desk)
    shot(desk, f"topics-{look}")

    desk.goto("/ops/service/ticket/")
    desk.click(f"text={case.number}")
    for words in ("杯子有裂纹", "仓库监控可以提供", "每种裁定会怎样", "零售佣金"):
        expect(desk.get_by_text(words).first).to_be_visible()
    accessible(desk)
    shot(desk, f"dispute-{look}")
    desk.get_by_role("link", name="裁定").click()
    expect(desk.get_by_text("会扣回这些人的")).to_be_visible()
    accessible(desk)
    shot(desk, f"decide-{look}")
    desk.get_by_label("支持买家，退款").check()
    desk.fill("[name=reason]", "裂纹清楚，支持退款")
    desk.get_by_role("button", name="裁定").click()
    expect(desk.get_by_text("已裁定")).to_be_visible()
    settle(clock.now())
    assert Refund.objects.get().amount_fen == 13_600
    assert Dispute.objects.get().closed_at is not None
    assert ticket.number in Ticket.objects.filter(stars=5).values_list("number", flat=True)
