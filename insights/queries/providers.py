"""Outside providers: which keys are set, and whether their hosts answer. No key is ever shown or logged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mall.core.providers.heard import Heard, certificate_until, heard

SMS_HTTP = "members.gateways.http.HttpGateway"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider, whether the mall uses it, which settings it needs and lacks, and what was heard of its host.
    `certificate_until` is known only where the provider's certificates are used."""

    label: str
    is_used: bool
    names: list[str]
    missing: list[str]
    heard: Heard | None
    certificate_until: datetime | None


# A name; whether it is used; what it needs; which setting has its address.
_PROVIDERS: tuple[tuple[Any, Any, tuple[str, ...], str], ...] = (
    (
        _("微信支付"),
        lambda: "wechat" in settings.PAYMENT_PROVIDERS or settings.PAYOUT_WECHAT,
        (
            *("WECHAT_PAY_MERCHANT_ID", "WECHAT_PAY_MERCHANT_SERIAL", "WECHAT_PAY_PRIVATE_KEY", "WECHAT_PAY_API_KEY"),
            "WECHAT_APP_ID",
        ),
        "WECHAT_PAY_URL",
    ),
    (
        _("支付宝"),
        lambda: "alipay" in settings.PAYMENT_PROVIDERS,
        ("ALIPAY_APP_ID", "ALIPAY_SELLER_ID", "ALIPAY_PRIVATE_KEY", "ALIPAY_PUBLIC_KEY"),
        "ALIPAY_URL",
    ),
    (
        _("短信"),
        lambda: settings.SMS_GATEWAY == SMS_HTTP,
        ("SMS_HTTP_URL", "SMS_HTTP_KEY"),
        "SMS_HTTP_URL",
    ),
    (
        _("微信登录"),
        lambda: bool(settings.WECHAT_APP_ID),
        ("WECHAT_APP_ID", "WECHAT_APP_SECRET"),
        "WECHAT_API_URL",
    ),
)


def providers() -> list[Provider]:
    """Return every provider as it stands."""
    return [_provider(label, bool(used()), names, address) for label, used, names, address in _PROVIDERS]


def _provider(label: Any, is_used: bool, names: tuple[str, ...], address: str) -> Provider:
    missing = [name for name in names if not getattr(settings, name)]
    url = getattr(settings, address)
    until = certificate_until(settings.WECHAT_PAY_MERCHANT_ID) if address == "WECHAT_PAY_URL" else None
    return Provider(str(label), is_used, list(names), missing, heard(url) if url else None, until)
