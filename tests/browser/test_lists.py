"""An operator narrows a list, keeps the view, chooses columns, and takes the list away."""

import pytest
from playwright.sync_api import expect

from mall.core.models import ListExport
from mall.core.rights import PLANS
from members.models import Member
from tests.browser.conftest import DESK
from tests.browser.people import log_in_with_password
from tests.factories import a_member, a_paid_order
from tests.operators import operator
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct-horse-battery"


def with_password(member: Member) -> str:
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return str(member.phone)


def test_a_list_is_narrowed_kept_and_taken_away(open_page, accessible):
    buyer = a_member(nickname="许诺")
    orders = [a_paid_order(member=buyer) for _ in range(3)]
    other = a_paid_order()
    desk = open_page(DESK)
    log_in_with_password(desk, with_password(operator("林岚", PLANS)), PASSWORD)
    desk.goto("/ops/orders/order/?q=许诺")
    expect(desk.get_by_text(orders[0].number)).to_be_visible()
    expect(desk.get_by_text(other.number)).not_to_be_visible()
    desk.locator("summary", has_text="视图").click()
    desk.fill(".ops-menu-card [name=name]", "许诺的订单")
    accessible(desk)
    desk.get_by_role("button", name="保存视图").click()
    expect(desk.get_by_role("link", name="许诺的订单 3")).to_be_visible()
    desk.locator("summary", has_text="列").click()
    desk.locator(".ops-menu-card").get_by_label("供应商").uncheck()
    desk.get_by_role("button", name="应用").click()
    expect(desk.locator("th", has_text="供应商")).to_have_count(0)
    accessible(desk)
    desk.get_by_role("link", name="导出", exact=False).last.click()
    accessible(desk)
    with desk.expect_download() as taken:
        desk.locator("main form button[type=submit], form.ops-act button[type=submit]").first.click()
    assert taken.value.suggested_filename.endswith(".xlsx")
    # The count is written when the last row was sent, which the browser may have before the row does.
    wait_until(lambda: ListExport.objects.get().row_count is not None)
    assert ListExport.objects.get().row_count == 3
