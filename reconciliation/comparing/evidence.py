"""How a difference came about: the instants that our own rows and the bill tell, in their order."""

from datetime import datetime

from orders.models import BillLine, Payment, Refund
from payouts.models import Withdrawal
from reconciliation.models import TransferAnswer
from reconciliation.rules import Part

from .found import Found

Told = tuple[datetime | None, str, str]


def evidence_of(found: Found) -> list[list[str]]:
    """Return `[instant, word, more]` of what happened around a number, in order; words are explained by `words`."""
    if not found.number:
        return []
    tell = {Part.PAYMENT: _payment, Part.REFUND: _refund, Part.PAYOUT: _payout}.get(found.part)
    told = tell(found.number) if tell is not None else []
    known = sorted(((at, word, more) for at, word, more in told if at is not None), key=lambda one: one[0])
    return [[at.isoformat(), word, more] for at, word, more in known]


def _lines(number: str, part: Part) -> list[Told]:
    lines = BillLine.objects.filter(number=number, kind=part.value).order_by("happened_at")[:5]
    return [(line.happened_at, f"channel_{part.value}", line.provider_ref) for line in lines]


def _payment(number: str) -> list[Told]:
    told = _lines(number, Part.PAYMENT)
    payment = Payment.objects.select_related("purchase").filter(number=number).first()
    if payment is not None:
        purchase = payment.purchase
        told += [
            (purchase.placed_at, "placed", purchase.number),
            (payment.created_at, "started", payment.number),
            (payment.captured_at, "captured", payment.provider_ref or ""),
            (purchase.cancelled_at, "cancelled", purchase.number),
        ]
    return told


def _refund(number: str) -> list[Told]:
    told = _lines(number, Part.REFUND)
    refund = Refund.objects.select_related("order").filter(number=number).first()
    if refund is not None:
        order = refund.order.number if refund.order else ""
        told += [
            (refund.created_at, "refund_decided", order),
            (refund.sent_at, "refund_sent", refund.get_state_display()),
            (refund.succeeded_at, "refund_done", number),
        ]
    return told


def _payout(number: str) -> list[Told]:
    told: list[Told] = []
    withdrawal = Withdrawal.objects.select_related("approved_by", "released_by").filter(number=number).first()
    if withdrawal is not None:
        told += [
            (withdrawal.requested_at, "withdrawal_asked", number),
            (withdrawal.approved_at, "approved", str(withdrawal.approved_by or "")),
            (withdrawal.released_at, "released", str(withdrawal.released_by or "")),
            (withdrawal.paid_at, "paid", withdrawal.provider_ref or ""),
            (withdrawal.rejected_at or withdrawal.returned_at, "not_paid", withdrawal.reason),
        ]
    answer = TransferAnswer.objects.filter(number=number).first()
    if answer is not None:
        told.append((answer.answered_at, f"answer_{answer.state}", answer.reference))
    return told
