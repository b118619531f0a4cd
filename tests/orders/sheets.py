"""Workbooks as a supplier fills them in."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from orders.commands.batch_shipping import HEAD


def a_workbook(*rows: Sequence[Any], head: Sequence[str] = HEAD, name: str = "发货.xlsx") -> SimpleUploadedFile:
    """A file as a spreadsheet program writes it; a text that begins with = is a formula there."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile(name, out.getvalue())
