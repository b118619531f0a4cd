"""Columns of rows as PostgreSQL array literals: one string each, which both the driver and the server read many times
faster than the list of expressions that the driver would make of a Python list. Cast them: `%s::bigint[]`.
"""

from collections.abc import Sequence


def numbers(values: Sequence[int | bool | None]) -> str:
    """Return plain integers, truth values or nulls as an array literal (no subclasses of int: their repr differs)."""
    return "{" + str(list(values))[1:-1].replace("None", "NULL") + "}"


def texts(values: Sequence[str]) -> str:
    """Return texts as an array literal."""
    if not values:
        return "{}"
    joined = '","'.join(values)
    if "\\" in joined or joined.count('"') != 2 * (len(values) - 1):
        joined = '","'.join(value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return '{"' + joined + '"}'
