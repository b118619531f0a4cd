"""What happens in the provider's book. Numbers are the merchant's: the same one with the same content is a repeat."""

import json
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum

from .models import (
    ChargeState,
    SandboxCharge,
    SandboxNonce,
    SandboxNotice,
    SandboxRefund,
    SandboxTransfer,
    SandboxTrouble,
    TransferState,
    Trouble,
)
from .rules import next_try_at


class Conflict(Exception):
    """The number is known with other content."""


class NotPossible(Exception):
    """The book does not allow it: the charge is not paid, or not of that amount."""


class Replayed(Exception):
    """The nonce was used before."""


REJECTION = "收款账户异常，转账已退回"


def use_nonce(*, merchant_id: str, nonce: str, at: datetime) -> None:
    """Take note of a nonce. Raises Replayed where it was used before."""
    try:
        with transaction.atomic():
            SandboxNonce.objects.create(merchant_id=merchant_id, nonce=nonce, at=at)
    except IntegrityError as error:
        raise Replayed from error


def take_trouble(*, operation: str) -> str | None:
    """Return the trouble that was ordered for this call, if any, and count it off."""
    with transaction.atomic():
        trouble = (
            SandboxTrouble.objects.select_for_update(skip_locked=True)
            .filter(operation=operation, remaining__gt=0)
            .order_by("id")
            .first()
        )
        if trouble is None:
            return None
        trouble.remaining -= 1
        trouble.save(update_fields=["remaining"])
    return trouble.kind


def create_charge(*, merchant_id: str, number: str, content: dict[str, Any], at: datetime) -> SandboxCharge:
    """Open a charge. Raises Conflict where the number stands for another one."""
    with transaction.atomic():
        charge, _ = SandboxCharge.objects.select_for_update().get_or_create(
            merchant_id=merchant_id, number=number, defaults={**content, "reference": _reference("SC", at)}
        )
    if any(getattr(charge, field) != content[field] for field in ("amount_fen", "currency")):
        raise Conflict
    return charge


def close_charge(*, charge: SandboxCharge) -> SandboxCharge:
    """Take no money for a charge any more; a paid one stays paid."""
    with transaction.atomic():
        locked = SandboxCharge.objects.select_for_update().get(pk=charge.pk)
        if locked.state == ChargeState.OPEN:
            locked.state = ChargeState.CLOSED
            locked.save(update_fields=["state"])
    return locked


def pay_charge(*, charge: SandboxCharge, app_id: str, at: datetime) -> SandboxNotice | None:
    """The buyer pays: write it down with the notice that is now owed. None where it cannot be paid any more."""
    with transaction.atomic():
        locked = SandboxCharge.objects.select_for_update().get(pk=charge.pk)
        if locked.state == ChargeState.PAID:
            return locked.notices.order_by("id").first()
        if locked.state != ChargeState.OPEN or at >= locked.expires_at:
            return None
        locked.state, locked.paid_at = ChargeState.PAID, at
        locked.save(update_fields=["state", "paid_at"])
        notice_id = _reference("SN", at)
        body = json.dumps(
            {
                "id": notice_id,
                "app_id": app_id,
                "merchant_id": locked.merchant_id,
                "number": locked.number,
                "reference": locked.reference,
                "amount_fen": locked.amount_fen,
                "currency": locked.currency,
                "state": ChargeState.PAID.value,
                "paid_at": at.isoformat(),
            }
        )
        return SandboxNotice.objects.create(charge=locked, notice_id=notice_id, body=body, next_try_at=at)


def take_over_charges(*, merchant_id: str, charges: list[dict[str, Any]]) -> int:
    """Enter charges that were paid elsewhere before; a number that is known stays as it is. Returns how many came."""
    return len(
        SandboxCharge.objects.bulk_create(
            [SandboxCharge(merchant_id=merchant_id, state=ChargeState.PAID, **charge) for charge in charges],
            ignore_conflicts=True,
        )
    )


def claim_notice(*, notice: SandboxNotice, at: datetime) -> SandboxNotice | None:
    """Count one more try and say when the next one is due. None where somebody else sends it, or it needs none."""
    claimed = SandboxNotice.objects.filter(
        pk=notice.pk, tries=notice.tries, acknowledged_at=None, next_try_at__lte=at
    ).update(tries=notice.tries + 1, next_try_at=next_try_at(notice.tries + 1, at))
    return SandboxNotice.objects.select_related("charge").get(pk=notice.pk) if claimed else None


def record_answer(*, notice: SandboxNotice, answer: str, acknowledged: bool, at: datetime) -> None:
    """Write down what the merchant answered."""
    fields: dict[str, Any] = {"last_answer": answer[:80]}
    if acknowledged:
        fields |= {"acknowledged_at": at, "next_try_at": None}
    SandboxNotice.objects.filter(pk=notice.pk, acknowledged_at=None).update(**fields)


def refund_charge(*, charge: SandboxCharge, number: str, amount_fen: int, currency: str, at: datetime) -> SandboxRefund:
    """Give a charge back, or a part of it. Raises Conflict where the number stands for another refund, NotPossible
    where more than was paid would have gone back."""
    with transaction.atomic():
        locked = SandboxCharge.objects.select_for_update().get(pk=charge.pk)
        refund = SandboxRefund.objects.filter(number=number).first()
        if refund is not None:
            if refund.charge_id != locked.pk or refund.amount_fen != amount_fen:
                raise Conflict
            return refund
        gone_fen = locked.refunds.aggregate(sum=Sum("amount_fen", default=0))["sum"]
        if locked.state != ChargeState.PAID or locked.currency != currency or gone_fen + amount_fen > locked.amount_fen:
            raise NotPossible
        return SandboxRefund.objects.create(
            charge=locked, number=number, amount_fen=amount_fen, reference=_reference("SR", at), refunded_at=at
        )


def transfer(
    *, merchant_id: str, number: str, content: dict[str, Any], trouble: str | None, at: datetime
) -> SandboxTransfer:
    """Send money to a person. Raises Conflict where the number stands for another transfer.

    A rejection that was ordered is final for the number; one that was left pending is paid when it is asked about.
    """
    state = {Trouble.REJECTED.value: TransferState.REJECTED, Trouble.PENDING.value: TransferState.PROCESSING}.get(
        trouble or "", TransferState.PAID
    )
    with transaction.atomic():
        made, _ = SandboxTransfer.objects.get_or_create(
            merchant_id=merchant_id,
            number=number,
            defaults={
                **content,
                "reference": _reference("ST", at),
                "state": state,
                "paid_at": at if state == TransferState.PAID else None,
            },
        )
    if any(getattr(made, field) != content[field] for field in ("payee", "amount_fen", "currency")):
        raise Conflict
    return made


def ask_transfer(*, transfer: SandboxTransfer, trouble: str | None, at: datetime) -> SandboxTransfer:
    """Return what became of a transfer; one in processing is paid now, unless trouble keeps it there or rejects it."""
    if trouble == Trouble.PENDING:
        return transfer
    state = TransferState.REJECTED if trouble == Trouble.REJECTED else TransferState.PAID
    SandboxTransfer.objects.filter(pk=transfer.pk, state=TransferState.PROCESSING).update(
        state=state, paid_at=at if state == TransferState.PAID else None
    )
    return SandboxTransfer.objects.get(pk=transfer.pk)


def bill_of(*, merchant_id: str, day: date) -> list[dict[str, Any]]:
    """Return what was paid and given back on a day, in order."""
    charges = SandboxCharge.objects.filter(merchant_id=merchant_id, paid_at__date=day)
    refunds = SandboxRefund.objects.filter(charge__merchant_id=merchant_id, refunded_at__date=day)
    lines = [_bill_line("payment", charge.number, charge, charge.amount_fen, charge.paid_at) for charge in charges]
    lines += [
        _bill_line("refund", refund.number, refund.charge, refund.amount_fen, refund.refunded_at)
        for refund in refunds.select_related("charge")
    ]
    return sorted(lines, key=lambda line: (line["at"], line["number"]))


def _bill_line(kind: str, number: str, charge: SandboxCharge, amount_fen: int, at: datetime | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "number": number,
        "charge_number": charge.number,
        "reference": charge.reference,
        "amount_fen": amount_fen,
        "currency": charge.currency,
        "at": at.isoformat() if at else "",
    }


def sweep_nonces(*, at: datetime) -> int:
    """Forget nonces whose requests would be too old by now; returns how many."""
    return SandboxNonce.objects.filter(at__lt=at - timedelta(hours=1)).delete()[0]


def _reference(prefix: str, at: datetime) -> str:
    return f"{prefix}{at:%Y%m%d%H%M%S}{secrets.token_hex(8)}"
