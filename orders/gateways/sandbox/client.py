"""Requests to the sandbox, and the notices that it posts. Its API is described in `sandbox/api.py`."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.urls import reverse

from mall.core import signature
from orders.gateways import BadNotice, Charge, ChargeState, GatewayError, GatewayRefusal, NoticeMessage, RefundOutcome

from .reading import charge_from, notice_from, refund_from, strict_json

PROVIDER = "sandbox"
TIMEOUT = httpx.Timeout(4.0, connect=2.0)
ANSWER_MAX = 65_536


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


class SandboxGateway:
    """Client of the sandbox's payments."""

    def create_charge(
        self,
        *,
        number: str,
        amount_fen: int,
        currency: str,
        subject: str,
        return_url: str,
        expires_at: datetime,
        at: datetime,
    ) -> Charge:
        answer = self._ask(
            "charges",
            at,
            number=number,
            amount_fen=amount_fen,
            currency=currency,
            subject=subject[:80],
            notify_url=settings.SITE_URL + reverse("payment_notice", args=[PROVIDER]),
            return_url=return_url,
            expires_at=expires_at.isoformat(),
        )
        return charge_from(answer)

    def query_charge(self, *, number: str, at: datetime) -> Charge:
        try:
            return charge_from(self._ask("charges/query", at, number=number))
        except GatewayRefusal:
            return Charge(ChargeState.UNKNOWN)

    def close_charge(self, *, number: str, at: datetime) -> Charge:
        try:
            return charge_from(self._ask("charges/close", at, number=number))
        except GatewayRefusal:
            return Charge(ChargeState.UNKNOWN)

    def refund(
        self, *, number: str, payment_number: str, amount_fen: int, currency: str, at: datetime
    ) -> RefundOutcome:
        try:
            answer = self._ask(
                "refunds", at, number=number, charge_number=payment_number, amount_fen=amount_fen, currency=currency
            )
        except GatewayRefusal:
            return RefundOutcome.REFUSED
        return refund_from(answer)

    def query_refund(self, *, number: str, at: datetime) -> RefundOutcome:
        try:
            return refund_from(self._ask("refunds/query", at, number=number))
        except GatewayRefusal:
            return RefundOutcome.UNKNOWN

    def read_notice(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> NoticeMessage:
        try:
            signature.verify(
                headers=headers, app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at
            )
        except signature.BadSignature as error:
            raise BadNotice(str(error)) from error
        return notice_from(body, app_id=settings.SANDBOX_APP_ID, merchant_id=settings.SANDBOX_MERCHANT_ID)

    def _ask(self, operation: str, at: datetime, **content: Any) -> dict[str, Any]:
        """Post one signed request. Raises GatewayRefusal on a clear no, GatewayError where the outcome is unknown."""
        content |= {"app_id": settings.SANDBOX_APP_ID, "merchant_id": settings.SANDBOX_MERCHANT_ID}
        body = json.dumps(content).encode()
        headers = signature.signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at)
        try:
            response = _client().post(f"{settings.SANDBOX_URL}/api/{operation}", content=body, headers=headers)
        except httpx.HTTPError as error:
            raise GatewayError(type(error).__name__) from error
        if response.status_code in (404, 409, 422):
            raise GatewayRefusal(f"the sandbox answered {response.status_code}")
        if response.status_code != 200 or len(response.content) > ANSWER_MAX:
            raise GatewayError(f"the sandbox answered {response.status_code}")
        try:
            return strict_json(response.content)
        except ValueError as error:
            raise GatewayError("the sandbox's answer cannot be read") from error
