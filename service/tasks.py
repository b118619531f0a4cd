"""Work of the service that recurs."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def forget_messages() -> int:
    """Delete what was told half a year ago."""
    return commands.forget_messages(at=clock.now())


@shared_task
def close_quiet_tickets() -> int:
    """End tickets that were answered and to which nobody said anything for days."""
    return commands.close_quiet_tickets(at=clock.now())


@shared_task
def tell_price_drops() -> int:
    """Tell members which of the goods that they keep cost less now."""
    return commands.tell_price_drops(at=clock.now())
