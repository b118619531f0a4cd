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
from suppliers.models import Sku
from tests.browser.conftest import DESK
from tests.browser.dealing import PACK, buy, days_pass, decide, join_by_link, receive, ship
from tests.browser.people import log_in, log_in_with_password
from tests.factories import a_gift_pack, a_member, a_paid_order, a_seat, a_supplier
from tests.payouts.people import payable
from tests.plans import published
from tests.processes import wait_until

BUYER = "13912345678"
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


def refund(page: Page, number: str) -> None:
    page.goto(f"/orders/{number}/")
    page.get_by_role("link", name="整份退货").click()
    page.locator("#refund input[type=radio]").first.check()
    page.get_by_role("button", name=f"退款 {PACK}").click()


def test_the_whole_way(mall, open_page):
    referrer = mall["agent"]
    agent, buyer = open_page(), open_page()
    log_in(agent, referrer.phone, then="/agent/")
    join_by_link(buyer, f"/r/{referrer.referral_code}", referrer, BUYER)
    assert Member.objects.get(phone=f"+86{BUYER}").referrer == referrer

    number = buy(buyer, Sku.objects.get(is_gift_pack=True).product, BUYER)
    # How soon it is there, `make bench` measures.
    wait_until(lambda: agent.goto("/agent/earnings/") is not None and DIRECT in agent.locator("main").inner_text())
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
