"""A workbook (.xlsx) with one sheet, written row by row into a file: a hundred thousand rows take no memory, and the
same rows are the same bytes. Tables that people fill in are written and read by `mall.core.workbook`.

ECMA-376, as little of it as spreadsheets need: texts stand in their cells and are never formulas; amounts are numbers.
"""

from collections.abc import Iterable
from io import TextIOWrapper
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from .spreadsheet import Number, cell

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    ),
}
# What XML 1.0 does not hold.
_FORBIDDEN = {number: None for number in range(32) if number not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


def write_workbook(out: IO[bytes], *, title: str, rows: Iterable[Iterable[Any]]) -> int:
    """Write the rows, the first of them being the names of the columns; returns how many rows there are below it."""
    count = -1
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=1) as book:
        for name, content in {**_PARTS, "xl/workbook.xml": _workbook(title)}.items():
            book.writestr(_part(name), _HEAD + content)
        with book.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            text = TextIOWrapper(sheet, encoding="utf-8", write_through=False)
            text.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>')
            for row in rows:
                count += 1
                text.write("<row>" + "".join(map(_cell, row)) + "</row>")
            text.write("</sheetData></worksheet>")
            text.flush()
            text.detach()
    return max(count, 0)


def _part(name: str) -> ZipInfo:
    """A part of the package, of no time."""
    part = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    part.compress_type = ZIP_DEFLATED
    return part


def _workbook(title: str) -> str:
    name = "".join(letter for letter in title if letter not in "[]:*?/\\")[:31] or "1"
    return (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>'
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, Number) or (isinstance(value, int) and not isinstance(value, bool)):
        return f"<c><v>{value}</v></c>"
    text = escape(str(cell(str(value))).translate(_FORBIDDEN))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
