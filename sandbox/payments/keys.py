"""The keys of the stand-ins, and of the merchant as they know it."""

from base64 import b64decode, b64encode
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key


@cache
def private_key(text: str) -> RSAPrivateKey:
    key = load_der_private_key(b64decode(text), password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


@cache
def public_key(text: str) -> RSAPublicKey:
    key = load_der_public_key(b64decode(text))
    assert isinstance(key, RSAPublicKey)
    return key


def sign(key: str, message: bytes) -> str:
    """Return the signature of a message, SHA-256 with RSA, in base64."""
    return b64encode(private_key(key).sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(key: str, message: bytes, signature: str) -> bool:
    """Say whether a signature is of this message by the owner of a public key."""
    try:
        public_key(key).verify(b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def strangers_key() -> RSAPrivateKey:
    """A key that nobody knows, for notices that are forged."""
    return generate_private_key(public_exponent=65_537, key_size=2048)


def sign_as_stranger(message: bytes) -> str:
    return b64encode(strangers_key().sign(message, PKCS1v15(), SHA256())).decode()
