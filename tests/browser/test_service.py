"""C-25 and C-28 walked: from the help to a ticket, its answer in /ops/, and the message that says so."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mall.core import clock
from members.models import Member
from service.commands import ArticleText, News, open_ticket, save_article, save_template, save_topic, tell
from service.models import Ticket, Topic
from tests.browser.conftest import DESK
from tests.browser.pages import DEVICES
from tests.browser.people import log_in, log_in_with_password
from tests.factories import a_member, a_paid_order
from tests.operators import operator

NARROW = {**DEVICES["phone"], "viewport": {"width": 320, "height": 640}}
PASSWORD = "a long enough password"


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    return a_member(nickname="林小禾")


@pytest.fixture
def written(transactional_db: None) -> None:
    topic = save_topic(name="退换货", slug="returns", icon="rotate-ccw")
    for number in range(3):
        text = "退款按原来的付款方式退回。\n\n- 微信当天\n- 银行卡 1 至 3 个工作日"
        save_article(
            text=ArticleText(topic.pk, f"退款多久到账？{number}", f"refund-{number}", text, is_hot=True), at=clock.now()
        )


@pytest.fixture
def helper(transactional_db: None) -> Member:
    member = operator("沈初审", "operator_service")
    member.set_password(PASSWORD)
    member.save()
    return member


def a_picture() -> dict[str, Any]:
    file = BytesIO()
    Image.new("RGB", (60, 40), "#12715b").save(file, "PNG")
    return {"name": "box.png", "mimeType": "image/png", "buffer": file.getvalue()}


def test_from_the_help_to_a_ticket_its_answer_and_the_message(
    open_page: Any, buyer: Member, helper: Member, written: None
) -> None:
    order = a_paid_order(member=buyer, at=clock.now())
    save_template(title="催件", text="{称呼}您好，订单 {订单} 已催。", topic="order")
    phone: Page = open_page()
    phone.goto("/help")
    phone.fill("#help-q", "外星人")
    phone.press("#help-q", "Enter")
    expect(phone.locator("main")).to_contain_text("没有找到答案")
    log_in(phone, str(buyer.phone), then=f"/support/new?order={order.number}")
    expect(phone.locator("#id_order")).to_have_value(order.number)
    phone.fill("#id_text", "包裹压坏了")
    phone.set_input_files("input[name=photos]", [a_picture()])
    phone.click(".actions button[type=submit]")
    expect(phone.locator("main")).to_contain_text("首次回复")
    ticket = Ticket.objects.get()
    expect(phone.locator(".said-photos img")).to_have_js_property("naturalWidth", 60)

    desk: Page = open_page(DESK)
    log_in_with_password(desk, str(helper.phone), PASSWORD)
    desk.goto("/ops/service/ticket/")
    desk.click(f"text={ticket.number}")
    desk.click("text=催件")
    desk.click("text=发送回复")
    expect(desk.locator("body")).to_contain_text("会员会收到消息")

    phone.goto("/me/")
    phone.click("a[href='/messages']")
    phone.click("text=客服回复了你")
    expect(phone.locator(".thread")).to_contain_text(f"订单 {order.number} 已催")
    phone.click("text=已解决")
    phone.check("input[name=stars][value='5']")
    phone.click("text=提交评价")
    expect(phone.locator("main")).to_contain_text("5 星")
    ticket.refresh_from_db()
    assert ticket.stars == 5


def test_everybody_can_use_every_page_and_nothing_runs_over(
    open_page: Any, accessible: Any, buyer: Member, written: None
) -> None:
    ticket = open_ticket(
        member=buyer, topic=Topic.ORDER, text="包裹呢", idempotency_key="k", reply_hours=24, at=clock.now()
    )
    tell(
        [News(buyer.pk, "shipped", f"k{number}", "/orders/", {"number": "HJ2611220000000000"}) for number in range(30)],
        at=clock.now(),
    )
    page: Page = open_page(NARROW)
    public = ["/help", "/help?q=退款", "/help?q=外星人", "/help/refund-0", "/offline"]
    own = ["/messages", "/messages?kind=goods", "/messages/switches", "/support", "/support/new"]
    for path in public:
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    log_in(page, str(buyer.phone))
    for path in [*own, f"/support/{ticket.number}"]:
        page.goto(path)
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_messages_go_on_while_scrolling_and_are_all_read_at_once(open_page: Any, buyer: Member) -> None:
    tell(
        [News(buyer.pk, "shipped", f"k{number}", "/orders/", {"number": f"HJ{number}"}) for number in range(45)],
        at=clock.now(),
    )
    page: Page = open_page()
    log_in(page, str(buyer.phone), then="/messages")
    expect(page.locator(".row-new")).to_have_count(20)
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator(".row-new")).to_have_count(40)
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator("#more")).to_contain_text("没有更多了")
    page.click("text=全部已读")
    expect(page.locator(".row-new")).to_have_count(0)


def test_a_page_opened_out_of_a_chat_has_a_way_home(open_page: Any, written: None) -> None:
    page: Page = open_page()
    page.goto("/help/refund-0")
    assert page.locator("[data-alone]").is_visible() == page.evaluate("history.length === 1")
    popup = page.context.new_page()
    popup.goto("/help/refund-0")
    if popup.evaluate("history.length === 1"):
        popup.click("[data-alone]")
        popup.wait_for_url("**/")
