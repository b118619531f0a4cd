"""Celery is only the doorbell: each task looks at the rows and calls one command."""

from celery import shared_task

from mall.core import clock
from mall.core.doorbell import Doorbell

from . import commands


@shared_task(name="reconciliation.tasks.check", base=Doorbell)
def check(check_id: int) -> None:
    """Run one check that waits."""
    commands.run_check(check_id=check_id, tick=clock.now)


@shared_task(name="reconciliation.tasks.sweep_checks")
def sweep_checks() -> int:
    """Mark checks whose worker is gone, and ring for those that wait."""
    return commands.sweep_checks(at=clock.now())


@shared_task(name="reconciliation.tasks.check_yesterday")
def check_yesterday() -> None:
    """Have yesterday checked, once its bills are there."""
    commands.check_yesterday(at=clock.now())
