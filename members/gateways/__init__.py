"""Ways to send an SMS. `SMS_GATEWAY` names the class; `checks.py` refuses a start with one that cannot be had."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsNotSent(Exception):
    """The provider did not take the message."""


class SmsGateway(Protocol):
    """Sends codes. An implementation never logs the code and never keeps it."""

    def send(self, *, phone: str, purpose: str, code: str, at: datetime) -> None:
        """Send `code` to `phone` (E.164). Raises SmsNotSent where the provider refuses or does not answer in time."""


def sms_gateway() -> SmsGateway:
    """Return the gateway that the settings name."""
    gateway: SmsGateway = import_string(settings.SMS_GATEWAY)()
    return gateway
