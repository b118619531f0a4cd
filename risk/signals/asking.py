"""Running a statement and reading findings from it."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from risk.rules import EVIDENCE_MAX, HITS_AT_ONCE, Finding


def found(text: str, parameters: Mapping[str, Any], *things: str) -> list[Finding]:
    """Run a statement that gives key, member, value and one array of ids for each of `things`."""
    limited = f"SELECT * FROM ({text}) found ORDER BY 1 LIMIT {HITS_AT_ONCE}"
    with connection.cursor() as cursor:
        cursor.execute(limited, parameters)
        return [_finding(row, things) for row in cursor.fetchall()]


def _finding(row: tuple[Any, ...], things: tuple[str, ...]) -> Finding:
    key, member_id, value, *arrays = row
    pairs = [
        (thing, number)
        for thing, ids in zip(things, arrays, strict=True)
        for number in sorted(set(filter(None, ids)))[:EVIDENCE_MAX]
    ]
    return Finding(str(key), member_id, value, tuple(pairs))
