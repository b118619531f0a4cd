"""What happens to statements by itself."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def close_periods() -> None:
    """Make the statements of periods that are over."""
    commands.close_due_periods(at=clock.now())


@shared_task
def confirm_overdue() -> None:
    """Take statements as right on which nobody said anything in time."""
    commands.confirm_overdue(at=clock.now())
