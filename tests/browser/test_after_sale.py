"""Every way of after-sale in a real browser, from the buyer's first tap to the money or the other piece."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from mall.core import clock
from mall.core.rights import SERVICE, ensure_groups
from members.commands import create_operator, give_password
from members.models import Member
from orders.commands.after_sale import refuse_case, set_return_address
from orders.models import AfterSale, CaseState, Order, Payment
from orders.tasks import follow_parcels, send_refunds
from suppliers.models import Supplier
from tests.browser.conftest import DESK, PHONE
from tests.browser.people import log_in, log_in_with_password
from tests.browser.test_paying import picture
from tests.factories import a_member, a_paid_order, a_seat, a_shipped_order, a_sku, a_supplier
from tests.sandbox.provider import ask

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


@pytest.fixture
def buyer(transactional_db: None) -> Member:
    return a_member(nickname="周可", at=clock.now() - timedelta(days=40))


@pytest.fixture
def supplier(transactional_db: None) -> Supplier:
    found = a_supplier("岩序茶业")
    set_return_address(supplier=found, name="岩序售后", phone="13900001000", address="福建省武夷山市星村镇 3 号仓")
    return found


@pytest.fixture
def keeper(supplier: Supplier) -> Member:
    member = a_seat(supplier)
    give_password(member=member, password=PASSWORD)
    return member


def shipped(buyer: Member, supplier: Supplier, site: str) -> Order:
    """An order that left three days ago, and that the provider knows to be paid."""
    at = clock.now() - timedelta(days=3)
    sku = a_sku(supplier=supplier, price_fen=12_800)
    return known(a_shipped_order(member=buyer, sku=sku, at=at), site)


def known(order: Order, site: str) -> Order:
    payment = Payment.objects.get(purchase=order.purchase_id)
    charge = {
        "number": payment.number,
        "reference": payment.provider_ref,
        "amount_fen": payment.amount_fen,
        "currency": "CNY",
        "subject": order.number,
        "paid_at": order.paid_at.isoformat(),
    }
    answer = ask("history", notify_url=f"{site}/x", return_url=site, charges=[charge])
    assert answer.json() == {"taken": 1}
    return order


def a_photo() -> dict[str, Any]:
    file = BytesIO()
    Image.new("RGB", (800, 600), "peru").save(file, "JPEG")
    return {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}


def apply_for(page: Page, order: Order, kind: str, reason: str, *, photo: bool = True) -> str:
    """Go through the four steps from the order's page and return the case's address."""
    line = order.lines.get()
    page.goto(f"/aftersales/new/{line.pk}")
    page.check(f"input[name=kind][value={kind}]")
    page.get_by_role("button", name="下一步，选原因").click()
    page.check(f"input[name=reason][value={reason}]")
    page.get_by_role("button", name="下一步，看金额").click()
    page.get_by_role("button", name="下一步，传凭证").click()
    if photo:
        page.set_input_files("input[type=file]", [a_photo(), a_photo()])
    page.fill("textarea[name=note]", "打开就是坏的")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url(re.compile(r"/aftersales/AS\d+/$"))
    return page.url


def answer(page: Page, case: AfterSale, act: str, **fields: str) -> None:
    """Do an act at the supplier's desk, or at the operators'."""
    site = "ops" if act == "裁定" else "supplier"
    page.goto(f"/{site}/orders/aftersale/{case.pk}/change/")
    page.get_by_role("link", name=act, exact=True).click()
    for name, value in fields.items():
        field = page.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            page.check(f"[name={name}][value={value}]")
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator("form.ops-act button[type=submit]").click()
    page.wait_for_url(re.compile(r"/change/$"))


def anybody_can_use(page: Page, accessible: Any) -> None:
    page.emulate_media(reduced_motion="reduce")
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_did_not_ship_comes_back_at_once(
    open_page: Any, site: str, buyer: Member, supplier: Supplier, accessible: Any
) -> None:
    order = known(a_paid_order(member=buyer, sku=a_sku(supplier=supplier), quantity=3, at=clock.now()), site)
    phone = open_page()
    log_in(phone, buyer.phone)
    phone.goto(f"/aftersales/new/{order.lines.get().pk}?kind=call_off&reason=not_wanted")
    expect(phone.locator("#sums")).to_contain_text("¥204.00")
    phone.get_by_role("button", name="减少").click()
    expect(phone.locator("#sums")).to_contain_text("¥136.00")
    anybody_can_use(phone, accessible)
    phone.get_by_role("button", name="下一步，传凭证").click()
    phone.get_by_role("button", name="提交申请").click()
    expect(phone.locator(".status")).to_contain_text("正在原路退回")
    anybody_can_use(phone, accessible)
    assert send_refunds() == 1
    phone.reload()
    expect(phone.locator(".status")).to_contain_text("¥136.00 已原路退回")
    phone.goto("/aftersales/")
    expect(phone.locator("article")).to_have_count(1)
    anybody_can_use(phone, accessible)


def test_goods_go_back_and_the_money_returns(
    open_page: Any, site: str, buyer: Member, supplier: Supplier, keeper: Member, accessible: Any
) -> None:
    order = shipped(buyer, supplier, site)
    assert follow_parcels() >= 1
    phone = open_page(NARROW)
    log_in(phone, buyer.phone)
    assert follow_parcels() >= 0
    phone.goto(f"/orders/{order.number}/logistics")
    expect(phone.get_by_text("还没有物流轨迹")).to_be_visible()
    anybody_can_use(phone, accessible)
    for step in ("", "?kind=return_refund", "?kind=return_refund&reason=damaged"):
        phone.goto(f"/aftersales/new/{order.lines.get().pk}{step}")
        anybody_can_use(phone, accessible)
    address = apply_for(phone, order, "return_refund", "damaged")
    expect(phone.locator(".evidence img")).to_have_count(2)
    anybody_can_use(phone, accessible)
    case = AfterSale.objects.get()

    desk = open_page(DESK)
    log_in_with_password(desk, keeper.phone, PASSWORD, site="/supplier/")
    desk.goto("/supplier/orders/aftersale/")
    expect(desk.get_by_text(case.number)).to_be_visible()
    answer(desk, case, "同意")
    phone.goto(address)
    expect(phone.get_by_text("福建省武夷山市星村镇 3 号仓")).to_be_visible()
    anybody_can_use(phone, accessible)
    phone.select_option("select[name=carrier]", "顺丰速运")
    phone.fill("input[name=tracking_number]", "SF998877665544")
    phone.get_by_role("button", name="提交退货单号").click()
    expect(phone.locator(".status")).to_contain_text("退货运输中")
    anybody_can_use(phone, accessible)
    answer(desk, case, "确认收到退货", restock="yes")
    assert send_refunds() == 1
    phone.goto(address)
    expect(phone.locator(".status")).to_contain_text("¥128.00 已原路退回")
    phone.goto(f"/orders/{order.number}/logistics?parcel=2")
    expect(phone.get_by_text("SF998877665544")).to_be_visible()
    anybody_can_use(phone, accessible)


def test_another_piece_comes_for_the_broken_one(
    open_page: Any, site: str, buyer: Member, supplier: Supplier, keeper: Member, accessible: Any
) -> None:
    order = shipped(buyer, supplier, site)
    phone, desk = open_page(), open_page(DESK)
    log_in(phone, buyer.phone)
    address = apply_for(phone, order, "exchange", "wrong_goods", photo=False)
    case = AfterSale.objects.get()
    log_in_with_password(desk, keeper.phone, PASSWORD, site="/supplier/")
    answer(desk, case, "同意")
    phone.goto(address)
    phone.fill("input[name=tracking_number]", "SF112233445566")
    phone.get_by_role("button", name="提交退货单号").click()
    expect(phone.locator(".status")).to_contain_text("退货运输中")
    answer(desk, case, "确认收到退货", restock="no")
    answer(desk, case, "发出换货", carrier="中通快递", tracking_number="ZT112233445566")
    phone.goto(address)
    expect(phone.locator(".status")).to_contain_text("换货已发出")
    anybody_can_use(phone, accessible)
    phone.get_by_role("button", name="收到换货").click()
    expect(phone.locator(".status")).to_contain_text("换货完成")
    assert AfterSale.objects.get().state == CaseState.DONE


def test_the_platform_decides_where_both_disagree(
    open_page: Any, site: str, buyer: Member, supplier: Supplier, keeper: Member, accessible: Any
) -> None:
    order = shipped(buyer, supplier, site)
    phone, desk, ops = open_page(), open_page(DESK), open_page(DESK)
    log_in(phone, buyer.phone)
    address = apply_for(phone, order, "refund_only", "not_as_described")
    case = AfterSale.objects.get()
    log_in_with_password(desk, keeper.phone, PASSWORD, site="/supplier/")
    answer(desk, case, "拒绝", reason="图片和实物一致")
    phone.goto(address)
    expect(phone.locator(".status")).to_contain_text("图片和实物一致")
    anybody_can_use(phone, accessible)
    phone.get_by_role("link", name="申请平台介入").click()
    anybody_can_use(phone, accessible)
    phone.fill("textarea[name=text]", "颜色差得很明显")
    phone.get_by_role("button", name="提交给平台").click()
    expect(phone.locator(".status")).to_contain_text("平台介入中")
    anybody_can_use(phone, accessible)
    picture(phone, "case-disputed")
    phone.get_by_role("link", name="补充说明和凭证").click()
    anybody_can_use(phone, accessible)
    picture(phone, "case-speak")
    phone.fill("textarea[name=text]", "自然光下又拍了一张")
    phone.set_input_files("input[type=file]", [a_photo()])
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".timeline")).to_contain_text("买家补充：自然光下又拍了一张")
    picture(phone, "case-spoken")

    judge = create_operator(
        phone="+8613700000021", nickname="沈初审", password=PASSWORD, is_superuser=False, at=clock.now()
    )
    judge.groups.set([ensure_groups()[SERVICE]])
    log_in_with_password(ops, judge.phone, PASSWORD)
    ops.goto("/ops/orders/aftersale/")
    expect(ops.get_by_text(case.number)).to_be_visible()
    answer(ops, case, "裁定", verdict="refund", reason="照片清楚，支持买家")
    assert send_refunds() == 1
    phone.goto(address)
    expect(phone.locator(".status")).to_contain_text("¥128.00 已原路退回")
    expect(phone.get_by_text("平台支持退款：照片清楚，支持买家")).to_be_visible()


def test_a_buyer_adds_to_a_dispute_without_script(
    open_page: Any, site: str, buyer: Member, supplier: Supplier, keeper: Member, accessible: Any
) -> None:
    order = shipped(buyer, supplier, site)
    phone = open_page(NARROW, java_script_enabled=False)
    log_in(phone, buyer.phone)
    apply_for(phone, order, "refund_only", "not_as_described")
    case = AfterSale.objects.get()
    refuse_case(case=case, by=keeper, reason="图片和实物一致", at=clock.now())
    phone.reload()
    phone.get_by_role("link", name="申请平台介入").click()
    phone.fill("textarea[name=text]", "颜色差得很明显")
    phone.get_by_role("button", name="提交给平台").click()
    phone.get_by_role("link", name="补充说明和凭证").click()
    phone.fill("textarea[name=text]", "自然光下又拍了一张")
    phone.set_input_files("input[type=file]", [a_photo()])
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".timeline")).to_contain_text("买家补充：自然光下又拍了一张")
    expect(phone.locator(".evidence img")).to_have_count(3)


def test_everything_can_be_asked_without_script(open_page: Any, site: str, buyer: Member, supplier: Supplier) -> None:
    order = shipped(buyer, supplier, site)
    phone = open_page(java_script_enabled=False)
    log_in(phone, buyer.phone)
    apply_for(phone, order, "return_refund", "bad_quality")
    phone.get_by_role("link", name="撤销申请").click()
    phone.get_by_role("button", name="撤销申请").click()
    expect(phone.locator(".status")).to_contain_text("已关闭")
