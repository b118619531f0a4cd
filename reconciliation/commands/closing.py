"""Closing a day, and reopening it: one asks, another decides."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from reconciliation.comparing import bounds
from reconciliation.models import Day, DayState, DayStep, StepKind
from reconciliation.queries import closing_obstacles

from .refusals import APPROVE, CHECK, ReconciliationRefused, need, words_of

WAITS = {DayState.CLOSING: DayState.OPEN, DayState.REOPENING: DayState.CLOSED}


def ask_to_close(*, day: date, words: str, by: Member, at: datetime) -> Day:
    """Ask for a day to be closed. Raises ReconciliationRefused while something is open, and for a day before which
    another one is still to be closed."""
    need(by, CHECK)
    return _ask(day, DayState.OPEN, DayState.CLOSING, StepKind.ASKED_TO_CLOSE, words, by, at)


def close_day(*, day: date, by: Member, at: datetime) -> Day:
    """Close a day that somebody else asked for; from now on it is locked. Raises ReconciliationRefused."""
    need(by, APPROVE)
    return _decide(day, DayState.CLOSING, DayState.CLOSED, StepKind.CLOSED, "", by, at)


def ask_to_reopen(*, day: date, words: str, by: Member, at: datetime) -> Day:
    """Ask for a closed day to be opened again. Raises ReconciliationRefused."""
    need(by, CHECK)
    return _ask(day, DayState.CLOSED, DayState.REOPENING, StepKind.ASKED_TO_REOPEN, words, by, at)


def reopen_day(*, day: date, by: Member, at: datetime) -> Day:
    """Open a closed day again, as somebody else asked. Raises ReconciliationRefused."""
    need(by, APPROVE)
    return _decide(day, DayState.REOPENING, DayState.OPEN, StepKind.REOPENED, "", by, at)


def refuse_request(*, day: date, words: str, by: Member, at: datetime) -> Day:
    """Turn down a closing or reopening that waits, or, as who asked for it, take it back. Raises
    ReconciliationRefused."""
    reason = words_of(words)
    with transaction.atomic():
        found = _locked(day)
        need(by, CHECK if found.asked_by_id == by.pk else APPROVE)
        if found.state not in WAITS:
            raise ReconciliationRefused(_("这一天没有等待复核的申请"))
        # A day that stays closed keeps who closed it; the steps tell all of it.
        back = WAITS[DayState(found.state)]
        if back == DayState.CLOSED:
            closed = found.steps.filter(kind__in=[StepKind.ASKED_TO_CLOSE, StepKind.CLOSED]).order_by("-id")
            done, asked = closed[0], closed[1]
            found.asked_by_id, found.asked_at, found.words = asked.by_id, asked.at, asked.words
            found.decided_by_id, found.decided_at = done.by_id, done.at
        else:
            found.asked_by = found.asked_at = None
            found.words = ""
        found.state = back
        found.save()
        _note(found, StepKind.REFUSED, by, at, reason)
    return found


def _ask(day: date, before: DayState, after: DayState, kind: StepKind, words: str, by: Member, at: datetime) -> Day:
    reason = words_of(words)
    with transaction.atomic():
        found = _locked(day)
        if found.state != before:
            raise ReconciliationRefused(_("这一天现在是“%s”，不能这样处理") % found.get_state_display())
        if after == DayState.CLOSING:
            _need_closable(found, at)
        found.state, found.asked_by, found.asked_at, found.words = after, by, at, reason
        found.decided_by = found.decided_at = None
        found.save()
        _note(found, kind, by, at, reason)
    return found


def _decide(day: date, before: DayState, after: DayState, kind: StepKind, words: str, by: Member, at: datetime) -> Day:
    with transaction.atomic():
        found = _locked(day)
        if found.state != before:
            raise ReconciliationRefused(_("这一天现在是“%s”，不能这样处理") % found.get_state_display())
        if found.asked_by_id == by.pk:
            raise ReconciliationRefused(_("这是你申请的，须由另一位同事复核"))
        if after == DayState.CLOSED:
            _need_closable(found, at)
        found.state, found.decided_by, found.decided_at = after, by, at
        found.save()
        _note(found, kind, by, at, words)
    return found


def _need_closable(day: Day, at: datetime) -> None:
    why = closing_obstacles(day=day, is_over=at >= bounds(day.date)[1])
    if why:
        raise ReconciliationRefused(why[0])


def _locked(day: date) -> Day:
    found = Day.objects.select_for_update().filter(date=day).first()
    if found is None:
        raise ReconciliationRefused(_("这一天还没有核对过"))
    return found


def _note(day: Day, kind: StepKind, by: Member, at: datetime, words: str) -> None:
    DayStep.objects.create(day=day, kind=kind, by=by, at=at, words=words)
