"""A withdrawal as its member sees it: the way it goes, and who let it pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from mall.core.names import masked_name
from members.models import Member
from payouts.models import AccountKind, Withdrawal, WithdrawalState
from payouts.queries import withdrawals_of

PAGE = 20
AHEAD = (WithdrawalState.REQUESTED, WithdrawalState.APPROVED, WithdrawalState.SENDING)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a withdrawal; `state` is done, now, next or bad."""

    state: str
    text: str
    note: str = ""
    at: datetime | None = None

    @property
    def when(self) -> str:
        return "" if self.at is None else f"{timezone.localtime(self.at):%m-%d %H:%M}"


def withdrawal_of(*, member: Member, number: str) -> Withdrawal | None:
    """Return one of the member's withdrawals, with the names of those who decided on it."""
    return (
        withdrawals_of(member_id=member.pk)
        .select_related("approved_by", "released_by", "payee")
        .filter(number=number)
        .first()
    )


def withdrawals_page(*, member: Member, before: int | None) -> tuple[list[Withdrawal], int | None]:
    """Return one page of the member's withdrawals, newest first, and where the next one starts."""
    found = withdrawals_of(member_id=member.pk)
    rows = list((found if before is None else found.filter(pk__lt=before))[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def way(withdrawal: Withdrawal) -> list[Step]:
    """Return the steps of a withdrawal, those to come included unless it was rejected."""
    state = withdrawal.state
    steps = [Step("done", _("提交申请"), _("金额从可提现转入提现中"), withdrawal.requested_at)]
    if withdrawal.approved_at is not None:
        steps.append(Step("done", _("初审通过"), _by(withdrawal.approved_by), withdrawal.approved_at))
    elif state == WithdrawalState.REQUESTED:
        steps.append(Step("now", _("等待初审"), _("一位同事核对金额与来源")))
    if withdrawal.released_at is not None:
        note = _("%(who)s，与初审不是同一人") % {"who": _by(withdrawal.released_by)}
        steps.append(Step("done", _("复核通过"), note, withdrawal.released_at))
    elif state == WithdrawalState.APPROVED:
        steps.append(Step("now", _("等待复核"), _("由另一位同事复核后打款")))
    elif state == WithdrawalState.REQUESTED:
        steps.append(Step("next", _("复核打款"), _("由另一位同事复核")))
    return steps + _transfer_steps(withdrawal)


def _transfer_steps(withdrawal: Withdrawal) -> list[Step]:
    """Return what follows the release. With WeChat, sent is not received: the payee confirms."""
    state, by_wechat = withdrawal.state, withdrawal.channel == AccountKind.WECHAT
    steps = []
    if withdrawal.waiting_at is not None:
        steps.append(Step("done", _("已打款"), _("微信已受理，等你确认"), withdrawal.waiting_at))
    elif state == WithdrawalState.SENDING:
        steps.append(Step("now", _("渠道打款中"), _("结果返回前不会重复打款")))
    if withdrawal.confirmed_at is not None:
        steps.append(Step("done", _("已确认收款"), "", withdrawal.confirmed_at))
    elif state == WithdrawalState.CONFIRMING:
        steps.append(Step("now", _("待你确认收款"), _("确认后立即到微信零钱")))
    elif by_wechat and state in AHEAD:
        steps.append(Step("next", _("待你确认收款"), _("打款后 24 小时内确认")))
    if state == WithdrawalState.REJECTED:
        steps.append(Step("bad", _("已驳回"), _("金额退回可提现"), withdrawal.rejected_at))
    elif state == WithdrawalState.RETURNED:
        steps.append(Step("bad", _("已退回"), _("金额全额退回可提现，不收服务费"), withdrawal.returned_at))
    elif state == WithdrawalState.PAID:
        steps.append(Step("done", _("已到账"), "", withdrawal.paid_at))
    else:
        steps.append(Step("next", _("到账")))
    return steps


def _by(operator: Member | None) -> str:
    return "" if operator is None else _("运营 %(name)s") % {"name": masked_name(operator.nickname)}
