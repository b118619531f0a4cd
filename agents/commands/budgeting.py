"""A month's budget for the commission of a product: counted every minute, and while it is used up new orders carry
none.

Orders that were placed keep what they carry: the commission of a line is written when it is placed, so the order that
uses a budget up is paid in full, and so are those placed until the next count. Orders that were never paid, and what
was refunded, are given back by the count. SKUs and product are locked first (`lock_prices`), then the budget.
"""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import CommissionBudget
from agents.queries.opportunities import commission_placed
from mall.core.ids import SHANGHAI
from suppliers.commands import CommissionRefused, lock_prices, require_commission
from suppliers.models import Product, Sku

MONTH_MAX_FEN = 100_000_000


class BudgetRefused(Exception):
    """It cannot be done; the text says why. Nothing was changed."""


def set_budget(*, product: Product, month_fen: int | None, by: Any, at: datetime) -> CommissionBudget | None:
    """Say what a product's commission may cost in a month, or with nothing take the bound off; a commission that
    rested is taken up again at once where it may be. Raises BudgetRefused, also where the price does not cover that
    commission."""
    if month_fen is not None and not 0 < month_fen <= MONTH_MAX_FEN:
        raise BudgetRefused(_("预算应大于 0，最多 100 万元"))
    with transaction.atomic():
        locked = lock_prices(product_id=product.pk)
        known = CommissionBudget.objects.select_for_update().filter(pk=locked.pk).first()
        if month_fen is None:
            if known is not None:
                if known.paused_bps and not locked.commission_bps:
                    _take_up(locked, known)
                    if known.trouble:
                        raise BudgetRefused(known.trouble)
                known.delete()
            return None
        if known is None and not locked.commission_bps:
            raise BudgetRefused(_("请先在商品里设置零售佣金"))
        budget = known or CommissionBudget(product=locked, supplier_id=locked.supplier_id)
        budget.month_fen, budget.set_by, budget.set_at = month_fen, by, at
        _count(locked, budget, at)
    return budget


def keep_budgets(*, at: datetime) -> int:
    """Count all budgets anew; pause what is used up, take up what is not any more. Returns how many were paused or
    taken up. What only has another count is not locked."""
    changed = 0
    since = _month(at)
    for budget in CommissionBudget.objects.select_related("product").order_by("pk"):
        used = commission_placed(product_id=budget.pk, since=since)
        is_up = used >= budget.month_fen
        if bool(budget.product.commission_bps) if is_up else bool(budget.paused_bps):
            changed += _kept(budget.pk, at)
        else:
            CommissionBudget.objects.filter(pk=budget.pk).update(used_fen=used, month_date=since.date())
    return changed


def _kept(product_id: int, at: datetime) -> bool:
    """Count one budget under its locks, and tell whether it was paused or taken up."""
    with transaction.atomic():
        product = lock_prices(product_id=product_id)
        budget = CommissionBudget.objects.select_for_update().filter(pk=product_id).first()
        if budget is None:
            return False
        before = budget.paused_bps
        _count(product, budget, at)
    return before != budget.paused_bps


def _month(at: datetime) -> datetime:
    """Return when the month began by the mall's clock."""
    return datetime.combine(at.astimezone(SHANGHAI).date().replace(day=1), time(0), SHANGHAI)


def _count(product: Product, budget: CommissionBudget, at: datetime) -> None:
    """Count what is used this month, and pause or take up. Both are locked."""
    since = _month(at)
    budget.month_date = since.date()
    budget.used_fen = commission_placed(product_id=product.pk, since=since)
    budget.trouble = ""
    if budget.used_fen >= budget.month_fen:
        if product.commission_bps:
            budget.paused_bps, product.commission_bps = product.commission_bps, 0
            product.save(update_fields=["commission_bps"])
    elif budget.paused_bps:
        _take_up(product, budget)
    budget.save()


def _take_up(product: Product, budget: CommissionBudget) -> None:
    """Let new orders carry the commission again; one that the prices no longer bear rests on, with the reason. One that
    was set anew meanwhile stays."""
    if product.commission_bps:
        budget.paused_bps = 0
        return
    try:
        _require(Sku.objects.filter(product=product), budget.paused_bps)
    except CommissionRefused as refusal:
        budget.trouble = str(refusal)[:120]
        return
    product.commission_bps, budget.paused_bps = budget.paused_bps, 0
    product.save(update_fields=["commission_bps"])


def _require(skus: Iterable[Sku], commission_bps: int) -> None:
    for sku in skus:
        require_commission(
            commission_bps=commission_bps,
            supply_price_fen=sku.supply_price_fen,
            sale_price_fen=sku.sale_price_fen,
            spec=sku.spec,
        )
