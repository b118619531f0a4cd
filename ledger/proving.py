"""Proofs: what a holder downloads to check the own entries against a published root, and the check of all chains."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from . import rules
from .chaining import blocks_of_heads, heads_from, leaves
from .models import ChainEntry, DailyRoot, RootBlock

STEP = 20_000
# So many entries of a proof come with their text; of later ones the hash is enough to walk on to the head.
TEXTS = 1_000


@dataclass(frozen=True, slots=True)
class HeldProof:
    """How a holder's chain hangs on the root of a day."""

    root: DailyRoot
    holder_id: int
    sequence: int
    head: bytes
    path: rules.Path


@dataclass(frozen=True, slots=True)
class ChainedEntry:
    """One entry of a proof; without a text it is only walked over."""

    sequence: int
    leaf: bytes
    text: str | None


def roots(*, before: date | None = None) -> QuerySet[DailyRoot]:
    """Return the published roots, newest first, or those before a day."""
    found = DailyRoot.objects.order_by("-date")
    return found if before is None else found.filter(date__lt=before)


def chain_end(*, holder_id: int) -> ChainEntry | None:
    """Return the last link of a holder's chain."""
    return ChainEntry.objects.filter(holder_id=holder_id).select_related("entry").order_by("-sequence").first()


def chain_page(*, holder_id: int, before: int | None, limit: int) -> list[ChainEntry]:
    """Return a holder's links, newest first, or those before a sequence; one more than asked for says there are
    more."""
    links = ChainEntry.objects.filter(holder_id=holder_id).select_related("entry").order_by("-sequence")
    if before is not None:
        links = links.filter(sequence__lt=before)
    return list(links[: limit + 1])


def held_proof(*, holder_id: int, on: date | None = None) -> HeldProof | None:
    """Return how a holder's chain hangs on the newest root, or on that of a day; None where it does not yet."""
    root = (DailyRoot.objects if on is None else DailyRoot.objects.filter(date=on)).order_by("-date").first()
    if root is None:
        return None
    blocks = list(RootBlock.objects.filter(root=root).order_by("place").values_list("first_holder_id", "node"))
    place = sum(first <= holder_id for first, _ in blocks) - 1
    if place < 0:
        return None
    heads = heads_from(holder_id=blocks[place][0], last_chained_id=root.last_chained_id, limit=rules.BLOCK)
    found = next((number for number, head in enumerate(heads) if head[0] == holder_id), None)
    if found is None:
        return None
    path = rules.tree_path(leaves(heads), found) + rules.tree_path([bytes(node) for _, node in blocks], place)
    return HeldProof(root, holder_id, heads[found][1], heads[found][2], path)


def head_before(*, holder_id: int, sequence: int) -> bytes:
    """Return the head that a link was chained to."""
    if sequence == 1:
        return rules.START
    return bytes(ChainEntry.objects.get(holder_id=holder_id, sequence=sequence - 1).head)


def proof_entries(*, holder_id: int, first: int, last: int) -> Iterator[ChainedEntry]:
    """Yield a holder's links from one to another in order, in bounded memory. The texts are made of the books as they
    are now, so that they no longer fit the chain when the past was changed."""
    for link in _links(holder_id, first, min(last, first + TEXTS - 1)):
        yield ChainedEntry(link.sequence, link.leaf, link.text)
    done = first + TEXTS - 1
    while done < last:
        rest = ChainEntry.objects.filter(holder_id=holder_id, sequence__gt=done, sequence__lte=last)
        for sequence, leaf in rest.order_by("sequence").values_list("sequence", "leaf")[:STEP]:
            yield ChainedEntry(sequence, bytes(leaf), None)
        done += STEP


class _Link(NamedTuple):
    holder_id: int
    sequence: int
    entry_id: int
    leaf: bytes
    head: bytes
    text: str | None


_LINKS = """
SELECT chained.holder_id, chained.sequence, chained.entry_id, chained.leaf, chained.head,
    entry.kind, entry.reference, entry.at, entry.memo, posting.account_id, posting.amount_fen
FROM (
    SELECT * FROM ledger_chainentry
    WHERE (holder_id, sequence) BETWEEN (%s, %s) AND (%s, %s)
) chained
LEFT JOIN ledger_journalentry entry ON entry.id = chained.entry_id
LEFT JOIN ledger_posting posting ON posting.entry_id = chained.entry_id
    AND posting.account_id BETWEEN chained.holder_id * 32 + 1 AND chained.holder_id * 32 + 5
ORDER BY chained.holder_id, chained.sequence, posting.account_id, posting.id
"""


def _links(holder_id: int, first: int, last: int) -> Iterator[_Link]:
    """Yield a holder's links from one to another, in bounded memory."""
    for begin in range(first, last + 1, STEP):
        with connection.cursor() as cursor:
            cursor.execute(_LINKS, [holder_id, begin, holder_id, min(last, begin + STEP - 1)])
            rows = cursor.fetchall()
        yield from _made(rows)


def _every_link() -> Iterator[_Link]:
    """Yield all links, holder by holder. One statement in the caller's transaction, read bit by bit: in pieces, each
    would go through all postings again."""
    last = ChainEntry.objects.order_by("-holder_id", "-sequence").values_list("holder_id", "sequence").first()
    if last is None:
        return
    with connection.cursor() as cursor:
        # All rows are wanted, not the first ones soon.
        cursor.execute("SET LOCAL cursor_tuple_fraction TO 1")
    with connection.chunked_cursor() as cursor:
        cursor.execute(_LINKS, [0, 1, *last])
        yield from _made(cursor)


def _made(rows: Iterable[tuple[Any, ...]]) -> Iterator[_Link]:
    """Yield links, each with the text that the books have for it now: none where the entry is gone."""
    for _, found in groupby(rows, key=itemgetter(0, 1)):
        lines = list(found)
        holder_id, sequence, entry_id, leaf, head = lines[0][:5]
        yield _Link(holder_id, sequence, entry_id, bytes(leaf), bytes(head), _text(lines))


def _text(lines: list[tuple[Any, ...]]) -> str | None:
    holder_id, _, entry_id, _, _, kind, reference, at, memo, _, _ = lines[0]
    if at is None:
        return None
    return rules.canonical_text(
        entry_id=entry_id,
        kind=kind,
        reference=reference,
        at=at,
        memo=memo,
        holder_id=holder_id,
        lines=[(line[9] % 32, line[10]) for line in lines if line[9] is not None],
    )


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the chains that is not what it was, in one sentence."""

    text: str


@dataclass(slots=True)
class Checked:
    """How much a check has seen."""

    links: int = 0
    holders: int = 0
    roots: int = 0


def chain_flaws(*, checked: Checked, all_roots: bool = False) -> Iterator[Flaw]:
    """Check every chain against the books, and the newest root (or all) against the chains. Reads only; the caller's
    transaction gives it one snapshot."""
    yield from _broken_links(checked)
    yield from _unchained()
    for root in DailyRoot.objects.order_by("-date")[: None if all_roots else 1]:
        checked.roots += 1
        yield from _wrong_root(root)


def _broken_links(checked: Checked) -> Iterator[Flaw]:
    holder, sequence, head = 0, 0, rules.START
    for link in _every_link():
        if link.holder_id != holder:
            holder, sequence, head = link.holder_id, 0, rules.START
            checked.holders += 1
        checked.links += 1
        if link.sequence != sequence + 1:
            yield Flaw(f"the chain of holder {holder} has no link {sequence + 1}")
        leaf = link.leaf if link.text is None else rules.entry_hash(link.text)
        if link.text is None:
            yield Flaw(f"entry {link.entry_id} of holder {holder} is chained and gone from the books")
        elif leaf != link.leaf:
            yield Flaw(f"entry {link.entry_id} of holder {holder} is not what was chained as link {link.sequence}")
        if rules.next_head(head, link.leaf) != link.head and link.sequence == sequence + 1:
            yield Flaw(f"the chain of holder {holder} does not follow from link to link at {link.sequence}")
        sequence, head = link.sequence, link.head


def _unchained() -> Iterator[Flaw]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT entry.id, posting.account_id / 32
            FROM ledger_chaincursor done
            JOIN ledger_journalentry entry ON (entry.xact_id, entry.id) <= (done.xact_id, done.entry_id)
            JOIN ledger_posting posting ON posting.entry_id = entry.id
                AND posting.account_id >= 32 AND posting.account_id % 32 BETWEEN 1 AND 5
            WHERE NOT EXISTS (
                SELECT 1 FROM ledger_chainentry chained
                WHERE chained.entry_id = entry.id AND chained.holder_id = posting.account_id / 32
            )
            ORDER BY 1, 2 LIMIT 10
            """
        )
        rows = cursor.fetchall()
    for entry_id, holder_id in rows:
        yield Flaw(f"entry {entry_id} of holder {holder_id} was left out of the chain")


def _wrong_root(root: DailyRoot) -> Iterator[Flaw]:
    nodes = [rules.tree_root(leaves(heads)) for heads in blocks_of_heads(last_chained_id=root.last_chained_id)]
    if not nodes or rules.tree_root(nodes) != bytes(root.root):
        yield Flaw(f"the root of {root.date} is not that of the chains")
    kept = root.blocks.order_by("place").values_list("node", flat=True)
    if [bytes(node) for node in kept] != nodes:
        yield Flaw(f"the pieces kept of the tree of {root.date} are not those of the chains")


def path_json(path: Iterable[tuple[str, bytes]]) -> list[list[str]]:
    """Return a path as it stands in a proof."""
    return [[side, neighbour.hex()] for side, neighbour in path]


def proof_head(*, proof: HeldProof, first: int, start: bytes, made_at: datetime) -> dict[str, Any]:
    """Return all of a proof but its entries, as it is downloaded."""
    return {
        "format": "mall-ledger-proof-1",
        "made_at": made_at.isoformat(timespec="seconds"),
        "holder": proof.holder_id,
        "date": proof.root.date.isoformat(),
        "root": bytes(proof.root.root).hex(),
        "sequence": proof.sequence,
        "head": proof.head.hex(),
        "path": path_json(proof.path),
        "first": first,
        "start": start.hex(),
    }


def holder_flaws(*, holder_id: int) -> tuple[int, list[Flaw]]:
    """Check one holder's chain against the books; return its length and what is wrong with it."""
    last = (
        ChainEntry.objects.filter(holder_id=holder_id).order_by("-sequence").values_list("sequence", flat=True).first()
    )
    flaws: list[Flaw] = []
    sequence, head = 0, rules.START
    for link in _links(holder_id, 1, last or 0):
        if link.sequence != sequence + 1:
            flaws.append(Flaw(f"the chain of holder {holder_id} has no link {sequence + 1}"))
        if link.text is None or rules.entry_hash(link.text) != link.leaf:
            flaws.append(Flaw(f"entry {link.entry_id} of holder {holder_id} is not what was chained"))
        if rules.next_head(head, link.leaf) != link.head:
            flaws.append(Flaw(f"the chain of holder {holder_id} does not follow at {link.sequence}"))
        sequence, head = link.sequence, link.head
    return sequence, flaws
