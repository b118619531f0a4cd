"""A developer's machine and the demo. `python -m mall.services` sets the servers and keys."""

from mall.settings.base import *
from mall.settings.base import STORAGES, env
from mall.settings.stand_ins import *

DEBUG = env.bool("DEBUG", default=True)
DEMO = env.bool("DEMO", default=True)
CARRIER_GATEWAY = env.str("CARRIER_GATEWAY", default="orders.carriers.sandbox.SandboxCarriers")
PAYOUT_GATEWAY = env.str("PAYOUT_GATEWAY", default="payouts.gateways.sandbox.SandboxTransfers")
WEBHOOK_ALLOWS_LOOPBACK = (DEBUG or DEMO) and env.bool("WEBHOOK_ALLOWS_LOOPBACK", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
if DEBUG:
    SECRET_KEY: str = env.str("SECRET_KEY", default="only-for-debugging-on-this-machine")
    SANDBOX_KEY: str = env.str("SANDBOX_KEY", default="only-for-debugging-on-this-machine")
else:
    SECRET_KEY = env.str("SECRET_KEY")
    SANDBOX_KEY = env.str("SANDBOX_KEY")

# Hashed names as in production, but nobody waits for the compression.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
