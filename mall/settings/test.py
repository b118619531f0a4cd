"""Tests: real servers, the database's owner (the test database is made anew), plain static files."""

from mall.settings.base import *
from mall.settings.base import CACHES, DATABASES, KNOWN_PAYMENT_GATEWAYS, STORAGES, env, redis_database
from mall.settings.stand_ins import *

DEBUG = False
DEMO = True
SECRET_KEY = "only-for-tests"
SANDBOX_KEY = "only-for-tests-of-the-sandbox"
CARRIER_GATEWAY = "orders.carriers.sandbox.SandboxCarriers"
PAYMENT_PROVIDERS = ["sandbox", "wechat", "alipay"]
PAYMENT_GATEWAYS = {name: KNOWN_PAYMENT_GATEWAYS[name] for name in PAYMENT_PROVIDERS}
PAYOUT_GATEWAY = "payouts.gateways.sandbox.SandboxTransfers"
WEBHOOK_ALLOWS_LOOPBACK = env.bool("WEBHOOK_ALLOWS_LOOPBACK", default=False)
ALLOWED_HOSTS = ["*"]

WORKER: str = env.str("PYTEST_XDIST_WORKER", default="main")
if "DATABASE_OWNER_URL" in env.ENVIRON:
    DATABASES["default"].update(env.db("DATABASE_OWNER_URL"))
DATABASES["default"]["CONN_MAX_AGE"] = 0
CACHES["default"]["LOCATION"] = redis_database(2 if WORKER == "main" else 3 + int(WORKER.removeprefix("gw")) % 13)
CELERY_TASK_DEFAULT_QUEUE = f"mall-test-{WORKER}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
