"""How requests of merchants are verified, and how answers and notices are signed: WECHATPAY2-SHA256-RSA2048."""

import re
import secrets
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.conf import settings

from sandbox.payments import keys

SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300
CERTIFICATE_NUMBER = 0x5157F09EFDC096DE15EBE81A47057A7232F1B8E1
_FIELD = re.compile(r'(\w+)="([^"]*)"')


class Unsigned(Exception):
    """The request does not carry the merchant's signature."""


def check_request(*, authorization: str, method: str, path: str, body: bytes, at: datetime) -> None:
    """Raise Unsigned unless a request is signed by our merchant, within five minutes."""
    scheme, _, rest = authorization.partition(" ")
    fields = dict(_FIELD.findall(rest))
    if scheme != SCHEME or fields.get("mchid") != settings.WECHAT_PAY_MERCHANT_ID:
        raise Unsigned("another scheme or merchant")
    if fields.get("serial_no") != settings.WECHAT_PAY_MERCHANT_SERIAL:
        raise Unsigned("another certificate")
    timestamp, nonce = fields.get("timestamp", ""), fields.get("nonce_str", "")
    if not timestamp.isdigit() or abs(int(timestamp) - at.timestamp()) > WINDOW_SECONDS or not 0 < len(nonce) <= 32:
        raise Unsigned("too old, or no nonce")
    message = f"{method}\n{path}\n{timestamp}\n{nonce}\n".encode() + body + b"\n"
    if not keys.is_signed(settings.WECHAT_STAND_IN_MERCHANT_KEY, message, fields.get("signature", "")):
        raise Unsigned("wrong signature")


def signed_headers(body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers that sign an answer or a notice."""
    timestamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    message = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": keys.sign(settings.WECHAT_STAND_IN_KEY, message),
        "Wechatpay-Signature-Type": SCHEME,
        "Wechatpay-Serial": settings.WECHAT_PAY_PUBLIC_KEY_ID or f"{CERTIFICATE_NUMBER:X}",
    }


def is_sheet_signed(sheet: dict[str, str]) -> bool:
    """Say whether what a page handed to the sheet is signed by the merchant."""
    message = "".join(f"{sheet.get(field, '')}\n" for field in ("appId", "timeStamp", "nonceStr", "package"))
    return keys.is_signed(settings.WECHAT_STAND_IN_MERCHANT_KEY, message.encode(), sheet.get("paySign", ""))


@cache
def certificate(year: int) -> str:
    """Return the platform's certificate as PEM, for merchants that have not changed over to the public key."""
    key = keys.private_key(settings.WECHAT_STAND_IN_KEY)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Tenpay.com stand-in")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(CERTIFICATE_NUMBER)
        .not_valid_before(datetime(year - 1, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(year + 4, 1, 1, tzinfo=UTC))
        .sign(key, SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()
