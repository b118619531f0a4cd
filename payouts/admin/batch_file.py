"""A batch as the file that a bank's or Alipay's desk takes: the same bytes however often it is made."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from mall.core.sheet_stream import CONTENT_TYPE, write_workbook
from mall.core.spreadsheet import BOM, line, yuan
from payouts.models import PayoutBatch
from payouts.rules.results import AMOUNT, NUMBER, REASON, REFERENCE, RESULT

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: CONTENT_TYPE,
}


def batch_file(*, batch: PayoutBatch, form: str) -> bytes:
    """Return the file. Account numbers are texts: spreadsheets would round them."""
    rows = list(_rows(batch))
    if form == XLSX:
        out = BytesIO()
        write_workbook(out, title=batch.number, rows=rows)
        return out.getvalue()
    return (BOM + "".join(line([_text_of(cell) for cell in row]) for row in rows)).encode()


def _rows(batch: PayoutBatch) -> Iterator[list[Any]]:
    # The last columns are empty: the desk's results are written there, and the file comes back.
    yield [_("序号"), NUMBER, _("收款户名"), _("收款账号"), _("开户行"), AMOUNT, _("备注"), RESULT, REFERENCE, REASON]
    rows = batch.rows.select_related("withdrawal__account", "withdrawal__payee").order_by("position")
    for row in rows:
        withdrawal = row.withdrawal
        account, payee = withdrawal.account, withdrawal.payee
        yield [
            row.position,
            withdrawal.number,
            payee.name if payee else "",
            account.detail if account else "",
            account.bank_name if account else "",
            yuan(row.net_fen),
            _("提现 %s") % withdrawal.number,
            "",
            "",
            "",
        ]


def _text_of(cell: Any) -> Any:
    """Keep a long number from being taken for one: a leading mark, which reading takes off again."""
    return f"'{cell}" if isinstance(cell, str) and cell.isascii() and cell.isdecimal() and len(cell) > 11 else cell
