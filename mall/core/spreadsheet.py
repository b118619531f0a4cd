"""Lines for spreadsheets: UTF-8 with a mark at the beginning, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

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


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SHEETS}" xmlns:r="{_DOCUMENT}">'
    '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as an XLSX file of one sheet, the same bytes for the same rows. `Number` and int are numbers, the
    rest texts, so that none is run and no long number is rounded."""
    lines = "".join(f"<row>{''.join(map(_sheet_cell, row))}</row>" for row in rows)
    sheet = f'<worksheet xmlns="{_SHEETS}"><sheetData>{lines}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            package.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), _XML + content)
    return out.getvalue()


def _sheet_cell(value: Any) -> str:
    if isinstance(value, Number) or type(value) is int:
        return f"<c><v>{value}</v></c>"
    text = "".join(mark for mark in str(value) if mark >= " ")
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
