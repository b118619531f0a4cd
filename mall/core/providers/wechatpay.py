"""The library's signing and verifying, with requests that go out on our own terms.

Every answer must be signed by WeChat Pay: by its public key, or by one of its certificates where the merchant has not
changed over yet. The library would follow redirects, wait without end and read any amount.
"""

import binascii
import json
import re
from base64 import b64decode
from datetime import datetime
from functools import cache
from secrets import token_hex
from threading import Lock
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.cache import cache as shared
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import load_private_key, load_public_key, rsa_sign

from mall.core.providers import GatewayError, heard, http
from mall.core.providers.keys import pem
from mall.core.providers.reading import text

SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
WINDOW_SECONDS = 300
ALGORITHM = "AEAD_AES_256_GCM"
NONCE_BYTES = 12
CERTIFICATE_SERIAL = re.compile(r"[0-9A-Fa-f]{1,64}")
SIGNED_HEADERS = ("Wechatpay-Timestamp", "Wechatpay-Nonce", "Wechatpay-Signature", "Wechatpay-Serial")
# How long an unknown serial is not looked up again, so that forged ones do not make us ask WeChat Pay each time.
REFRESH_SECONDS = 60


class Unsigned(Exception):
    """Not by WeChat Pay, or too old. The text says why, for the log."""


@cache
def _private_key(key: str) -> RSAPrivateKey:
    loaded: RSAPrivateKey = load_private_key(pem(key, "PRIVATE KEY"))
    return loaded


@cache
def _public_key(key: str) -> RSAPublicKey:
    loaded: RSAPublicKey = load_public_key(pem(key, "PUBLIC KEY"))
    return loaded


@cache
def _certificates(merchant: str, url: str) -> tuple[list[Any], Lock]:
    """The platform certificates that this process knows; the lock is for exchanging them."""
    return [], Lock()


class Connection(Core):
    """A `wechatpayv3.core.Core` for one call, at one instant."""

    def __init__(self, at: datetime, *, length_max: int = http.ANSWER_MAX) -> None:
        # Not the library's own: it loads all keys anew and asks WeChat Pay for certificates, at its own address.
        self._at = at
        self._length_max = length_max
        self._mchid = settings.WECHAT_PAY_MERCHANT_ID
        self._cert_serial_no = settings.WECHAT_PAY_MERCHANT_SERIAL
        self._private_key = _private_key(settings.WECHAT_PAY_PRIVATE_KEY)
        self._apiv3_key = settings.WECHAT_PAY_API_KEY
        self._gate_way = settings.WECHAT_PAY_URL
        self._public_key_id = settings.WECHAT_PAY_PUBLIC_KEY_ID or None
        self._public_key = _public_key(settings.WECHAT_PAY_PUBLIC_KEY) if self._public_key_id else None
        self._certificates, self._exchanging = _certificates(self._mchid, self._gate_way)
        self._cert_dir = None
        self._logger = None

    def request(
        self,
        path: str,
        method: RequestType = RequestType.GET,
        data: Any = None,
        skip_verify: bool = False,
        sign_data: Any = None,
        files: Any = None,
        cipher_data: bool = False,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Send one signed request and return status and content. Raises GatewayError for what is not signed by them."""
        body = "" if data is None else json.dumps(data)
        sent = {"Accept": "application/json", "Content-Type": "application/json", "User-Agent": "mall"}
        if self._public_key_id:
            sent["Wechatpay-Serial"] = self._public_key_id
        sent["Authorization"] = self._authorization(method.value, path, body)
        answer = http.send(
            method.value,
            self._gate_way + path,
            headers=sent,
            content=body.encode() if body else None,
            length_max=self._length_max,
        )
        if answer.status in (401, 429) or answer.status >= 500 or 300 <= answer.status < 400:
            raise GatewayError(f"WeChat Pay answered {answer.status}")
        if skip_verify:
            return answer.status, answer.content
        try:
            self.check(answer.headers, answer.content)
        except Unsigned as error:
            raise GatewayError(f"an answer that WeChat Pay did not sign: {error}") from error
        return answer.status, answer.content

    def check(self, headers: Any, body: bytes) -> None:
        """Raise Unsigned unless the headers sign these very bytes, by a key that we know, within five minutes."""
        missing = [name for name in SIGNED_HEADERS if not headers.get(name)]
        if missing:
            raise Unsigned(f"missing: {', '.join(missing)}")
        if headers.get("Wechatpay-Signature-Type", SIGNATURE_TYPE) != SIGNATURE_TYPE:
            raise Unsigned("another kind of signature")
        timestamp, serial = headers["Wechatpay-Timestamp"], headers["Wechatpay-Serial"]
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
            raise Unsigned("the timestamp is not a number of seconds")
        if abs(self._at.timestamp() - int(timestamp)) > WINDOW_SECONDS:
            raise Unsigned("the timestamp is more than five minutes off")
        if serial != self._public_key_id and not self._knows(serial):
            raise Unsigned("unknown serial")
        try:
            said = body.decode("utf-8")
            signed = {name: headers[name] for name in SIGNED_HEADERS} | {"Wechatpay-Signature-Type": SIGNATURE_TYPE}
            is_right = self._verify_signature(signed, said)
        except ValueError as error:
            raise Unsigned("malformed") from error
        if not is_right:
            raise Unsigned("the signature is of other bytes or by another key")

    def _knows(self, serial: str) -> bool:
        """Say whether a certificate has this serial; an unknown one is looked up with WeChat Pay, once a minute."""
        if self._public_key_id or not CERTIFICATE_SERIAL.fullmatch(serial):
            return False
        number = int(serial, 16)
        if any(known.serial_number == number for known in self._certificates):
            return True
        with self._exchanging:
            if shared.add(f"wechat-pay-certificates-{self._mchid}", 1, REFRESH_SECONDS):
                self._update_certificates()
                if self._certificates:
                    heard.certified(self._mchid, max(one.not_valid_after_utc for one in self._certificates))
        return any(known.serial_number == number for known in self._certificates)

    def _authorization(self, method: str, path: str, body: str) -> str:
        timestamp, nonce = str(int(self._at.timestamp())), token_hex(16).upper()
        signature = rsa_sign(self._private_key, f"{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n")
        return (
            f'{SIGNATURE_TYPE} mchid="{self._mchid}",nonce_str="{nonce}",signature="{signature}",'
            f'timestamp="{timestamp}",serial_no="{self._cert_serial_no}"'
        )


class Merchant(WeChatPay):
    """The library's client over a `Connection`."""

    def __init__(self, kind: WeChatPayType, *, at: datetime, notify_url: str = "", length_max: int = http.ANSWER_MAX):
        self._type = kind
        self._mchid = settings.WECHAT_PAY_MERCHANT_ID
        self._appid = settings.WECHAT_APP_ID
        self._notify_url = notify_url
        self._partner_mode = False
        self.connection = self._core = Connection(at, length_max=length_max)


def opened(resource: Any) -> bytes:
    """Open the sealed part of a notice; stricter than the library, which takes other nonces. Raises ValueError."""
    if text(resource, "algorithm", 32) != ALGORITHM:
        raise ValueError("another algorithm")
    nonce = text(resource, "nonce", 64).encode()
    if len(nonce) != NONCE_BYTES:
        raise ValueError("the nonce has not twelve bytes")
    associated = resource.get("associated_data") or ""
    if not isinstance(associated, str):
        raise ValueError("associated_data is malformed")
    try:
        sealed = b64decode(text(resource, "ciphertext", 1_048_576), validate=True)
        return AESGCM(settings.WECHAT_PAY_API_KEY.encode()).decrypt(nonce, sealed, associated.encode())
    except (InvalidTag, binascii.Error) as error:
        raise ValueError("the resource does not open with our key") from error
