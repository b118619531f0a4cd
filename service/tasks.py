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


@shared_task
def tell_earnings() -> int:
    """Tell members what the ledger moved for them."""
    return commands.tell_earnings(at=clock.now())


@shared_task
def tell_due_holds() -> int:
    """Tell members which holds expire soon, and seed users which tasks are left."""
    return commands.tell_due_holds(at=clock.now())


@shared_task
def tell_rules() -> int:
    """Tell everybody with a title of a new version of the rules."""
    return commands.tell_rules(at=clock.now())
