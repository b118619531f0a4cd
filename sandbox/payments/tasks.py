"""Periodic work of the stand-ins."""

from celery import shared_task

from mall.core import clock

from . import delivery
from .models import TradeRefund, TradeRefundState
from .wechat import bills, refunds


@shared_task
def send_what_is_due() -> int:
    """Finish refunds in processing, end transfers that nobody confirmed, and send notices that nobody acknowledged."""
    for refund in TradeRefund.objects.filter(state=TradeRefundState.PROCESSING).select_related("trade")[:50]:
        refunds.finish(refund, at=clock.now())
    bills.end_overdue(at=clock.now())
    return delivery.send_due_notices(at=clock.now())
