"""Files of rows: kept as they were read, so that what is confirmed is what was looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from mall.core.text import clean_line
from mall.core.workbook import TableRow
from suppliers.models import Sheet, Supplier

KEPT_DAYS = 90
NAME_MAX = 80
GOOD, DONE, SKIPPED, BAD = "good", "done", "skipped", "bad"


@dataclass(frozen=True, slots=True)
class RowReport:
    """What becomes of one row: `good` will be done, `done` was done before or now, `skipped` asks for nothing, `bad`
    cannot be done. `subject` says what the row is about, `text` what happens or why not."""

    number: int
    status: str
    subject: str
    text: str


def keep_sheet(
    *,
    supplier: Supplier,
    kind: str,
    name: str,
    rows: Sequence[TableRow],
    by: Any,
    at: datetime,
    reading: Mapping[str, Any] | None = None,
) -> Sheet:
    """Keep the rows of a file, and perhaps how they are read; nothing is done yet."""
    try:
        name = clean_line(name[-NAME_MAX:], NAME_MAX)
    except ValueError:
        name = ""
    return Sheet.objects.create(
        supplier=supplier,
        kind=kind,
        name=name or "xlsx",
        rows=[[row.number, row.values, list(row.formulas)] for row in rows],
        reading=dict(reading or {}),
        uploaded_by=by,
        at=at,
    )


def rows_of(sheet: Sheet) -> list[TableRow]:
    """Return the rows of a kept file."""
    return [TableRow(number=number, values=values, formulas=tuple(formulas)) for number, values, formulas in sheet.rows]


def report_of(sheet: Sheet) -> list[RowReport]:
    """Return what became of the rows of a file that was applied."""
    return [RowReport(**row) for row in sheet.report]


def mark_applied(*, sheet: Sheet, report: Sequence[RowReport], at: datetime) -> None:
    """Write down what became of the rows. Of a file that is marked already it changes nothing."""
    Sheet.objects.filter(pk=sheet.pk, applied_at=None).update(applied_at=at, report=[asdict(row) for row in report])


def prune_sheets(*, at: datetime) -> int:
    """Forget files after ninety days; returns how many."""
    return Sheet.objects.filter(at__lt=at - timedelta(days=KEPT_DAYS)).delete()[0]
