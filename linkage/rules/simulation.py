"""An event file settled by the rules alone: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

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
    match event:
        case Order(_, at, order, member, packs):
            book.order(at, order, member, packs, VERSION)
        case Join(_, at, member, referrer):
            book.join(at, member, referrer)
        case Receive(_, at, order):
            book.receive(at, order)
        case TasksDone(_, at, member):
            book.tasks_done(at, member)
        case Refund(_, at, order):
            book.refund(at, order)
        case Withdraw(_, at, withdrawal, member, amount_fen):
            book.withdraw(
                at, withdrawal, member, amount_fen, min_fen=terms.min_fen, fee_bps=terms.fee_bps, tax_bps=terms.tax_bps
            )
        case Payout(_, at, withdrawal, approved):
            book.payout(at, withdrawal, approved)
        case Grant(_, at, member, amount_fen):
            book.grant(at, member, amount_fen)
        case Tick(_, at):
            book.tick(at)
