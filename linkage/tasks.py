"""Celery is only the doorbell: each task looks at the rows and calls one command."""

from celery import shared_task

from mall.core import clock
from mall.core.doorbell import Doorbell

from . import commands


@shared_task(name="linkage.tasks.settle", base=Doorbell)
def settle(shard: int) -> int:
    """Settle everything that waits in one shard."""
    return commands.settle_waiting(shards=[shard], at=clock.now())


@shared_task(name="linkage.tasks.sweep")
def sweep() -> list[int]:
    """Ring for whatever a lost message has left lying."""
    return commands.ring_for_leftovers()


@shared_task(name="linkage.tasks.advance")
def advance() -> int:
    """Take in what has fallen due: cooling-off periods that are over, holds that expire."""
    return commands.advance_shards(at=clock.now())


@shared_task(name="linkage.tasks.simulate", base=Doorbell)
def simulate(run_id: int) -> None:
    """Run one simulation that waits."""
    commands.run_simulation(run_id=run_id, tick=clock.now)


@shared_task(name="linkage.tasks.sweep_simulations")
def sweep_simulations() -> int:
    """Mark simulations whose worker is gone, and ring for those that wait."""
    return commands.sweep_simulations(at=clock.now())


@shared_task(name="linkage.tasks.count_compliance", base=Doorbell)
def count_compliance(_row: None = None) -> None:
    """Count the figures of the compliance page."""
    commands.count_compliance(at=clock.now())


@shared_task(name="linkage.tasks.forget_matured_sums")
def forget_matured_sums() -> int:
    """Delete sums by day that are over."""
    return commands.forget_matured_sums(at=clock.now())
