"""Keys between the mall and the stand-ins of its payment providers: drawn once per data folder, like passwords.

RSA keys are base64 in one line, as providers' consoles hand them out.
"""

from base64 import b64encode
from secrets import token_hex

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

EXPONENT = 65_537
BITS = 2048


def draw_payment_keys() -> dict[str, str]:
    """Return the variables that give each side its private key and the public key of the other."""
    return {
        **_pair("WECHAT_PAY_PRIVATE_KEY", "WECHAT_STAND_IN_MERCHANT_KEY"),
        **_pair("WECHAT_STAND_IN_KEY", "WECHAT_PAY_PUBLIC_KEY"),
        **_pair("ALIPAY_PRIVATE_KEY", "ALIPAY_STAND_IN_MERCHANT_KEY"),
        **_pair("ALIPAY_STAND_IN_KEY", "ALIPAY_PUBLIC_KEY"),
        "WECHAT_PAY_API_KEY": token_hex(16),
    }


def _pair(private_name: str, public_name: str) -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=BITS)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {private_name: b64encode(private).decode(), public_name: b64encode(public).decode()}
