"""Work of the agent's desk that recurs."""

from celery import shared_task

from agents.posters.shelf import sweep
from mall.core import clock

from . import commands


@shared_task
def notice_changes() -> int:
    """Tell shopkeepers of new prices and of stock that runs low."""
    return commands.notice_changes(at=clock.now())


@shared_task
def sweep_posters() -> int:
    """Drop posters that nobody has looked at for a while."""
    return sweep(at=clock.now())
