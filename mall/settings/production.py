"""Production: everything comes from the environment, and a missing secret stops the start."""

from mall.settings.base import *
from mall.settings.base import SITE_URL, env

DEBUG = False
SECRET_KEY: str = env.str("SECRET_KEY")
SANDBOX_KEY: str = env.str("SANDBOX_KEY")

if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
