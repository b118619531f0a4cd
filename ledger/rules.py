"""What is hashed, and how: an entry's canonical text, a holder's chain, a day's tree. `docs/proof.md` tells it to those
who want to check. Pure.

Every hash is SHA-256 over one byte that says what is hashed, and the content; so no hash of one thing can pass for one
of another.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256

LEAF, NODE, ENTRY, CHAIN = b"\x00", b"\x01", b"\x02", b"\x03"
# What a holder's first entry is chained to.
START = bytes(32)
# Heads of a day's tree that stand together: what is kept of the tree is the root of each such block.
BLOCK = 1024
# A member's accounts by their kind, as the canonical text names them.
ACCOUNTS = {1: "pending", 2: "held", 3: "available", 4: "withdrawing", 5: "debt"}

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

LEFT, RIGHT = "left", "right"
Path = list[tuple[str, bytes]]


def canonical_text(
    *,
    entry_id: int,
    kind: str,
    reference: str,
    at: datetime,
    memo: str,
    holder_id: int,
    lines: Iterable[tuple[int, int]],
) -> str:
    """Return one holder's part of an entry as it is hashed: a JSON array without spaces.

    `lines` are (kind of account, fen) in the order of the kinds and, within one, of the postings; a debit is positive.
    """
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    named = [[ACCOUNTS[account], amount] for account, amount in lines]
    return _COMPACT.encode([entry_id, kind, reference, instant, memo, holder_id, named])


def entry_hash(text: str) -> bytes:
    """Return the hash of an entry's canonical text."""
    return sha256(ENTRY + text.encode()).digest()


def next_head(head: bytes, hashed_entry: bytes) -> bytes:
    """Return the head of a chain after one more entry."""
    return sha256(CHAIN + head + hashed_entry).digest()


def leaf_hash(*, holder_id: int, sequence: int, head: bytes) -> bytes:
    """Return what stands for a holder in the tree of a day: whose chain it is, how long, and its head."""
    return sha256(LEAF + f"{holder_id}:{sequence}:".encode() + head).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the node above two."""
    return sha256(NODE + left + right).digest()


def tree_root(nodes: Sequence[bytes]) -> bytes:
    """Return the root over one or more nodes. An odd one at the end of a row goes up as it is, never doubled."""
    row = list(nodes)
    while len(row) > 1:
        row = _row_above(row)
    return row[0]


def tree_path(nodes: Sequence[bytes], place: int) -> Path:
    """Return what leads from the node at a place up to the root: on which side each neighbour stands, and its hash."""
    row, path = list(nodes), []
    while len(row) > 1:
        neighbour = place ^ 1
        if neighbour < len(row):
            path.append((LEFT if neighbour < place else RIGHT, row[neighbour]))
        row, place = _row_above(row), place // 2
    return path


def root_by_path(leaf: bytes, path: Path) -> bytes:
    """Return the root that a path leads to from a leaf."""
    node = leaf
    for side, neighbour in path:
        node = node_hash(neighbour, node) if side == LEFT else node_hash(node, neighbour)
    return node


def _row_above(row: Sequence[bytes]) -> list[bytes]:
    above = [node_hash(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)]
    return above + list(row[len(above) * 2 :])
