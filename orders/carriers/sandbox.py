"""The carriers of the sandbox. Their API is described in `sandbox/carrier/api.py`."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.urls import reverse

from mall.core import signature
from mall.core.providers.reading import INSTANT, strict_json

from . import BadPush, CarrierError, TrackMessage, TrackPush

TIMEOUT = httpx.Timeout(4.0, connect=2.0)
ANSWER_MAX = 65_536
EVENTS_MAX = 100
CLOCK_SKEW = timedelta(minutes=5)
KINDS = frozenset({"collected", "moving", "delivering", "delivered", "trouble"})


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


class SandboxCarriers:
    """Client of the sandbox's carriers."""

    def announce(
        self, *, carrier: str, number: str, origin: str, destination: str, handed_at: datetime, at: datetime
    ) -> None:
        answer = self._ask(
            "parcels",
            at,
            carrier=carrier,
            number=number,
            origin=origin[:40],
            destination=destination[:40],
            handed_at=handed_at.isoformat(),
            notify_url=settings.SITE_URL + reverse("track_push"),
        )
        if answer is None:
            raise CarrierError("the sandbox refused the parcel")

    def track(self, *, carrier: str, number: str, at: datetime) -> tuple[TrackMessage, ...]:
        answer = self._ask("parcels/query", at, carrier=carrier, number=number)
        try:
            return () if answer is None else _events(answer, at)
        except ValueError as error:
            raise CarrierError(str(error)) from error

    def read_push(self, *, headers: Mapping[str, str], body: bytes, at: datetime) -> TrackPush:
        try:
            signature.verify(
                headers=headers, app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at
            )
            content = strict_json(body)
            if content.get("app_id") != settings.SANDBOX_APP_ID:
                raise ValueError("another app")
            return TrackPush(_text(content, "carrier", 30), _text(content, "number", 40), _events(content, at))
        except (signature.BadSignature, ValueError) as error:
            raise BadPush(str(error)) from error

    def _ask(self, operation: str, at: datetime, **content: Any) -> dict[str, Any] | None:
        """Post one signed request; none is a clear no. Raises CarrierError."""
        content |= {"app_id": settings.SANDBOX_APP_ID, "merchant_id": settings.SANDBOX_MERCHANT_ID}
        body = json.dumps(content).encode()
        headers = signature.signed_headers(app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, body=body, at=at)
        try:
            response = _client().post(f"{settings.SANDBOX_URL}/api/{operation}", content=body, headers=headers)
        except httpx.HTTPError as error:
            raise CarrierError(type(error).__name__) from error
        if response.status_code in (404, 409, 422):
            return None
        if response.status_code != 200 or len(response.content) > ANSWER_MAX:
            raise CarrierError(f"the sandbox answered {response.status_code}")
        try:
            return strict_json(response.content)
        except ValueError as error:
            raise CarrierError("the sandbox's answer cannot be read") from error


def _events(content: dict[str, Any], at: datetime) -> tuple[TrackMessage, ...]:
    rows = content.get("events")
    if not isinstance(rows, list) or len(rows) > EVENTS_MAX:
        raise ValueError("events is no list")
    return tuple(_event(row, at) for row in rows)


def _event(row: Any, at: datetime) -> TrackMessage:
    if not isinstance(row, dict) or row.get("kind") not in KINDS:
        raise ValueError("an event of an unknown kind")
    instant = row.get("at")
    if not isinstance(instant, str) or not INSTANT.fullmatch(instant):
        raise ValueError("at is not an instant")
    happened_at = datetime.fromisoformat(instant)
    if happened_at > at + CLOCK_SKEW:
        raise ValueError("an event in the future")
    return TrackMessage(
        event_id=_text(row, "id", 64),
        kind=row["kind"],
        text=_text(row, "text", 200),
        place=_text(row, "place", 40) if row.get("place") else "",
        at=happened_at,
    )


def _text(content: dict[str, Any], field: str, length_max: int) -> str:
    value = content.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= length_max or "\x00" in value:
        raise ValueError(f"{field} is missing or malformed")
    return value
