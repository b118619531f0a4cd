"""How requests go out to providers: with an end to patience, to the named address only, and no endless answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic

import httpx
from django.conf import settings

from mall.core.providers import GatewayError, heard

ANSWER_MAX = 262_144


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts. It follows no redirect."""
    return httpx.Client(follow_redirects=False)


def send(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    length_max: int = ANSWER_MAX,
) -> Answer:
    """Send one request. Raises GatewayError where no answer comes in time, or one longer than `length_max` bytes."""
    patience = settings.PROVIDER_TIMEOUT_SECONDS
    timeout = httpx.Timeout(patience, connect=min(2, patience))
    deadline = monotonic() + 2 * patience
    received = bytearray()
    try:
        with _client().stream(method, url, headers=headers, content=content, timeout=timeout) as response:
            for part in response.iter_bytes():
                received += part
                if len(received) > length_max or monotonic() > deadline:
                    raise GatewayError("the answer is too long or too slow")
            heard.answered(url, response.status_code)
            return Answer(response.status_code, response.headers, bytes(received))
    except httpx.HTTPError as error:
        heard.silent(url, type(error).__name__)
        raise GatewayError(type(error).__name__) from error
