"""What all environments share. Every value that differs between machines comes from an environment variable."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import environ
from django.utils.translation import gettext_lazy as _

from mall.settings.admin import UNFOLD_OPS as UNFOLD_OPS
from mall.settings.admin import UNFOLD_SUPPLIER as UNFOLD_SUPPLIER

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORT = env.int("PORT", default=8000)
SITE_URL: str = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_NAME = "禾集"
# Seals identity and account numbers; empty: `SECRET_KEY` does. Who changes it can read none that were sealed before.
SEALING_KEY: str = env.str("SEALING_KEY", default="")

INSTALLED_APPS = [
    "mall.apps.MallConfig",
    "mall.core",
    "mall.demo",
    "members",
    "ledger",
    "payouts",
    "suppliers",
    "orders",
    "integration",
    "remittance",
    "onboarding",
    "linkage",
    "reconciliation",
    "agents",
    "service",
    "storefront",
    "risk",
    "insights",
    "sandbox",
    "sandbox.payments",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "django_htmx",
    "mptt",
    "rest_framework",
]

MIDDLEWARE = [
    "mall.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mall.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mall.middleware.LanguageMiddleware",
    "mall.middleware.MaintenanceMiddleware",
    "mall.middleware.PrivacyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "mall.core.middleware.OperatorTrailMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "members.middleware.WechatEntryMiddleware",
    "members.middleware.DayVisitMiddleware",
    "orders.middleware.CartMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mall.urls"
WSGI_APPLICATION = "mall.wsgi.application"
SUBSCRIPTIONS_MODULE = "mall.subscriptions"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["mall.templatetags.mall", "mall.templatetags.goods"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mall.context.site",
            ],
        },
    },
]

# The servers

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        **env.db("DATABASE_URL", default="postgres://mall_app@127.0.0.1:5432/mall"),
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", default=600),
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("DATABASE_POOLED", default=False),
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update({"connect_timeout": 5, "application_name": "mall"})
if not DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"]:
    # Plans that a session keeps (`mall.core.statements`, triggers) are made once.
    DATABASES["default"]["OPTIONS"].setdefault("options", "-c plan_cache_mode=force_generic_plan")
DATABASE_APP_ROLE: str = env.str("DATABASE_APP_ROLE", default="mall_app")
# In which requests of the supplier's site run: it may do what the application may, to rows of one supplier.
DATABASE_SUPPLIER_ROLE: str = env.str("DATABASE_SUPPLIER_ROLE", default="mall_supplier")

REDIS_URL: str = env.str("REDIS_URL", default="redis://127.0.0.1:6379")


def redis_database(number: int) -> str:
    """Return the address of one numbered database of the server at REDIS_URL."""
    return urlunsplit(urlsplit(REDIS_URL)._replace(path=f"/{number}"))


CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": redis_database(1),
        "KEY_PREFIX": "mall",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}

# The queue: JSON only, acknowledged when done, returned when a worker dies; nobody waits for an answer.
# A task runs for less than the visibility timeout, or Redis would hand it out twice.

CELERY_BROKER_URL = redis_database(0)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "health_check_interval": 25,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_DEFAULT_QUEUE = "mall"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"

# People

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "members.backends.MemberBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "members.adapter.PhoneAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
AXES_VERBOSE = False
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "members.staff_login.account_of"
AXES_CLIENT_IP_CALLABLE = "members.staff_login.network_address_of"
SMS_GATEWAY: str = env.str("SMS_GATEWAY", default="members.gateways.outbox.OutboxGateway")
SMS_HTTP_URL: str = env.str("SMS_HTTP_URL", default="")
SMS_HTTP_KEY: str = env.str("SMS_HTTP_KEY", default="")
# How many reverse proxies stand in front: only their entries of X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Outside providers

PAYMENT_PROVIDERS: list[str] = env.list("PAYMENT_PROVIDERS", default=["sandbox"])
KNOWN_PAYMENT_GATEWAYS = {
    "wechat": "orders.gateways.wechat.WechatGateway",
    "alipay": "orders.gateways.alipay.AlipayGateway",
    "sandbox": "orders.gateways.sandbox.SandboxGateway",
}
PAYMENT_GATEWAYS = {name: KNOWN_PAYMENT_GATEWAYS[name] for name in PAYMENT_PROVIDERS}
PROVIDER_TIMEOUT_SECONDS = 4

# WeChat Pay. With a public key of WeChat Pay its certificates are not asked for. Keys: PEM, or its base64 in one line.
WECHAT_PAY_URL: str = env.str("WECHAT_PAY_URL", default="https://api.mch.weixin.qq.com").rstrip("/")
WECHAT_PAY_MERCHANT_ID: str = env.str("WECHAT_PAY_MERCHANT_ID", default="")
WECHAT_PAY_MERCHANT_SERIAL: str = env.str("WECHAT_PAY_MERCHANT_SERIAL", default="")
WECHAT_PAY_PRIVATE_KEY: str = env.str("WECHAT_PAY_PRIVATE_KEY", default="")
WECHAT_PAY_API_KEY: str = env.str("WECHAT_PAY_API_KEY", default="")
WECHAT_PAY_PUBLIC_KEY_ID: str = env.str("WECHAT_PAY_PUBLIC_KEY_ID", default="")
WECHAT_PAY_PUBLIC_KEY: str = env.str("WECHAT_PAY_PUBLIC_KEY", default="")
# Only stand-ins have one: the script that WeChat's own browser brings along.
WECHAT_BRIDGE_URL = ""
# Likewise: where a payee confirms a transfer in another browser; with the real WeChat Pay only WeChat itself does.
WECHAT_CONFIRM_URL = ""

# Alipay
ALIPAY_URL: str = env.str("ALIPAY_URL", default="https://openapi.alipay.com/gateway.do")
ALIPAY_APP_ID: str = env.str("ALIPAY_APP_ID", default="")
ALIPAY_SELLER_ID: str = env.str("ALIPAY_SELLER_ID", default="")
ALIPAY_PRIVATE_KEY: str = env.str("ALIPAY_PRIVATE_KEY", default="")
ALIPAY_PUBLIC_KEY: str = env.str("ALIPAY_PUBLIC_KEY", default="")
ALIPAY_BILL_HOSTS: list[str] = env.list("ALIPAY_BILL_HOSTS", default=["dwbillcenter.alipay.com"])
# What carries money to members: WeChat balances have their own way where that is on; without a gateway people do it.
PAYOUT_GATEWAY: str = env.str("PAYOUT_GATEWAY", default="")
PAYOUT_WECHAT = env.bool("PAYOUT_WECHAT", default=False)
# Who tells what happens to parcels; empty: nobody, and pages say so.
CARRIER_GATEWAY: str = env.str("CARRIER_GATEWAY", default="")
SANDBOX_URL: str = env.str("SANDBOX_URL", default=f"{SITE_URL}/sandbox").rstrip("/")
SANDBOX_APP_ID: str = env.str("SANDBOX_APP_ID", default="mall-h5")
SANDBOX_MERCHANT_ID: str = env.str("SANDBOX_MERCHANT_ID", default="1900000001")
# WeChat: the official account in whose pages people log in. Without it nobody is asked; joining without a phone is the
# operator's choice.
WECHAT_APP_ID: str = env.str("WECHAT_APP_ID", default="")
WECHAT_APP_SECRET: str = env.str("WECHAT_APP_SECRET", default="")
WECHAT_OPEN_URL: str = env.str("WECHAT_OPEN_URL", default="https://open.weixin.qq.com").rstrip("/")
WECHAT_API_URL: str = env.str("WECHAT_API_URL", default="https://api.weixin.qq.com").rstrip("/")
WECHAT_JOINS_ALONE = env.bool("WECHAT_JOINS_ALONE", default=False)

# Suppliers' systems: how often a key may ask, and whether webhooks may go to this very machine, for trying out.

API_KEY_PER_MINUTE = env.int("API_KEY_PER_MINUTE", default=120)
# The latter only a developer's machine and the demo can allow.
WEBHOOK_ALLOWS_LOOPBACK = False

# Rewards: a referral tree lies in one shard, and a shard is settled by one worker at a time.

LINKAGE_SHARDS = 16

# Language, time, files

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(BASE_DIR / "var" / "media")))
# Photos that only some may see: beside the media folder, so that no proxy serves them.
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(MEDIA_ROOT.with_name("private"))))
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "file_permissions_mode": 0o600},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Safety

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        # A form of ours may lead on to WeChat's login. To payment providers people go by a page of ours.
        "form-action": [
            "'self'",
            "{0.scheme}://{0.netloc}".format(urlsplit(WECHAT_OPEN_URL)),
        ],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "COERCE_DECIMAL_TO_STRING": True,
    "DEFAULT_SCHEMA_CLASS": "integration.api.openapi.DocumentedSchema",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Supplier API",
    "DESCRIPTION": _("供应商自己的系统通过密钥管理订单、发货和库存。错误都是 application/problem+json，按 code 判断。"),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/supplier/v1",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {},
    "COMPONENT_SPLIT_REQUEST": False,
    "SERVE_INCLUDE_SCHEMA": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "filters": {"request_id": {"()": "mall.core.request_id.RequestIdFilter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "fontTools": {"level": "WARNING"}},
}

# Service: how customers reach people, the share card inside WeChat, and the closed shop.
# The script's source is added to the content security policy only where it is set.

CSRF_FAILURE_VIEW = "mall.failures.csrf_failure"
# A file that the backup touches when it is done; empty: nobody knows when the last one was.
BACKUP_STAMP: str = env.str("BACKUP_STAMP", default="")
MAINTENANCE_MINUTES = env.int("MAINTENANCE_MINUTES", default=0)
if env.bool("COMPRESS_PAGES", default=False):
    # Behind a proxy that packs nothing. Django pads what it packs, so that lengths tell no secret.
    MIDDLEWARE.insert(3, "django.middleware.gzip.GZipMiddleware")
SERVICE_WORKER = env.bool("SERVICE_WORKER", default=True)
SERVICE_PHONE: str = env.str("SERVICE_PHONE", default="")
SERVICE_WECOM_URL: str = env.str("SERVICE_WECOM_URL", default="")
TICKET_REPLY_HOURS = env.int("TICKET_REPLY_HOURS", default=24)
TICKET_RESOLVE_HOURS = env.int("TICKET_RESOLVE_HOURS", default=72)
WECHAT_JS_SDK_URL: str = env.str("WECHAT_JS_SDK_URL", default="")
if WECHAT_JS_SDK_URL:
    _js_sdk = "{0.scheme}://{0.netloc}".format(urlsplit(WECHAT_JS_SDK_URL))
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"].append(_js_sdk)

# What is kept of people, app by app (`mall.core.personal`), in the order in which people read it
PERSONAL_DATA = [
    "members.personal",
    "suppliers.personal",
    "orders.personal",
    "onboarding.personal",
    "payouts.personal",
    "linkage.personal",
    "agents.personal",
    "service.personal",
    "risk.personal",
]

# Who knows words for ids of other apps (`mall.core.labels`)

LABELS = {
    "member": "members.queries.names_of",
    "member_title": "linkage.queries.titles_of",
    "order": "orders.queries.numbers_of",
    "supplier": "suppliers.queries.names_of",
    "channel": "orders.queries.channel_names",
    "line": "orders.queries.line_names",
    "open_case": "orders.queries.open_cases_of_orders",
    "order_service": "service.queries.service_of_orders",
    "member_service": "service.queries.service_of_members",
    "open_case_of_line": "orders.queries.open_cases_of_lines",
}
# Pages of each admin site's menu, for its search (`mall.core.admin.palette`)
PALETTE_PAGES = {"ops": "mall.menu.ops_pages", "supplier": "mall.menu.supplier_menu"}
# What refunding an order would take back, for the page that asks first.
REFUND_EFFECTS = "linkage.queries.refund_effects"
