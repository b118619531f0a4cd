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


@shared_task
def count_ranks() -> int:
    """Count the ranks of this week and month."""
    return commands.count_ranks(at=clock.now())


@shared_task
def forget_former_customers() -> int:
    """Delete what was written about people who are nobody's customers any more."""
    return commands.forget_former_customers(at=clock.now())


@shared_task
def keep_budgets() -> int:
    """Pause commissions whose month's budget is used up, and take up what is not any more."""
    return commands.keep_budgets(at=clock.now())


@shared_task
def forget_sample_recipients() -> int:
    """Empty where samples went that were sent long ago."""
    return commands.forget_sample_recipients(at=clock.now())


@shared_task
def sum_up_earnings() -> int:
    """Take into the sums by day what was earned and lost since."""
    return commands.sum_up_earnings()
