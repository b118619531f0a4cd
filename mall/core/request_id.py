"""One name for everything that a request sets going: its answer, its log lines, and the tasks that it rings for."""

import logging
import re
import secrets
from contextvars import ContextVar

_NAMED: ContextVar[str] = ContextVar("request_id", default="")
_PLAUSIBLE = re.compile(r"[0-9A-Za-z-]{8,64}")


def new_request_id() -> str:
    return secrets.token_hex(8)


def is_plausible(name: str) -> bool:
    """Say whether a name from outside may be taken over."""
    return _PLAUSIBLE.fullmatch(name) is not None


def current() -> str:
    """Return the name of the request or task that is being answered, or nothing."""
    return _NAMED.get()


def stand_for(name: str) -> None:
    """From here on, this thread works for the request of that name."""
    _NAMED.set(name)


class RequestIdFilter(logging.Filter):
    """Gives every log record the name of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current() or "-"
        return True
