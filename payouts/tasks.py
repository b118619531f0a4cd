from datetime import timedelta

from celery import shared_task

from mall.core import clock

from . import commands, queries

# Longer than one call to the provider may take, so that nobody is asked about a transfer that is just being sent.
GRACE = timedelta(seconds=30)
BATCH = 50


@shared_task(name="payouts.tasks.settle_unknown_payouts")
def settle_unknown_payouts() -> int:
    """Ask the provider about transfers that have no outcome yet; return how many were asked about."""
    at = clock.now()
    numbers = queries.sending_since(before=at - GRACE, at=at, limit=BATCH)
    for number in numbers:
        commands.settle_sending(number=number, at=at)
    return len(numbers)
