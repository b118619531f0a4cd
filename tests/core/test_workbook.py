"""Workbooks: what is written comes back as it was, and what is more than a table is refused."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from mall.core import workbook
from mall.core.workbook import WorkbookRefused, read_table, written
from tests.orders.sheets import a_workbook

HEAD = ("编码", "数量")


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("x.xlsx", content)


def repacked(changes: dict[str, bytes]) -> SimpleUploadedFile:
    """A workbook with some of its parts written anew."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(a_workbook(("A", 1), head=HEAD)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return upload(out.getvalue())


def test_what_is_written_is_read_back_as_people_see_it():
    given = [["=1+1", 12, Decimal("19.90")], ["", None, ""], ["B", 0, ""]]
    content = written(title="表", head=(*HEAD, "价"), rows=given)
    rows = read_table(upload(content), head=HEAD)
    assert [(row.number, row.values, row.formulas) for row in rows] == [
        (2, {"编码": "=1+1", "数量": "12"}, ()),
        (4, {"编码": "B", "数量": "0"}, ()),
    ]
    assert load_workbook(io.BytesIO(content)).active["A2"].data_type == "s"


def test_numbers_are_read_as_they_were_typed():
    rows = read_table(a_workbook(("A", 19.9), ("B", 3.0), ("C", 1e14), ("D", True), head=HEAD), head=HEAD)
    assert [row.values["数量"] for row in rows] == ["19.9", "3", "100000000000000", "True"]


def test_columns_are_found_by_their_words_wherever_they_stand():
    rows = read_table(a_workbook(("备注", 5, "A"), head=("随便", "数量", "编码")), head=HEAD)
    assert rows[0].values == {"编码": "A", "数量": "5"}


def test_a_formula_is_named_and_never_read_as_a_value():
    (row,) = read_table(a_workbook(("A", '=HYPERLINK("http://evil.example")'), head=HEAD), head=HEAD)
    assert (row.values["数量"], row.formulas) == ("", ("数量",))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a workbook", b"\xd0\xcf\x11\xe0" * 64])
def test_what_is_no_workbook_is_refused(content: bytes):
    with pytest.raises(WorkbookRefused):
        read_table(upload(content), head=HEAD)


def test_a_column_that_is_missing_is_named():
    with pytest.raises(WorkbookRefused, match="数量"):
        read_table(a_workbook(("A",), head=("编码",)), head=HEAD)


def test_too_many_rows_are_refused():
    with pytest.raises(WorkbookRefused, match="3"):
        read_table(a_workbook(*[(str(n), n) for n in range(4)], head=HEAD), head=HEAD, rows_max=3)


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(workbook, "BYTES_MAX", 100)
    with pytest.raises(WorkbookRefused, match="MB"):
        read_table(a_workbook(("A", 1), head=HEAD), head=HEAD)


def test_a_zip_bomb_is_refused_before_it_is_a_workbook():
    bomb = repacked({"xl/worksheets/sheet1.xml": b"<a>" + b" " * (workbook.UNPACKED_MAX + 1)})
    assert bomb.size is not None
    assert bomb.size < workbook.BYTES_MAX
    with pytest.raises(WorkbookRefused, match="太大"):
        read_table(bomb, head=HEAD)


def test_a_bomb_that_lies_about_its_size_is_refused():
    bomb = bytearray(repacked({"xl/media/x.png": b"\0" * (workbook.UNPACKED_MAX + 1)}).read())
    size = (workbook.UNPACKED_MAX + 1).to_bytes(4, "little")
    assert bomb.count(size) >= 1
    with pytest.raises(WorkbookRefused):
        read_table(upload(bytes(bomb.replace(size, (1000).to_bytes(4, "little")))), head=HEAD)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("xl/vbaProject.bin", b"macro"),
        ("xl/externalLinks/externalLink1.xml", b"<x/>"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'),
    ],
)
def test_macros_links_and_document_types_are_refused(name: str, content: bytes):
    with pytest.raises(WorkbookRefused, match="宏或外部链接"):
        read_table(repacked({name: content}), head=HEAD)


def test_a_cell_far_away_costs_nothing():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c><c r="B1" t="inlineStr"><is><t>%s</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    ) % tuple(word.encode() for word in HEAD)
    assert read_table(repacked({"xl/worksheets/sheet1.xml": sheet}), head=HEAD) == []
