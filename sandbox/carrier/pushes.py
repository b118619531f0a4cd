"""Posting a parcel's news to the merchant, until he has taken it. Each push carries everything so far."""

import json
import secrets
from datetime import datetime
from functools import cache
from typing import Any

import httpx
from django.conf import settings

from sandbox.models import SandboxParcel
from sandbox.signature import sign_notice

from .book import claim_push, happened, record_push
from .route import Event

TIMEOUT = httpx.Timeout(3.0, connect=1.0)


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


def push_due_tracks(*, at: datetime, limit: int = 50) -> int:
    """Push the news of parcels that are due; returns how many were taken."""
    due = SandboxParcel.objects.filter(next_push_at__lte=at).order_by("next_push_at")[:limit]
    return sum(push_track(parcel=parcel, at=at) for parcel in due)


def push_track(*, parcel: SandboxParcel, at: datetime) -> bool:
    """Push one parcel's news; returns whether the merchant has taken it."""
    if not claim_push(parcel=parcel, at=at):
        return False
    events = happened(parcel=parcel, at=at)
    body = json.dumps(
        {
            "id": f"ST{secrets.token_hex(12)}",
            "app_id": settings.SANDBOX_APP_ID,
            "carrier": parcel.carrier,
            "number": parcel.number,
            "events": [event_words(event) for event in events],
        }
    ).encode()
    headers = sign_notice(body, app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, at=at)
    try:
        answer = _client().post(parcel.notify_url, content=body, headers=headers)
    except httpx.HTTPError:
        return False
    if not answer.is_success:
        return False
    record_push(parcel=parcel, count=len(events))
    return True


def event_words(event: Event) -> dict[str, Any]:
    """An event as the API writes it."""
    return {"id": event.id, "kind": event.kind, "text": event.text, "place": event.place, "at": event.at.isoformat()}
