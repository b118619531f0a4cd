"""Prices and stock of many SKUs by a table: looked at row by row first, then all of it or nothing.

Stock changes by how far the new count is from the one that was downloaded: what is sold meanwhile stays sold.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from mall.core.money import yuan
from mall.core.workbook import TableRow
from suppliers.models import MovementKind, Sheet, Sku, Supplier
from suppliers.rules import PRICE_REST_HOURS

from .catalogue import CommissionRefused, require_commission
from .interest import announce_arrivals
from .pricing import Prices, change_prices, locked_skus, prices_of
from .sheets import BAD, DONE, GOOD, SKIPPED, RowReport, mark_applied, report_of, rows_of
from .warehousing import settle_places

CODE, SUPPLY, LIST, SALE = "商品编码", "供货价", "划线价", "售价"
STOCK_WAS, STOCK = "下载时在库", "新在库"
HEAD = (CODE, SUPPLY, LIST, SALE, STOCK_WAS, STOCK)
ROWS_MAX = 10_000
STOCK_MAX = 1_000_000
PRICE_MAX_FEN = 100_000_000
_YUAN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")
_COUNT = re.compile(r"[0-9]{1,7}")

_MOVE = """
WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::int[]) AS wanted(sku_id, delta)
), moved AS (
    UPDATE suppliers_sku AS sku SET on_hand = sku.on_hand + wanted.delta
    FROM wanted WHERE sku.id = wanted.sku_id
    RETURNING sku.id AS sku_id, wanted.delta
)
INSERT INTO suppliers_stockmovement (sku_id, kind, on_hand_delta, reserved_delta, reason, reference, by_id, at)
SELECT sku_id, %s, delta, 0, %s, '', %s, %s FROM moved
"""


class SheetRefused(Exception):
    """A table has rows that cannot be done, or was done before. Nothing was changed."""


@dataclass(slots=True)
class _Row:
    number: int
    values: dict[str, str]
    status: str = ""
    text: str = ""
    sku: Sku | None = None
    prices: Prices | None = None
    delta: int = 0

    def decide(self, status: str, text: str) -> None:
        self.status, self.text = status, text

    @property
    def report(self) -> RowReport:
        return RowReport(number=self.number, status=self.status, subject=self.values[CODE][:40], text=self.text)


def check_goods(*, supplier: Supplier, rows: Sequence[TableRow]) -> list[RowReport]:
    """Return what would become of each row of a table now. Changes nothing."""
    codes = {row.values[CODE] for row in rows}
    skus = Sku.objects.filter(product__supplier=supplier, code__in=codes).select_related("product")
    return [row.report for row in _checked(rows, list(skus))]


def change_goods(*, sheet: Sheet, by: Any, at: datetime) -> list[RowReport]:
    """Do what a table says, all of it in one transaction; of one that was done it returns the report alone.

    Raises SheetRefused where a row cannot be done.
    """
    with transaction.atomic():
        locked = Sheet.objects.select_for_update().select_related("supplier").get(pk=sheet.pk)
        if locked.applied_at is not None:
            return report_of(locked)
        rows = rows_of(locked)
        own = Sku.objects.filter(product__supplier=locked.supplier, code__in={row.values[CODE] for row in rows})
        checked = _checked(rows, locked_skus(own.values_list("pk", flat=True)))
        if any(row.status == BAD for row in checked):
            raise SheetRefused(_("有 %d 行有问题，没有做任何改动，请改好后重新上传") % _count(checked, BAD))
        good = [row for row in checked if row.status == GOOD]
        _move_stock(good, f"{_('批量文件')} {locked.name}"[:80], by, at)
        wanted = [(row.sku, row.prices) for row in good if row.sku is not None and row.prices is not None]
        change_prices(wanted=wanted, by=by, at=at)
        for row in good:
            row.decide(DONE, row.text)
        report = [row.report for row in checked]
        mark_applied(sheet=locked, report=report, at=at)
    return report


def _move_stock(rows: Sequence[_Row], reason: str, by: Any, at: datetime) -> None:
    """Move the stock of SKUs whose locks are held."""
    moved = {row.sku.pk: row.delta for row in rows if row.sku is not None and row.delta}
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE, [list(moved), list(moved.values()), MovementKind.ADJUSTED.value, reason, by.pk if by else None, at]
        )
    settle_places(sku_ids=moved)
    announce_arrivals(sku_ids=[sku_id for sku_id, delta in moved.items() if delta > 0], at=at)


def _checked(rows: Sequence[TableRow], skus: Sequence[Sku]) -> list[_Row]:
    by_code = {sku.code: sku for sku in skus}
    seen: dict[str, int] = {}
    checked = []
    for given in rows:
        row = _Row(number=given.number, values=given.values)
        code = row.values[CODE]
        if given.formulas:
            row.decide(BAD, _("“%s”里是公式，请改成文字或数字") % "、".join(given.formulas))
        elif code in seen:
            row.decide(BAD, _("和第 %d 行是同一个商品编码") % seen[code])
        else:
            seen[code] = row.number
            row.sku = by_code.get(code)
            _check(row)
        checked.append(row)
    return checked


def _check(row: _Row) -> None:
    if row.sku is None:
        row.decide(BAD, _("没有这个商品编码"))
        return
    problem = _check_prices(row, row.sku) or _check_stock(row, row.sku)
    if problem:
        row.decide(BAD, problem)
    elif row.prices is None and not row.delta:
        row.decide(SKIPPED, _("没有变化"))
    else:
        row.decide(GOOD, "；".join(_changes(row, row.sku)))


def _check_prices(row: _Row, sku: Sku) -> str:
    """Take the row's prices; what is left empty stays as it is. Returns what is wrong."""
    given: dict[str, int] = {}
    for word in (SUPPLY, LIST, SALE):
        text = row.values[word].removeprefix("¥")
        if not text:
            continue
        fen = _fen(text)
        if fen is None:
            return _("“%s”应为大于 0、最多两位小数的数字") % word
        given[word] = fen
    if sku.is_gift_pack and SALE in given:
        return _("礼包按方案定价，不能填售价")
    now = prices_of(sku)
    prices = Prices(
        given.get(SUPPLY, now.supply_price_fen),
        given.get(LIST, now.list_price_fen),
        given.get(SALE) or now.sale_price_fen,
    )
    if prices == now:
        return ""
    try:
        require_commission(
            commission_bps=sku.product.commission_bps,
            supply_price_fen=prices.supply_price_fen,
            sale_price_fen=prices.sale_price_fen,
            spec=sku.spec,
        )
    except CommissionRefused as refusal:
        return str(refusal)
    row.prices = prices
    return ""


def _check_stock(row: _Row, sku: Sku) -> str:
    """Take how far the new count is from the one that was downloaded. Returns what is wrong."""
    if not row.values[STOCK]:
        return ""
    was, new = _number(row.values[STOCK_WAS]), _number(row.values[STOCK])
    if new is None or new > STOCK_MAX:
        return _("“%s”应为 0 到 1000000 的整数") % STOCK
    if was is None:
        return _("改库存要保留“%s”一列，它用来算出增减") % STOCK_WAS
    row.delta = new - was
    if sku.on_hand + row.delta < sku.reserved:
        left = {"on_hand": sku.on_hand, "reserved": sku.reserved}
        return _("在库现有 %(on_hand)d 件，已占用 %(reserved)d 件，减不了这么多") % left
    return ""


def _changes(row: _Row, sku: Sku) -> list[str]:
    """Return in words what a row changes."""
    said = []
    if row.prices is not None:
        now = prices_of(sku)
        for word, name in ((SUPPLY, "supply_price_fen"), (LIST, "list_price_fen"), (SALE, "sale_price_fen")):
            before, after = getattr(now, name), getattr(row.prices, name)
            if before != after:
                said.append(f"{word} {yuan(before)} → {yuan(after)}")
        if sku.product.is_published:
            said.append(_("%d 小时后生效") % PRICE_REST_HOURS)
    if row.delta:
        said.append(_("在库 %(before)d → %(after)d") % {"before": sku.on_hand, "after": sku.on_hand + row.delta})
    return said


def _fen(text: str) -> int | None:
    if not text.isascii() or not _YUAN.fullmatch(text):
        return None
    whole, _point, cents = text.partition(".")
    fen = int(whole) * 100 + int(cents.ljust(2, "0") or 0)
    return fen if 0 < fen <= PRICE_MAX_FEN else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and _COUNT.fullmatch(text) else None


def _count(rows: Sequence[_Row], status: str) -> int:
    return sum(row.status == status for row in rows)
