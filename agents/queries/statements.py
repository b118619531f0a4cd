"""Monthly statements, straight from the ledger's postings of a member's five accounts. `docs/statements.md`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from operator import add

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth

from ledger.models import DEBIT_KINDS, MEMBER_KINDS, AccountKind, JournalEntry, Posting, account_id
from ledger.queries import REFERENCES, MemberBalances, entry_name, reference_words
from mall.core.ids import SHANGHAI
from mall.core.names import masked_name
from members.models import Member

from .periods import Period, month_named, month_of

PAGE = 50
CHUNK = 1_000
_SUMS = [f"moved_{kind.value}" for kind in MEMBER_KINDS]

# What moved on the five accounts, or what stands there, in the order of MEMBER_KINDS, each on its natural side.
Moves = tuple[int, int, int, int, int]
NOTHING: Moves = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry of the ledger that touched the member's accounts; `about` is what its reference is known by."""

    entry_id: int
    at: datetime
    kind: str
    moves: Moves
    about: str = ""

    @property
    def name(self) -> str:
        return entry_name(self.kind)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The accounts that moved, with their amounts."""
        return [(str(kind.label), amount) for kind, amount in zip(MEMBER_KINDS, self.moves, strict=True) if amount]

    @property
    def change_fen(self) -> int:
        """What the member has more, or less, in all."""
        return worth(self.moves)

    @property
    def cursor(self) -> str:
        return f"{int(self.at.timestamp())}-{self.entry_id}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A month: what stood on the accounts before and after it, what moved, and what was withheld of payouts. `upto` is
    the last entry that is taken in, so that the whole tells of one moment."""

    member: Member
    period: Period
    upto: int
    opening: Moves
    moved: Moves
    entries: int
    fee_fen: int
    tax_fen: int
    is_running: bool

    @property
    def closing(self) -> Moves:
        return plus(self.opening, self.moved)

    @property
    def accounts(self) -> list[tuple[AccountKind, int, int, int]]:
        """Each account with its opening, its movement and its closing."""
        rows = zip(MEMBER_KINDS, self.opening, self.moved, self.closing, strict=True)
        return [(kind, opening, moved, closing) for kind, opening, moved, closing in rows]


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month in the list of statements: what changed, and what there was at its end."""

    period: Period
    change_fen: int
    closing_fen: int


def plus(one: Moves, other: Moves) -> Moves:
    return _moves(list(map(add, one, other)))


def worth(moves: Moves) -> int:
    """Return what the five accounts are worth together: debt counts against."""
    return sum(moves[:4]) - moves[4]


def moves_of(balances: MemberBalances) -> Moves:
    return (
        balances.pending_fen,
        balances.held_fen,
        balances.available_fen,
        balances.withdrawing_fen,
        balances.debt_fen,
    )


def statement_month(*, member: Member, key: str, at: datetime) -> Period | None:
    """Return the month of a key such as 2026-11: past or running, and not before the member joined."""
    period = month_named(key, at=at)
    return period if period is not None and period.end > member.joined_at else None


def statement(*, member: Member, period: Period, at: datetime) -> Statement:
    """Return the head of a month's statement, in four queries."""
    upto = _last_entry(member)
    own = _postings(member).filter(entry_id__lte=upto)
    opening, moved = _sums(own, period)
    entries = _within(period, own).aggregate(count=Count("entry_id", distinct=True))["count"]
    fee_fen, tax_fen = _withheld(own, member, period)
    return Statement(member, period, upto, opening, moved, entries, fee_fen, tax_fen, period.end > at)


def statement_lines(
    *, head: Statement, after: str = "", limit: int | None = None, names: bool = True
) -> Iterator[StatementLine]:
    """Give the entries of a month one by one, oldest first, after the cursor of one of them, read in chunks.

    Without `names` their references stay unread.
    """
    rows = _entries(head)
    cursor = _parsed(after)
    if cursor is not None:
        rows = rows.filter(Q(at__gt=cursor[0]) | Q(at=cursor[0], pk__gt=cursor[1]))
    found = rows.values_list("pk", "at", "kind", "reference", *_SUMS)
    chunks = found[:limit].iterator(chunk_size=CHUNK) if limit is not None else found.iterator(chunk_size=CHUNK)
    while chunk := list(islice(chunks, CHUNK)):
        words = _words((kind, reference) for _, _, kind, reference, *_ in chunk) if names else {}
        for entry_id, at, kind, reference, *amounts in chunk:
            yield StatementLine(entry_id, at, kind, _moves(amounts), words.get((kind, reference), ""))


def statement_months(*, member: Member, at: datetime) -> list[MonthLine]:
    """Return every month since the member joined, newest first, in one query."""
    rows = (
        _postings(member)
        .annotate(month=TruncMonth("entry__at", tzinfo=SHANGHAI))
        .values_list("month")
        .annotate(total=Sum("amount_fen"))
    )
    changes: dict[str, int] = {}
    for month, total in rows:
        key = f"{month:%Y-%m}"
        # A debit takes from what the member has, also where it grows a debt.
        changes[key] = changes.get(key, 0) - total
    period = month_of(member.joined_at)
    closing = sum(change for key, change in changes.items() if key < period.key)
    lines: list[MonthLine] = []
    while period.start <= at:
        change = changes.get(period.key, 0)
        closing += change
        lines.append(MonthLine(period, change, closing))
        period = month_of(period.end)
    return lines[::-1]


class Checksum:
    """SHA-256 over the canonical lines of a statement, as `docs/statements.md` spells them: an opening line, one for
    each entry, a closing line."""

    def __init__(self, head: Statement) -> None:
        self._head = head
        self._digest = sha256()
        self._add("opening", head.period.key, "", head.opening)

    def add(self, line: StatementLine) -> None:
        self._add(str(line.entry_id), canonical_instant(line.at), line.kind, line.moves)

    def finish(self) -> str:
        """Take in the closing line and return the checksum in hex."""
        self._add("closing", self._head.period.key, "", self._head.closing)
        return self._digest.hexdigest()

    def _add(self, entry: str, instant: str, kind: str, moves: Moves) -> None:
        self._digest.update(("\t".join([entry, instant, kind, *map(str, moves)]) + "\n").encode())


def canonical_instant(at: datetime) -> str:
    """Return an instant as canonical lines write it: 2026-11-20T10:32:07+08:00."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")


def checksum(*, head: Statement) -> str:
    """Return the checksum of a statement, reading all of its entries."""
    summed = Checksum(head)
    for line in statement_lines(head=head, names=False):
        summed.add(line)
    return summed.finish()


def _accounts(member: Member) -> list[int]:
    return [account_id(kind, member.pk) for kind in MEMBER_KINDS]


def _postings(member: Member) -> QuerySet[Posting]:
    return Posting.objects.filter(account_id__in=_accounts(member)).order_by()


def _within(period: Period, postings: QuerySet[Posting]) -> QuerySet[Posting]:
    return postings.filter(entry__at__gte=period.start, entry__at__lt=period.end)


def _last_entry(member: Member) -> int:
    """Return the last entry that touched the member's accounts. Settlement writes the entries of one member one after
    the other, so whatever comes later has a higher number."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(max(last.entry_id), 0) FROM unnest(%s::bigint[]) AS own(account_id), LATERAL (
                SELECT entry_id FROM ledger_posting WHERE account_id = own.account_id ORDER BY id DESC LIMIT 1
            ) AS last
            """,
            [_accounts(member)],
        )
        return int(cursor.fetchone()[0])


def _sums(own: QuerySet[Posting], period: Period) -> tuple[Moves, Moves]:
    """Return what stood on the accounts before a month, and what moved in it."""
    rows = (
        own.filter(entry__at__lt=period.end)
        .values_list("account_id")
        .annotate(
            before=Coalesce(Sum("amount_fen", filter=Q(entry__at__lt=period.start)), 0),
            within=Coalesce(Sum("amount_fen", filter=Q(entry__at__gte=period.start)), 0),
        )
    )
    found = {account % 32: (before, within) for account, before, within in rows}
    opening, moved = list(NOTHING), list(NOTHING)
    for place, kind in enumerate(MEMBER_KINDS):
        before, within = found.get(kind.value, (0, 0))
        opening[place], moved[place] = _sign(kind) * before, _sign(kind) * within
    return _moves(opening), _moves(moved)


def _withheld(own: QuerySet[Posting], member: Member, period: Period) -> tuple[int, int]:
    """Return the service fee and the tax that were kept back from the payouts of a month."""
    withdrawing = account_id(AccountKind.WITHDRAWING, member.pk)
    payouts = _within(period, own).filter(account_id=withdrawing, entry__kind="payout")
    kept = (account_id(AccountKind.WITHDRAWAL_FEE), account_id(AccountKind.TAX_PAYABLE))
    sums = dict(
        Posting.objects.filter(entry_id__in=payouts.values("entry_id"), account_id__in=kept)
        .order_by()
        .values_list("account_id")
        .annotate(total=Sum("amount_fen"))
    )
    return -sums.get(kept[0], 0), -sums.get(kept[1], 0)


def _entries(head: Statement) -> QuerySet[JournalEntry]:
    own, period = _accounts(head.member), head.period
    sums = {
        name: Coalesce(Sum(_sign(kind) * F("postings__amount_fen"), filter=Q(postings__account_id=account)), 0)
        for name, kind, account in zip(_SUMS, MEMBER_KINDS, own, strict=True)
    }
    return (
        JournalEntry.objects.filter(
            postings__account_id__in=own, at__gte=period.start, at__lt=period.end, pk__lte=head.upto
        )
        .annotate(**sums)
        .order_by("at", "pk")
    )


def _words(entries: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return what references are known by; people other than the reader by a masked name."""
    return {
        (kind, reference): masked_name(word) if REFERENCES.get(kind) == "member" else word
        for (kind, reference), word in reference_words(entries).items()
    }


def _sign(kind: AccountKind) -> int:
    return 1 if kind in DEBIT_KINDS else -1


def _moves(amounts: Sequence[int]) -> Moves:
    first, second, third, fourth, fifth = amounts
    return first, second, third, fourth, fifth


def _parsed(cursor: str) -> tuple[datetime, int] | None:
    parts = re.fullmatch(r"([0-9]{1,11})-([0-9]{1,18})", cursor)
    return None if parts is None else (datetime.fromtimestamp(int(parts[1]), UTC), int(parts[2]))
