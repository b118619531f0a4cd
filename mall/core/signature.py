"""The signature that requests between the mall and the sandbox provider carry, seen from the mall's side.

HMAC-SHA256 over `timestamp\\nnonce\\n` and the raw bytes of the body, in hexadecimal. Four headers; none may be
missing.
The provider's own side is `sandbox/signature.py`, written apart from this one.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

APP = "X-Sandbox-App"
TIMESTAMP = "X-Sandbox-Timestamp"
NONCE = "X-Sandbox-Nonce"
SIGNATURE = "X-Sandbox-Signature"
WINDOW = timedelta(minutes=5)


class BadSignature(Exception):
    """The request is not by whom it claims to be, or it is too old. The text says why, for the log."""


def signed_headers(*, app_id: str, key: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that sign `body`."""
    timestamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    return {
        APP: app_id,
        TIMESTAMP: timestamp,
        NONCE: nonce,
        SIGNATURE: _signature(key, timestamp, nonce, body),
        "Content-Type": "application/json",
    }


def verify(*, headers: Mapping[str, str], app_id: str, key: str, body: bytes, at: datetime) -> None:
    """Raise BadSignature unless `headers` sign these very bytes, for this app, within five minutes of `at`."""
    app, timestamp, nonce, signature = (headers.get(name) or "" for name in (APP, TIMESTAMP, NONCE, SIGNATURE))
    if not (app and timestamp and nonce and signature):
        raise BadSignature("a header is missing")
    if not key:
        raise BadSignature("no key is configured")
    if not hmac.compare_digest(app.encode(), app_id.encode()):
        raise BadSignature("unknown app")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature("the timestamp is not a number of seconds")
    if abs(at.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise BadSignature("the timestamp is more than five minutes off")
    if not hmac.compare_digest(signature.encode(), _signature(key, timestamp, nonce, body).encode()):
        raise BadSignature("the signature is of other bytes or by another key")


def _signature(key: str, timestamp: str, nonce: str, body: bytes) -> str:
    message = f"{timestamp}\n{nonce}\n".encode() + body
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()
