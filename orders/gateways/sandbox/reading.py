"""Reading what the sandbox sends."""

import hashlib
import json
from typing import Any

from mall.core.providers.reading import instant, strict_json, text, whole
from orders.gateways import (
    BadNotice,
    Bill,
    BillEntry,
    BillKind,
    Charge,
    ChargeState,
    GatewayError,
    NoticeMessage,
    RefundOutcome,
)

REFUND_OUTCOMES = {"succeeded": RefundOutcome.SUCCEEDED, "pending": RefundOutcome.PENDING}


def notice_from(body: bytes, *, app_id: str, merchant_id: str) -> NoticeMessage:
    """Return the notice in a body whose signature was verified. Raises BadNotice."""
    try:
        content = strict_json(body)
        return NoticeMessage(
            notice_id=text(content, "id", 64),
            is_for_us=content.get("app_id") == app_id and content.get("merchant_id") == merchant_id,
            is_paid=text(content, "state", 20) == "paid",
            number=text(content, "number", 48),
            provider_ref=text(content, "reference", 64),
            amount_fen=whole(content, "amount_fen"),
            currency=text(content, "currency", 3),
            paid_at=instant(content.get("paid_at")),
        )
    except ValueError as error:
        raise BadNotice(str(error)) from error


def charge_from(answer: dict[str, Any]) -> Charge:
    """Return the charge in an answer. Raises GatewayError where it cannot be read."""
    try:
        return Charge(
            state=ChargeState(text(answer, "state", 20)),
            amount_fen=whole(answer, "amount_fen"),
            currency=text(answer, "currency", 3),
            provider_ref=text(answer, "reference", 64),
            paid_at=instant(answer["paid_at"]) if answer.get("paid_at") else None,
            pay_url=text(answer, "pay_url", 300) if answer.get("pay_url") else "",
        )
    except ValueError as error:
        raise GatewayError(str(error)) from error


def refund_from(answer: dict[str, Any]) -> RefundOutcome:
    """Return what an answer says of a refund. Raises GatewayError where it cannot be read."""
    outcome = REFUND_OUTCOMES.get(str(answer.get("state")))
    if outcome is None:
        raise GatewayError("a refund in an unknown state")
    return outcome


def bill_from(answer: dict[str, Any]) -> Bill:
    """Return the bill in an answer. Raises GatewayError where it cannot be read."""
    lines = answer.get("lines")
    if not isinstance(lines, list):
        raise GatewayError("a bill without lines")
    try:
        entries = [
            BillEntry(
                kind=BillKind(text(line, "kind", 20)),
                number=text(line, "number", 48),
                payment_number=text(line, "charge_number", 48),
                provider_ref=text(line, "reference", 64),
                amount_fen=whole(line, "amount_fen"),
                currency=text(line, "currency", 3),
                happened_at=instant(line["at"]),
            )
            for line in lines
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise GatewayError(f"a bill that cannot be read: {error}") from error
    return Bill(hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest(), entries)
