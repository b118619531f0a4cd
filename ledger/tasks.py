from celery import shared_task

from mall.core import clock

from . import commands


@shared_task(name="ledger.tasks.roll_up")
def roll_up() -> int:
    """Fold the platform accounts' postings into their checkpoints."""
    return commands.roll_up_platform_accounts()


@shared_task(name="ledger.tasks.chain")
def chain() -> int:
    """Chain what is new in the books; the first run of a day publishes its root."""
    chained = commands.chain_entries()
    commands.publish_root(at=clock.now())
    return chained
