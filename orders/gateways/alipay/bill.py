"""The bill of a day: CSV in GB 18030 within a zip, between lines that begin with `#`."""

import csv
import hashlib
import io
import zipfile
import zlib

from mall.core.providers.reading import fen, local_moment
from orders.gateways import Bill, BillEntry, BillKind, GatewayError

FILES_MAX = 10
UNPACKED_MAX = 200_000_000
REFERENCE, NUMBER, KIND = "支付宝交易号", "商户订单号", "业务类型"
DONE_AT, TOTAL, REFUND_NUMBER = "完成时间", "订单金额（元）", "退款批次号/请求号"
KINDS = {"交易": BillKind.PAYMENT, "退款": BillKind.REFUND}
CURRENCY = "CNY"


def bill_from(packed: bytes) -> Bill:
    """Unpack and read. Raises GatewayError."""
    try:
        text = _details(packed)
        entries = [_entry(row) for row in _rows(text)]
    except (ValueError, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError) as error:
        raise GatewayError(f"the bill cannot be read: {error}") from error
    return Bill(hashlib.sha256(text.encode()).hexdigest(), entries)


def _details(packed: bytes) -> str:
    """Return the file with the single trades; the other one holds sums."""
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        files = archive.infolist()
        if len(files) > FILES_MAX or sum(file.file_size for file in files) > UNPACKED_MAX:
            raise ValueError("too much is in it")
        for file in files:
            text = archive.read(file).decode("gb18030")
            if any(line.startswith(f"{REFERENCE},{NUMBER}") for line in text.splitlines()):
                return text
    raise ValueError("no list of trades is in it")


def _rows(text: str) -> list[dict[str, str]]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    heading, *rows = [[value.strip() for value in row] for row in csv.reader(io.StringIO("\n".join(lines)))]
    return [dict(zip(heading, row, strict=True)) for row in rows]


def _entry(row: dict[str, str]) -> BillEntry:
    kind = KINDS[row[KIND]]
    return BillEntry(
        kind=kind,
        number=row[REFUND_NUMBER] if kind == BillKind.REFUND else row[NUMBER],
        payment_number=row[NUMBER],
        provider_ref=row[REFERENCE],
        # A refund's amount is written with a minus sign.
        amount_fen=fen(row[TOTAL].removeprefix("-")),
        currency=CURRENCY,
        happened_at=local_moment(row[DONE_AT]),
    )
