"""Withdrawals: our documents, what the channel answered when it was asked, and the ledger."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from ledger.models import AccountKind
from ledger.queries import entry_sums, entry_sums_of
from payouts.commands import made_by_hand
from payouts.models import Withdrawal, WithdrawalState
from reconciliation.models import TransferAnswer
from reconciliation.rules import Cause, Part, Seen

from .found import Compared, Found, Tally, judged

PAID = "paid"
DENIED = ("failed", "returned")


def compare_transfers(since: datetime, until: datetime) -> Compared:
    """Hold the withdrawals that ended on a day against what their channels answered, and the ledger."""
    withdrawals = {one.number: one for one in _ended(since, until)}
    answers = {one.number: one for one in TransferAnswer.objects.filter(number__in=list(withdrawals))}
    entries = {
        **entry_sums(kinds=("payout",), account=AccountKind.CASH, since=since, until=until),
        **entry_sums_of(kinds=("payout",), account=AccountKind.CASH, references=withdrawals),
    }
    ledger = {entry.reference: -entry.debit_fen for entry in entries.values()}
    elsewhere = Withdrawal.objects.filter(number__in=ledger.keys() - withdrawals.keys(), paid_at__isnull=False)
    for number in elsewhere.values_list("number", flat=True):
        ledger.pop(number)
    tally = Tally(Part.PAYOUT)
    silent: list[Found] = []
    pairs = list(_pairs(withdrawals, answers, ledger, silent))
    compared = judged(tally, pairs)
    rows = [tally] if tally.document[0] or tally.ledger[0] or tally.channel[0] else []
    return Compared(rows, [*compared.found, *silent])


def transfers_to_ask(*, since: datetime, until: datetime, limit: int) -> list[Withdrawal]:
    """Return withdrawals that ended in a time and whose channel has not said the same yet."""
    settled = dict(
        TransferAnswer.objects.values_list("number", "state").filter(number__in=_ended(since, until).values("number"))
    )
    waiting = []
    for withdrawal in _ended(since, until):
        said = settled.get(withdrawal.number)
        agrees = said == PAID if withdrawal.state == WithdrawalState.PAID else said in (*DENIED, "not_found")
        if not made_by_hand(withdrawal) and not agrees:
            waiting.append(withdrawal)
    return waiting[:limit]


def _ended(since: datetime, until: datetime) -> "QuerySet[Withdrawal]":
    paid = Q(paid_at__gte=since, paid_at__lt=until)
    rejected = Q(rejected_at__gte=since, rejected_at__lt=until)
    returned = Q(returned_at__gte=since, returned_at__lt=until)
    return Withdrawal.objects.filter(paid | ((rejected | returned) & Q(released_at__isnull=False))).order_by("id")


def _pairs(
    withdrawals: dict[str, Withdrawal],
    answers: dict[str, TransferAnswer],
    ledger: dict[str, int],
    silent: list[Found],
) -> Iterator[tuple[str, str, Seen]]:
    for number in {**withdrawals, **ledger}:
        withdrawal = withdrawals.get(number)
        if withdrawal is None:
            yield number, "", Seen(Part.PAYOUT, False, None, None, ledger[number], has_channel=False)
            continue
        seen = _seen(withdrawal, answers.get(number), ledger.get(number))
        if not made_by_hand(withdrawal) and number not in answers:
            fen = None if seen.document_fen is None else -seen.document_fen
            booked = None if seen.ledger_fen is None else -seen.ledger_fen
            silent.append(Found(Part.PAYOUT, "", number, Cause.NOT_ANSWERED, fen, None, booked))
        yield number, "", seen


def _seen(withdrawal: Withdrawal, answer: TransferAnswer | None, ledger_fen: int | None) -> Seen:
    is_paid = withdrawal.state == WithdrawalState.PAID
    net_fen = withdrawal.net_fen if is_paid else None
    if made_by_hand(withdrawal):
        told = net_fen
        return Seen(Part.PAYOUT, True, net_fen, told, ledger_fen if net_fen or ledger_fen else net_fen)
    says_paid = answer is not None and answer.state == PAID
    told = None
    if answer is not None and says_paid:
        told = answer.amount_fen if answer.amount_fen is not None else withdrawal.net_fen
    return Seen(
        Part.PAYOUT,
        True,
        net_fen,
        told,
        ledger_fen,
        has_channel=answer is not None,
        same_reference=not says_paid or answer is None or answer.reference in ("", withdrawal.provider_ref or ""),
        refused_by_channel=is_paid and answer is not None and answer.state in DENIED,
    )
