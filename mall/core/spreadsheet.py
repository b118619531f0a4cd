"""Lines for spreadsheets: UTF-8 with a mark at the beginning, and nothing that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable
from typing import Any

# Lets spreadsheets read Chinese.
BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Number(str):
    """A number that is already written as people read it, such as -150.00."""

    __slots__ = ()


def cell(value: Any) -> Any:
    """Return a value as a cell that is no formula, whoever wrote it."""
    if isinstance(value, str) and not isinstance(value, Number) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return value


def line(values: Iterable[Any]) -> str:
    """Return one line of a CSV file. Texts are defused; amounts come as `Number`."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([cell(value) for value in values])
    return out.getvalue()


def yuan(fen: int) -> Number:
    """Return an amount in yuan as spreadsheets add it up: -150.00."""
    whole, cents = divmod(abs(fen), 100)
    return Number(f"{'-' if fen < 0 else ''}{whole}.{cents:02d}")
