"""Holding back what is paid to a member, and letting it go again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from payouts.models import PayoutHold

from .refusals import HoldRefused

TEXT_MAX = 200


def place_hold(*, member_id: int, reason: str, words: str, by: Member, at: datetime) -> PayoutHold:
    """Pay nothing to a member until the hold is released. `words` are what the member reads. Raises HoldRefused."""
    if member_id == by.pk:
        raise HoldRefused("own", _("不能处理自己的提现"))
    reason, words = " ".join(reason.split())[:TEXT_MAX], " ".join(words.split())[:TEXT_MAX]
    if not reason or not words:
        raise HoldRefused("no_reason", _("请写明原因，以及给会员看的话"))
    with transaction.atomic():
        _lock(member_id)
        if PayoutHold.objects.filter(member_id=member_id, released_at=None).exists():
            raise HoldRefused("stands", _("这位会员的提现已经暂停"))
        return PayoutHold.objects.create(member_id=member_id, reason=reason, words=words, placed_by=by, placed_at=at)


def release_hold(*, member_id: int, reason: str, by: Member, at: datetime) -> PayoutHold:
    """Let a member be paid again. Raises HoldRefused."""
    if member_id == by.pk:
        raise HoldRefused("own", _("不能处理自己的提现"))
    reason = " ".join(reason.split())[:TEXT_MAX]
    if not reason:
        raise HoldRefused("no_reason", _("请写明解除的原因"))
    with transaction.atomic():
        _lock(member_id)
        hold = PayoutHold.objects.filter(member_id=member_id, released_at=None).first()
        if hold is None:
            raise HoldRefused("none", _("这位会员的提现没有暂停"))
        hold.released_by, hold.released_at, hold.release_reason = by, at, reason
        hold.save(update_fields=["released_by", "released_at", "release_reason"])
    return hold


def _lock(member_id: int) -> None:
    if not Member.objects.select_for_update(no_key=True).filter(pk=member_id).exists():
        raise HoldRefused("unknown", _("没有这位会员"))
