"""The provider's API. Every request is a signed POST of a JSON object: `app_id`, `merchant_id` and what is named here.

| address | content | answer |
| --- | --- | --- |
| `charges` | `number, amount_fen, currency, subject, notify_url, return_url, expires_at` | the charge, its `pay_url` |
| `charges/query`, `charges/close` | `number` | the charge |
| `refunds` | `number, charge_number, amount_fen, currency`: all of it or a part | `number, state: succeeded` |
| `refunds/query` | `number` | the same |
| `transfers` | `number, payee, amount_fen, currency, memo` | `number, state: processing, paid or rejected, …` |
| `transfers/query` | `number` | the same |
| `bills` | `day` | `lines: kind, number, charge_number, reference, amount_fen, currency, at` |
| `history` | `notify_url, return_url, charges: number, reference, amount_fen, currency, subject, paid_at` | `taken` |

`history` takes over what a merchant was paid before it came here, so that it can be refunded: in the demo alone.

401: not signed, too old, or sent before. 404: no such number. 409: the number is known with other content. 422:
malformed, or against the book. 503 and no answer at all: order a `SandboxTrouble`.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from mall.core import clock
from mall.core.access import View, signed_by_provider

from . import commands
from .models import SandboxCharge, SandboxRefund, SandboxTransfer, TransferState, Trouble
from .rules import AMOUNT_MAX, CURRENCY
from .signature import Unsigned, check_request

HISTORY_MAX = 1_000


class Malformed(Exception):
    """The content is not what the API takes; the text names the field."""


class NotFound(Exception):
    """There is no such number."""


Operation = Callable[[HttpRequest, dict[str, Any], str, datetime, str | None], dict[str, Any]]

_STATUS: dict[type[Exception], int] = {
    Malformed: 422,
    NotFound: 404,
    commands.Conflict: 409,
    commands.NotPossible: 422,
}


def operation(name: str) -> Callable[[Operation], View]:
    """Return the decorator that makes a signed address of a function of (request, content, merchant, at, trouble)."""

    def decorate(act: Operation) -> View:
        @wraps(act)
        def view(request: HttpRequest) -> JsonResponse:
            at = clock.now()
            try:
                nonce = check_request(
                    request.headers, request.body, app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, at=at
                )
                commands.use_nonce(merchant_id=settings.SANDBOX_MERCHANT_ID, nonce=nonce, at=at)
            except (Unsigned, commands.Replayed):
                return JsonResponse({"message": "not signed"}, status=401)
            trouble = commands.take_trouble(operation=name)
            if trouble == Trouble.UNAVAILABLE:
                return JsonResponse({"message": "unavailable"}, status=503)
            try:
                content = _content(request.body)
                answer = act(request, content, settings.SANDBOX_MERCHANT_ID, at, trouble)
            except tuple(_STATUS) as error:
                return JsonResponse({"message": str(error) or type(error).__name__}, status=_STATUS[type(error)])
            if trouble == Trouble.LOST_ANSWER:
                return JsonResponse({"message": "lost"}, status=504)
            return JsonResponse(answer)

        return signed_by_provider(csrf_exempt(require_POST(view)))

    return decorate


@operation("charge")
def charges(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Open a charge."""
    _not_rejected(trouble)
    charge = commands.create_charge(
        merchant_id=merchant_id,
        number=text(content, "number", 40),
        content={
            "amount_fen": _amount(content),
            "currency": _currency(content),
            "subject": text(content, "subject", 80),
            "notify_url": url(content, "notify_url"),
            "return_url": url(content, "return_url"),
            "expires_at": instant(content, "expires_at"),
        },
        at=at,
    )
    return _charge(request, charge)


@operation("charge_query")
def charge_query(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Say what became of a charge."""
    return _charge(request, _find_charge(merchant_id, text(content, "number", 40)))


@operation("charge_close")
def charge_close(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Close a charge that is not paid."""
    return _charge(request, commands.close_charge(charge=_find_charge(merchant_id, text(content, "number", 40))))


@operation("refund")
def refunds(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Give a charge back, whole or in part."""
    _not_rejected(trouble)
    refund = commands.refund_charge(
        charge=_find_charge(merchant_id, text(content, "charge_number", 40)),
        number=text(content, "number", 48),
        amount_fen=_amount(content),
        currency=_currency(content),
        at=at,
    )
    return {"number": refund.number, "reference": refund.reference, "state": "succeeded"}


@operation("refund_query")
def refund_query(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Say what became of a refund."""
    number = text(content, "number", 48)
    refund = SandboxRefund.objects.filter(charge__merchant_id=merchant_id, number=number).first()
    if refund is None:
        raise NotFound
    return {"number": refund.number, "reference": refund.reference, "state": "succeeded"}


@operation("transfer")
def transfers(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Send money to a person."""
    made = commands.transfer(
        merchant_id=merchant_id,
        number=text(content, "number", 40),
        content={
            "payee": text(content, "payee", 64),
            "amount_fen": _amount(content),
            "currency": _currency(content),
            "memo": text(content, "memo", 80) if content.get("memo") else "",
        },
        trouble=trouble,
        at=at,
    )
    return _transfer(made)


@operation("transfer_query")
def transfer_query(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Say what became of a transfer."""
    number = text(content, "number", 40)
    made = SandboxTransfer.objects.filter(merchant_id=merchant_id, number=number).first()
    if made is None:
        raise NotFound
    return _transfer(commands.ask_transfer(transfer=made, trouble=trouble, at=at))


@operation("history")
def history(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """Take over charges of the past."""
    rows = content.get("charges")
    if not settings.DEMO:
        raise NotFound
    if not isinstance(rows, list) or len(rows) > HISTORY_MAX:
        raise Malformed("charges")
    addresses = {"notify_url": url(content, "notify_url"), "return_url": url(content, "return_url")}
    charges = [_past_charge(row, at) | addresses for row in rows]
    return {"taken": commands.take_over_charges(merchant_id=merchant_id, charges=charges)}


@operation("bill")
def bills(
    request: HttpRequest, content: dict[str, Any], merchant_id: str, at: datetime, trouble: str | None
) -> dict[str, Any]:
    """List what was paid and given back on a day."""
    _not_rejected(trouble)
    try:
        day = parse_date(text(content, "day", 10))
    except ValueError as error:
        raise Malformed("day") from error
    lines = commands.bill_of(merchant_id=merchant_id, day=day) if day else []
    if not lines:
        raise NotFound
    return {"lines": lines}


def _past_charge(row: Any, at: datetime) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Malformed("charges")
    paid_at = instant(row, "paid_at")
    if paid_at > at:
        raise Malformed("paid_at")
    return {
        "number": text(row, "number", 40),
        "reference": text(row, "reference", 40),
        "amount_fen": _amount(row),
        "currency": _currency(row),
        "subject": text(row, "subject", 80),
        "expires_at": paid_at,
        "paid_at": paid_at,
    }


def _charge(request: HttpRequest, charge: SandboxCharge) -> dict[str, Any]:
    return {
        "number": charge.number,
        "reference": charge.reference,
        "state": charge.state,
        "amount_fen": charge.amount_fen,
        "currency": charge.currency,
        "paid_at": charge.paid_at.isoformat() if charge.paid_at else None,
        "pay_url": request.build_absolute_uri(reverse("sandbox:pay", args=[charge.token])),
    }


def _transfer(made: SandboxTransfer) -> dict[str, Any]:
    answer = {
        "number": made.number,
        "reference": made.reference,
        "state": made.state,
        "amount_fen": made.amount_fen,
        "currency": made.currency,
        "paid_at": made.paid_at.isoformat() if made.paid_at else None,
    }
    return answer | ({"reason": commands.REJECTION} if made.state == TransferState.REJECTED else {})


def _find_charge(merchant_id: str, number: str) -> SandboxCharge:
    charge = SandboxCharge.objects.filter(merchant_id=merchant_id, number=number).first()
    if charge is None:
        raise NotFound
    return charge


def _not_rejected(trouble: str | None) -> None:
    if trouble == Trouble.REJECTED:
        raise commands.NotPossible


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed("body") from error
    if not isinstance(content, dict):
        raise Malformed("body")
    if content.get("app_id") != settings.SANDBOX_APP_ID or content.get("merchant_id") != settings.SANDBOX_MERCHANT_ID:
        raise Malformed("app_id or merchant_id")
    return content


def text(content: dict[str, Any], field: str, length_max: int) -> str:
    """Return a text that must be there. Raises Malformed."""
    value = content.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= length_max or "\x00" in value:
        raise Malformed(field)
    return value


def _amount(content: dict[str, Any]) -> int:
    value = content.get("amount_fen")
    if type(value) is not int or not 0 < value <= AMOUNT_MAX:
        raise Malformed("amount_fen")
    return value


def _currency(content: dict[str, Any]) -> str:
    if content.get("currency") != CURRENCY:
        raise Malformed("currency")
    return CURRENCY


def url(content: dict[str, Any], field: str) -> str:
    """Return an address that must be there. Raises Malformed."""
    value = text(content, field, 300)
    if urlsplit(value).scheme not in ("http", "https"):
        raise Malformed(field)
    return value


def instant(content: dict[str, Any], field: str) -> datetime:
    """Return an aware instant that must be there. Raises Malformed."""
    try:
        found = parse_datetime(text(content, field, 40))
    except ValueError as error:
        raise Malformed(field) from error
    if found is None or found.tzinfo is None:
        raise Malformed(field)
    return found
