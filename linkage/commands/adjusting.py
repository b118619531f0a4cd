"""Adjustments by hand: two different operators, neither of them the member."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ledger.queries import member_balances
from linkage.models import Adjustment, AdjustmentKind, AdjustmentState, EventKind, LinkageEvent
from linkage.settlement import drain_shard
from linkage.stream import whole_second
from mall.core.ids import numbered
from members.models import Member

from .money import SettlingRefused, settle_here

ASK, APPROVE = "linkage.ask_adjustment", "linkage.approve_adjustment"
REASON_MAX = 120
AMOUNT_MAX_FEN = 100_000_000


class AdjustmentRefused(Exception):
    """This adjustment cannot be made; the message says why."""


def ask_adjustment(
    *, member: Member, kind: str, amount_fen: int, reason: str, by: Member, at: datetime, number: str | None = None
) -> Adjustment:
    """Ask for an adjustment, for somebody else to approve. With a `number` from `adjustment_number`, a repeat gives the
    same one. Raises AdjustmentRefused."""
    _need(by, ASK)
    known = Adjustment.objects.filter(number=number).first() if number else None
    if known is not None:
        if (known.member_id, known.amount_fen, known.asked_by_id) != (member.pk, amount_fen, by.pk):
            raise AdjustmentRefused(_("这张表单已经提交过"))
        return known
    words = _words(reason, _("请填写原因"))
    if member.pk == by.pk:
        raise AdjustmentRefused(_("不能调整自己的余额"))
    if amount_fen == 0 or abs(amount_fen) > AMOUNT_MAX_FEN:
        raise AdjustmentRefused(_("金额不能为 0，也不能超过 100 万元"))
    if kind == AdjustmentKind.FORGIVE:
        debt = member_balances(holder_id=member.pk).debt_fen
        if not 0 < amount_fen <= debt:
            raise AdjustmentRefused(_("免除的金额须大于 0，且不超过现在的欠款"))
    elif kind != AdjustmentKind.ADJUST:
        raise AdjustmentRefused(_("没有这种调整"))
    return Adjustment.objects.create(
        number=number or adjustment_number(at=at),
        member=member,
        kind=kind,
        amount_fen=amount_fen,
        reason=words,
        asked_by=by,
        asked_at=at,
    )


def adjustment_number(*, at: datetime) -> str:
    """Return a number that a page may put into its form, so that sending it twice asks once."""
    return numbered("TZ", at)


def approve_adjustment(*, number: str, by: Member, at: datetime) -> Adjustment:
    """Approve an adjustment and settle it at once, after all that is due for its member. Raises AdjustmentRefused, and
    then nothing was written."""
    _need(by, APPROVE)
    asked = _decidable(Adjustment.objects.select_related("member").filter(number=number).first(), by)
    _not_own(asked, by)
    shard = asked.member.shard
    drain_shard(shard, int(at.timestamp()))
    try:
        with transaction.atomic():
            adjustment = _locked(number, by)
            _not_own(adjustment, by)
            adjustment.state = AdjustmentState.APPROVED
            adjustment.decided_by, adjustment.decided_at = by, at
            adjustment.save(update_fields=["state", "decided_by", "decided_at"])
            settle_here(_event(adjustment, shard, at), int(at.timestamp()))
    except SettlingRefused as refusal:
        if "debt" in str(refusal):
            raise AdjustmentRefused(_("欠款已经变少，不够免除这个金额，请驳回后重新申请")) from refusal
        raise AdjustmentRefused(_("会员还没有加入结算，不能调整")) from refusal
    return adjustment


def reject_adjustment(*, number: str, reason: str, by: Member, at: datetime) -> Adjustment:
    """Turn an adjustment down, or, as who asked for it, take it back. Raises AdjustmentRefused."""
    words = _words(reason, _("请填写驳回原因"))
    with transaction.atomic():
        adjustment = _locked(number, by)
        if adjustment.asked_by_id != by.pk:
            _need(by, APPROVE)
        adjustment.state = AdjustmentState.REJECTED
        adjustment.decided_by, adjustment.decided_at, adjustment.decline_reason = by, at, words
        adjustment.save(update_fields=["state", "decided_by", "decided_at", "decline_reason"])
    return adjustment


def _event(adjustment: Adjustment, shard: int, at: datetime) -> LinkageEvent:
    kind = EventKind.FORGIVE if adjustment.kind == AdjustmentKind.FORGIVE else EventKind.ADJUST
    return LinkageEvent(
        key=f"adjust:{adjustment.number}",
        shard=shard,
        kind=kind,
        at=whole_second(at),
        member_id=adjustment.member_id,
        reference=adjustment.number,
        amount_fen=adjustment.amount_fen,
        asked_by_id=adjustment.asked_by_id,
        by_id=adjustment.decided_by_id,
        note=adjustment.reason,
    )


def _locked(number: str, by: Member) -> Adjustment:
    return _decidable(Adjustment.objects.select_for_update().filter(number=number).first(), by)


def _not_own(adjustment: Adjustment, by: Member) -> None:
    if adjustment.asked_by_id == by.pk:
        raise AdjustmentRefused(_("不能复核自己申请的调整"))


def _decidable(adjustment: Adjustment | None, by: Member) -> Adjustment:
    """Return an adjustment that waits, and not for the decision of its own member."""
    if adjustment is None:
        raise AdjustmentRefused(_("没有这笔调整"))
    if adjustment.member_id == by.pk:
        raise AdjustmentRefused(_("不能处理自己的调整"))
    if adjustment.state != AdjustmentState.WAITING:
        raise AdjustmentRefused(_("这笔调整已经处理过"))
    return adjustment


def _need(by: Member, right: str) -> None:
    if not (by.is_active and by.has_perm(right)):
        raise AdjustmentRefused(_("你没有申请调整的权限") if right == ASK else _("你没有复核调整的权限"))


def _words(reason: str, missing: str) -> str:
    words = " ".join(reason.split())[:REASON_MAX]
    if not words:
        raise AdjustmentRefused(missing)
    return words
