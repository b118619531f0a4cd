"""Reading what the sandbox sends, strictly: a wrong type is as bad as a wrong signature."""

import json
import re
from datetime import datetime
from typing import Any, NoReturn

from orders.gateways import BadNotice, Charge, ChargeState, GatewayError, NoticeMessage, RefundOutcome

AMOUNT_MAX = 10**12
# An instant with its offset, as `datetime.isoformat` writes it.
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(\+\d{2}:\d{2}|Z)")
REFUND_OUTCOMES = {"succeeded": RefundOutcome.SUCCEEDED, "pending": RefundOutcome.PENDING}


def strict_json(body: bytes) -> dict[str, Any]:
    """Return the JSON object in `body`. Raises ValueError for anything else, doubled keys, fractions and NaN."""
    try:
        content = json.loads(
            body.decode("utf-8"), object_pairs_hook=_object, parse_float=_refuse, parse_constant=_refuse
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(content, dict):
        raise ValueError("not an object")
    return content


def notice_from(body: bytes, *, app_id: str, merchant_id: str) -> NoticeMessage:
    """Return the notice in a body whose signature was verified. Raises BadNotice."""
    try:
        content = strict_json(body)
        return NoticeMessage(
            notice_id=_text(content, "id", 64),
            is_for_us=content.get("app_id") == app_id and content.get("merchant_id") == merchant_id,
            is_paid=_text(content, "state", 20) == "paid",
            number=_text(content, "number", 48),
            provider_ref=_text(content, "reference", 64),
            amount_fen=_amount(content),
            currency=_text(content, "currency", 3),
            paid_at=_instant(content.get("paid_at")),
        )
    except ValueError as error:
        raise BadNotice(str(error)) from error


def charge_from(answer: dict[str, Any]) -> Charge:
    """Return the charge in an answer. Raises GatewayError where it cannot be read."""
    try:
        return Charge(
            state=ChargeState(_text(answer, "state", 20)),
            amount_fen=_amount(answer),
            currency=_text(answer, "currency", 3),
            provider_ref=_text(answer, "reference", 64),
            paid_at=_instant(answer["paid_at"]) if answer.get("paid_at") else None,
            pay_url=_text(answer, "pay_url", 300) if answer.get("pay_url") else "",
        )
    except ValueError as error:
        raise GatewayError(str(error)) from error


def refund_from(answer: dict[str, Any]) -> RefundOutcome:
    """Return what an answer says of a refund. Raises GatewayError where it cannot be read."""
    outcome = REFUND_OUTCOMES.get(str(answer.get("state")))
    if outcome is None:
        raise GatewayError("a refund in an unknown state")
    return outcome


def _text(content: dict[str, Any], field: str, length_max: int) -> str:
    value = content.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= length_max or "\x00" in value:
        raise ValueError(f"{field} is missing or malformed")
    return value


def _amount(content: dict[str, Any]) -> int:
    value = content.get("amount_fen")
    if type(value) is not int or not 0 < value <= AMOUNT_MAX:
        raise ValueError("amount_fen is not a positive whole number")
    return value


def _instant(value: object) -> datetime:
    if not isinstance(value, str) or not INSTANT.fullmatch(value):
        raise ValueError("paid_at is not an instant")
    return datetime.fromisoformat(value)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a doubled key")
    return content


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a whole number")
