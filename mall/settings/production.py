"""Production: everything comes from the environment, and a missing secret stops the start."""

from django.core.exceptions import ImproperlyConfigured

from mall.settings.base import *
from mall.settings.base import PAYMENT_PROVIDERS, SITE_URL, env

DEBUG = False
SECRET_KEY: str = env.str("SECRET_KEY")
SANDBOX_KEY: str = env.str("SANDBOX_KEY")

# What a payment provider cannot do without.
_NEEDED = {
    "wechat": (
        "WECHAT_APP_ID",
        "WECHAT_PAY_MERCHANT_ID",
        "WECHAT_PAY_MERCHANT_SERIAL",
        "WECHAT_PAY_PRIVATE_KEY",
        "WECHAT_PAY_API_KEY",
    ),
    "alipay": ("ALIPAY_APP_ID", "ALIPAY_SELLER_ID", "ALIPAY_PRIVATE_KEY", "ALIPAY_PUBLIC_KEY"),
}
for _provider in PAYMENT_PROVIDERS:
    for _name in _NEEDED.get(_provider, ()):
        if not env.str(_name, default=""):
            raise ImproperlyConfigured(f"Set the {_name} environment variable: {_provider} cannot do without.")

if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
