"""What providers' bills say, held against our own payments and refunds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from mall.core.ids import SHANGHAI
from orders.models import BillLine, BillLineKind, Payment, PaymentState, ProviderBill, Refund, RefundState


class Difference(StrEnum):
    """In which of the two books something stands, or what the two say otherwise."""

    ONLY_ON_BILL = "only_on_bill"
    ONLY_WITH_US = "only_with_us"
    AMOUNT = "amount"
    REFERENCE = "reference"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A line of a bill, or a payment or refund of ours, that has no counterpart which says the same."""

    difference: Difference
    kind: str
    number: str
    bill_fen: int | None
    our_fen: int | None


def unmatched(*, provider: str, day: date) -> list[Unmatched]:
    """Return what stands in only one of the two books of a day in Shanghai, or differs; nothing without a bill."""
    bill = ProviderBill.objects.filter(provider=provider, day=day).first()
    return [*_from_bill(bill), *_payments_missing(bill), *_refunds_missing(bill)] if bill is not None else []


def bill_sums(*, bill_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Return of each bill how many lines it has, and the sums of its payments and refunds in fen."""
    sums = BillLine.objects.filter(bill__in=bill_ids).values("bill_id")
    found = sums.annotate(
        count=Count("id"),
        paid_fen=Coalesce(Sum("amount_fen", filter=Q(kind=BillLineKind.PAYMENT)), 0),
        refunded_fen=Coalesce(Sum("amount_fen", filter=Q(kind=BillLineKind.REFUND)), 0),
    )
    return {row["bill_id"]: (row["count"], int(row["paid_fen"]), int(row["refunded_fen"])) for row in found}


def _from_bill(bill: ProviderBill) -> Iterator[Unmatched]:
    lines = list(bill.lines.order_by("position"))
    numbers = [line.number for line in lines]
    payments = {
        payment.number: payment for payment in Payment.objects.filter(provider=bill.provider, number__in=numbers)
    }
    refunds = {
        refund.number: refund for refund in Refund.objects.filter(payment__provider=bill.provider, number__in=numbers)
    }
    for line in lines:
        is_refund = line.kind == BillLineKind.REFUND
        ours = refunds.get(line.number) if is_refund else payments.get(line.number)
        our_fen = ours.amount_fen if ours is not None else None
        difference = _difference(line, ours)
        if difference is not None:
            yield Unmatched(difference, line.kind, line.number, line.amount_fen, our_fen)


def _difference(line: BillLine, ours: Payment | Refund | None) -> Difference | None:
    if ours is None:
        return Difference.ONLY_ON_BILL
    if ours.amount_fen != line.amount_fen:
        return Difference.AMOUNT
    if isinstance(ours, Refund):
        return None if ours.state == RefundState.SUCCEEDED else Difference.STATE
    if ours.state in (PaymentState.CREATED, PaymentState.CLOSED):
        return Difference.STATE
    return None if ours.provider_ref == line.provider_ref else Difference.REFERENCE


def _payments_missing(bill: ProviderBill) -> Iterator[Unmatched]:
    since, until = _bounds(bill.day)
    ours = Payment.objects.filter(provider=bill.provider, captured_at__gte=since, captured_at__lt=until)
    for payment in ours.exclude(_is_billed(bill.provider, BillLineKind.PAYMENT)).order_by("captured_at", "id"):
        yield Unmatched(Difference.ONLY_WITH_US, "payment", payment.number, None, payment.amount_fen)


def _refunds_missing(bill: ProviderBill) -> Iterator[Unmatched]:
    """We hear of a refund later than it is made: one of ours may stand on the bill of a day before."""
    since, until = _bounds(bill.day)
    ours = Refund.objects.filter(
        payment__provider=bill.provider,
        state=RefundState.SUCCEEDED,
        succeeded_at__gte=since,
        succeeded_at__lt=until,
    )
    for refund in ours.exclude(_is_billed(bill.provider, BillLineKind.REFUND)).order_by("succeeded_at", "id"):
        yield Unmatched(Difference.ONLY_WITH_US, "refund", refund.number, None, refund.amount_fen)


def _is_billed(provider: str, kind: str) -> Exists:
    return Exists(BillLine.objects.filter(bill__provider=provider, kind=kind, number=OuterRef("number")))


def _bounds(day: date) -> tuple[datetime, datetime]:
    since = datetime.combine(day, time.min, SHANGHAI)
    return since, since + timedelta(days=1)
