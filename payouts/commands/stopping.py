"""The switch that stops all payouts at once, and who may put it back.

Whoever approves, releases or sends holds the gate open, shared, until that is committed or answered; whoever stops
takes it alone. So once `stop_payouts` returns, nothing is under way any more, and nobody begins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from members.models import Member
from payouts.models import PayoutStop

from .refusals import DecisionRefused, HoldRefused

TEXT_MAX = 200
STOP = "payouts.stop_payouts"


def stop_payouts(*, reason: str, by: Member, at: datetime) -> PayoutStop:
    """Stop all payouts: waits for what is being sent at this moment, and then nothing more leaves. Raises
    HoldRefused."""
    _need(by)
    words = _words(reason, _("请写明暂停的原因"))
    with transaction.atomic():
        _take_gate(alone=True)
        if PayoutStop.objects.filter(lifted_at=None).exists():
            raise HoldRefused("stands", _("打款已经暂停"))
        return PayoutStop.objects.create(reason=words, stopped_by=by, stopped_at=at)


def ask_to_lift(*, reason: str, by: Member, at: datetime) -> PayoutStop:
    """Ask for payouts to go on; somebody else decides. Asked again, the last one who asks counts. Raises
    HoldRefused."""
    _need(by)
    words = _words(reason, _("请写明恢复的原因"))
    with transaction.atomic():
        stop = _standing()
        stop.lift_asked_by, stop.lift_asked_at, stop.lift_reason = by, at, words
        stop.save(update_fields=["lift_asked_by", "lift_asked_at", "lift_reason"])
        return stop


def lift_stop(*, by: Member, at: datetime) -> PayoutStop:
    """Let payouts go on, as somebody else asked. Raises HoldRefused."""
    _need(by)
    with transaction.atomic():
        stop = _standing()
        if stop.lift_asked_by_id is None:
            raise HoldRefused("not_asked", _("还没有人申请恢复"))
        if stop.lift_asked_by_id == by.pk:
            raise HoldRefused("same_person", _("你申请了恢复，须由另一位同事确认"))
        stop.lifted_by, stop.lifted_at = by, at
        stop.save(update_fields=["lifted_by", "lifted_at"])
        return stop


def hold_gate() -> None:
    """Hold the gate open for what the caller's transaction does. Raises DecisionRefused while payouts are stopped."""
    _take_gate(alone=False)
    if PayoutStop.objects.filter(lifted_at=None).exists():
        raise DecisionRefused("stopped", _("打款已全部暂停，恢复之后才能处理"))


@contextmanager
def open_gate() -> Iterator[bool]:
    """Hold the gate open, without a transaction, while a provider is spoken to; tell whether it is open at all.

    The lock is the session's, and goes with it. Behind a pooler that hands a session to somebody else after each
    transaction there is none: then a transfer that is being handed over in the very moment of the stop may still go
    out, as one that was sent just before.
    """
    if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
        yield not PayoutStop.objects.filter(lifted_at=None).exists()
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(hashtext('payouts.gate'))")
    try:
        yield not PayoutStop.objects.filter(lifted_at=None).exists()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_shared(hashtext('payouts.gate'))")


def _take_gate(*, alone: bool) -> None:
    with connection.cursor() as cursor:
        kind = "" if alone else "_shared"
        cursor.execute(f"SELECT pg_advisory_xact_lock{kind}(hashtext('payouts.gate'))")


def _standing() -> PayoutStop:
    stop = PayoutStop.objects.select_for_update().filter(lifted_at=None).first()
    if stop is None:
        raise HoldRefused("none", _("打款没有暂停"))
    return stop


def _need(by: Member) -> None:
    if not (by.is_active and by.has_perm(STOP)):
        raise HoldRefused("no_right", _("你没有暂停打款的权限"))


def _words(reason: str, missing: str) -> str:
    words = " ".join(reason.split())[:TEXT_MAX]
    if not words:
        raise HoldRefused("no_reason", missing)
    return words
