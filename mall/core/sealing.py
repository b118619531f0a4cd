"""Texts that only the mall itself can read back: identity and account numbers.

AES-GCM under a key made of `SEALING_KEY`, or, where that is empty, of `SECRET_KEY`. Whoever changes the key makes what
was sealed before unreadable. A fingerprint compares two texts without opening either.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.crypto import salted_hmac

NONCE_BYTES = 12


class NotOpened(Exception):
    """The text was sealed under another key, for another purpose, or was changed."""


def seal(text: str, *, purpose: str) -> str:
    """Return a sealed text; the same one looks different each time."""
    nonce = token_bytes(NONCE_BYTES)
    sealed = AESGCM(_key(purpose)).encrypt(nonce, text.encode(), purpose.encode())
    return urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """Return the text that was sealed for this purpose. Raises NotOpened."""
    try:
        packed = urlsafe_b64decode(sealed)
        text = AESGCM(_key(purpose)).decrypt(packed[:NONCE_BYTES], packed[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise NotOpened(purpose) from error
    return text.decode()


def fingerprint(text: str, *, purpose: str) -> str:
    """Return what is the same for the same text and tells nothing of it to those without the key."""
    return salted_hmac(f"fingerprint {purpose}", text, secret=_secret(), algorithm="sha256").hexdigest()


def _key(purpose: str) -> bytes:
    return salted_hmac(f"seal {purpose}", "", secret=_secret(), algorithm="sha256").digest()


def _secret() -> str:
    secret: str = settings.SEALING_KEY or settings.SECRET_KEY
    return secret
