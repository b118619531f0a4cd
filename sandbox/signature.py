"""The provider's side of the signature: four headers over the raw body, and a nonce that counts once."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime

APP_HEADER = "X-Sandbox-App"
TIMESTAMP_HEADER = "X-Sandbox-Timestamp"
NONCE_HEADER = "X-Sandbox-Nonce"
SIGNATURE_HEADER = "X-Sandbox-Signature"
WINDOW_SECONDS = 300
NONCE_MAX = 64


class Unsigned(Exception):
    """The request does not carry a merchant's signature; the text says what is wrong with it."""


def check_request(headers: Mapping[str, str], body: bytes, *, app_id: str, key: str, at: datetime) -> str:
    """Return the nonce of a request that is signed by the app's key, within five minutes. Raises Unsigned."""
    given = {name: headers.get(name, "") for name in (APP_HEADER, TIMESTAMP_HEADER, NONCE_HEADER, SIGNATURE_HEADER)}
    missing = [name for name, value in given.items() if not value]
    if missing or not key:
        raise Unsigned(f"missing: {', '.join(missing) or 'key'}")
    if not hmac.compare_digest(given[APP_HEADER].encode(), app_id.encode()):
        raise Unsigned("unknown app")
    timestamp, nonce = given[TIMESTAMP_HEADER], given[NONCE_HEADER]
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12) or len(nonce) > NONCE_MAX:
        raise Unsigned("malformed timestamp or nonce")
    if abs(int(timestamp) - at.timestamp()) > WINDOW_SECONDS:
        raise Unsigned("timestamp outside of five minutes")
    expected = hmac.new(key.encode(), _signed_text(timestamp, nonce, body), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given[SIGNATURE_HEADER].encode(), expected.encode()):
        raise Unsigned("wrong signature")
    return nonce


def sign_notice(body: bytes, *, app_id: str, key: str, at: datetime) -> dict[str, str]:
    """Return the headers of a notice to a merchant."""
    timestamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    signed = hmac.new(key.encode(), _signed_text(timestamp, nonce, body), hashlib.sha256).hexdigest()
    return {
        APP_HEADER: app_id,
        TIMESTAMP_HEADER: timestamp,
        NONCE_HEADER: nonce,
        SIGNATURE_HEADER: signed,
        "Content-Type": "application/json",
    }


def _signed_text(timestamp: str, nonce: str, body: bytes) -> bytes:
    return b"\n".join([timestamp.encode(), nonce.encode(), body])
