"""Deciding on several small withdrawals at once: only what is green, and only for the total that was seen."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Member
from payouts.models import Withdrawal, WithdrawalState
from payouts.queries import green_of
from payouts.rules.risk import GREEN_COUNT_MAX

from .deciding import approve_withdrawal, decide_release
from .refusals import DecisionRefused


def approve_many(*, numbers: Sequence[str], total_fen: int, by: Member, at: datetime) -> list[Withdrawal]:
    """Let several requested withdrawals pass the first pair of eyes, all or none. `total_fen` is what the person read
    and wrote down: their gross sum. Raises DecisionRefused."""
    with transaction.atomic():
        _need_green(numbers, total_fen, WithdrawalState.REQUESTED, by, at)
        return [approve_withdrawal(number=number, by=by, at=at) for number in numbers]


def release_many(*, numbers: Sequence[str], total_fen: int, by: Member, at: datetime) -> list[Withdrawal]:
    """Release several approved withdrawals, all or none; a worker sends them, each under its own number. `total_fen` is
    their gross sum. Raises DecisionRefused."""
    with transaction.atomic():
        _need_green(numbers, total_fen, WithdrawalState.APPROVED, by, at)
        released = [decide_release(number=number, by=by, at=at) for number in numbers]
        for withdrawal in released:
            _ring(withdrawal.number)
    return released


def _need_green(numbers: Sequence[str], total_fen: int, state: str, by: Member, at: datetime) -> None:
    if not 0 < len(numbers) <= GREEN_COUNT_MAX or len(set(numbers)) != len(numbers):
        raise DecisionRefused("none", _("请选择 1 到 %d 笔") % GREEN_COUNT_MAX)
    green = {one.number: one for one, _look in green_of(state=state, but_of=by.pk, at=at)}
    for number in numbers:
        if number not in green:
            raise DecisionRefused("not_green", _("%s 现在不能批量处理，请单独打开看") % number)
    if sum(green[number].amount_fen for number in numbers) != total_fen:
        raise DecisionRefused("total", _("合计和你填的不一样，没有处理任何一笔"))


def _ring(number: str) -> None:
    from payouts.tasks import send_released

    transaction.on_commit(partial(send_released.ring, number), robust=True)
