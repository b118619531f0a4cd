"""Celery is only the doorbell: each task looks at the rows and calls one command."""

from celery import shared_task

from mall.core import clock
from mall.core.doorbell import Doorbell

from . import commands


@shared_task
def sweep_codes() -> None:
    """Forget requests for codes that no limit counts any more."""
    commands.sweep_codes(at=clock.now())


@shared_task
def sweep_sessions() -> int:
    """Forget devices whose session has run out, and marks of devices that were not seen for long."""
    commands.sweep_marks(at=clock.now())
    return commands.sweep_sessions(at=clock.now())


@shared_task(base=Doorbell)
def gather_export(export_id: int) -> bool:
    """Gather one copy of a member's data."""
    return commands.gather_export(export_id=export_id, at=clock.now())


@shared_task
def gather_exports() -> int:
    """Gather copies for which no ring was heard, and delete those whose link has run out."""
    commands.sweep_exports(at=clock.now())
    return commands.gather_waiting_exports(at=clock.now())


@shared_task
def finish_phone_changes() -> int:
    """Change the phones whose rest is over."""
    return commands.finish_phone_changes(at=clock.now())


@shared_task
def end_lapsed_relations() -> int:
    """End the relations between customers and advisers whose time is over."""
    return commands.end_lapsed_relations(at=clock.now())


@shared_task
def close_accounts() -> int:
    """Close the accounts whose seven days are over."""
    return commands.close_due_accounts(at=clock.now())
