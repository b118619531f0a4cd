"""When each host of an outside provider answered last, and when it did not: for the page of health.

Kept in the cache, so that no payment waits for it: what is lost with the cache is only the memory of it. Nothing of
what was asked or said is kept.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from urllib.parse import urlsplit

from django.core.cache import cache

from mall.core import clock

KEPT_SECONDS = 30 * 86_400
# A process writes down that a host answers so often at most.
EVERY_SECONDS = 20
logger = logging.getLogger(__name__)
_said: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Heard:
    """The last answer and the last time without one, by the machine's own time; `failure` is the error's name."""

    answered_at: datetime | None
    failed_at: datetime | None
    failure: str

    @property
    def is_silent(self) -> bool:
        """The last that was heard is that nothing was."""
        return self.failed_at is not None and (self.answered_at is None or self.answered_at < self.failed_at)


def answered(url: str, status: int = 200) -> None:
    """A host answered; with a status of 500 and above it could not do what it was asked."""
    if status >= 500:
        silent(url, f"HTTP {status}")
        return
    host = host_of(url)
    if monotonic() - _said.get(host, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _said[host] = monotonic()
    _keep(host, "answered", (clock.device_now(),))


def silent(url: str, failure: str) -> None:
    """A host gave no answer that can be relied on."""
    host = host_of(url)
    _said.pop(host, None)
    _keep(host, "failed", (clock.device_now(), failure[:60]))


def certified(name: str, until: datetime) -> None:
    """A provider's certificate of this name is good until an instant."""
    _keep(name, "certificate", (until,))


def heard(url: str) -> Heard:
    """Return what was heard of a host."""
    host = host_of(url)
    try:
        found = cache.get_many([_key(host, "answered"), _key(host, "failed")])
    except Exception:
        found = {}
    (answer,) = found.get(_key(host, "answered"), (None,))
    failed_at, failure = found.get(_key(host, "failed"), (None, ""))
    return Heard(answer, failed_at, failure)


def certificate_until(name: str) -> datetime | None:
    """Return until when a provider's certificate is good, where that was heard."""
    try:
        (until,) = cache.get(_key(name, "certificate"), (None,))
    except Exception:
        return None
    found: datetime | None = until
    return found


def host_of(url: str) -> str:
    return urlsplit(url).hostname or url[:80]


def _key(host: str, what: str) -> str:
    return f"heard:{what}:{host}"


def _keep(host: str, what: str, value: tuple[object, ...]) -> None:
    try:
        cache.set(_key(host, what), value, KEPT_SECONDS)
    except Exception:
        logger.warning("what was heard of %s was not kept", host)
