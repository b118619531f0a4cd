"""Posting notices to merchants, until they acknowledge. No transaction is open while a merchant is waited for."""

from datetime import datetime
from functools import cache

import httpx
from django.conf import settings

from . import commands
from .models import SandboxNotice
from .signature import sign_notice

TIMEOUT = httpx.Timeout(3.0, connect=1.0)


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


def send_notice(*, notice: SandboxNotice, at: datetime) -> bool:
    """Post one notice that is due; returns whether it is acknowledged now. What is not is due again later."""
    claimed = commands.claim_notice(notice=notice, at=at)
    if claimed is None:
        return False
    body = claimed.body.encode()
    headers = sign_notice(body, app_id=settings.SANDBOX_APP_ID, key=settings.SANDBOX_KEY, at=at)
    try:
        answer = _client().post(claimed.charge.notify_url, content=body, headers=headers)
    except httpx.HTTPError as error:
        commands.record_answer(notice=claimed, answer=type(error).__name__, acknowledged=False, at=at)
        return False
    acknowledged = answer.is_success
    commands.record_answer(notice=claimed, answer=str(answer.status_code), acknowledged=acknowledged, at=at)
    return acknowledged


def send_due_notices(*, at: datetime, limit: int = 50) -> int:
    """Send again what was not acknowledged and is due; returns how many were taken now."""
    due = SandboxNotice.objects.filter(acknowledged_at=None, next_try_at__lte=at).order_by("next_try_at")[:limit]
    return sum(send_notice(notice=notice, at=at) for notice in due)
