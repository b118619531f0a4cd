"""Reading what WeChat Pay says of transfers, strictly: whatever is not about this transfer says nothing."""

from typing import Any

from django.conf import settings

from mall.core.providers.reading import strict_json, text, whole
from mall.core.providers.wechatpay import opened
from payouts.gateways import BadNotice, OutcomeUnknown, Transfer, TransferNotice, TransferState

FINISHED = "MCHTRANSFER.BILL.FINISHED"
# Nobody confirmed within 24 hours.
OVERDUE = "OVERDUE_CLOSE"
PACKAGE_MAX = 400
REASON_MAX = 60
STATES = {
    "ACCEPTED": TransferState.PROCESSING,
    "PROCESSING": TransferState.PROCESSING,
    "WAIT_USER_CONFIRM": TransferState.WAITING,
    "TRANSFERING": TransferState.CONFIRMED,
    "SUCCESS": TransferState.PAID,
    "FAIL": TransferState.FAILED,
    "CANCELING": TransferState.PROCESSING,
    "CANCELLED": TransferState.RETURNED,
}


def sent_from(body: bytes, *, number: str) -> Transfer:
    """Return how a transfer that was just sent stands. Raises OutcomeUnknown."""
    try:
        answer = strict_json(body)
        package = text(answer, "package_info", PACKAGE_MAX) if answer.get("package_info") else ""
        return _transfer(answer, number, package=package)
    except (ValueError, KeyError) as error:
        raise OutcomeUnknown(f"an answer that cannot be read: {error}") from error


def asked_from(body: bytes, *, number: str) -> Transfer:
    """Return how a transfer stands that was asked about. Raises OutcomeUnknown."""
    try:
        answer = strict_json(body)
        if answer.get("mch_id") != settings.WECHAT_PAY_MERCHANT_ID or answer.get("appid") != settings.WECHAT_APP_ID:
            raise ValueError("another merchant's transfer")
        return _transfer(answer, number, amount_fen=whole(answer, "transfer_amount"))
    except (ValueError, KeyError) as error:
        raise OutcomeUnknown(f"an answer that cannot be read: {error}") from error


def notice_from(body: bytes) -> TransferNotice:
    """Return the notice in a body whose signature was verified. Raises BadNotice."""
    try:
        envelope = strict_json(body)
        text(envelope, "id", 64)
        if text(envelope, "event_type", 64) != FINISHED or envelope.get("resource_type") != "encrypt-resource":
            raise ValueError("another kind of notice")
        told = strict_json(opened(envelope.get("resource")))
        if told.get("mch_id") != settings.WECHAT_PAY_MERCHANT_ID:
            raise ValueError("another merchant's transfer")
        number = text(told, "out_bill_no", 64)
        transfer = _transfer(told, number, amount_fen=whole(told, "transfer_amount"))
        if transfer.state not in (TransferState.PAID, TransferState.FAILED, TransferState.RETURNED):
            raise ValueError("a notice about a transfer that is not finished")
        return TransferNotice(number, text(told, "openid", 64), transfer)
    except (ValueError, KeyError) as error:
        raise BadNotice(str(error)) from error


def _transfer(told: dict[str, Any], number: str, *, amount_fen: int | None = None, package: str = "") -> Transfer:
    if told.get("out_bill_no") != number:
        raise ValueError("an answer about another transfer")
    state = STATES[text(told, "state", 32)]
    reason = text(told, "fail_reason", 64) if told.get("fail_reason") else ""
    if state == TransferState.FAILED and reason == OVERDUE:
        state = TransferState.RETURNED
    return Transfer(state, text(told, "transfer_bill_no", 64), amount_fen, reason[:REASON_MAX], package)
