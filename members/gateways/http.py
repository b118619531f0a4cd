"""Codes and notices through an SMS relay over HTTPS: one JSON request a message.

It speaks to a relay of the operator's own, which holds the provider's template and signature: `SMS_HTTP_URL` takes
`{"phone", "purpose", "code"}` or `{"phone", "notice"}` with a bearer key and answers 2xx when it has taken the message.
A provider's own protocol is a further class beside this one.
"""

from datetime import datetime
from functools import cache

import httpx
from django.conf import settings

from mall.core.providers import heard

from . import SmsNotSent

TIMEOUT = httpx.Timeout(5.0, connect=2.0)


@cache
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


class HttpGateway:
    """Posts each message to `SMS_HTTP_URL`."""

    def send(self, *, phone: str, purpose: str, code: str, at: datetime) -> None:
        """Send one code; redirects are not followed."""
        self._post({"phone": phone, "purpose": purpose, "code": code})

    def notify(self, *, phone: str, notice: str, at: datetime) -> None:
        """Send one notice, by the name of its template."""
        self._post({"phone": phone, "notice": notice})

    def _post(self, message: dict[str, str]) -> None:
        try:
            answer = _client().post(
                settings.SMS_HTTP_URL,
                json=message,
                headers={"Authorization": f"Bearer {settings.SMS_HTTP_KEY}"},
            )
        except httpx.HTTPError as error:
            heard.silent(settings.SMS_HTTP_URL, type(error).__name__)
            raise SmsNotSent(type(error).__name__) from error
        heard.answered(settings.SMS_HTTP_URL, answer.status_code)
        if not answer.is_success:
            raise SmsNotSent(f"the relay answered {answer.status_code}")
