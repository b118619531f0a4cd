"""Files of other platforms as rows of texts: CSV in whatever encoding and delimiter, or the first sheet of a
workbook."""

import codecs
import csv
import io
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from mall.core.workbook import WorkbookRefused, read_cells

BYTES_MAX = 20 * 1024 * 1024
ROWS_MAX = 20_000
COLUMNS_MAX = 120
CELL_MAX = 25_000
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8-sig"))


class TableRefused(Exception):
    """A file that is not taken as a catalogue. The text is for whoever sent it."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: its number in the file, its cells, and in which of them a formula stood."""

    number: int
    cells: list[str]
    formulas: tuple[int, ...] = ()


def read_rows(upload: UploadedFile) -> list[FileRow]:
    """Return the rows of a file. Its name and type are not looked at. Raises TableRefused."""
    if (upload.size or 0) > BYTES_MAX:
        raise TableRefused(_("文件超过 %d MB，请分成几个文件") % (BYTES_MAX // 1024 // 1024))
    upload.seek(0)
    if upload.read(2) == b"PK":
        try:
            cells = read_cells(upload, rows_max=ROWS_MAX, columns_max=COLUMNS_MAX, cell_max=CELL_MAX)
        except WorkbookRefused as refusal:
            raise TableRefused(str(refusal)) from refusal
        return [FileRow(number, texts, formulas) for number, texts, formulas in cells]
    upload.seek(0)
    return _lines(_text(upload.read(BYTES_MAX + 1)))


def _text(content: bytes) -> str:
    """Decode by the mark at the beginning; without one it is UTF-8, or what Chinese spreadsheets write."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for name in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(name).replace("\0", "")
        except UnicodeDecodeError:
            continue
    raise TableRefused(_("文件的编码认不出来，请用原平台导出的文件，或另存为 UTF-8"))


def _lines(text: str) -> list[FileRow]:
    beginning = text[:4_000]
    delimiter = "\t" if beginning.count("\t") > beginning.count(",") else ","
    rows: list[FileRow] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if len(rows) > ROWS_MAX:
                raise TableRefused(_("一次最多 %d 行，请分成几个文件") % ROWS_MAX)
            if any(cells):
                rows.append(FileRow(number, [cell.strip()[: CELL_MAX + 1] for cell in cells[:COLUMNS_MAX]]))
    except csv.Error as error:
        raise TableRefused(_("文件打不开，请用原平台导出的文件")) from error
    return rows
