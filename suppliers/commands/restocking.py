"""Buying for the shelf: planned, ordered, received as stock piece by piece."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.ids import random_code
from suppliers.models import Restock, RestockLine, RestockState, Sku, StockPlan, Supplier

from .stock import receive_stock

QUANTITY_MAX = 1_000_000


class RestockRefused(Exception):
    """It cannot be bought or received so. Nothing was changed."""


def set_stock_plan(*, sku: Sku, safety: int, lead_days: int, cover_days: int, case_size: int) -> StockPlan:
    """Say when a SKU runs low, how long goods take to come and should last, and how many come in a case."""
    values = {"safety": safety, "lead_days": lead_days, "cover_days": cover_days, "case_size": case_size}
    plan, _made = StockPlan.objects.update_or_create(sku=sku, defaults=values)
    return plan


def order_restock(
    *, supplier: Supplier, items: Mapping[int, int], expected_date: date, by: Any, at: datetime, note: str = ""
) -> Restock:
    """Write down that a supplier has ordered goods; `items` are pieces by the SKU's id, each its own.

    Raises RestockRefused.
    """
    wanted = {sku_id: quantity for sku_id, quantity in items.items() if quantity}
    if not wanted or any(not 0 < quantity <= QUANTITY_MAX for quantity in wanted.values()):
        raise RestockRefused(_("请填写要采购的件数"))
    own = Sku.objects.filter(pk__in=wanted, product__supplier=supplier)
    if own.count() != len(wanted):
        raise RestockRefused(_("有商品不是你店里的"))
    with transaction.atomic():
        restock = Restock.objects.create(
            supplier=supplier,
            number=f"CG{random_code(10)}",
            expected_date=expected_date,
            note=note,
            ordered_by=by,
            ordered_at=at,
        )
        lines = [RestockLine(restock=restock, sku_id=sku_id, quantity=wanted[sku_id]) for sku_id in sorted(wanted)]
        RestockLine.objects.bulk_create(lines)
    return restock


def receive_restock(*, restock: Restock, items: Mapping[int, int], by: Any, at: datetime) -> Restock:
    """Take in goods that came: `items` are pieces by the line's id, at most what is still under way. When all has come
    it is over. Raises RestockRefused where one is too many, or it is over already."""
    with transaction.atomic():
        locked = _locked(restock)
        lines = {line.pk: line for line in locked.lines.select_related("sku").order_by("sku_id")}
        came = {key: quantity for key, quantity in items.items() if quantity}
        if not came:
            raise RestockRefused(_("请填写到货的件数"))
        if not came.keys() <= lines.keys() or any(
            not 0 < quantity <= lines[key].quantity - lines[key].received for key, quantity in came.items()
        ):
            raise RestockRefused(_("到货件数不能超过在途的件数"))
        for line in lines.values():
            if quantity := came.get(line.pk):
                reference = f"{locked.number}/{line.pk}/{line.received + quantity}"
                line.received += quantity
                line.save(update_fields=["received"])
                receive_stock(sku=line.sku, quantity=quantity, reason=_("采购到货"), reference=reference, by=by, at=at)
        if all(line.received == line.quantity for line in lines.values()):
            _end(locked, RestockState.RECEIVED, at)
    return locked


def cancel_restock(*, restock: Restock, at: datetime) -> Restock:
    """Expect no more of it; what came stays. Raises RestockRefused where it is over already."""
    with transaction.atomic():
        locked = _locked(restock)
        _end(locked, RestockState.CANCELLED, at)
    return locked


def _locked(restock: Restock) -> Restock:
    locked = Restock.objects.select_for_update(no_key=True).get(pk=restock.pk)
    if locked.state != RestockState.ORDERED:
        raise RestockRefused(_("采购单已经结束，请刷新页面"))
    return locked


def _end(restock: Restock, state: str, at: datetime) -> None:
    restock.state, restock.ended_at = state, at
    restock.save(update_fields=["state", "ended_at"])
