"""Reading what a bank's or Alipay's desk says became of a batch: a CSV file whose columns are named. Pure."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

BYTES_MAX = 1_000_000
ROWS_MAX = 2_000
TEXT_MAX = 64
REASON_MAX = 120
NUMBER, RESULT, REFERENCE, AMOUNT, REASON = "商户单号", "结果", "流水号", "金额（元）", "失败原因"
COLUMNS = (NUMBER, RESULT, REFERENCE, AMOUNT, REASON)
PAID_WORDS = frozenset({"成功", "已打款", "交易成功", "付款成功", "success", "paid"})
FAILED_WORDS = frozenset({"失败", "未打款", "交易失败", "付款失败", "退票", "failed"})
PAID, FAILED = "paid", "failed"


class UnreadableFile(Exception):
    """The file is no list of results; the message is one of the words below."""


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One line: what became of a number. `amount_fen` is none where the file has none; `outcome` is empty, and
    `hindrance` says why, where the line itself makes no sense."""

    number: str
    outcome: str
    reference: str
    reason: str
    amount_fen: int | None
    hindrance: str = ""


def read_results(content: bytes) -> list[ResultRow]:
    """Read a file, UTF-8 or GBK as Chinese banks write it. Raises UnreadableFile."""
    if len(content) > BYTES_MAX:
        raise UnreadableFile("too_long")
    lines = csv.DictReader(io.StringIO(_text(content)))
    try:
        heading = [(name or "").strip() for name in lines.fieldnames or []]
        if not {NUMBER, RESULT, REFERENCE} <= set(heading):
            raise UnreadableFile("no_columns")
        lines.fieldnames = heading
        rows: list[ResultRow] = []
        for line in lines:
            if len(rows) >= ROWS_MAX:
                raise UnreadableFile("too_many")
            row = _row({name: _cell(line.get(name)) for name in COLUMNS})
            if row is not None:
                rows.append(row)
    except csv.Error as error:
        raise UnreadableFile("no_csv") from error
    if not rows:
        raise UnreadableFile("empty")
    return rows


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise UnreadableFile("no_text")
        return text
    raise UnreadableFile("no_text")


def _cell(value: object) -> str:
    """Return a cell without the marks with which spreadsheets keep long numbers."""
    return " ".join(value.split()).lstrip("'`") if isinstance(value, str) else ""


def _row(cells: Mapping[str, str]) -> ResultRow | None:
    if not any(cells.values()):
        return None
    word = cells[RESULT].lower()
    outcome = PAID if word in PAID_WORDS else FAILED if word in FAILED_WORDS else ""
    amount_fen = _fen(cells[AMOUNT])
    reference, reason = cells[REFERENCE], cells[REASON][:REASON_MAX]
    hindrance = ""
    if not outcome:
        hindrance = "result"
    elif amount_fen == -1:
        hindrance = "amount"
    elif outcome == PAID and not 0 < len(reference) <= TEXT_MAX:
        hindrance = "reference"
    elif outcome == FAILED and not reason:
        hindrance = "reason"
    kept = amount_fen if amount_fen != -1 else None
    return ResultRow(cells[NUMBER][:TEXT_MAX], outcome, reference[:TEXT_MAX], reason, kept, hindrance)


def _fen(text: str) -> int | None:
    """Return an amount in fen, none where there is none, -1 where it is no amount."""
    plain = text.replace(",", "").replace("，", "").removeprefix("¥").removesuffix("元").strip()
    if not plain:
        return None
    whole, dot, cents = plain.partition(".")
    if not (whole.isascii() and whole.isdecimal()) or len(whole) > 12:
        return -1
    if dot and not (cents.isascii() and cents.isdecimal() and 1 <= len(cents) <= 2):
        return -1
    return int(whole) * 100 + int(cents.ljust(2, "0") or "0")
