"""Where the stand-ins of the payment providers lie, once the mall runs at an address."""

from typing import Any
from urllib.parse import urlsplit


def point_to(settings: Any, url: str) -> None:
    """Let the mall and its providers know each other by this address."""
    settings.SITE_URL = url
    settings.SANDBOX_URL = f"{url}/sandbox"
    settings.WECHAT_PAY_URL = f"{url}/sandbox/wechatpay"
    settings.ALIPAY_URL = f"{url}/sandbox/alipay/gateway.do"
    settings.ALIPAY_BILL_HOSTS = [urlsplit(url).netloc]
    settings.WECHAT_APP_ID = settings.WECHAT_APP_ID or "wx0000000000000001"
    settings.WECHAT_OPEN_URL = settings.WECHAT_API_URL = f"{url}/sandbox/wechat"
