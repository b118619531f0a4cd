"""Posting notices to merchants, with the trouble that was ordered. No transaction is open meanwhile."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

import httpx

from . import book
from .alipay import notices as alipay
from .models import Provider, TradeNotice, TroubleKind
from .wechat import notices as wechat

TIMEOUT = httpx.Timeout(3.0, connect=1.0)
REPEATS = 3


Sealer = Callable[[TradeNotice, datetime], tuple[dict[str, str], bytes]]
_SEAL: dict[str, Sealer] = {Provider.WECHAT: wechat.sealed, Provider.ALIPAY: alipay.sealed}
_FORGE: dict[str, Callable[[TradeNotice, datetime], list[tuple[dict[str, str], bytes]]]] = {
    Provider.WECHAT: wechat.forged,
    Provider.ALIPAY: alipay.forged,
}
_IS_TAKEN: dict[str, Callable[[httpx.Response], bool]] = {
    Provider.WECHAT: wechat.is_taken,
    Provider.ALIPAY: alipay.is_taken,
}


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


def send_notice(*, notice: TradeNotice, at: datetime) -> bool:
    """Post one notice that is due; returns whether it is acknowledged now. What is not is due again later."""
    claimed = book.claim_notice(notice=notice, at=at)
    if claimed is None:
        return False
    provider = claimed.provider
    if claimed.trouble == TroubleKind.FORGED and claimed.tries == 1:
        for headers, body in _FORGE[provider](claimed, at):
            _post(claimed.notify_url, headers, body)
    times = REPEATS if claimed.trouble == TroubleKind.REPEATED else 1
    acknowledged, *_ = [_send_once(claimed, at) for _ in range(times)]
    for waiting in book.release_reordered(provider=provider, at=at):
        send_notice(notice=waiting, at=at)
    return acknowledged


def send_due_notices(*, at: datetime, limit: int = 50) -> int:
    """Send what is due; returns how many were taken now."""
    due = TradeNotice.objects.filter(acknowledged_at=None, next_try_at__lte=at).order_by("next_try_at")[:limit]
    return sum(send_notice(notice=notice, at=at) for notice in due)


def _send_once(notice: TradeNotice, at: datetime) -> bool:
    provider = notice.provider
    answer = _post(notice.notify_url, *_SEAL[provider](notice, at))
    acknowledged = isinstance(answer, httpx.Response) and _IS_TAKEN[provider](answer)
    words = str(answer.status_code) if isinstance(answer, httpx.Response) else type(answer).__name__
    book.record_answer(notice=notice, answer=words, acknowledged=acknowledged, at=at)
    return acknowledged


def _post(url: str, headers: dict[str, str], body: bytes) -> httpx.Response | httpx.HTTPError:
    try:
        return _client().post(url, content=body, headers=headers)
    except httpx.HTTPError as error:
        return error
