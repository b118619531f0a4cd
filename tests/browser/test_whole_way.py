"""The whole way of a gift pack, as the people of a mall walk it, in a browser with a real worker behind it."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from ledger.queries import member_balances
from mall.core import clock
from members.commands import create_operator
from members.models import Member
from payouts.models import Withdrawal, WithdrawalState
from suppliers.models import Product, Sku
from tests.browser.conftest import DESK
from tests.browser.people import log_in, log_in_with_password, newest_code
from tests.factories import a_gift_pack, a_member, a_paid_order, a_seat, a_supplier
from tests.payouts.people import payable
from tests.plans import published
from tests.processes import wait_until

BUYER = "13912345678"
PACK = "¥499.00"
DIRECT = "¥100.00"
FIRST, SECOND, PASSWORD = "+8613700000001", "+8613700000002", "a-long-password-of-a-test"


@pytest.fixture
def mall(worker) -> dict[str, Member]:
    """A mall with a plan, a gift pack on the shelf, and an agent who bought one yesterday."""
    at = clock.now() - timedelta(days=1)
    published({}, name="2+1", starts_at=at)
    supplier = a_supplier("岩序茶业")
    pack = a_gift_pack(supplier=supplier)
    partner = a_member(nickname="周合伙", at=at)
    agent = a_member(nickname="林代理", referrer=partner, at=at)
    payable(agent, at=at)
    a_paid_order(member=agent, sku=pack, at=at + timedelta(hours=1))
    for phone, name in [(FIRST, "王初审"), (SECOND, "李复核")]:
        create_operator(phone=phone, nickname=name, password=PASSWORD, is_superuser=True, at=at)
    return {"agent": agent, "partner": partner, "seat": a_seat(supplier)}


def join_by_link(page: Page, agent: Member, phone: str) -> None:
    page.goto(f"/r/{agent.referral_code}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("林")
    page.get_by_role("link", name="手机号登录").click()
    page.fill("input[name=phone]", phone)
    page.check("input[name=agreed]")
    page.get_by_role("button", name="获取验证码").click()
    page.fill("input[name=code]", newest_code(page, phone))
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/")


def write_address(page: Page) -> None:
    page.get_by_role("link", name="先添加收货地址").click()
    page.fill("input[name=name]", "陈小满")
    page.fill("input[name=phone]", BUYER)
    for field, name in {"province": "浙江省", "city": "杭州市", "district": "西湖区"}.items():
        # Each select offers what the one before allows.
        expect(page.locator(f"select[name={field}]")).to_contain_text(name)
        page.select_option(f"select[name={field}]", name)
    page.fill("[name=detail]", "龙井路 1 号")
    page.get_by_role("button", name="保存地址").click()


def buy(page: Page, product: Product) -> str:
    """Buy the product on the phone and return the order's number."""
    page.goto(f"/p/{product.slug}")
    page.locator("#buy a").click()
    page.locator("dialog#sheet").get_by_role("button", name="买礼包").click()
    page.wait_for_url("**/agent/join/**")
    page.check("input[name=agreed]")
    page.get_by_role("button", name="买礼包").click()
    write_address(page)
    expect(page.locator("main")).to_contain_text("整单全额退款")
    page.get_by_role("button", name="提交订单").click()
    page.wait_for_url("**/pay/*")
    page.get_by_role("button", name=f"支付 {PACK}").click()
    page.wait_for_url("**/sandbox/pay/**")
    page.get_by_role("button", name=f"确认支付 {PACK}").click()
    page.wait_for_url("**/result**")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    page.get_by_role("link", name="查看订单").click()
    page.wait_for_url("**/orders/*/")
    found = re.search(r"/orders/(\w+)/", page.url)
    assert found is not None
    return found[1]


def ship(page: Page, number: str) -> None:
    """Hand the order's parcel to a carrier, at the supplier's desk."""
    page.goto("/supplier/orders/order/")
    page.get_by_role("link", name=number).click()
    page.get_by_role("link", name="发货", exact=True).click()
    page.select_option("select[name=carrier]", "顺丰速运")
    page.fill("input[name=tracking_number]", "SF1234567890")
    page.get_by_role("button", name="确认发货").click()
    expect(page.locator("body")).to_contain_text(f"订单 {number} 的包裹已发出")


def receive(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/")
    page.get_by_role("link", name="确认收货").click()
    page.locator("#sheet").get_by_role("button", name="确认收货").click()
    expect(page.get_by_role("link", name="整份退货")).to_be_visible()


def days_pass(days: int) -> None:
    """Let the demo's time pass, as `manage.py advance_clock` does."""
    call_command("advance_clock", days=days)


def available(member: Member) -> int:
    return member_balances(holder_id=member.pk).available_fen


def withdraw(page: Page) -> str:
    """Ask for all that is available and return the withdrawal's number."""
    page.goto("/agent/")
    page.get_by_role("link", name="提现", exact=True).click()
    page.get_by_role("button", name="下一步，核对到账金额").click()
    page.get_by_role("button", name=re.compile("确认提现")).click()
    page.wait_for_url(re.compile(r"/agent/withdrawals/\w+/"))
    found = re.search(r"/withdrawals/(\w+)/", page.url)
    assert found is not None
    return found[1]


def decide(page: Page, number: str, *, state: WithdrawalState, link: str, button: str) -> None:
    """Open the withdrawal among those in this state and do what the link says."""
    page.goto(f"/ops/payouts/withdrawal/?state__exact={state}")
    page.get_by_role("link", name=re.compile(number)).click()
    page.get_by_role("link", name=re.compile(link)).click()
    page.get_by_role("button", name=re.compile(button)).click()


def refund(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/")
    page.get_by_role("link", name="整份退货").click()
    page.locator("#refund input[type=radio]").first.check()
    page.get_by_role("button", name=f"退款 {PACK}").click()


def test_the_whole_way(mall, open_page):
    referrer = mall["agent"]
    agent, buyer = open_page(), open_page()
    log_in(agent, referrer.phone, then="/agent/")
    join_by_link(buyer, referrer, BUYER)
    assert Member.objects.get(phone=f"+86{BUYER}").referrer == referrer

    number = buy(buyer, Sku.objects.get(is_gift_pack=True).product)
    agent.goto("/agent/earnings/")
    expect(agent.locator("main")).to_contain_text(DIRECT, timeout=2_000)
    agent.get_by_role("link", name=re.compile("直推奖")).first.click()
    expect(agent.locator("main")).to_contain_text(number[-4:])

    supplier = open_page(DESK)
    log_in(supplier, mall["seat"].phone)
    ship(supplier, number)
    receive(buyer, number)
    assert available(referrer) == 0
    days_pass(8)
    wait_until(lambda: available(referrer) == 10_000)

    withdrawal = withdraw(agent)
    expect(agent.locator("main")).to_contain_text("等待初审")
    first, second = open_page(DESK), open_page(DESK)
    log_in_with_password(first, FIRST, PASSWORD)
    log_in_with_password(second, SECOND, PASSWORD)
    decide(first, withdrawal, state=WithdrawalState.REQUESTED, link="初审通过", button="初审通过")
    decide(second, withdrawal, state=WithdrawalState.APPROVED, link="复核打款", button="复核通过")
    wait_until(lambda: Withdrawal.objects.get(number=withdrawal).state == WithdrawalState.PAID)
    agent.reload()
    expect(agent.locator("main")).to_contain_text("已到账")

    refund(buyer, number)
    expect(buyer.locator("main")).to_contain_text("退款")
    wait_until(lambda: member_balances(holder_id=referrer.pk).debt_fen == 10_000)
    agent.goto("/agent/")
    expect(agent.locator("main")).to_contain_text("追缴欠款 ¥100.00")

    call_command("ledger_verify")
    call_command("linkage_verify")
