"""The search over any page: opened, steered and left by the keyboard alone; the cockpit's definitions, too."""

import pytest
from playwright.sync_api import expect

from insights.commands import make_days
from mall.core.rights import REVIEW
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.browser.test_risk import PASSWORD, with_password
from tests.factories import a_member
from tests.insights.small import NOW, a_small_mall, at_now
from tests.operators import operator

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_an_operator_reads_the_cockpit_and_finds_a_member_by_the_keyboard(open_page, accessible, look):
    a_small_mall()
    a_member(nickname="何青青", at=NOW)
    make_days(at=NOW)
    reviewer = with_password(operator("苏敏", REVIEW))
    with at_now():
        desk = open_page(DESK, color_scheme=look)
        log_in_with_password(desk, reviewer, PASSWORD)
        desk.goto("/ops/")
        accessible(desk)
        why = desk.get_by_label("销售额：怎么算的")
        why.focus()
        desk.keyboard.press("Enter")
        expect(desk.get_by_text("销售额 = 这些天付款的订单金额之和")).to_be_visible()
        desk.keyboard.press("Enter")

        desk.keyboard.press("Control+k")
        box = desk.get_by_role("combobox", name="订单号、手机尾号、昵称、单号或页面")
        expect(box).to_be_focused()
        desk.keyboard.type("何青")
        expect(desk.get_by_role("option", name="何青青")).to_have_attribute("aria-selected", "true")
        expect(desk.get_by_role("status").filter(has_text="找到 1 项")).to_be_visible()
        accessible(desk)
        box.fill("提现")
        expect(desk.get_by_role("option").nth(1)).to_be_visible()
        desk.keyboard.press("ArrowDown")
        chosen = desk.locator("[role=option][aria-selected=true]")
        expect(box).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
        desk.keyboard.press("Escape")
        expect(box).to_be_hidden()
        desk.keyboard.press("Control+k")
        box.fill("何青")
        expect(desk.get_by_role("option", name="何青青")).to_be_visible()
        desk.keyboard.press("Enter")
        desk.wait_for_url("**/ops/members/member/*/change/")
