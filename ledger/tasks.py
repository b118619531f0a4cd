from celery import shared_task

from . import commands


@shared_task(name="ledger.tasks.roll_up")
def roll_up() -> int:
    """Fold the platform accounts' postings into their checkpoints."""
    return commands.roll_up_platform_accounts()
