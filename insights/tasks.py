"""Work of the operators' figures that recurs."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def make_days() -> int:
    """Bring the figures of days up to now; returns how many days were made."""
    return commands.make_days(at=clock.now())


@shared_task
def mend_days() -> int:
    """Compare the figures of all days with the rows, and make anew what differs; returns over how many figures."""
    return len(commands.check_days(at=clock.now(), mend=True))
