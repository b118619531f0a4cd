"""Refunds take a while: one is in processing until the next sweep, or until the merchant asks."""

from datetime import datetime

from sandbox.payments import book
from sandbox.payments.models import TradeRefund

from .notices import REFUNDED, refunded_content


def finish(refund: TradeRefund, *, at: datetime) -> TradeRefund:
    """Let a refund in processing arrive, and owe the merchant a notice of it."""
    if not book.settle_refund(refund=refund, at=at):
        return refund
    refund.refresh_from_db()
    if refund.notify_url:
        book.owe_notice(
            trade=refund.trade,
            event=REFUNDED,
            operation="refund_notice",
            url=refund.notify_url,
            content=refunded_content(refund),
            at=at,
        )
    return refund
