"""How requests of merchants are verified, and how answers and notices are signed: RSA2."""

from collections.abc import Mapping

from django.conf import settings

from sandbox.payments import keys


def signed_text(fields: Mapping[str, str], *, without: tuple[str, ...]) -> bytes:
    """Return what is signed of a request or a notice: its fields in order."""
    return "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if name not in without).encode()


def is_from_merchant(fields: Mapping[str, str]) -> bool:
    """Say whether a request is signed by our merchant; `sign_type` is signed with the rest."""
    if fields.get("app_id") != settings.ALIPAY_APP_ID or fields.get("sign_type") != "RSA2":
        return False
    message = signed_text(fields, without=("sign",))
    return keys.is_signed(settings.ALIPAY_STAND_IN_MERCHANT_KEY, message, fields.get("sign", ""))


def sign_answer(text: str) -> str:
    return keys.sign(settings.ALIPAY_STAND_IN_KEY, text.encode())


def signed_notice(fields: Mapping[str, str]) -> dict[str, str]:
    """Return a notice with its signature, which leaves `sign_type` out."""
    message = signed_text(fields, without=("sign", "sign_type"))
    return {**fields, "sign": keys.sign(settings.ALIPAY_STAND_IN_KEY, message)}
