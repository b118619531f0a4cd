"""Requests to the sandbox, and the notices that it posts. Its API is described in `sandbox/api.py`."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from mall.core import signature
from mall.core.providers import http
from mall.core.providers.reading import strict_json
from orders.gateways import (
    BadNotice,
    Bill,
    Charge,
    ChargeState,
    GatewayError,
    GatewayRefusal,
    NoBill,
    NoticeMessage,
    Payer,
    RefundLimits,
    RefundOutcome,
    Reply,
)

from .reading import bill_from, charge_from, notice_from, refund_from

PROVIDER = "sandbox"
SCENE = "page"


class SandboxGateway:
    """Client of the sandbox's payments."""

    refund_limits = RefundLimits()

    def scene(self, *, payer: Payer) -> str:
        return SCENE

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
        payer: Payer,
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
        self, *, number: str, payment_number: str, amount_fen: int, total_fen: int, currency: str, at: datetime
    ) -> RefundOutcome:
        try:
            answer = self._ask(
                "refunds", at, number=number, charge_number=payment_number, amount_fen=amount_fen, currency=currency
            )
        except GatewayRefusal:
            return RefundOutcome.REFUSED
        return refund_from(answer)

    def query_refund(self, *, number: str, payment_number: str, at: datetime) -> RefundOutcome:
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

    def reply(self, *, accepted: bool, reason: str) -> Reply:
        content = {"code": "SUCCESS"} if accepted else {"code": "FAIL", "message": reason}
        return Reply(json.dumps(content).encode(), "application/json")

    def download_bill(self, *, day: date, at: datetime) -> Bill:
        try:
            answer = self._ask("bills", at, day=day.isoformat())
        except GatewayRefusal as no:
            raise NoBill(str(no)) from no
        return bill_from(answer)

    def _ask(self, operation: str, at: datetime, **content: Any) -> dict[str, Any]:
        """Post one signed request. Raises GatewayRefusal on a clear no, GatewayError where the outcome is unknown."""
        content |= {"app_id": settings.SANDBOX_APP_ID, "merchant_id": settings.SANDBOX_MERCHANT_ID}
        body = json.dumps(content).encode()
        headers = signature.signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at)
        answer = http.send("POST", f"{settings.SANDBOX_URL}/api/{operation}", headers=headers, content=body)
        if answer.status in (404, 409, 422):
            raise GatewayRefusal(f"the sandbox answered {answer.status}")
        if answer.status != 200:
            raise GatewayError(f"the sandbox answered {answer.status}")
        try:
            return strict_json(answer.content)
        except ValueError as error:
            raise GatewayError("the sandbox's answer cannot be read") from error
