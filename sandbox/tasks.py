"""Periodic work of the provider."""

from celery import shared_task

from mall.core import clock

from . import commands, notices
from .carrier.pushes import push_due_tracks


@shared_task
def resend_notices() -> int:
    """Send again the notices that no merchant acknowledged, and forget old nonces."""
    commands.sweep_nonces(at=clock.now())
    return notices.send_due_notices(at=clock.now())


@shared_task
def push_tracks() -> int:
    """Push what happened to parcels to the merchant."""
    return push_due_tracks(at=clock.now())
