"""The book of merchant transfers: a bill waits for its payee, who confirms; else it is cancelled, or its time is up."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from sandbox.payments import book
from sandbox.payments.models import TradeNotice, TransferBill, TransferBillState

from .content import moment
from .notices import TRANSFERRED

LIFE = timedelta(hours=24)
OVERDUE = "OVERDUE_CLOSE"
OPEN = (TransferBillState.WAITING, TransferBillState.CANCELING)


def find(number: str) -> TransferBill | None:
    return TransferBill.objects.filter(merchant_id=settings.WECHAT_PAY_MERCHANT_ID, number=number).first()


def open_bill(*, number: str, content: dict[str, Any], at: datetime) -> TransferBill:
    """Open a bill. Raises book.Conflict where the number stands for another one."""
    with transaction.atomic():
        bill, _ = TransferBill.objects.select_for_update().get_or_create(
            merchant_id=settings.WECHAT_PAY_MERCHANT_ID,
            number=number,
            defaults={
                **content,
                "reference": f"13{at:%Y%m%d}{secrets.randbelow(10**18):018d}",
                "created_at": at,
                "updated_at": at,
                "expires_at": at + LIFE,
            },
        )
    if any(getattr(bill, field) != content[field] for field in ("openid", "amount_fen", "payee_name")):
        raise book.Conflict
    return end_if_due(bill, at=at)


def confirm(bill: TransferBill, *, at: datetime) -> TradeNotice | None:
    """The payee confirms; returns the notice that is now owed. None where it is too late."""
    return _end(bill, state=TransferBillState.SUCCEEDED, at=at, only_before=True)


def refuse(bill: TransferBill, *, reason: str, at: datetime) -> TradeNotice | None:
    """The payee confirms, but the account cannot take the money."""
    return _end(bill, state=TransferBillState.FAILED, reason=reason, at=at, only_before=True)


def cancel(bill: TransferBill, *, at: datetime) -> bool:
    """Take back what nobody has confirmed; the money goes back a little later. False where it was confirmed."""
    with transaction.atomic():
        locked = TransferBill.objects.select_for_update().get(pk=bill.pk)
        if locked.state not in (*OPEN, TransferBillState.CANCELLED):
            return False
        if locked.state == TransferBillState.WAITING:
            locked.state, locked.updated_at = TransferBillState.CANCELING, at
            locked.save(update_fields=["state", "updated_at"])
    return True


def end_if_due(bill: TransferBill, *, at: datetime) -> TransferBill:
    """Finish what is being cancelled, and what nobody confirmed in time."""
    if bill.state == TransferBillState.CANCELING:
        _end(bill, state=TransferBillState.CANCELLED, at=at)
    elif bill.state == TransferBillState.WAITING and at >= bill.expires_at:
        _end(bill, state=TransferBillState.FAILED, reason=OVERDUE, at=at)
    bill.refresh_from_db()
    return bill


def end_overdue(*, at: datetime) -> int:
    """Finish all that is due; returns how many bills were looked at."""
    due = [
        *TransferBill.objects.filter(state=TransferBillState.CANCELING)[:50],
        *TransferBill.objects.filter(state=TransferBillState.WAITING, expires_at__lte=at)[:50],
    ]
    for bill in due:
        end_if_due(bill, at=at)
    return len(due)


def bill_content(bill: TransferBill) -> dict[str, Any]:
    """Return a bill as queries and notices tell it."""
    content = {
        "mch_id": bill.merchant_id,
        "out_bill_no": bill.number,
        "transfer_bill_no": bill.reference,
        "state": bill.state,
        "transfer_amount": bill.amount_fen,
        "openid": bill.openid,
        "create_time": moment(bill.created_at),
        "update_time": moment(bill.updated_at),
    }
    return content | ({"fail_reason": bill.fail_reason} if bill.fail_reason else {})


def _end(
    bill: TransferBill, *, state: TransferBillState, at: datetime, reason: str = "", only_before: bool = False
) -> TradeNotice | None:
    with transaction.atomic():
        locked = TransferBill.objects.select_for_update().get(pk=bill.pk)
        if locked.state == state:
            return locked.notices.order_by("id").first()
        if locked.state not in OPEN or (only_before and (locked.state != TransferBillState.WAITING)):
            return None
        if only_before and at >= locked.expires_at:
            return None
        locked.state, locked.fail_reason, locked.updated_at = state, reason, at
        locked.save(update_fields=["state", "fail_reason", "updated_at"])
        return book.owe_notice(
            trade=locked,
            event=TRANSFERRED,
            operation="pay_notice",
            url=locked.notify_url,
            content=bill_content(locked),
            at=at,
        )
