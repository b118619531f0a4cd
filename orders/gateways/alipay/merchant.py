"""The library's signing and verifying, with requests that go out on our own terms.

The library would follow redirects and read any amount; what it verifies is the very text that was signed.
"""

from datetime import datetime
from functools import cache
from typing import Any

from alipay import AliPay
from alipay.exceptions import AliPayException, AliPayValidationError
from django.conf import settings

from mall.core.providers import GatewayError, http
from mall.core.providers.keys import pem
from mall.core.providers.reading import local_text

DONE = "10000"
# The gateway itself had trouble: it may have done what it was asked.
TROUBLE = {"20000"}


class Refused(Exception):
    """Alipay said no; `code` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Merchant(AliPay):
    """The library's client, over our own HTTP."""

    def __init__(self, app_id: str, private_key: str, public_key: str) -> None:
        super().__init__(
            appid=app_id,
            app_private_key_string=pem(private_key, "PRIVATE KEY"),
            alipay_public_key_string=pem(public_key, "PUBLIC KEY"),
            sign_type="RSA2",
        )

    def page(self, method: str, content: dict[str, Any], *, at: datetime, **addresses: str) -> str:
        """Return the signed address of a page of Alipay."""
        query = self.client_api(method, content, timestamp=local_text(at), **addresses)
        return f"{settings.ALIPAY_URL}?{query}"

    def ask(self, method: str, content: dict[str, Any], *, at: datetime, **addresses: str) -> dict[str, Any]:
        """Ask, and return the verified answer. Raises Refused for a clear no, GatewayError where nothing is certain."""
        try:
            answer = self.server_api(method, content, timestamp=local_text(at), **addresses)
        except (AliPayException, AliPayValidationError, ValueError, AttributeError) as error:
            raise GatewayError(f"an answer that Alipay did not sign: {type(error).__name__}") from error
        if not isinstance(answer, dict):
            raise GatewayError("an answer that cannot be read")
        code, reason = str(answer.get("code")), str(answer.get("sub_code") or answer.get("code"))
        if code in TROUBLE or reason.upper() in ("ACQ.SYSTEM_ERROR", "AOP.ACQ.SYSTEM_ERROR", "ISP.UNKNOW-ERROR"):
            raise GatewayError(f"Alipay answered {reason}")
        if code != DONE:
            raise Refused(reason)
        return answer

    def verified_sync_response(self, data: dict[str, Any], response_type: str) -> Any:
        answer = http.send("GET", f"{settings.ALIPAY_URL}?{self.sign_data(data)}")
        if answer.status != 200:
            raise GatewayError(f"Alipay answered {answer.status}")
        return self._verify_and_return_sync_response(answer.content.decode("utf-8"), response_type)


@cache
def _merchant(app_id: str, private_key: str, public_key: str) -> Merchant:
    return Merchant(app_id, private_key, public_key)


def merchant() -> Merchant:
    """Return the client of our app; loading its keys takes a moment, so there is one a process."""
    return _merchant(settings.ALIPAY_APP_ID, settings.ALIPAY_PRIVATE_KEY, settings.ALIPAY_PUBLIC_KEY)
