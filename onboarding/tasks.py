"""What happens to applications by itself."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def prune_applications() -> int:
    """Forget applications that nobody went on with, with their documents."""
    return commands.prune_applications(at=clock.now())
