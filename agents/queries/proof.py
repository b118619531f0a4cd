"""A member's own chain of entries, as the page of the proof shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from ledger.models import DEBIT_KINDS, MEMBER_KINDS, AccountKind, DailyRoot, Posting, account_id
from ledger.queries import HeldProof, chain_end, chain_page, entry_name, held_proof, reference_words, roots
from members.models import Member

PAGE = 20


@dataclass(frozen=True, slots=True)
class Move:
    """What an entry did to one of the member's accounts, on its natural side."""

    account: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the member's chain."""

    sequence: int
    entry_id: int
    name: str
    reference: str
    at: datetime
    head: str
    moves: list[Move]
    is_proved: bool


@dataclass(frozen=True, slots=True)
class OwnChain:
    """The member's chain: how long, its head, how it hangs on the newest root, and one page of it."""

    length: int
    head: str
    proof: HeldProof | None
    links: list[Link]
    next_before: int | None

    @property
    def waiting(self) -> int:
        """How many entries will hang on the next root only."""
        return self.length - (0 if self.proof is None else self.proof.sequence)

    @property
    def root(self) -> str:
        return "" if self.proof is None else bytes(self.proof.root.root).hex()


def own_chain(*, member: Member, before: int | None = None) -> OwnChain | None:
    """Return the member's chain in a fixed number of queries; None before there is an entry in it."""
    end = chain_end(holder_id=member.pk)
    if end is None:
        return None
    proof = held_proof(holder_id=member.pk)
    found = chain_page(holder_id=member.pk, before=before, limit=PAGE)
    page = found[:PAGE]
    words = reference_words((link.entry.kind, link.entry.reference) for link in page)
    moves = _moves(member.pk, [link.entry_id for link in page])
    links = [
        Link(
            sequence=link.sequence,
            entry_id=link.entry_id,
            name=entry_name(link.entry.kind),
            reference=words[link.entry.kind, link.entry.reference],
            at=link.entry.at,
            head=bytes(link.head).hex(),
            moves=moves.get(link.entry_id, []),
            is_proved=proof is not None and link.sequence <= proof.sequence,
        )
        for link in page
    ]
    following = page[-1].sequence if len(found) > PAGE else None
    return OwnChain(end.sequence, bytes(end.head).hex(), proof, links, following)


def roots_page(*, before: date | None = None, limit: int = PAGE) -> tuple[list[DailyRoot], date | None]:
    """Return published roots, newest first, and from which day the next page goes on."""
    found = list(roots(before=before)[: limit + 1])
    return found[:limit], found[limit - 1].date if len(found) > limit else None


def _moves(holder_id: int, entries: list[int]) -> dict[int, list[Move]]:
    accounts = [account_id(kind, holder_id) for kind in MEMBER_KINDS]
    rows = Posting.objects.filter(entry_id__in=entries, account_id__in=accounts).order_by(
        "entry_id", "account_id", "id"
    )
    moves: dict[int, list[Move]] = {}
    for entry_id, account, amount in rows.values_list("entry_id", "account_id", "amount_fen"):
        kind = AccountKind(account % 32)
        natural = amount if kind in DEBIT_KINDS else -amount
        moves.setdefault(entry_id, []).append(Move(str(kind.label), natural))
    return moves
