"""Putting events into the stream, and ringing for whoever settles them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from .models import LinkageEvent


def whole_second(at: datetime) -> datetime:
    """Return the instant without its fraction of a second, as the stream keeps it."""
    return at.replace(microsecond=0)


def put(events: Sequence[LinkageEvent], *, is_new: bool = False) -> None:
    """Write waiting events, each key once (a repeat is a no-op), and ring for their shards on commit.

    Where they are to be new, raises IntegrityError at a key that is known.
    """
    if not events:
        return
    LinkageEvent.objects.bulk_create(events, ignore_conflicts=not is_new)
    ring({event.shard for event in events})


def ring(shards: Iterable[int]) -> None:
    """Ask a worker, after the commit, to settle these shards. A lost message costs nothing but time."""
    from .tasks import settle

    for shard in sorted(shards):
        transaction.on_commit(partial(settle.ring, shard), robust=True)
