"""Prices change after a rest: what is on the shelf keeps its price for a day, who carries it hears of it at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min, OuterRef, Subquery
from django.utils.translation import gettext as _

from mall.core.events import publish
from suppliers.events import PriceAhead, PricesAhead
from suppliers.models import PriceChange, PriceChangeState, Product, Sku
from suppliers.rules import PRICE_REST_HOURS

from .catalogue import CommissionRefused, require_commission

AT_ONCE_MAX = 1_000
PRICES = ("supply_price_fen", "list_price_fen", "sale_price_fen")


@dataclass(frozen=True, slots=True)
class Prices:
    """What a SKU is to cost, in fen. A gift pack has no sale price."""

    supply_price_fen: int
    list_price_fen: int
    sale_price_fen: int | None


def prices_of(sku: Sku) -> Prices:
    """Return what a SKU costs now."""
    return Prices(sku.supply_price_fen, sku.list_price_fen, sku.sale_price_fen)


def locked_skus(sku_ids: Iterable[int]) -> list[Sku]:
    """Return these SKUs under their locks, in the order of their ids, and then their products under theirs, so that no
    commission changes meanwhile. In the caller's transaction."""
    skus = list(Sku.objects.select_for_update(no_key=True).filter(pk__in=list(sku_ids)).order_by("pk"))
    own = Product.objects.select_for_update(no_key=True).filter(pk__in={sku.product_id for sku in skus})
    products = {product.pk: product for product in own.order_by("pk")}
    for sku in skus:
        sku.product = products[sku.product_id]
    return skus


def change_prices(*, wanted: Sequence[tuple[Sku, Prices]], by: Any, at: datetime) -> tuple[int, int]:
    """Change prices of SKUs that the caller has locked, or that nobody sells yet: at once where the product is off the
    shelf, else after the rest. Returns how many changed at once and how many wait. All or none.

    Asked again what is asked already, nothing happens; the old price withdraws what waits. Raises CommissionRefused
    where a price does not cover the commission.
    """
    with transaction.atomic():
        for sku, prices in wanted:
            _require(sku, prices)
        waiting = _waiting([sku.pk for sku, _prices in wanted])
        fresh = [(sku, prices) for sku, prices in wanted if waiting.get(sku.pk, prices_of(sku)) != prices]
        _end_waiting([sku.pk for sku, _prices in fresh], at)
        moved = [(sku, prices) for sku, prices in fresh if prices != prices_of(sku)]
        at_once = [(sku, prices) for sku, prices in moved if not sku.product.is_published]
        later = [(sku, prices) for sku, prices in moved if sku.product.is_published]
        _write(at_once)
        changes = PriceChange.objects.bulk_create(_change(sku, prices, by, at) for sku, prices in later)
        if changes:
            publish(PricesAhead(items=_ahead(later, changes), at=at))
    return len(at_once), len(later)


def withdraw_price(*, change: PriceChange, at: datetime) -> bool:
    """Withdraw a change of prices that still waits; returns whether it did."""
    return bool(_end_waiting([change.sku_id], at))


def apply_price_changes(*, at: datetime, limit: int = AT_ONCE_MAX) -> int:
    """Let changes whose rest is over come into force; returns how many ended. One whose price no longer covers the
    commission is refused with the reason. A repeat goes on with the next."""
    with transaction.atomic():
        due = PriceChange.objects.filter(state=PriceChangeState.WAITING, effective_at__lte=at)
        ids = list(due.order_by("effective_at", "pk").values_list("sku_id", flat=True)[:limit])
        skus = {sku.pk: sku for sku in locked_skus(ids)}
        changes = list(due.select_for_update(no_key=True).filter(sku_id__in=skus).order_by("sku_id"))
        good: list[tuple[Sku, Prices]] = []
        for change in changes:
            sku = skus[change.sku_id]
            prices = Prices(change.supply_price_fen, change.list_price_fen, change.sale_price_fen)
            change.state, change.ended_at = PriceChangeState.DONE, at
            try:
                _require(sku, prices)
            except CommissionRefused as refusal:
                change.state, change.reason = PriceChangeState.REFUSED, str(refusal)[:120]
            else:
                good.append((sku, prices))
        _write(good)
        PriceChange.objects.bulk_update(changes, ["state", "ended_at", "reason"])
    return len(changes)


def _require(sku: Sku, prices: Prices) -> None:
    if (prices.sale_price_fen is None) != sku.is_gift_pack:
        raise CommissionRefused(_("礼包按方案定价，其他商品要有售价"))
    require_commission(
        commission_bps=sku.product.commission_bps,
        supply_price_fen=prices.supply_price_fen,
        sale_price_fen=prices.sale_price_fen,
        spec=sku.spec,
    )


def _waiting(sku_ids: Sequence[int]) -> dict[int, Prices]:
    rows = PriceChange.objects.filter(sku_id__in=sku_ids, state=PriceChangeState.WAITING)
    return {sku_id: Prices(*prices) for sku_id, *prices in rows.values_list("sku_id", *PRICES)}


def _end_waiting(sku_ids: Sequence[int], at: datetime) -> int:
    rows = PriceChange.objects.filter(sku_id__in=sku_ids, state=PriceChangeState.WAITING)
    return rows.update(state=PriceChangeState.WITHDRAWN, ended_at=at)


def _write(wanted: Sequence[tuple[Sku, Prices]]) -> None:
    """Write prices, and the lowest one of each product."""
    for sku, prices in wanted:
        for name in PRICES:
            setattr(sku, name, getattr(prices, name))
    Sku.objects.bulk_update([sku for sku, _prices in wanted], PRICES, batch_size=500)
    lowest = (
        Sku.objects.filter(product=OuterRef("pk"), is_active=True)
        .order_by()
        .values("product")
        .annotate(lowest=Min("sale_price_fen"))
        .values("lowest")
    )
    products = sorted({sku.product_id for sku, _prices in wanted})
    Product.objects.filter(pk__in=products).update(lowest_price_fen=Subquery(lowest))


def _change(sku: Sku, prices: Prices, by: Any, at: datetime) -> PriceChange:
    return PriceChange(
        sku=sku,
        supply_before_fen=sku.supply_price_fen,
        list_before_fen=sku.list_price_fen,
        sale_before_fen=sku.sale_price_fen,
        supply_price_fen=prices.supply_price_fen,
        list_price_fen=prices.list_price_fen,
        sale_price_fen=prices.sale_price_fen,
        asked_by=by,
        asked_at=at,
        effective_at=at + timedelta(hours=PRICE_REST_HOURS),
    )


def _ahead(later: Sequence[tuple[Sku, Prices]], changes: Sequence[PriceChange]) -> tuple[PriceAhead, ...]:
    """Return what shopkeepers hear: prices that their customers will see change."""
    return tuple(
        PriceAhead(
            change_id=change.pk,
            product_id=sku.product_id,
            product_slug=sku.product.slug,
            product_name=sku.product.name,
            spec=sku.spec,
            price_before_fen=change.sale_before_fen,
            price_after_fen=prices.sale_price_fen,
            effective_at=change.effective_at,
        )
        for (sku, prices), change in zip(later, changes, strict=True)
        if change.sale_before_fen is not None
        and prices.sale_price_fen is not None
        and change.sale_before_fen != prices.sale_price_fen
    )
