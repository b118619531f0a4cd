"""Celery is only the doorbell: each task looks at the rows and calls one command."""

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from mall.core import clock

from . import commands, queries

BATCH = 200


class Doorbell(Task):
    """A task that is rung with a row's number, and whose ring may be lost."""

    def ring(self, number: str) -> None:
        """Ring without waiting; a broker that does not answer costs nothing but time."""
        try:
            self.apply_async((number,), retry=False)
        except OperationalError:
            return


@shared_task
def expire_orders() -> int:
    """Close purchases that were not paid in time."""
    return commands.expire_purchases(at=clock.now())


@shared_task
def receive_overdue() -> int:
    """Receive parcels that nobody confirmed for ten days."""
    return commands.receive_overdue(at=clock.now())


@shared_task
def complete_orders() -> int:
    """Complete orders whose cooling-off is over."""
    return commands.complete_orders(at=clock.now())


@shared_task
def ask_providers() -> int:
    """Ask about payments of which no notice came."""
    numbers = queries.unasked_payments(at=clock.now(), limit=BATCH)
    for number in numbers:
        commands.ask_provider(payment_number=number, at=clock.now())
    return len(numbers)


@shared_task
def send_refunds() -> int:
    """Send refunds that were decided, and ask about those whose outcome is unknown."""
    numbers = queries.unsent_refunds(at=clock.now(), limit=BATCH)
    for number in numbers:
        commands.send_refund(number=number, at=clock.now())
    return len(numbers)


@shared_task(base=Doorbell)
def send_refund(number: str) -> None:
    """Send one refund."""
    commands.send_refund(number=number, at=clock.now())


@shared_task(base=Doorbell)
def close_charge(number: str) -> None:
    """Close one payment with its provider."""
    commands.close_charge(payment_number=number, at=clock.now())
