"""Periodic work on members."""

from celery import shared_task

from mall.core import clock

from . import commands


@shared_task
def sweep_codes() -> None:
    """Forget requests for codes that no limit counts any more."""
    commands.sweep_codes(at=clock.now())
