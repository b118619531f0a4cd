"""The bill of a day: CSV, gzipped, its SHA-1 told beforehand; every field begins with a backtick."""

import csv
import hashlib
import io
import zlib

from mall.core.providers.reading import fen, local_moment
from orders.gateways import Bill, BillEntry, BillKind, GatewayError

UNPACKED_MAX = 200_000_000
TIME, CHARGE_REF, NUMBER = "交易时间", "微信订单号", "商户订单号"
STATE, CURRENCY, TOTAL = "交易状态", "货币种类", "订单金额"
REFUND_REF, REFUND_NUMBER, REFUND_AMOUNT = "微信退款单号", "商户退款单号", "申请退款金额"
SUMMARY = "总交易单数"


def bill_from(packed: bytes, *, sha1: str) -> Bill:
    """Unpack, compare the hash, read. Raises GatewayError."""
    unpacking = zlib.decompressobj(wbits=31)
    try:
        content = unpacking.decompress(packed, UNPACKED_MAX)
    except zlib.error as error:
        raise GatewayError("the bill cannot be unpacked") from error
    if not unpacking.eof:
        raise GatewayError("the bill is cut off or too long")
    if hashlib.sha1(content, usedforsecurity=False).hexdigest() != sha1.lower():
        raise GatewayError("the bill is not the one whose hash was told")
    try:
        entries = [_entry(row) for row in _rows(content.decode("utf-8-sig"))]
    except (ValueError, KeyError) as error:
        raise GatewayError(f"the bill cannot be read: {error}") from error
    return Bill(hashlib.sha256(content).hexdigest(), entries)


def _rows(text: str) -> list[dict[str, str]]:
    """Return the lines between the heading and the summary, by the heading's words."""
    lines = csv.reader(io.StringIO(text))
    heading = next(lines, [])
    rows = []
    for line in lines:
        if not line or line[0] == SUMMARY:
            break
        rows.append({name: value.removeprefix("`").strip() for name, value in zip(heading, line, strict=True)})
    return rows


def _entry(row: dict[str, str]) -> BillEntry:
    is_refund = row[STATE] in ("REFUND", "REVOKED")
    return BillEntry(
        kind=BillKind.REFUND if is_refund else BillKind.PAYMENT,
        number=row[REFUND_NUMBER] if is_refund else row[NUMBER],
        payment_number=row[NUMBER],
        provider_ref=row[REFUND_REF] if is_refund else row[CHARGE_REF],
        amount_fen=fen(row[REFUND_AMOUNT] if is_refund else row[TOTAL]),
        currency=row[CURRENCY],
        happened_at=local_moment(row[TIME]),
    )
