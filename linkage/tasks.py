"""Celery is only the doorbell: each task looks at the rows and calls one command."""

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from mall.core import clock

from . import commands


class Doorbell(Task):
    """A task that is rung for a shard: it drains, so that one answered ring serves all who wait."""

    def ring(self, shard: int) -> None:
        """Ring without waiting for anybody; a broker that does not answer costs nothing but time."""
        try:
            self.apply_async((shard,), retry=False)
        except OperationalError:
            return


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
