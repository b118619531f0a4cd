"""XLSX workbooks that people fill in: written as values, read as values, refused where they hold more than a table.

    content = written(title="待发货", head=("订单号", …), rows=[…])
    table = read_table(upload, head=("订单号", …))       # rows of texts by the head's words, with their numbers

Nothing of a file is trusted: its size, what it unpacks to, how many rows and columns it says it has. Formulas, macros,
links to other files and document types are refused and never run.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES_MAX = 8 * 1024 * 1024
UNPACKED_MAX = 64 * 1024 * 1024
PARTS_MAX = 200
ROWS_MAX = 20_000
COLUMNS_MAX = 40
CELL_MAX = 500
# Rows that hold nothing are looked past, but not without end.
EMPTY_MAX = 1_000
_FOREIGN = re.compile(r"(vbaproject|externallink|/embeddings/|activex)", re.IGNORECASE)
_DOCUMENT_TYPE = (b"<!DOCTYPE", b"<!ENTITY")


Read = TypeVar("Read")


class WorkbookRefused(Exception):
    """A file that is not taken as a table. The text is for whoever sent it."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its number in the file, its texts by the words of the head, and where a formula stood."""

    number: int
    values: dict[str, str]
    formulas: tuple[str, ...] = ()


def written(*, title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int] = ()) -> bytes:
    """Return a workbook of one sheet. Every text is a text, whatever it begins with; whole numbers are numbers."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.append([_head_cell(sheet, words) for words in head])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read_table(upload: UploadedFile, *, head: Sequence[str], rows_max: int = ROWS_MAX) -> list[TableRow]:
    """Return the rows of the first sheet under a head that has at least the words of `head`, in whatever order.

    Rows that are empty under these words are left out. Raises WorkbookRefused.
    """
    return _first_sheet(upload, lambda sheet: _rows_of(sheet, head, rows_max))


def read_cells(
    upload: UploadedFile, *, rows_max: int, columns_max: int, cell_max: int
) -> list[tuple[int, list[str], tuple[int, ...]]]:
    """Return the rows of the first sheet whatever they are: number, texts of at most `cell_max` + 1 letters, and in
    which cells a formula stood. Empty rows are left out. Raises WorkbookRefused."""

    def read(sheet: Any) -> list[tuple[int, list[str], tuple[int, ...]]]:
        sheet.reset_dimensions()
        found: list[tuple[int, list[str], tuple[int, ...]]] = []
        empty = 0
        for number, cells in enumerate(sheet.iter_rows(max_col=columns_max), 1):
            formulas = tuple(place for place, cell in enumerate(cells) if cell.data_type == "f")
            texts = ["" if cell.data_type == "f" else _text(cell.value, cell_max) for cell in cells]
            if not formulas and not any(texts):
                empty += 1
                if empty > EMPTY_MAX:
                    break
                continue
            if len(found) > rows_max:
                raise WorkbookRefused(_("一次最多 %d 行，请分成几个文件") % rows_max)
            found.append((number, texts, formulas))
        return found

    return _first_sheet(upload, read)


def _first_sheet(upload: UploadedFile, read: Callable[[Any], Read]) -> Read:
    if (upload.size or 0) > BYTES_MAX:
        raise WorkbookRefused(_("文件超过 %d MB，请分成几个文件") % (BYTES_MAX // 1024 // 1024))
    _require_small(upload)
    upload.seek(0)
    try:
        book = load_workbook(upload, read_only=True, data_only=False, keep_links=False)
        try:
            return read(book.worksheets[0])
        finally:
            book.close()
    except WorkbookRefused:
        raise
    # What a broken file makes a parser raise is anything at all.
    except Exception as error:
        raise WorkbookRefused(_("文件打不开，请另存为 xlsx 再上传")) from error


def _require_small(upload: BinaryIO | UploadedFile) -> None:
    """Refuse what is no workbook, unpacks to too much, or brings more than cells. Reads it as a stream, by the byte."""
    upload.seek(0)
    try:
        with zipfile.ZipFile(upload) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_MAX:
                raise WorkbookRefused(_("文件解开后太大，请删去多余的行、列和图片"))
            if any(_FOREIGN.search(part.filename) for part in parts):
                raise WorkbookRefused(_("文件里有宏或外部链接，请另存为普通 xlsx 再上传"))
            left = UNPACKED_MAX
            for part in parts:
                left = _require_plain(archive, part, left)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError) as error:
        raise WorkbookRefused(_("文件打不开，请另存为 xlsx 再上传")) from error


def _require_plain(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """Unpack a part piece by piece: what its list says of its size is not believed. Returns how much may follow."""
    kept = b""
    with archive.open(part) as stream:
        while piece := stream.read(64 * 1024):
            left -= len(piece)
            if left < 0:
                raise WorkbookRefused(_("文件解开后太大，请删去多余的行、列和图片"))
            text = kept + piece
            if any(mark in text for mark in _DOCUMENT_TYPE):
                raise WorkbookRefused(_("文件里有宏或外部链接，请另存为普通 xlsx 再上传"))
            kept = piece[-16:]
    return left


def _rows_of(sheet: Any, head: Sequence[str], rows_max: int) -> list[TableRow]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_col=COLUMNS_MAX)
    places = _places(next(rows, ()), head)
    found: list[TableRow] = []
    empty = 0
    for number, cells in enumerate(rows, 2):
        row = _row(number, cells, places)
        if row is None:
            empty += 1
            if empty > EMPTY_MAX:
                break
            continue
        if len(found) == rows_max:
            raise WorkbookRefused(_("一次最多 %d 行，请分成几个文件") % rows_max)
        found.append(row)
    return found


def _places(cells: Sequence[Any], head: Sequence[str]) -> dict[str, int]:
    """Return in which column each word of the head stands."""
    words = {str(cell.value).strip(): index for index, cell in reversed(list(enumerate(cells))) if cell.value}
    missing = [word for word in head if word not in words]
    if missing:
        raise WorkbookRefused(_("第一行缺少这些列：%s。请用下载的表填写") % "、".join(missing))
    return {word: words[word] for word in head}


def _row(number: int, cells: Sequence[Any], places: dict[str, int]) -> TableRow | None:
    values: dict[str, str] = {}
    formulas = []
    for word, index in places.items():
        cell = cells[index] if index < len(cells) else None
        if cell is not None and cell.data_type == "f":
            formulas.append(word)
        values[word] = _text(cell.value) if cell is not None and cell.data_type != "f" else ""
    if not formulas and not any(values.values()):
        return None
    return TableRow(number=number, values=values, formulas=tuple(formulas))


def _text(value: Any, cell_max: int = CELL_MAX) -> str:
    """Return a cell as people read it: 12, not 12.0. A text that is too long is cut, to be refused by its reader."""
    if value is None:
        return ""
    if isinstance(value, float):
        # Spreadsheets keep 19.9 as the nearest float; its shortest spelling is what was typed.
        number = Decimal(repr(value)) if value == value and abs(value) < 1e15 else None
        return "" if number is None else f"{number.normalize():f}"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return "".join(str(value).split("\x00"))[: cell_max + 1].strip()


def _head_cell(sheet: Any, words: str) -> Any:
    cell = WriteOnlyCell(sheet, value=words)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="ECEEF7")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "0.00"
        return cell
    cell = WriteOnlyCell(sheet, value=str(value))
    # A text that begins like a formula stays a text.
    cell.data_type = "s"
    cell.number_format = "@"
    return cell
