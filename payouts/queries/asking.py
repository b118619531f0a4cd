"""What a withdrawal comes to, and what stands in its way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from members.models import Member, WechatIdentity
from payouts.models import AccountKind, Payee, PayoutAccount, PayoutPolicy, Withdrawal
from payouts.rules import ENDED_STATES, REST, Earlier, Month, earlier_of, work_out
from payouts.rules import Breakdown as Breakdown

from .payees import GIVEN_BACK, accounts_of, has_hold, months_paid, payee_of
from .stops import payouts_stopped


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why nothing can be asked for. `code`: closed, held, no_name, no_account, rest, one_at_a_time, day_count,
    day_amount, unknown_account."""

    code: str
    words: str
    until: datetime | None = None


def withdrawal_parts(*, member_id: int, amount_fen: int, policy: PayoutPolicy, at: datetime) -> Breakdown:
    """Return what becomes of a gross amount that a member asks for at an instant, under a policy."""
    month = at.astimezone(SHANGHAI).month
    paid = [Month(row.month.month, row.income_fen, row.tax_fen) for row in months_paid(member_id=member_id, at=at)]
    earlier = earlier_of(paid, month=month) if paid else Earlier()
    return work_out(
        amount_fen=amount_fen, fee_bps=policy.fee_bps, tax_kind=policy.tax_kind, tax_bps=policy.tax_bps, earlier=earlier
    )


def usable_accounts(*, member_id: int) -> list[PayoutAccount]:
    """Return the accounts that can be paid to: of WeChat only what is bound to the member at present."""
    bound = set(
        WechatIdentity.objects.filter(member_id=member_id, app_id=settings.WECHAT_APP_ID).values_list(
            "openid", flat=True
        )
    )
    return [
        account
        for account in accounts_of(member_id=member_id)
        if account.kind != AccountKind.WECHAT or account.openid in bound
    ]


def chosen_account(*, member_id: int, account_id: int | None) -> PayoutAccount | None:
    """Return one of the accounts that can be paid to; without an id the newest."""
    for account in usable_accounts(member_id=member_id):
        if account_id is None or account.pk == account_id:
            return account
    return None


def rests_until(*, member_id: int, at: datetime) -> datetime | None:
    """Return when a member may ask again after accounts or name were changed; none where nothing rests.

    Accounts that were removed again count: whoever adds one in another's name gains nothing by removing it. A first
    name does not rest by itself: there was no account before it.
    """
    added = PayoutAccount.objects.filter(member_id=member_id).aggregate(last=Max("added_at"))["last"]
    names = list(Payee.objects.filter(member_id=member_id).order_by("-registered_at").values_list("registered_at"))
    instants = [instant for instant in (added, names[0][0] if len(names) > 1 else None) if instant is not None]
    until: datetime | None = max(instants) + REST if instants else None
    return until if until is not None and until > at else None


def asking_obstacle(
    *, member: Member, policy: PayoutPolicy, at: datetime, amount_fen: int | None = None
) -> Obstacle | None:
    """Return the first thing that stands in the way of a withdrawal by this member, whatever the amount, or of this
    amount; none where nothing does."""
    if not member.is_active:
        return Obstacle("closed", _("账号已停用，不能提现"))
    if payouts_stopped():
        return Obstacle("stopped", _("平台暂停了提现，恢复后即可申请；你的余额和结算不受影响"))
    if has_hold(member_id=member.pk):
        return Obstacle("held", _("你的提现正在核查中，核查结束后即可提现"))
    if payee_of(member_id=member.pk) is None:
        return Obstacle("no_name", _("提现前请先完成实名登记"))
    if not usable_accounts(member_id=member.pk):
        return Obstacle("no_account", _("请先添加收款账户"))
    until = rests_until(member_id=member.pk, at=at)
    if until is not None:
        when = timezone.localtime(until)
        words = _("收款账户刚有变更，为了资金安全，%(when)s 之后才能提现") % {"when": f"{when:%m-%d %H:%M}"}
        return Obstacle("rest", words, until)
    return _limit(member, policy, amount_fen, at)


def _limit(member: Member, policy: PayoutPolicy, amount_fen: int | None, at: datetime) -> Obstacle | None:
    own = Withdrawal.objects.filter(member_id=member.pk)
    if policy.one_at_a_time and own.exclude(state__in=ENDED_STATES).exists():
        return Obstacle("one_at_a_time", _("上一笔提现还在处理，到账或退回后再申请下一笔"))
    if policy.day_count_max is None and policy.day_fen_max is None:
        return None
    today = at.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    asked: dict[str, Any] = (
        own.filter(requested_at__gte=today, requested_at__lt=today + timedelta(days=1))
        .exclude(state__in=GIVEN_BACK)
        .aggregate(count=Count("id"), fen=Sum("amount_fen"))
    )
    if policy.day_count_max is not None and asked["count"] >= policy.day_count_max:
        return Obstacle("day_count", _("每天最多提现 %(count)d 笔，请明天再来") % {"count": policy.day_count_max})
    if policy.day_fen_max is not None and (asked["fen"] or 0) + (amount_fen or 1) > policy.day_fen_max:
        left = max(0, policy.day_fen_max - (asked["fen"] or 0))
        words = _("每天最多提现 %(most)s，今天还可提 %(left)s") % {"most": yuan(policy.day_fen_max), "left": yuan(left)}
        return Obstacle("day_amount", words)
    return None
