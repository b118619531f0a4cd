"""The whole way of an agent: from a poster to partner, and from the reward to money in WeChat, to the fen."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Page, expect

from ledger.queries import member_balances
from linkage.models import MoveKind, Position, Rank, TeamMove
from mall.core import clock
from members.commands import create_operator
from members.models import Member, Touch, WechatIdentity
from orders.commands import confirm_receipt, ship_order
from payouts.commands import set_policy
from payouts.models import Withdrawal, WithdrawalState
from suppliers.models import Sku
from tests.agents.figures import prove_figures
from tests.browser.conftest import DESK
from tests.browser.dealing import ask, buy, days_pass, decide, join_by_link, poster_path, receive, register_payee, ship
from tests.browser.people import log_in, log_in_with_password
from tests.browser.walking import Walk
from tests.factories import a_gift_pack, a_member, a_paid_order, a_seat, a_supplier
from tests.plans import published
from tests.processes import wait_until

FIRST, SECOND, PASSWORD = "+8613700000001", "+8613700000002", "a-long-password-of-a-test"
NEWCOMERS = ("13912345671", "13912345672")
# Three recruits make a partner; a customer's further packs bring the agent enough for tax to be due.
PLAN = {"promotion_referrals": 3, "repeat_fen": {"direct": 20_000, "see_point": 0}}
EARLIER_FEN = 10_000 + 4 * 20_000
DIRECT_FEN = 10_000


@dataclass
class Mall:
    """`agent` stands in the team of `leader`, and has one recruit who bought five packs."""

    leader: Member
    agent: Member
    pack: Sku
    seat: Member


@pytest.fixture
def mall(worker: Any) -> Mall:
    at = clock.now() - timedelta(days=2)
    published(PLAN, name="2+1", starts_at=at)
    set_policy(starts_at=at, min_fen=1_000, fee_bps=60, tax_bps=0, tax_kind="per_payment")
    supplier = a_supplier("岩序茶业")
    pack = a_gift_pack(supplier=supplier)
    leader = a_member(nickname="周合伙", at=at)
    a_paid_order(member=leader, sku=pack, at=at + timedelta(hours=1))
    for number in range(3):
        recruit = a_member(nickname=f"老友{number}", referrer=leader, at=at)
        a_paid_order(member=recruit, sku=pack, at=at + timedelta(hours=2 + number))
    agent = a_member(nickname="林代理", referrer=leader, at=at)
    a_paid_order(member=agent, sku=pack, at=at + timedelta(hours=6))
    old = a_member(nickname="老客", referrer=agent, at=at)
    bought(old, pack, quantity=5, at=at + timedelta(hours=7))
    WechatIdentity.objects.create(
        member=agent, app_id=settings.WECHAT_APP_ID, openid="oLinInWechat", nickname="林", first_seen_at=at, bound_at=at
    )
    for phone, name in [(FIRST, "王初审"), (SECOND, "李复核")]:
        create_operator(phone=phone, nickname=name, password=PASSWORD, is_superuser=True, at=at)
    wait_until(lambda: member_balances(holder_id=agent.pk).pending_fen == EARLIER_FEN)
    return Mall(leader, agent, pack, a_seat(supplier))


def bought(member: Member, pack: Sku, *, quantity: int, at: datetime) -> None:
    order = a_paid_order(member=member, sku=pack, quantity=quantity, at=at)
    ship_order(order=order, carrier="顺丰速运", tracking_number="SF0987654321", by=None, at=at)
    confirm_receipt(order=order, at=at)


def share(walk: Walk) -> str:
    """Come from the desk to the share page and a poster, and return the path in the poster's code."""
    walk.page.goto("/agent/")
    walk.go("分享", within="main")
    walk.arrive("A-10", "分享")
    walk.go("生成海报", within="main")
    walk.arrive("A-10", "海报")
    return poster_path(walk.page)


def read_the_reward(walk: Walk, number: str) -> None:
    """Find the newest reward, and read where every part of it comes from."""
    walk.page.goto("/agent/earnings/")
    walk.follow(walk.page.get_by_role("link", name=re.compile("直推奖")).first)
    walk.arrive("A-7", "收益详情")
    main = walk.page.locator("main")
    expect(main).to_contain_text(number[-4:])
    expect(walk.page.locator("#formula [data-total]")).to_contain_text("¥100.00")
    expect(main).to_contain_text("已记入账本")


def recruit(mall: Mall, walk: Walk, buyer: Page, supplier: Page, *, path: str, phone: str) -> None:
    """Somebody new opens the poster's address, joins, buys and receives a gift pack; the agent reads of the reward."""
    agent = mall.agent
    join_by_link(buyer, path, agent, phone)
    newcomer = Member.objects.get(phone=f"+86{phone}")
    assert newcomer.referrer == agent
    assert Touch.objects.get(member=newcomer).channel == "poster"
    expected_fen = member_balances(holder_id=agent.pk).pending_fen + DIRECT_FEN
    number = buy(buyer, mall.pack.product, phone)
    wait_until(lambda: member_balances(holder_id=agent.pk).pending_fen == expected_fen)
    read_the_reward(walk, number)
    ship(supplier, number)
    receive(buyer, number)


def see_the_team_change(walk: Walk, mall: Mall, leaders: Page) -> None:
    """The new partner and the leader it left read the same move, each from its own side."""
    move = TeamMove.objects.get(member=mall.agent)
    assert (move.kind, move.from_leader_id) == (MoveKind.PROMOTED, mall.leader.pk)
    walk.page.goto("/agent/")
    walk.go("团队", within="main")
    walk.go("变动", within="nav[aria-label=团队]")
    walk.arrive("A-9", "我的团队")
    expect(walk.page.locator("main")).to_contain_text("你升级为合伙人，自己成团")
    expect(walk.page.locator("main")).to_contain_text("离开 周** 的团队")
    log_in(leaders, str(mall.leader.phone), then="/agent/team/moves/")
    expect(leaders.locator("main")).to_contain_text("离开我团队的人")
    expect(leaders.locator("main .row", has_text="林**")).to_contain_text("升级合伙人")


def send(operators: tuple[Page, Page], number: str) -> None:
    """Let two operators pass a withdrawal, and wait for the transfer to wait for its payee."""
    first, second = operators
    decide(first, number, state=WithdrawalState.REQUESTED, link="初审通过", button="初审通过")
    decide(second, number, state=WithdrawalState.APPROVED, link="复核打款", button="复核通过")
    wait_until(lambda: state_of(number) == WithdrawalState.CONFIRMING)


def state_of(number: str) -> str:
    return str(Withdrawal.objects.get(number=number).state)


def parts_of(number: str) -> tuple[int, int | None, int | None, int | None]:
    asked = Withdrawal.objects.get(number=number)
    return asked.amount_fen, asked.fee_fen, asked.tax_fen, asked.net_fen


def let_it_expire(page: Page, number: str, member: Member) -> None:
    """Nobody confirms for more than 24 hours, and the money comes back whole."""
    page.goto(f"/agent/withdrawals/{number}/")
    expect(page.locator("main")).to_contain_text("待你确认收款")
    assert member_balances(holder_id=member.pk).withdrawing_fen == 90_000
    call_command("advance_clock", hours=25)
    wait_until(lambda: state_of(number) == WithdrawalState.RETURNED)
    wait_until(lambda: member_balances(holder_id=member.pk).available_fen == EARLIER_FEN + 2 * DIRECT_FEN)
    page.reload()
    expect(page.locator("#reason")).to_have_text("24 小时内没有确认收款，转账已自动退回")
    assert member_balances(holder_id=member.pk).withdrawing_fen == 0


def confirm(page: Page, number: str, member: Member) -> None:
    """Take the money in WeChat."""
    page.goto(f"/agent/withdrawals/{number}/")
    page.get_by_role("link", name="去微信确认收款").click()
    page.get_by_role("button", name="确认收款 ¥954.00").click()
    page.wait_for_url(f"**/agent/withdrawals/{number}/")
    wait_until(lambda: state_of(number) == WithdrawalState.PAID)
    wait_until(lambda: member_balances(holder_id=member.pk).withdrawing_fen == 0)
    page.reload()
    expect(page.locator("main")).to_contain_text("已存入你的微信零钱")


def test_an_agent_shares_becomes_a_partner_and_takes_its_money_out(mall: Mall, open_page: Any, accessible: Any) -> None:
    agent = mall.agent
    walk = Walk(open_page(reduced_motion="reduce"), accessible)
    log_in(walk.page, str(agent.phone), then="/agent/")
    path = share(walk)
    assert path == f"/r/{agent.referral_code}?ch=poster"

    supplier = open_page(DESK)
    log_in(supplier, str(mall.seat.phone))
    for phone in NEWCOMERS:
        recruit(mall, walk, open_page(), supplier, path=path, phone=phone)

    assert Position.objects.get(member=agent).rank == Rank.PARTNER
    see_the_team_change(walk, mall, open_page())

    register_payee(walk.page, str(agent.phone))
    days_pass(8)
    wait_until(lambda: member_balances(holder_id=agent.pk).available_fen == EARLIER_FEN + 2 * DIRECT_FEN)
    operators = (open_page(DESK), open_page(DESK))
    for page, login in zip(operators, (FIRST, SECOND), strict=True):
        log_in_with_password(page, login, PASSWORD)

    unconfirmed = ask(walk.page, "900", working="本次预扣个税¥20.00")
    # (900 - 800) × 20 %
    assert parts_of(unconfirmed) == (90_000, 540, 2_000, 87_460)
    send(operators, unconfirmed)
    let_it_expire(walk.page, unconfirmed, agent)

    paid = ask(walk.page, "1000", working="本次预扣个税¥40.00")
    # What came back counts for nothing: (1,000 - 800) × 20 %.
    assert parts_of(paid) == (100_000, 600, 4_000, 95_400)
    send(operators, paid)
    confirm(walk.page, paid, agent)

    assert member_balances(holder_id=agent.pk).available_fen == EARLIER_FEN + 2 * DIRECT_FEN - 100_000
    prove_figures(agent)
    prove_figures(mall.leader)
    call_command("ledger_verify")
    call_command("linkage_verify")
