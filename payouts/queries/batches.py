"""Batches of transfers made by hand, and the reports of what came back."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from payouts.gateways import is_by_hand
from payouts.models import AccountKind, PayoutBatch, PayoutBatchRow, PayoutHold, ResultFile, Withdrawal, WithdrawalState
from payouts.rules.results import PAID


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of a result file, with its withdrawal where there is one, and what was booked."""

    number: str
    outcome: str
    reference: str
    reason: str
    hindrance: str
    net_fen: int | None
    booked: str | None


@dataclass(frozen=True, slots=True)
class Report:
    rows: list[ReportRow]
    paid: int
    paid_fen: int
    failed: int
    hindered: int
    missing: int


def batch_waits(*, but_of: int) -> dict[str, tuple[int, int]]:
    """Return number and sum of what a batch would take, by kind of account; never one's own."""
    kinds = [kind.value for kind in (AccountKind.BANK, AccountKind.ALIPAY) if is_by_hand(kind.value)]
    waiting = Withdrawal.objects.filter(
        state=WithdrawalState.SENDING, channel__in=kinds, batch_row=None, net_fen__gt=0, imported=False
    )
    held = PayoutHold.objects.filter(released_at=None).values("member")
    rows = waiting.exclude(member=but_of).exclude(member__in=held).order_by().values("channel")
    summed = rows.annotate(count=Count("id"), total=Sum("net_fen"))
    return {row["channel"]: (row["count"], int(row["total"])) for row in summed}


def batch_rows(*, batch: PayoutBatch) -> list[PayoutBatchRow]:
    """Return a batch's transfers, in the order of its file."""
    return list(batch.rows.select_related("withdrawal__member", "withdrawal__payee").order_by("position"))


def result_report(*, file: ResultFile) -> Report:
    """Return what would be booked of a file, or was; `missing` are transfers of the batch of which it says nothing."""
    known = dict(file.batch.rows.values_list("withdrawal__number", "net_fen"))
    rows = [
        ReportRow(number, outcome, reference, reason, hindrance, known.get(number), file.booked.get(number))
        for number, outcome, reference, reason, hindrance in file.rows
    ]
    good = [row for row in rows if not row.hindrance]
    paid = [row for row in good if row.outcome == PAID]
    return Report(
        rows=rows,
        paid=len(paid),
        paid_fen=sum(row.net_fen or 0 for row in paid),
        failed=len(good) - len(paid),
        hindered=len(rows) - len(good),
        missing=len(known.keys() - {row.number for row in rows}),
    )
