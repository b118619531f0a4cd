"""An event file settled by the rules alone: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .engine import Book, Refused
from .event_file import (
    Event,
    Grant,
    Join,
    Order,
    Payout,
    Receive,
    Refund,
    TasksDone,
    Tick,
    Withdraw,
    event_number,
    read_event_file,
)
from .plan import PayoutTerms, Plan

VERSION = 1


class Simulation(NamedTuple):
    """What became of an event file: its plan, the book after its last event, and the numbers of what was refused."""

    plan: Plan
    terms: PayoutTerms
    book: Book
    refused: list[int]


def simulate(lines: Iterable[str | bytes]) -> Simulation:
    """Apply every event of a file to an empty book. Raises EventFileError at the first malformed line."""
    plan, terms, events = read_event_file(lines)
    book = Book({VERSION: plan})
    refused: list[int] = []
    for event in events:
        try:
            apply_event(book, event, terms)
        except Refused:
            refused.append(event_number(event))
    return Simulation(plan, terms, book, refused)


def apply_event(book: Book, event: Event, terms: PayoutTerms) -> None:
    """Apply one event of a file to `book`. Raises Refused where the event is impossible."""
    _APPLY[type(event)](book, event, terms)


def _withdraw(book: Book, e: Withdraw, terms: PayoutTerms) -> None:
    book.withdraw(
        e.at, e.withdrawal, e.member, e.amount_fen, min_fen=terms.min_fen, fee_bps=terms.fee_bps, tax_bps=terms.tax_bps
    )


_APPLY: dict[type[Event], Callable[[Book, Any, PayoutTerms], object]] = {
    Join: lambda book, e, _: book.join(e.at, e.member, e.referrer),
    Order: lambda book, e, _: book.order(e.at, e.order, e.member, e.packs, VERSION),
    Receive: lambda book, e, _: book.receive(e.at, e.order),
    Refund: lambda book, e, _: book.refund(e.at, e.order),
    TasksDone: lambda book, e, _: book.tasks_done(e.at, e.member),
    Withdraw: _withdraw,
    Payout: lambda book, e, _: book.payout(e.at, e.withdrawal, e.approved),
    Grant: lambda book, e, _: book.grant(e.at, e.member, e.amount_fen),
    Tick: lambda book, e, _: book.tick(e.at),
}
