"""The whole way of a supplier, walked by its people: from the application to the statement that pays it."""

import io
import os
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from ledger.models import AccountKind
from ledger.queries import balance_fen
from mall.core import clock
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from mall.core.rights import PLANS, SERVICE
from members.models import Member
from orders.models import AfterSale, Order
from orders.tasks import send_refunds
from remittance.models import Statement
from remittance.tasks import close_periods
from suppliers.models import Product, Supplier
from tests.browser.applying import file_of, fill_in, go_on, let_in
from tests.browser.conftest import DESK
from tests.browser.dealing import write_address
from tests.browser.people import log_in, log_in_with_password, show_code_again
from tests.browser.test_onboarding import private as private
from tests.browser.test_supplier_house import PASSWORD, with_password
from tests.factories import a_member
from tests.onboarding.firms import COMPANY, a_picture, tea
from tests.operators import operator

TEA, PRICE_FEN, COST_FEN, FEE_BPS = "正山小种 250 克", 12_850, 8_015, 230
FIRST, SECOND, BACK = 3, 1, 1
CATALOGUE = "\n".join(
    [
        "Handle,Title,Body (HTML),Type,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,"
        "Variant Price,Variant Compare At Price,Cost per item",
        f"lapsang,{TEA},<p>桐木关的红茶</p>,Black tea,Size,一罐,HS-ZSXZ-250,420,40,128.50,158.00,80.15",
        "broken,没有价钱的茶,,Black tea,Size,一罐,HS-BROKEN,420,40,,,",
    ]
)


class Firm:
    """Who takes part, each on a page of their own."""

    def __init__(self, open_page: Any, accessible: Any) -> None:
        self.applicant = a_member(nickname="林小山", at=clock.now())
        self.buyer = a_member(nickname="周可", at=clock.now())
        self.checker: Member = with_password(operator("何琳", SERVICE, PLANS))
        self.phone: Page = open_page()
        self.ops: Page = open_page(DESK)
        self.shop: Page = open_page()
        self._open, self._accessible, self._count = open_page, accessible, 0

    def to_the_desk(self) -> None:
        """Go on at a wide screen, with what was signed in on the phone."""
        self.desk: Page = self._open(DESK, storage_state=self.phone.context.storage_state())
        self.desk.goto("/supply/apply/")
        self.desk.locator("main .notice").get_by_role("link", name="去供应商后台").click()
        expect(self.desk.locator("body")).to_contain_text("今日看板")

    def look(self, page: Page) -> None:
        """Everybody can use the page; it is kept as a picture where SHOTS names a folder."""
        self._accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
        if folder := os.environ.get("SHOTS"):
            self._count += 1
            page.screenshot(path=Path(folder) / f"way-{self._count:02d}.png", full_page=True)

    @property
    def supplier(self) -> Supplier:
        return Supplier.objects.get(name=COMPANY.shop_name)

    def menu(self, page: Page, name: str) -> None:
        """Go by the desk's menu."""
        with page.expect_navigation():
            page.locator("#nav-sidebar").get_by_role("link", name=re.compile(rf"(^|\s){name}(\s+\d+)?$")).click()


@pytest.fixture
def firm(worker: Any, open_page: Any, accessible: Any) -> Firm:
    tea()
    return Firm(open_page, accessible)


def test_the_suppliers_way(firm: Firm) -> None:
    _apply(firm)
    _import(firm)
    _release(firm)
    orders = [_buy(firm, FIRST, is_first=True), _buy(firm, SECOND)]
    _ship(firm, orders)
    case = _return(firm, orders[0])
    _answer(firm, case)
    _settle(firm, orders)


def _apply(firm: Firm) -> None:
    firm.phone.goto("/supply/")
    firm.look(firm.phone)
    log_in(firm.phone, str(firm.applicant.phone), then="/supply/")
    go_on(firm.phone)
    fill_in(firm.phone, firm.look)
    expect(firm.phone.locator("main")).to_contain_text("等待审核")
    log_in_with_password(firm.ops, str(firm.checker.phone), PASSWORD)
    show_code_again(firm.ops)
    let_in(firm.ops)
    firm.phone.goto("/supply/apply/")
    expect(firm.phone.locator("main")).to_contain_text("你是店长")
    firm.ops.goto("/ops/remittance/supplierterms/")
    firm.look(firm.ops)
    firm.ops.get_by_text("制定条款：选供应商").click()
    firm.ops.get_by_role("link", name=COMPANY.shop_name).click()
    firm.ops.fill("input[name=starts_on]", _today().isoformat())
    firm.ops.fill("input[name=fee_bps]", "2.3")
    firm.look(firm.ops)
    firm.ops.get_by_role("button", name="保存").click()
    expect(firm.ops.locator("body")).to_contain_text("的结算条款已保存")
    firm.look(firm.ops)


def _import(firm: Firm) -> None:
    """The applicant goes on at the desk: by a file of another platform, and with a picture."""
    firm.to_the_desk()
    page = firm.desk
    firm.look(page)
    firm.menu(page, "商品")
    firm.look(page)
    page.get_by_role("link", name="从其他平台导入").click()
    page.get_by_label("Shopify").check()
    page.set_input_files("input[name=file]", file_of("products.csv", CATALOGUE.encode()))
    firm.look(page)
    page.get_by_role("button", name="上传").click()
    page.get_by_label("Black tea").select_option(label="食品 / 茶叶")
    firm.look(page)
    page.get_by_role("button", name="保存并核对").click()
    expect(page.locator("tr", has_text="没有价钱的茶")).to_contain_text("没有填售价")
    firm.look(page)
    page.get_by_role("button", name="确认导入").click()
    expect(page.locator("tr", has_text=TEA)).to_contain_text("已完成", timeout=30_000)
    firm.look(page)
    page.get_by_role("link", name="去看草稿").click()
    page.get_by_role("link", name=TEA).click()
    firm.look(page)
    page.get_by_role("link", name="添加另一个 商品图片").click()
    page.set_input_files("input[name='media-0-photos']", file_of("tea.png", a_picture().read()))
    page.locator("[name=_save]").first.click()
    page.locator("#result_list").get_by_role("link", name=TEA).click()
    expect(page.locator("img[width='72']")).to_be_visible()
    firm.look(page)
    page.get_by_role("link", name="提交审核").click()
    firm.look(page)
    page.get_by_role("button", name="提交审核").click()
    expect(page.locator("body")).to_contain_text(f"{TEA} 已提交审核")
    assert [product.name for product in Product.objects.all()] == [TEA]


def _release(firm: Firm) -> None:
    page = firm.ops
    page.goto("/ops/")
    firm.look(page)
    firm.menu(page, "商品审核")
    page.get_by_role("link", name=TEA).click()
    firm.look(page)
    page.get_by_role("link", name="通过审核").click()
    page.get_by_role("button", name="通过审核").click()
    expect(page.locator("body")).to_contain_text(f"{TEA} 已通过审核")


def _buy(firm: Firm, count: int, *, is_first: bool = False) -> Order:
    page, price = firm.shop, yuan(PRICE_FEN * count)
    if is_first:
        page.goto("/")
        log_in(page, str(firm.buyer.phone), then="/")
    page.goto("/c/tea")
    page.locator("main").get_by_role("link", name=re.compile(TEA)).first.click()
    firm.look(page)
    page.locator("#buy").get_by_text("立即购买").click()
    sheet = page.locator("dialog#sheet")
    for _ in range(count - 1):
        sheet.get_by_role("button", name="加一件").click()
    sheet.get_by_role("button", name="立即购买").click()
    page.wait_for_url("**/checkout**")
    if is_first:
        write_address(page, str(firm.buyer.phone).removeprefix("+86"))
    firm.look(page)
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url("**/pay/*")
    page.get_by_role("button", name=f"支付 {price}").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name=f"确认支付 {price}").click()
    page.wait_for_url("**/result**")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    return Order.objects.latest("pk")


def _ship(firm: Firm, orders: list[Order]) -> None:
    page = firm.desk
    page.goto("/supplier/")
    firm.look(page)
    firm.menu(page, "订单")
    page.get_by_role("link", name="批量发货").click()
    page.fill("input[name=reason]", "打单发货")
    firm.look(page)
    with page.expect_download() as downloading:
        page.click("text=下载表格")
    book = load_workbook(io.BytesIO(downloading.value.path().read_bytes()))
    sheet = book.active
    for number, row in enumerate(sheet.iter_rows(min_row=2)):
        row[6].value, row[7].value = "顺丰速运", f"SF12345678{number}"
    filled = io.BytesIO()
    book.save(filled)
    page.set_input_files("input[name=file]", file_of("filled.xlsx", filled.getvalue()))
    page.click("text=上传并核对")
    for order in orders:
        expect(page.locator(".ops-table")).to_contain_text(order.number)
    firm.look(page)
    page.click("text=确认发出")
    expect(page.locator("body")).to_contain_text("2 个订单发出了包裹")
    firm.look(page)


def _return(firm: Firm, order: Order) -> AfterSale:
    page = firm.shop
    page.goto("/me/")
    page.get_by_role("link", name="待收货").click()
    page.locator(f"main a[href='/orders/{order.number}/']").first.click()
    firm.look(page)
    page.get_by_role("link", name="申请售后").click()
    page.check("input[name=kind][value=return_refund]")
    page.get_by_role("button", name="下一步，选原因").click()
    page.check("input[name=reason][value=damaged]")
    page.get_by_role("button", name="下一步，看金额").click()
    expect(page.locator("#sums")).to_contain_text(yuan(PRICE_FEN * BACK))
    page.get_by_role("button", name="下一步，传凭证").click()
    page.set_input_files("input[type=file]", [file_of("broken.png", a_picture().read())])
    page.fill("textarea[name=note]", "罐子压扁了")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url(re.compile(r"/aftersales/AS\d+/$"))
    firm.look(page)
    return AfterSale.objects.get()


def _answer(firm: Firm, case: AfterSale) -> None:
    page = firm.desk
    page.goto("/supplier/")
    firm.menu(page, "售后单")
    page.get_by_role("link", name=case.number).click()
    firm.look(page)
    page.get_by_role("link", name="退货地址").click()
    for name, words in {"name": "禾山售后", "phone": "13900001234", "address": "福建省武夷山市星村镇 8 号"}.items():
        page.fill(f"[name={name}]", words)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="同意", exact=True).click()
    firm.look(page)
    page.locator("form.ops-act button[type=submit]").click()
    expect(page.locator("body")).to_contain_text(f"已同意 {case.number}")
    firm.shop.reload()
    expect(firm.shop.locator("main")).to_contain_text("福建省武夷山市星村镇 8 号")
    firm.shop.select_option("select[name=carrier]", "顺丰速运")
    firm.shop.fill("input[name=tracking_number]", "SF998877665544")
    firm.shop.get_by_role("button", name="提交退货单号").click()
    page.reload()
    page.get_by_role("link", name="确认收到退货").click()
    page.check("[name=restock][value=no]")
    firm.look(page)
    page.locator("form.ops-act button[type=submit]").click()
    expect(page.locator("body")).to_contain_text(f"已确认收到 {case.number} 的退货")
    firm.look(page)
    send_refunds()
    firm.shop.reload()
    expect(firm.shop.locator(".status")).to_contain_text(f"{yuan(PRICE_FEN * BACK)} 已原路退回")
    firm.look(firm.shop)


def _settle(firm: Firm, orders: list[Order]) -> None:
    """The period ends; the page's figures are reckoned anew here, and are those of the ledger."""
    gross, cost = PRICE_FEN * (FIRST + SECOND), COST_FEN * (FIRST + SECOND)
    back, back_cost = PRICE_FEN * BACK, COST_FEN * BACK
    owed = balance_fen(kind=AccountKind.SUPPLIER_PAYABLE, holder_id=firm.supplier.pk)
    assert owed == cost - back_cost
    month_over = datetime.combine((_today().replace(day=1) + timedelta(days=32)).replace(day=1), datetime.min.time())
    clock.advance(month_over.replace(tzinfo=SHANGHAI) + timedelta(hours=2) - clock.now())
    close_periods()
    fee = (cost - back_cost) * FEE_BPS // 10_000
    payable = cost - back_cost - fee

    page = firm.desk
    page.goto("/supplier/")
    firm.look(page)
    firm.menu(page, "对账单")
    firm.look(page)
    page.locator("#result_list tbody tr a").first.click()
    sums = {
        row.locator("dt").inner_text(): row.locator("dd").inner_text()
        for row in page.locator(".ops-facts-plain > div").all()
    }
    assert sums == {
        "供货款": yuan(cost),
        "退款": yuan(-back_cost),
        "平台服务费 2.3%": yuan(-fee),
        "应付": yuan(payable),
    }
    expect(page.locator(".ops-page")).to_contain_text(f"买家实付 {yuan(gross - back)}")
    rows = page.locator(".ops-table tbody tr")
    expect(rows).to_have_count(3)
    for order, count in zip(orders, (FIRST, SECOND), strict=True):
        row = rows.filter(has_text=order.number).filter(has_text="供货款")
        expect(row).to_contain_text(yuan(PRICE_FEN * count))
        expect(row).to_contain_text(yuan(COST_FEN * count))
    firm.look(page)
    assert balance_fen(kind=AccountKind.SUPPLIER_PAYABLE, holder_id=firm.supplier.pk) == payable
    assert balance_fen(kind=AccountKind.PLATFORM_FEE, holder_id=0) == fee
    page.get_by_role("link", name="确认对账单").click()
    firm.look(page)
    page.get_by_role("button", name="确认无误").click()
    expect(page.locator("body")).to_contain_text("已确认，平台审核后打款")
    firm.look(page)
    assert (Statement.objects.get().state, Statement.objects.get().confirmed_by) == ("confirmed", firm.applicant)


def _today() -> Any:
    return clock.now().astimezone(SHANGHAI).date()
