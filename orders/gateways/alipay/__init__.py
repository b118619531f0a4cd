"""Alipay for pages on a phone (`alipay.trade.wap.pay`). `docs/payments.md` says what is checked."""

from .client import AlipayGateway

__all__ = ["AlipayGateway"]
