"""Ringing for work that stands in rows, without waiting for a broker that does not answer."""

import time
from typing import Any

from kombu.exceptions import OperationalError

from mall.core.named_task import NamedTask

# A process that was not answered rings nobody for so long: the sweeps find the rows within a minute anyway.
SILENCE_SECONDS = 20.0


class Doorbell(NamedTask):
    """A task that is rung with a row's number or that of a shard. The row is the truth: a ring may be lost, repeated or
    late, and costs nothing but time."""

    silent_until = 0.0

    def ring(self, row: Any) -> bool:
        """Ring, and tell whether the broker took it. One that does not answer costs a process two seconds at most, and
        then nothing for `SILENCE_SECONDS`."""
        if time.monotonic() < Doorbell.silent_until:
            return False
        try:
            self.apply_async((row,), retry=False)
        except OperationalError:
            Doorbell.silent_until = time.monotonic() + SILENCE_SECONDS
            return False
        return True
