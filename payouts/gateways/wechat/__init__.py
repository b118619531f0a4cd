"""WeChat Pay's merchant transfers: the payee confirms each one within 24 hours. What is checked: `docs/payouts.md`."""

from .client import WechatTransfers

__all__ = ["WechatTransfers"]
