"""A withdrawal with tax through WeChat, as its member walks it, and one that nobody confirms."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import expect

import linkage.commands
from ledger.queries import member_balances
from mall.core import clock
from members.models import Member, WechatIdentity
from payouts.commands import approve_withdrawal, release_withdrawal, set_policy
from payouts.models import Withdrawal
from tests.browser.dealing import ask, register_payee
from tests.browser.people import log_in
from tests.linkage import stories
from tests.payouts.people import person

PHONE = "+8613900007777"


@pytest.fixture
def ann(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Member:
    """ann has 100 yuan available, her own WeChat, and had 5,000 yuan this month already, taxed."""
    monkeypatch.setattr(stories, "START", clock.now().replace(microsecond=0) - timedelta(days=60))
    mall = stories.Mall()
    stories.three_generations(mall)
    for number in ("o-bob", "o-y1", "o-y2"):
        mall.receive(number)
    mall.pass_time(days=8)
    mall.settle()
    ann = mall.members["ann"]
    Member.objects.filter(pk=ann.pk).update(phone=PHONE, phone_verified=True)
    ann.refresh_from_db()
    at = clock.now()
    WechatIdentity.objects.create(
        member=ann, app_id=settings.WECHAT_APP_ID, openid="oAnnInWechat", nickname="安安", first_seen_at=at, bound_at=at
    )
    set_policy(starts_at=at, min_fen=1_000, fee_bps=60, tax_bps=0, tax_kind="per_payment")
    return ann


def paid_before(member: Member) -> None:
    """Earlier this month 5,000 yuan went out, with the 800 yuan of tax that are due on them."""
    Withdrawal.objects.create(
        number="TXearlier",
        member=member,
        shard=member.shard,
        amount_fen=500_000,
        fee_bps=0,
        tax_bps=0,
        fee_fen=0,
        tax_fen=80_000,
        net_fen=420_000,
        requested_at=clock.now(),
    )


def send(number: str) -> Withdrawal:
    """Let two operators pass it."""
    approve_withdrawal(number=number, by=person("苏敏", staff=True), at=clock.now())
    return release_withdrawal(number=number, by=person("陈立", staff=True), at=clock.now())


def test_a_withdrawal_with_tax_waits_for_its_payee_and_comes_back_when_nobody_confirms(ann, phone, accessible):
    log_in(phone, PHONE, then="/agent/")
    register_payee(phone, PHONE)
    accessible(phone)
    phone.goto("/agent/withdraw/")
    expect(phone.locator("main")).to_contain_text("收款账户刚有变更")
    expect(phone.get_by_role("button", name="下一步，核对到账金额")).to_have_count(0)
    call_command("advance_clock", days=4)
    paid_before(ann)

    number = ask(phone, "50", working="此前已预扣")
    accessible(phone)
    asked = Withdrawal.objects.get(number=number)
    # (5,050 - 20 %) × 20 % = 808 yuan, of which 800 were withheld.
    assert (asked.fee_fen, asked.tax_fen, asked.net_fen, asked.channel) == (30, 800, 4_170, "wechat")
    send(number)
    phone.reload()
    expect(phone.locator("main")).to_contain_text("待你确认收款")
    accessible(phone)
    phone.get_by_role("button", name="我已确认，查看结果").click()
    expect(phone.locator("body")).to_contain_text("微信还没有收到你的确认")
    phone.get_by_role("link", name="去微信确认收款").click()
    phone.get_by_role("button", name="确认收款 ¥41.70").click()
    phone.wait_for_url(f"**/agent/withdrawals/{number}/")
    expect(phone.locator("main")).to_contain_text("已存入你的微信零钱")

    number = ask(phone, "30", working="此前已预扣")
    send(number)
    phone.goto("/sandbox/control/")
    phone.get_by_role("button", name="让它过期").click()
    linkage.commands.settle_waiting(at=clock.now())
    phone.goto(f"/agent/withdrawals/{number}/")
    expect(phone.locator("#reason")).to_have_text("24 小时内没有确认收款，转账已自动退回")
    expect(phone.get_by_role("link", name="重新提现")).to_be_visible()
    balances = member_balances(holder_id=ann.pk)
    assert (balances.available_fen, balances.withdrawing_fen) == (5_000, 0)
    assert linkage.commands.settle_waiting(at=clock.now()) == 0
    phone.goto("/agent/accounts/")
    expect(phone.locator("main")).to_contain_text("¥5,050.00")
    accessible(phone)
