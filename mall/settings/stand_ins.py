"""The stand-ins of WeChat Pay and Alipay, for the demo and for tests: they lie beside the mall, under /sandbox/.

`python -m mall.services` draws all keys; each side is given its own private keys and the public ones of the other.
Without keys there are no stand-ins.
"""

from urllib.parse import urlsplit

from mall.settings.base import KNOWN_PAYMENT_GATEWAYS, SITE_URL, env

WECHAT_STAND_IN_KEY: str = env.str("WECHAT_STAND_IN_KEY", default="")
WECHAT_STAND_IN_MERCHANT_KEY: str = env.str("WECHAT_STAND_IN_MERCHANT_KEY", default="")
ALIPAY_STAND_IN_KEY: str = env.str("ALIPAY_STAND_IN_KEY", default="")
ALIPAY_STAND_IN_MERCHANT_KEY: str = env.str("ALIPAY_STAND_IN_MERCHANT_KEY", default="")
ARE_THERE = bool(WECHAT_STAND_IN_KEY and ALIPAY_STAND_IN_KEY)

PAYMENT_PROVIDERS: list[str] = env.list(
    "PAYMENT_PROVIDERS", default=["wechat", "alipay", "sandbox"] if ARE_THERE else ["sandbox"]
)
PAYMENT_GATEWAYS = {name: KNOWN_PAYMENT_GATEWAYS[name] for name in PAYMENT_PROVIDERS}

WECHAT_PAY_URL: str = env.str("WECHAT_PAY_URL", default=f"{SITE_URL}/sandbox/wechatpay")
WECHAT_PAY_MERCHANT_ID: str = env.str("WECHAT_PAY_MERCHANT_ID", default="1900000109")
WECHAT_PAY_MERCHANT_SERIAL: str = env.str(
    "WECHAT_PAY_MERCHANT_SERIAL", default="444F4864EA9B34415DEAF0000000000000000001"
)
WECHAT_PAY_PUBLIC_KEY_ID: str = env.str(
    "WECHAT_PAY_PUBLIC_KEY_ID", default="PUB_KEY_ID_0119000001092026110100000000000001"
)
PAYOUT_WECHAT = env.bool("PAYOUT_WECHAT", default=ARE_THERE)
WECHAT_BRIDGE_URL = "/sandbox/wechatpay/bridge.js"
WECHAT_CONFIRM_URL = "/sandbox/wechatpay/transfer"

ALIPAY_URL: str = env.str("ALIPAY_URL", default=f"{SITE_URL}/sandbox/alipay/gateway.do")
ALIPAY_APP_ID: str = env.str("ALIPAY_APP_ID", default="2021000000000001")
ALIPAY_SELLER_ID: str = env.str("ALIPAY_SELLER_ID", default="2088000000000001")
ALIPAY_BILL_HOSTS: list[str] = env.list("ALIPAY_BILL_HOSTS", default=[urlsplit(SITE_URL).netloc])

WECHAT_APP_ID: str = env.str("WECHAT_APP_ID", default="wx0123456789abcdef")
WECHAT_APP_SECRET: str = env.str("WECHAT_APP_SECRET", default="only-for-the-stand-in")
WECHAT_OPEN_URL: str = env.str("WECHAT_OPEN_URL", default=f"{SITE_URL}/sandbox/wechat")
WECHAT_API_URL: str = env.str("WECHAT_API_URL", default=f"{SITE_URL}/sandbox/wechat")
WECHAT_JOINS_ALONE = env.bool("WECHAT_JOINS_ALONE", default=True)
