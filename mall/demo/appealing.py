"""What people of the demo doubt, which rules they accepted, how their withdrawals are taxed, and one that waits for its
payee in WeChat."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

import agents.commands
import linkage.commands
import payouts.commands
import payouts.queries
from agents.models import Appeal, Doubt, Outcome
from agents.queries.appeals import appeal_subject
from agents.queries.contract import unread
from ledger.models import Account
from ledger.models import AccountKind as Kept
from ledger.queries import member_balances
from linkage.models import Hold, Rank, Reward
from mall.core import clock
from members.models import Member, WechatIdentity
from payouts.models import AccountKind, TaxKind
from payouts.rules import REST

from .opening import FEE_BPS, MIN_FEN, Shop
from .people import AGENT, PHONES

# Of ten agents so many have read and accepted the rules in force.
ACCEPTED_OF_TEN = 7
LEAST_FEN, STEP_FEN = 100_00, 10_00
# So much is asked for at most where tax is to be seen, and by WeChat.
TAXED_MAX_FEN, WECHAT_MAX_FEN = 1_500_00, 200_00
DOUBTS = (
    (Doubt.AMOUNT, "这笔比我自己算的少，买家付了 499 元，想知道怎么来的。"),
    (Doubt.HELD, "好友已经收货好几天了，为什么还冻结着？"),
    (Doubt.TAKEN_BACK, "退货是买家自己的原因，我这边也要扣回吗？"),
    (Doubt.AMOUNT, "同一天两位好友购买，好像只看到一笔。"),
)
QUESTION = "请问是指哪一位好友？我们先核对 TA 的任务。"
ANSWER = "已按付款时的规则逐项重算，金额一致：直推奖按首份礼包计，复购不重复计。"
RIGHT = "核对属实，结算延后了一天，已补记；给你添麻烦了。"
AGAIN = "我还是不明白复购为什么不算，麻烦换一位同事看看。"


def doubt_and_withdraw(*, shop: Shop, at: datetime) -> None:
    """Leave appeals, accepted rules and withdrawals behind, each made by its own command. The provider is at hand."""
    with transaction.atomic():
        _accept_rules(at)
        _appeal(shop, at)
        _tax(TaxKind.PER_PAYMENT, at)
    _wait_for_wechat(shop, at + timedelta(seconds=1))
    with transaction.atomic():
        _tax(TaxKind.CUMULATIVE, at + timedelta(seconds=2))


def _accept_rules(at: datetime) -> None:
    agents_ = Member.objects.filter(position__rank__gt=Rank.CONSUMER, is_active=True).order_by("pk")
    for place, member in enumerate(agents_):
        if place % 10 < ACCEPTED_OF_TEN and member.phone != PHONES[AGENT]:
            waiting = unread(member=member, at=at)
            told = {text.kind: text.version for text in waiting.agreements}
            agents.commands.accept_rules(member=member, plan_version=waiting.plan_version, agreements=told, at=at)


def _appeal(shop: Shop, at: datetime) -> None:
    """One is new, one was asked about, one is decided, and one is doubted again after its decision."""
    opened = [
        _opened(member, doubt, text, at - timedelta(hours=hours))
        for (doubt, text), hours, member in zip(DOUBTS, (2, 26, 70, 96), _who_earn(), strict=False)
    ]
    acts = (_left_open, _asked_about, _decided, _doubted_again)
    for appeal, act in zip(opened, acts, strict=False):
        act(appeal, shop, at)


def _opened(member: Member, doubt: Doubt, text: str, at: datetime) -> Appeal:
    reward = member.rewards.filter(hold=Hold.ACTIVE).order_by("pk").first() if doubt == Doubt.HELD else None
    reward = reward or member.rewards.latest("pk")
    subject = appeal_subject(member=member, key=f"reward-{reward.pk}")
    assert subject is not None
    return agents.commands.open_appeal(
        member=member, subject=subject, doubt=doubt, text=text, idempotency_key=f"demo {doubt}", at=at
    )


def _left_open(appeal: Appeal, shop: Shop, at: datetime) -> None:
    """Nobody has looked at it yet."""


def _asked_about(appeal: Appeal, shop: Shop, at: datetime) -> None:
    agents.commands.answer_appeal(appeal=appeal, by=shop.reviewer, text=QUESTION, at=at - timedelta(hours=20))


def _decided(appeal: Appeal, shop: Shop, at: datetime) -> None:
    decided_at = at - timedelta(hours=40)
    agents.commands.decide_appeal(appeal=appeal, by=shop.reviewer, outcome=Outcome.UPHELD, reason=RIGHT, at=decided_at)


def _doubted_again(appeal: Appeal, shop: Shop, at: datetime) -> None:
    decided_at = at - timedelta(hours=50)
    agents.commands.decide_appeal(
        appeal=appeal, by=shop.reviewer, outcome=Outcome.DISMISSED, reason=ANSWER, at=decided_at
    )
    agents.commands.reopen_appeal(appeal=appeal, member=appeal.member, text=AGAIN, at=at - timedelta(hours=6))


def _who_earn() -> list[Member]:
    """The agent one logs in as decides nothing, but has a decision to read: third of those with the most rewards."""
    ids = list(Reward.objects.filter(member__isnull=False).order_by("pk").values_list("member_id", flat=True))
    by_rewards = sorted(dict.fromkeys(ids), key=lambda pk: (-ids.count(pk), pk))
    people = Member.objects.in_bulk(by_rewards[:6])
    found = [people[pk] for pk in by_rewards[:6] if people[pk].phone != PHONES[AGENT]][:3]
    return [*found[:2], *Member.objects.filter(phone=PHONES[AGENT]), *found[2:]]


def _tax(kind: TaxKind, at: datetime) -> None:
    """Withhold tax in another way from now on, and let somebody ask who has enough."""
    payouts.commands.set_policy(starts_at=at, min_fen=MIN_FEN, fee_bps=FEE_BPS, tax_bps=0, tax_kind=kind)
    member = _richest(at)
    if member is not None:
        amount_fen = min(member_balances(holder_id=member.pk).available_fen, TAXED_MAX_FEN) // STEP_FEN * STEP_FEN
        linkage.commands.request_withdrawal(member=member, amount_fen=amount_fen, at=at)


def _richest(at: datetime) -> Member | None:
    """Return who has most on hand and may ask for it; not the agent one logs in as."""
    rich = Account.objects.filter(kind=Kept.AVAILABLE, balance_fen__gte=LEAST_FEN).order_by("-balance_fen", "holder_id")
    policy = payouts.queries.policy_in_force(at=at)
    for holder_id in rich.values_list("holder_id", flat=True):
        member = Member.objects.exclude(phone=PHONES[AGENT]).filter(pk=holder_id, withdrawals__isnull=False).first()
        asking = member is not None and payouts.queries.asking_obstacle(member=member, policy=policy, at=at) is None
        if member is not None and asking and not _is_asking(member):
            return member
    return None


def _is_asking(member: Member) -> bool:
    return member_balances(holder_id=member.pk).withdrawing_fen > 0


def _wait_for_wechat(shop: Shop, at: datetime) -> None:
    """Send the agent one logs in as a small amount by WeChat, which waits for it to be confirmed there."""
    member = Member.objects.get(phone=PHONES[AGENT])
    if payouts.queries.payee_of(member_id=member.pk) is None or not _is_bound(member):
        return
    added_at = at - REST - timedelta(hours=1)
    account = payouts.commands.add_account(member=member, kind=AccountKind.WECHAT, at=added_at)
    linkage.commands.settle_waiting(at=at)
    amount_fen = min(member_balances(holder_id=member.pk).available_fen // 2, WECHAT_MAX_FEN) // STEP_FEN * STEP_FEN
    if amount_fen < LEAST_FEN:
        return
    asked = linkage.commands.request_withdrawal(member=member, amount_fen=amount_fen, account_id=account.pk, at=at)
    payouts.commands.approve_withdrawal(number=asked.number, by=shop.reviewer, at=at)
    with clock.standing_at(at):
        payouts.commands.release_withdrawal(number=asked.number, by=shop.releaser, at=at)


def _is_bound(member: Member) -> bool:
    return WechatIdentity.objects.filter(member=member, app_id=settings.WECHAT_APP_ID).exists()
