"""Celery is only the doorbell: what a webhook waits for stands in rows."""

from celery import shared_task

from mall.core import clock
from mall.core.doorbell import Doorbell

from . import commands


@shared_task(base=Doorbell)
def send(webhook_id: str) -> int:
    """Send what one webhook waits for."""
    made = commands.send_due(webhook_id=int(webhook_id), at=clock.now())
    if made == commands.AT_ONCE:
        # There may be more: others in the queue come first.
        send.ring(webhook_id)
    return made


@shared_task
def sweep() -> int:
    """Stop what was tried for long enough, and ring for what is due."""
    commands.stop_overdue(at=clock.now())
    return commands.ring_due(at=clock.now())


@shared_task
def forget() -> int:
    """Forget answers after thirty days, deliveries after ninety, and what was done with keys after three years."""
    at = clock.now()
    return commands.forget_answers(at=at) + commands.forget_deliveries(at=at) + commands.forget_acts(at=at)
