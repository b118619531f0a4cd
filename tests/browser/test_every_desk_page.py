"""Every page of the desks of suppliers and operators, reached from its menu by clicking; looked at as in
`test_every_page`. What a firm that applies sees (V-0) is walked in `test_onboarding`."""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from members.models import Member
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import log_in_with_password
from tests.factories import a_paid_order
from tests.operators import superuser
from tests.suppliers.firms import Firm

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough password"
TABLET = {**DESK, "viewport": {"width": 768, "height": 1024}}
SUPPLIERS = {
    "V-1": "今日看板",
    "V-2": "商品",
    "V-3": "库存看板",
    "V-4": "订单",
    "V-5": "采购单",
    "V-6": "机会",
    "V-7": "对账单",
    "V-8": "售后",
    "V-9": "质量",
    "V-10": "子账号",
}
OPERATORS = {
    "O-1": "驾驶舱",
    "O-4": "供应商入驻",
    "O-6": "商品审核",
    "O-7": "服务台",
    "O-8": "规则方案",
    "O-9": "帮扶基金",
    "O-15": "提现审核",
    "O-16": "对账",
    "O-17": "账本查询",
    "O-18": "风险预警",
    "O-20": "员工",
    "O-21": "整单退款",
    "O-22": "设置与健康",
}


@dataclass
class Desk:
    """Somebody at a desk. Its menu lies beside the page; on a narrow screen the page has all the room."""

    page: Page
    accessible: Any
    status: int = 0

    def __post_init__(self) -> None:
        self.page.on("response", self._note)

    def _note(self, answer: Any) -> None:
        if answer.request.is_navigation_request() and answer.request.frame == self.page.main_frame:
            self.status = answer.status

    def choose(self, name: str) -> None:
        """Open a page by its name in the menu."""
        self.page.set_viewport_size(DESK["viewport"])
        with self.page.expect_navigation():
            self.page.locator("#nav-sidebar").get_by_role("link", name=name).first.click()

    def look(self, number: str) -> None:
        assert self.status == 200, (number, self.page.url)
        expect(self.page.locator("h1, h2").first).to_be_visible()
        for device in (PHONE, TABLET):
            self.page.set_viewport_size(device["viewport"])
            wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, (number, self.page.url, device["viewport"]["width"], wide)
        self.accessible(self.page)


def with_password(member: Member) -> str:
    member.set_password(PASSWORD)
    member.save(update_fields=["password"])
    return str(member.phone)


def test_a_supplier_walks_through_its_desk(open_page: Any, accessible: Any) -> None:
    firm = Firm("禾山茶业")
    desk = Desk(open_page(DESK), accessible)
    log_in_with_password(desk.page, with_password(firm.owner), PASSWORD, site="/supplier/")
    for number, name in SUPPLIERS.items():
        desk.choose(name)
        desk.look(number)
    desk.choose("企业询价")
    desk.look("V-6")
    for act in ("报价", "不报价", "查看联系方式"):
        desk.page.set_viewport_size(DESK["viewport"])
        desk.page.goto(f"/supplier/orders/enterpriserequest/{firm.rows['orders_enterpriserequest']}/change/")
        desk.look("V-6")
        desk.page.set_viewport_size(DESK["viewport"])
        with desk.page.expect_navigation():
            desk.page.get_by_role("link", name=act, exact=True).first.click()
        desk.look("V-6")


def test_an_operator_walks_through_the_mall(open_page: Any, accessible: Any) -> None:
    Firm("禾山茶业")
    order = a_paid_order()
    desk = Desk(open_page(DESK), accessible)
    log_in_with_password(desk.page, with_password(superuser()), PASSWORD)
    for number, name in OPERATORS.items():
        desk.choose(name)
        desk.look(number)
    desk.choose("订单")
    desk.page.get_by_role("link", name=order.number).first.click()
    with desk.page.expect_navigation():
        desk.page.get_by_role("link", name="钱去了哪里").click()
    desk.look("O-10")
    desk.choose("规则方案")
    desk.choose("合规")
    desk.look("O-18")
    desk.choose("规则试算")
    desk.look("O-8")
    desk.choose("企业询价")
    desk.look("O-6")
    desk.page.set_viewport_size(DESK["viewport"])
    with desk.page.expect_navigation():
        desk.page.locator("#result_list th a, #result_list td a").first.click()
    desk.look("O-6")
