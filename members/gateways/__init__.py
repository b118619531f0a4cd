"""Ways to send an SMS. `SMS_GATEWAY` names the class; `checks.py` refuses a start with one that cannot be had."""

from datetime import datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class SmsNotSent(Exception):
    """The provider did not take the message."""


# What is told to a phone without a code, by the name of the provider's template.
NOTICES = {
    "phone-is-new": _("你的账号已更换手机号。不是你本人操作的，请立即联系客服。"),
    "phone-waits": _("你的账号申请更换手机号，72 小时后生效。不是你本人操作的，请登录后在“账号与安全”里撤销。"),
    "closing": _("你的账号申请注销，7 天后生效。期间登录即可撤销。"),
    "closed": _("你的账号已注销。"),
}


class SmsGateway(Protocol):
    """Sends codes and notices. An implementation never logs the code and never keeps it."""

    def send(self, *, phone: str, purpose: str, code: str, at: datetime) -> None:
        """Send `code` to `phone` (E.164). Raises SmsNotSent where the provider refuses or does not answer in time."""

    def notify(self, *, phone: str, notice: str, at: datetime) -> None:
        """Send one of `NOTICES`. Raises SmsNotSent likewise."""


def sms_gateway() -> SmsGateway:
    """Return the gateway that the settings name."""
    gateway: SmsGateway = import_string(settings.SMS_GATEWAY)()
    return gateway
