"""A supplier's word against a line, and the mall's answer. What is conceded takes two operators."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind
from remittance import rules
from remittance.models import DisputeState, StatementDispute, StatementLine

from .refusals import RemittanceRefused

CORRECTION = "supplier_correction"


def open_dispute(*, line: StatementLine, reason: str, by: Any, at: datetime) -> StatementDispute:
    """Say that a line is wrong, once for each line. Raises RemittanceRefused."""
    if not reason.strip():
        raise RemittanceRefused(_("请写明哪里不对"))
    try:
        with transaction.atomic():
            return StatementDispute.objects.create(line=line, reason=reason.strip(), asked_by=by, asked_at=at)
    except IntegrityError as error:
        raise RemittanceRefused(_("这一笔已经提过异议")) from error


def answer_dispute(*, dispute: StatementDispute, answer: str, amount_fen: int, by: Any, at: datetime) -> None:
    """Answer: keep the line (`amount_fen` is 0), or propose what the supplier gets on top. Raises RemittanceRefused."""
    if not answer.strip() or not 0 <= amount_fen <= rules.CORRECTION_FEN_MAX:
        raise RemittanceRefused(_("请写明答复，更正金额不能为负，最高 10 万元"))
    _not_their_own(dispute, by)
    state = DisputeState.PROPOSED if amount_fen else DisputeState.REFUSED
    waiting = StatementDispute.objects.filter(pk=dispute.pk, state=DisputeState.OPEN)
    if not waiting.update(state=state, answer=answer.strip(), amount_fen=amount_fen, answered_by=by, answered_at=at):
        raise RemittanceRefused(_("这条异议已经答复过了"))


def check_dispute(*, dispute: StatementDispute, by: Any, at: datetime) -> None:
    """Post a proposed correction, as somebody else than who proposed it. It stands on the next statement."""
    with transaction.atomic():
        locked = (
            StatementDispute.objects.select_for_update(of=("self",))
            .select_related("line__statement")
            .get(pk=dispute.pk)
        )
        if locked.state != DisputeState.PROPOSED:
            raise RemittanceRefused(_("这条异议没有待复核的更正"))
        if locked.answered_by_id == by.pk:
            raise RemittanceRefused(_("这是你提出的更正，须由另一位同事复核"))
        _not_their_own(locked, by)
        locked.state, locked.checked_by, locked.checked_at = DisputeState.CORRECTED, by, at
        locked.save(update_fields=["state", "checked_by", "checked_at"])
        lines = (
            Line(AccountKind.COST_OF_GOODS, 0, locked.amount_fen),
            Line(AccountKind.SUPPLIER_PAYABLE, locked.line.statement.supplier_id, -locked.amount_fen),
        )
        post_entry(Entry(CORRECTION, str(locked.pk), at, lines, locked.line.statement.number))


def _not_their_own(dispute: StatementDispute, by: Any) -> None:
    seat = getattr(by, "supplier_seat", None)
    if seat is not None and seat.supplier_id == dispute.line.statement.supplier_id:
        raise RemittanceRefused(_("你是这家供应商的人，须由别的同事处理"))
