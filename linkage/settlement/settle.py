"""One batch: lock, load, fold, write."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from linkage.models import EventKind
from linkage.rules import engine

from .book import BatchEnds, LoadedBook, Missing
from .loading import Loaded, lock_shard
from .rows import EventRow
from .writing import write_batch

BATCH = 1000

# Kinds that read balances, so that those of all members loaded are read at once.
_READS_BALANCES = frozenset(
    {
        EventKind.RECEIVE,
        EventKind.REFUND,
        EventKind.TASKS_DONE,
        EventKind.WITHDRAW,
        EventKind.PAYOUT,
        EventKind.GRANT,
        EventKind.SALE_RECEIVED,
        EventKind.SALE_KEPT,
        EventKind.ADJUST,
        EventKind.FORGIVE,
    }
)


@dataclass(slots=True)
class Batch:
    """What one batch did. `settled` are the events that got a number, `refused` those that did not, with the reason."""

    settled: list[tuple[EventRow, int]] = field(default_factory=list)
    refused: list[tuple[EventRow, str]] = field(default_factory=list)
    refunded_at: dict[int, int] = field(default_factory=dict)
    tick: int | None = None
    clock: int = 0

    def __len__(self) -> int:
        return len(self.settled) + len(self.refused) + (self.tick is not None)


def drain_shard(shard: int, at: int, limit: int = BATCH) -> int:
    """Settle all that waits in a shard and all that is due at `at` (Unix seconds), batch by batch; return how many."""
    total = 0
    while True:
        done = len(settle_shard(shard, at, limit))
        if not done:
            return total
        total += done


def settle_shard(shard: int, at: int, limit: int = BATCH) -> Batch:
    """Settle one batch of a shard in one transaction: up to `limit` waiting events in order, each at the later of its
    own time and the last of the shard, with everything due before it; where nothing waits, what is due at `at`.

    Whoever else settles the same shard is waited for. An empty batch means that nothing was left to do.
    """
    with transaction.atomic():
        clock = lock_shard(shard)
        loaded = Loaded(shard, clock)
        loaded.take_events(limit)
        until = max([clock, *(event.at for event in loaded.events)]) if loaded.events else max(at, clock)
        complete = loaded.take_due(until)
        if loaded.is_empty:
            return Batch(clock=clock)
        loaded.take_plans()
        loaded.take_members()
        loaded.take_withdrawals()
        if any(event.kind == EventKind.GRANT for event in loaded.events):
            loaded.lock_fund()
        if any(event.kind in _READS_BALANCES for event in loaded.events) or loaded.orders or loaded.commissions:
            loaded.take_balances(list(loaded.tree.members))
        book, batch = _fold(loaded, until, complete)
        write_batch(loaded, book, batch)
        return batch


def _fold(loaded: Loaded, until: int, complete: int) -> tuple[LoadedBook, Batch]:
    """Apply the events, loading what turns out to be missing and starting again as often as it takes."""
    while True:
        book = loaded.book()
        try:
            return book, _apply(book, loaded.events, until, complete)
        except Missing as missing:
            loaded.load_missing(missing)
        except BatchEnds:
            del loaded.events[book.begun :]


def _apply(book: LoadedBook, events: list[EventRow], until: int, complete: int) -> Batch:
    batch = Batch()
    if not events or complete < until:
        # More falls due than one batch takes in, or nothing waits: time passes, and the events wait for the next batch.
        if not events or max(book.now, events[0].at) > complete:
            batch.tick = batch.clock = max(book.now, complete)
            book.tick(batch.tick)
            return batch
    for place, event in enumerate(events):
        book.begun = place
        at = max(event.at, book.now)
        if at > complete:
            break
        try:
            _apply_one(book, event, at)
        except engine.Refused as refusal:
            batch.refused.append((event, str(refusal)))
        else:
            batch.settled.append((event, at))
            if event.kind == EventKind.REFUND and event.order_id is not None:
                batch.refunded_at[event.order_id] = at
    batch.clock = book.now
    return batch


def _apply_one(book: LoadedBook, event: EventRow, at: int) -> None:
    kind = event.kind
    if kind == EventKind.ORDER:
        assert event.packs is not None
        assert event.plan_version is not None
        book.order(at, event.order_id, event.member_id, event.packs, event.plan_version)
    elif kind == EventKind.JOIN:
        book.join(at, event.member_id, event.referrer_id)
    elif kind == EventKind.RECEIVE:
        book.receive(at, event.order_id)
    elif kind == EventKind.REFUND:
        book.refund(at, event.order_id)
    elif kind == EventKind.TASKS_DONE:
        book.tasks_done(at, event.member_id)
    elif kind == EventKind.WITHDRAW:
        assert event.amount_fen is not None
        assert event.min_fen is not None
        assert event.fee_bps is not None
        assert event.tax_bps is not None
        book.withdraw(
            at,
            event.reference,
            event.member_id,
            event.amount_fen,
            min_fen=event.min_fen,
            fee_bps=event.fee_bps,
            tax_bps=event.tax_bps,
            fee_fen=event.fee_fen,
            tax_fen=event.tax_fen,
        )
    elif kind == EventKind.PAYOUT:
        book.payout(at, event.reference, bool(event.approved))
    elif kind == EventKind.GRANT:
        assert event.amount_fen is not None
        book.grant(at, event.member_id, event.amount_fen, event.reference)
    elif kind == EventKind.ADJUST:
        assert event.amount_fen is not None
        book.adjust(at, event.member_id, event.amount_fen, event.reference)
    elif kind == EventKind.FORGIVE:
        assert event.amount_fen is not None
        book.forgive(at, event.member_id, event.amount_fen, event.reference)
    elif kind == EventKind.SALE:
        book.sale(
            at,
            event.line_id,
            event.order_id,
            event.member_id,
            event.amount_fen or 0,
            event.commission_bps or 0,
            event.cooling_off_days or 0,
        )
    elif kind == EventKind.SALE_RECEIVED:
        book.sale_received(at, event.order_id)
    elif kind == EventKind.SALE_KEPT:
        assert event.amount_fen is not None
        book.sale_kept(at, event.line_id, event.amount_fen)
    else:
        book.tick(at)
