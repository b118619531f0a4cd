"""Looking into a hit: notes, a decision with its reason, holding the member's payouts and letting them go."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from payouts.commands import HoldRefused, place_hold, release_hold
from payouts.models import PayoutHold
from risk.models import Hit, HitState, Note

from .refusals import RiskRefused

REASON_MAX = 300
NOTE_MAX = 1_000
DECISIONS = (HitState.CONFIRMED, HitState.FALSE_ALARM)


def decide_hit(*, hit_id: int, state: HitState, reason: str, by: Member, at: datetime) -> Hit:
    """Decide an open hit, once. Raises RiskRefused."""
    if state not in DECISIONS:
        raise RiskRefused(_("请选择结论"))
    reason = _one_line(reason, REASON_MAX)
    if not reason:
        raise RiskRefused(_("请写明理由"))
    with transaction.atomic():
        hit = _locked(hit_id, by)
        if hit.state != HitState.OPEN:
            raise RiskRefused(_("这条预警已经处理过了"))
        hit.state, hit.reason, hit.decided_by, hit.decided_at = state, reason, by, at
        hit.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return hit


def write_note(*, hit_id: int, text: str, by: Member, at: datetime) -> Note:
    """Write down what was seen while looking into a hit. Raises RiskRefused."""
    text = text.strip()[:NOTE_MAX]
    if not text:
        raise RiskRefused(_("请写下内容"))
    with transaction.atomic():
        hit = _locked(hit_id, by)
        return Note.objects.create(hit=hit, written_by=by, text=text, at=at)


def hold_member(*, hit_id: int, reason: str, words: str, by: Member, at: datetime) -> PayoutHold:
    """Pay nothing to the member of a hit; the case file keeps a note of it. Raises RiskRefused."""
    with transaction.atomic():
        hit = _locked(hit_id, by)
        try:
            hold = place_hold(member_id=hit.member_id, reason=reason, words=words, by=by, at=at)
        except HoldRefused as refusal:
            raise RiskRefused(str(refusal)) from refusal
        Note.objects.create(hit=hit, written_by=by, text=_("暂停提现：%s") % hold.reason, at=at)
    return hold


def release_member(*, hit_id: int, reason: str, by: Member, at: datetime) -> PayoutHold:
    """Let the member of a hit be paid again; the case file keeps a note of it. Raises RiskRefused."""
    with transaction.atomic():
        hit = _locked(hit_id, by)
        try:
            hold = release_hold(member_id=hit.member_id, reason=reason, by=by, at=at)
        except HoldRefused as refusal:
            raise RiskRefused(str(refusal)) from refusal
        Note.objects.create(hit=hit, written_by=by, text=_("恢复提现：%s") % hold.release_reason, at=at)
    return hold


def _locked(hit_id: int, by: Member) -> Hit:
    hit = Hit.objects.select_for_update(no_key=True).filter(pk=hit_id).first()
    if hit is None:
        raise RiskRefused(_("没有这条预警"))
    if hit.member_id == by.pk:
        raise RiskRefused(_("不能处理自己的预警"))
    return hit


def _one_line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
