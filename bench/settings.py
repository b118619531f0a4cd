"""Settings of the measurements: those of production, on the servers that `python -m mall.services` names."""

import os

from mall.settings import base

globals().update({name: getattr(base, name) for name in dir(base) if name.isupper()})

DEBUG = False
SECRET_KEY = os.environ["SECRET_KEY"]
SANDBOX_KEY = os.environ["SANDBOX_KEY"]
ALLOWED_HOSTS = ["127.0.0.1"]
SMS_GATEWAY = "members.gateways.http.HttpGateway"
SMS_HTTP_URL = "https://127.0.0.1:9/"
SMS_HTTP_KEY = "nobody-is-sent-a-code"
CELERY_BROKER_URL = base.redis_database(14)
CELERY_TASK_DEFAULT_QUEUE = "mall-bench"
LOGGING = {"version": 1, "disable_existing_loggers": False, "root": {"level": "WARNING"}}
