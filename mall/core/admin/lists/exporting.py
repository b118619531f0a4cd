"""A list as a file: CSV or a workbook, written down with who, when, which filters and why.

Rows are read by their keys, two thousand at a time, and nothing of them is kept: a hundred thousand take the memory of
two thousand, behind a pooler too.
"""

import codecs
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from mall.core.models import ListExport
from mall.core.sheet_stream import CONTENT_TYPE, write_workbook
from mall.core.spreadsheet import line

CHUNK = 2_000
PIECE = 64 * 1024
ROWS_MAX = 200_000

Rows = "QuerySet[Any]"


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of a file: its name, and what it holds of a row. What is personal has a `masked` way to say it.

    `shown_as` names the column of the list whose readers alone get it (`mall.core.seats.COLUMNS`).
    """

    label: Any
    value: Callable[[Any], Any]
    masked: Callable[[Any], Any] | None = None
    shown_as: str = ""

    def of(self, row: Any, *, unmasked: bool) -> Any:
        """Return the cell, masked where it has to be."""
        return self.value(row) if unmasked or self.masked is None else self.masked(row)


def exported(
    *,
    record: ListExport,
    rows: "QuerySet[Any]",
    columns: tuple[ExportColumn, ...],
    prepare: Callable[[list[Any]], None],
) -> StreamingHttpResponse:
    """Answer with the file; `record` learns how many rows it has once it is whole."""
    table = _table(rows, columns, prepare, unmasked=record.unmasked)
    if record.file_kind == "xlsx":
        response = StreamingHttpResponse(_workbook(record, table), content_type=CONTENT_TYPE)
    else:
        response = StreamingHttpResponse(_csv(record, table), content_type="text/csv; charset=utf-8")
    name = f"{record.page.replace('.', '-').lower()}-{record.at:%Y%m%d-%H%M}.{record.file_kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def in_chunks(rows: "QuerySet[Any]", size: int = CHUNK) -> Iterator[list[Any]]:
    """Yield the rows newest first, by their keys."""
    ordered, last, left = rows.order_by("-pk"), None, ROWS_MAX
    while left > 0:
        chunk = list((ordered if last is None else ordered.filter(pk__lt=last))[: min(size, left)])
        if not chunk:
            return
        yield chunk
        last, left = chunk[-1].pk, left - len(chunk)


def _table(
    rows: "QuerySet[Any]", columns: tuple[ExportColumn, ...], prepare: Callable[[list[Any]], None], *, unmasked: bool
) -> Iterator[list[Any]]:
    yield [str(column.label) for column in columns]
    for chunk in in_chunks(rows):
        prepare(chunk)
        for row in chunk:
            yield [column.of(row, unmasked=unmasked) for column in columns]


def _csv(record: ListExport, table: Iterator[list[Any]]) -> Iterator[bytes]:
    yield codecs.BOM_UTF8
    count = -1
    lines: list[str] = []
    for row in table:
        count += 1
        lines.append(line(row))
        if len(lines) == 200:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()
    _finish(record, count)


def _workbook(record: ListExport, table: Iterator[list[Any]]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        count = write_workbook(file, title=record.title, rows=table)
        file.seek(0, os.SEEK_SET)
        while piece := file.read(PIECE):
            yield piece
    _finish(record, count)


def _finish(record: ListExport, count: int) -> None:
    ListExport.objects.filter(pk=record.pk).update(row_count=max(count, 0))
