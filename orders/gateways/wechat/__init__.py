"""WeChat Pay, API version 3: JSAPI inside WeChat, H5 in other browsers. What is checked: `docs/payments.md`."""

from .client import WechatGateway

__all__ = ["WechatGateway"]
