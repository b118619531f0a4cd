"""Shipping many orders by a table: every row is looked at first; what is good goes through `ship_order`, one parcel
after the other, each whole or not at all. The same table again ships nothing twice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from mall.core.workbook import TableRow
from orders.models import Order, OrderLine, OrderState, Parcel, ParcelKind
from orders.queries.fulfilment import left_of
from orders.refusals import OrderRefused, Refusal
from orders.rules.shipping import CARRIERS, WAYBILL_PATTERN
from suppliers.commands import BAD, DONE, GOOD, SKIPPED, RowReport, mark_applied, rows_of
from suppliers.models import Sheet, Supplier

from .locking import locked_order
from .shipping import ship_order

# What the columns of the table are called, in every language: it comes back as it went out.
NUMBER, CODE, QUANTITY = "订单号", "商品编码", "本次发货件数"
CARRIER, WAYBILL = "快递公司", "快递单号"
HEAD = (NUMBER, CODE, QUANTITY, CARRIER, WAYBILL)
ROWS_MAX = 1_000
_WAYBILL = re.compile(WAYBILL_PATTERN)
_QUANTITY_MAX = 99_999


@dataclass(slots=True)
class _Row:
    """A row and what is known of it so far; `text` is filled once it is decided."""

    number: int
    values: dict[str, str]
    status: str = ""
    text: str = ""
    order: Order | None = None
    line: OrderLine | None = None
    quantity: int = 0

    def decide(self, status: str, text: str) -> None:
        self.status, self.text = status, text

    @property
    def parcel(self) -> tuple[str, str, str]:
        return self.values[NUMBER], self.values[CARRIER], self.values[WAYBILL]

    @property
    def report(self) -> RowReport:
        subject = " ".join(part for part in (self.values[NUMBER], self.values[CODE]) if part)
        return RowReport(number=self.number, status=self.status, subject=subject[:80], text=self.text)


def check_shipping(*, supplier: Supplier, rows: Sequence[TableRow]) -> list[RowReport]:
    """Return what would become of each row of a table now. Changes nothing."""
    return [row.report for row in _checked(supplier, rows)]


def ship_sheet(*, sheet: Sheet, by: Any, at: datetime) -> list[RowReport]:
    """Ship what is good in a table, and return what became of each row. A repeat finds what was shipped and ships what
    is left, so that a stop in the middle is mended by doing it again."""
    rows = _checked(sheet.supplier, rows_of(sheet))
    parcels: dict[tuple[str, str, str], list[_Row]] = {}
    for row in rows:
        if row.status == GOOD:
            parcels.setdefault(row.parcel, []).append(row)
    for packed in parcels.values():
        status, text = _ship_parcel(packed, by, at)
        for row in packed:
            row.decide(status, text)
    report = [row.report for row in rows]
    mark_applied(sheet=sheet, report=report, at=at)
    return report


def _ship_parcel(packed: Sequence[_Row], by: Any, at: datetime) -> tuple[str, str]:
    """Ship one parcel, unless it was shipped since it was looked at. Returns status and text."""
    order = packed[0].order
    assert order is not None
    _number, carrier, waybill = packed[0].parcel
    items: dict[int, int] = {}
    for row in packed:
        assert row.line is not None
        items[row.line.pk] = items.get(row.line.pk, 0) + row.quantity
    try:
        with transaction.atomic():
            locked = locked_order(order.pk)
            if _is_shipped(locked.parcels.all(), carrier, waybill):
                return DONE, _("这个单号之前已发出，没有重复发货")
            ship_order(order=locked, carrier=carrier, tracking_number=waybill, by=by, at=at, items=items)
    except OrderRefused as refusal:
        return BAD, str(refusal)
    return DONE, _("已发出 %d 件") % sum(items.values())


def _checked(supplier: Supplier, rows: Sequence[TableRow]) -> list[_Row]:
    checked = [_Row(number=row.number, values=row.values) for row in rows]
    formulas = {row.number: row.formulas for row in rows if row.formulas}
    orders = _orders(supplier, checked)
    left = {line.pk: left_of(line) for order in orders.values() for line in order.lines.all()}
    for row in checked:
        if row.number in formulas:
            row.decide(BAD, _("“%s”里是公式，请改成文字或数字") % "、".join(formulas[row.number]))
        else:
            _check_waybill(row)
        if not row.status:
            _check_order(row, orders)
    _check_whole_orders(checked)
    for row in checked:
        if not row.status:
            _check_quantity(row, left)
    _check_addresses(supplier, checked)
    _check_parcels(checked)
    return checked


def _orders(supplier: Supplier, rows: Sequence[_Row]) -> dict[str, Order]:
    """Return the supplier's own orders that the rows name, by number."""
    numbers = {row.values[NUMBER] for row in rows if 0 < len(row.values[NUMBER]) <= 40}
    own = Order.objects.filter(supplier=supplier, number__in=numbers, paid_at__isnull=False)
    lines = Prefetch("lines", OrderLine.objects.select_related("sku").order_by("pk"))
    return {order.number: order for order in own.prefetch_related(lines, "parcels")}


def _check_waybill(row: _Row) -> None:
    carrier, waybill = row.values[CARRIER], row.values[WAYBILL]
    if not waybill and not row.values[NUMBER]:
        row.decide(SKIPPED, _("没有订单号，跳过"))
    elif not waybill:
        row.decide(SKIPPED, _("没有填快递单号，跳过"))
    elif carrier not in CARRIERS:
        row.decide(BAD, _("快递公司应为：%s") % "、".join(CARRIERS))
    elif not _WAYBILL.fullmatch(waybill):
        row.decide(BAD, _("快递单号应为 6 到 40 位字母或数字"))


def _check_order(row: _Row, orders: dict[str, Order]) -> None:
    row.order = orders.get(row.values[NUMBER])
    if row.order is None:
        row.decide(BAD, _("没有这个订单号"))
    elif _is_shipped(row.order.parcels.all(), row.values[CARRIER], row.values[WAYBILL]):
        row.decide(DONE, _("这个单号之前已发出，没有重复发货"))
    elif row.order.state != OrderState.PAID:
        row.decide(BAD, _("订单现在是“%s”，不能发货") % row.order.get_state_display())
    elif row.values[CODE]:
        row.line = next((line for line in row.order.lines.all() if line.sku.code == row.values[CODE]), None)
        if row.line is None:
            row.decide(BAD, _("订单里没有这个商品编码"))


def _check_whole_orders(rows: list[_Row]) -> None:
    """Where a row names no SKU it stands for everything that is left: it becomes one row for each line."""
    spread: list[_Row] = []
    for row in rows:
        spread.append(row)
        if row.status or row.line is not None or row.order is None:
            continue
        waiting = [line for line in row.order.lines.all() if left_of(line)]
        if row.values[QUANTITY]:
            row.decide(BAD, _("填了件数，请也填商品编码"))
        elif not waiting:
            row.decide(BAD, str(Refusal.BAD_PACKING.label))
        else:
            row.line = waiting[0]
            spread += [_Row(number=row.number, values=row.values, order=row.order, line=one) for one in waiting[1:]]
    rows[:] = spread


def _check_quantity(row: _Row, left: dict[int, int]) -> None:
    assert row.line is not None
    text, rest = row.values[QUANTITY], left[row.line.pk]
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= _QUANTITY_MAX):
        row.decide(BAD, _("件数应为大于 0 的整数"))
        return
    row.quantity = int(text) if text else rest
    if not rest:
        row.decide(BAD, _("这件商品没有待发的了"))
    elif row.quantity > rest:
        row.decide(BAD, _("待发只有 %d 件") % rest)
    else:
        left[row.line.pk] -= row.quantity
        row.decide(GOOD, _("将发出 %(count)d 件，%(carrier)s %(waybill)s") % _waybill(row))


def _check_addresses(supplier: Supplier, rows: Sequence[_Row]) -> None:
    """Refuse a waybill that stands at orders which go to different people: a cell that was dragged too far."""
    good = [row for row in rows if row.status == GOOD and row.order is not None]
    places: dict[str, dict[tuple[str, str], str]] = {}
    sent = Parcel.objects.filter(
        kind=ParcelKind.ORDER, order__supplier=supplier, tracking_number__in={row.values[WAYBILL] for row in good}
    ).select_related("order")
    for parcel in sent:
        places.setdefault(parcel.tracking_number, {})[_place(parcel.order)] = parcel.order.number
    for row in good:
        assert row.order is not None
        places.setdefault(row.values[WAYBILL], {})[_place(row.order)] = row.order.number
    for row in good:
        assert row.order is not None
        others = [number for place, number in places[row.values[WAYBILL]].items() if place != _place(row.order)]
        if others:
            row.decide(BAD, _("同一个快递单号也填给了订单 %s，收货地址不同") % others[0])


def _check_parcels(rows: Sequence[_Row]) -> None:
    """A parcel is good where all of its rows are."""
    wrong = {row.parcel: row.number for row in rows if row.status == BAD and row.order is not None}
    for row in rows:
        if row.status == GOOD and row.parcel in wrong:
            row.decide(BAD, _("同一个包裹的第 %d 行有问题") % wrong[row.parcel])


def _is_shipped(parcels: Iterable[Parcel], carrier: str, waybill: str) -> bool:
    return any(
        (parcel.carrier, parcel.tracking_number) == (carrier, waybill)
        for parcel in parcels
        if parcel.kind == ParcelKind.ORDER
    )


def _place(order: Order) -> tuple[str, str]:
    return order.recipient_phone, order.recipient_address


def _waybill(row: _Row) -> dict[str, Any]:
    return {"count": row.quantity, "carrier": row.values[CARRIER], "waybill": row.values[WAYBILL]}
