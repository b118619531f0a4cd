"""The chain over each holder's entries, and the root of a day over all chains: what makes a changed past show.

It runs after the fact and never in a settlement's transaction. Entries come visible out of the order of their ids, so
the cursor follows the transactions that wrote them, and only up to the oldest one that is still running: nothing that
is committed later can lie before it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from mall.core import arrays

from . import rules
from .models import ChainCursor, ChainEntry, DailyRoot, RootBlock

# So many entries are chained in one transaction.
BATCH = 20_000


class Part(NamedTuple):
    """One holder's part of an entry, in its canonical text."""

    holder_id: int
    entry_id: int
    text: str


def chain_entries(*, batch: int = BATCH, batches: int | None = None) -> int:
    """Chain every entry that no running transaction may still precede; return how many parts were chained.

    Each batch is a transaction of its own: whatever stops it, the next run goes on behind the last batch. `batches`
    ends the run early.
    """
    chained = done = 0
    while batches is None or done < batches:
        parts = _chain_batch(batch)
        if parts is None:
            break
        chained, done = chained + parts, done + 1
    return chained


def rewind_chain() -> None:
    """Let the next run look at the whole of the books again; what is chained stays. Needed after a restore into
    a cluster whose transaction numbers start anew."""
    with transaction.atomic():
        _lock()
        ChainCursor.objects.filter(pk=ChainCursor.ONLY).update(xact_id=0, entry_id=0)


def publish_root(*, at: datetime) -> DailyRoot | None:
    """Publish the root over all chains as they are now, once a day in Shanghai; a repeat returns the one of the day.

    None where nobody has a chain yet.
    """
    date = timezone.localtime(at).date()
    with transaction.atomic():
        _lock()
        known = DailyRoot.objects.filter(date=date).first()
        last = ChainEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        if known is not None or last is None:
            return known
        blocks, holders, entries = [], 0, 0
        for heads in blocks_of_heads(last_chained_id=last):
            blocks.append((heads[0][0], rules.tree_root(leaves(heads))))
            holders += len(heads)
            entries += sum(sequence for _, sequence, _ in heads)
        published = DailyRoot.objects.create(
            date=date,
            root=rules.tree_root([node for _, node in blocks]),
            holders=holders,
            entries=entries,
            last_chained_id=last,
            published_at=at,
        )
        RootBlock.objects.bulk_create(
            [
                RootBlock(root=published, place=place, first_holder_id=holder, node=node)
                for place, (holder, node) in enumerate(blocks)
            ],
            batch_size=1000,
        )
        return published


Head = tuple[int, int, bytes]


def heads_from(*, holder_id: int, last_chained_id: int, limit: int) -> list[Head]:
    """Return holder, length and head of the chains from a holder on, in order, as they were after a `ChainEntry`."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT holder.holder_id, last.sequence, last.head
            FROM (
                SELECT holder_id FROM ledger_chainentry
                WHERE sequence = 1 AND holder_id >= %(holder)s AND id <= %(last)s ORDER BY holder_id LIMIT %(limit)s
            ) holder
            CROSS JOIN LATERAL (
                SELECT sequence, head FROM ledger_chainentry chained
                WHERE chained.holder_id = holder.holder_id AND chained.id <= %(last)s
                ORDER BY chained.sequence DESC LIMIT 1
            ) last
            ORDER BY holder.holder_id
            """,
            {"holder": holder_id, "last": last_chained_id, "limit": limit},
        )
        return [(holder, sequence, bytes(head)) for holder, sequence, head in cursor.fetchall()]


def blocks_of_heads(*, last_chained_id: int) -> Iterator[list[Head]]:
    """Yield all heads as they were after a `ChainEntry`, `rules.BLOCK` at a time."""
    holder = 0
    while heads := heads_from(holder_id=holder, last_chained_id=last_chained_id, limit=rules.BLOCK):
        yield heads
        holder = heads[-1][0] + 1


def leaves(heads: Sequence[Head]) -> list[bytes]:
    """Return the leaves of these heads."""
    return [rules.leaf_hash(holder_id=holder, sequence=sequence, head=head) for holder, sequence, head in heads]


def parts_of(rows: Sequence[tuple[Any, ...]]) -> Iterator[Part]:
    """Yield the canonical texts of rows (entry, kind, reference, at, memo, account, fen) that are sorted by entry and
    account."""
    for (entry_id, holder_id), found in groupby(rows, key=lambda row: (row[0], row[5] // 32)):
        lines = list(found)
        _, kind, reference, at, memo, _, _ = lines[0]
        text = rules.canonical_text(
            entry_id=entry_id,
            kind=kind,
            reference=reference,
            at=at,
            memo=memo,
            holder_id=holder_id,
            lines=[(line[5] % 32, line[6]) for line in lines],
        )
        yield Part(holder_id, entry_id, text)


def _chain_batch(limit: int) -> int | None:
    """Chain the next entries; return how many parts they had, or None where nothing waits."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock()
        ChainCursor.objects.get_or_create(pk=ChainCursor.ONLY)
        cursor.execute(
            """
            SELECT entry.xact_id, entry.id FROM ledger_journalentry entry, ledger_chaincursor done
            WHERE entry.xact_id >= done.xact_id AND (entry.xact_id, entry.id) > (done.xact_id, done.entry_id)
                AND entry.xact_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
            ORDER BY entry.xact_id, entry.id LIMIT %s
            """,
            [limit],
        )
        entries = cursor.fetchall()
        if not entries:
            return None
        cursor.execute(
            """
            SELECT entry.id, entry.kind, entry.reference, entry.at, entry.memo, posting.account_id, posting.amount_fen
            FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(id, place)
            JOIN ledger_journalentry entry ON entry.id = wanted.id
            JOIN ledger_posting posting ON posting.entry_id = entry.id
            WHERE posting.account_id >= 32 AND posting.account_id %% 32 BETWEEN 1 AND 5
                AND NOT EXISTS (
                    SELECT 1 FROM ledger_chainentry chained
                    WHERE chained.entry_id = entry.id AND chained.holder_id = posting.account_id / 32
                )
            ORDER BY wanted.place, posting.account_id, posting.id
            """,
            [arrays.numbers([entry for _, entry in entries])],
        )
        parts = list(parts_of(cursor.fetchall()))
        _append(parts)
        xact_id, entry_id = entries[-1]
        ChainCursor.objects.filter(pk=ChainCursor.ONLY).update(xact_id=xact_id, entry_id=entry_id)
        return len(parts)


def _append(parts: Sequence[Part]) -> None:
    ends = _ends({part.holder_id for part in parts})
    rows: list[tuple[int, int, int, str, str]] = []
    for holder_id, entry_id, text in parts:
        sequence, head = ends.get(holder_id, (0, rules.START))
        leaf = rules.entry_hash(text)
        ends[holder_id] = sequence + 1, rules.next_head(head, leaf)
        rows.append((holder_id, sequence + 1, entry_id, leaf.hex(), ends[holder_id][1].hex()))
    if not rows:
        return
    holders, sequences, entries, hashes, heads = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO ledger_chainentry (holder_id, sequence, entry_id, leaf, head)
            SELECT holder_id, sequence, entry_id, decode(leaf, 'hex'), decode(head, 'hex')
            FROM unnest(%s::bigint[], %s::int[], %s::bigint[], %s::text[], %s::text[])
                AS part(holder_id, sequence, entry_id, leaf, head)
            """,
            [*map(arrays.numbers, (holders, sequences, entries)), *map(arrays.texts, (hashes, heads))],
        )


def _ends(holders: set[int]) -> dict[int, tuple[int, bytes]]:
    """Return length and head of these holders' chains, as far as they have one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT holder.id, last.sequence, last.head FROM unnest(%s::bigint[]) AS holder(id)
            CROSS JOIN LATERAL (
                SELECT sequence, head FROM ledger_chainentry WHERE holder_id = holder.id ORDER BY sequence DESC LIMIT 1
            ) last
            """,
            [arrays.numbers(sorted(holders))],
        )
        return {holder: (sequence, bytes(head)) for holder, sequence, head in cursor.fetchall()}


def _lock() -> None:
    """One at a time, until the transaction ends: a chain grows at its end only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger.chain'))")
