"""Requests to the sandbox's transfers. Its API is described in `sandbox/api.py`."""

import json
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from django.conf import settings

from mall.core import signature
from payouts.gateways import OutcomeUnknown, Payment, Transfer, TransferState

TIMEOUT = httpx.Timeout(4.0, connect=2.0)
ANSWER_MAX = 65_536
REASON_MAX = 120
_STATES = {
    "paid": TransferState.PAID,
    "processing": TransferState.PROCESSING,
    "rejected": TransferState.FAILED,
}


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


class SandboxTransfers:
    """Client of the sandbox's transfers."""

    purse = "sandbox"

    def send(self, *, payment: Payment, at: datetime) -> Transfer:
        payee = payment.account or payment.openid or payment.member
        content = {"payee": payee, "amount_fen": payment.amount_fen, "currency": "CNY", "memo": payment.memo[:80]}
        response = self._post("transfers", {"number": payment.number, **content}, at)
        return self._read(response, payment.number)

    def ask(self, *, number: str, at: datetime) -> Transfer:
        response = self._post("transfers/query", {"number": number}, at)
        if response.status_code == 404:
            return Transfer(TransferState.NOT_FOUND)
        return self._read(response, number)

    def cancel(self, *, number: str, at: datetime) -> Transfer:
        """Nothing waits for its payee here, so there is nothing to take back."""
        return self.ask(number=number, at=at)

    def _post(self, operation: str, content: dict[str, Any], at: datetime) -> httpx.Response:
        content = {**content, "app_id": settings.SANDBOX_APP_ID, "merchant_id": settings.SANDBOX_MERCHANT_ID}
        body = json.dumps(content).encode()
        headers = signature.signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at)
        try:
            return _client().post(f"{settings.SANDBOX_URL}/api/{operation}", content=body, headers=headers)
        except httpx.HTTPError as error:
            raise OutcomeUnknown(f"{operation}: {type(error).__name__}") from error

    def _read(self, response: httpx.Response, number: str) -> Transfer:
        """Read an answer strictly: whatever is not exactly a transfer of this number says nothing."""
        if response.status_code != 200 or len(response.content) > ANSWER_MAX:
            raise OutcomeUnknown(f"the sandbox answered {response.status_code}")
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError) as error:
            raise OutcomeUnknown("the answer cannot be read") from error
        if not isinstance(answer, dict) or answer.get("number") != number or answer.get("currency") != "CNY":
            raise OutcomeUnknown("the answer is not about this transfer")
        state, amount, reference = (
            _STATES.get(str(answer.get("state"))),
            answer.get("amount_fen"),
            answer.get("reference"),
        )
        if state is None or type(amount) is not int or not isinstance(reference, str) or not 0 < len(reference) <= 64:
            raise OutcomeUnknown("the answer is not a transfer")
        return Transfer(state, reference, amount, str(answer.get("reason") or "")[:REASON_MAX])
