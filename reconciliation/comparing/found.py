"""What a comparison gives: sums row by row, and numbers over which books differ."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from reconciliation.rules import OUTGOING, Cause, Part, Seen, cause_of


@dataclass(frozen=True, slots=True)
class Found:
    """A number over which the books differ, amounts as people read them: below zero where money left."""

    part: Part
    provider: str
    number: str
    cause: Cause
    document_fen: int | None
    channel_fen: int | None
    ledger_fen: int | None
    title: str = ""
    evidence: list[list[str]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        return self.part.value, self.provider, self.number


@dataclass(slots=True)
class Tally:
    """One row of a day: number and sum of what each book has. `has_channel`: a channel was asked."""

    part: Part
    provider: str = ""
    has_channel: bool = True
    document: list[int] = field(default_factory=lambda: [0, 0])
    channel: list[int] = field(default_factory=lambda: [0, 0])
    ledger: list[int] = field(default_factory=lambda: [0, 0])

    def take(self, seen: Seen) -> None:
        sign = -1 if self.part in OUTGOING else 1
        for book, fen in (
            (self.document, seen.document_fen),
            (self.channel, seen.channel_fen),
            (self.ledger, seen.ledger_fen),
        ):
            if fen is not None:
                book[0] += 1
                book[1] += sign * fen

    def as_json(self) -> dict[str, Any]:
        return {
            "part": self.part.value,
            "provider": self.provider,
            "document": self.document,
            "channel": self.channel if self.has_channel else None,
            "ledger": self.ledger,
        }


@dataclass(slots=True)
class Compared:
    rows: list[Tally]
    found: list[Found]


def judged(tally: Tally, pairs: Iterable[tuple[str, str, Seen]]) -> Compared:
    """Add up what was seen of numbers (number, title, seen) and return the sums with what differs."""
    sign = -1 if tally.part in OUTGOING else 1
    found = []
    for number, title, seen in pairs:
        tally.take(seen)
        cause = cause_of(seen)
        if cause is None:
            continue
        document, channel, ledger = (
            None if fen is None else sign * fen for fen in (seen.document_fen, seen.channel_fen, seen.ledger_fen)
        )
        found.append(Found(seen.part, tally.provider, number, cause, document, channel, ledger, title))
    return Compared([tally], found)
