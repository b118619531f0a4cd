from datetime import timedelta

from celery import shared_task

from mall.core import clock
from mall.core.doorbell import Doorbell

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


@shared_task(name="payouts.tasks.send_released", base=Doorbell)
def send_released(number: str) -> None:
    """Send one withdrawal that was released with others."""
    commands.settle_sending(number=number, at=clock.now())


@shared_task(name="payouts.tasks.book_results", base=Doorbell)
def book_results(file_id: int) -> None:
    """Book one file of results that was approved."""
    commands.book_result_file(file_id=file_id, at=clock.now())


@shared_task(name="payouts.tasks.sweep_results")
def sweep_results() -> int:
    """Ring for approved files that no worker has finished."""
    return commands.ring_for_results()
