"""What the shop's front does by itself, daily."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def refresh_pairs() -> None:
    """Count anew which goods go together."""
    commands.refresh_pairs(at=clock.now())
