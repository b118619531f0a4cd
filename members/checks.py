"""Start-up checks of this app's settings."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

OUTBOX = "members.gateways.outbox.OutboxGateway"
HTTP = "members.gateways.http.HttpGateway"


def check_sms_gateway(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Say what is wrong with `SMS_GATEWAY`: unknown, a demo's outbox in production, or without address and key."""
    name = settings.SMS_GATEWAY
    try:
        gateway = import_string(name)
    except ImportError:
        return [Error(f"SMS_GATEWAY names {name!r}, which cannot be imported", id="members.E001")]
    if not hasattr(gateway, "send"):
        return [Error(f"SMS_GATEWAY names {name!r}, which cannot send", id="members.E002")]
    if name == OUTBOX and not (settings.DEBUG or settings.DEMO):
        return [Error("SMS_GATEWAY is the demo's outbox: nobody would ever receive a code", id="members.E003")]
    if name == HTTP and not (settings.SMS_HTTP_URL.startswith("https://") and settings.SMS_HTTP_KEY):
        return [Error("SMS_GATEWAY needs SMS_HTTP_URL (https) and SMS_HTTP_KEY", id="members.E004")]
    return []


def check_wechat(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Say what is wrong with WeChat's settings: half of them, or an API that is not reached over TLS in production."""
    if settings.WECHAT_APP_SECRET and not settings.WECHAT_APP_ID:
        return [Error("WECHAT_APP_SECRET needs WECHAT_APP_ID", id="members.E005")]
    addresses = (settings.WECHAT_OPEN_URL, settings.WECHAT_API_URL)
    plain = [address for address in addresses if not address.startswith("https://")]
    if settings.WECHAT_APP_SECRET and plain and not (settings.DEBUG or settings.DEMO):
        return [Error("WECHAT_OPEN_URL and WECHAT_API_URL must begin with https://", id="members.E006")]
    return []
