"""What is asked about prices that are to change, and the table of a supplier's goods."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from suppliers.models import PriceChange, PriceChangeState, Sku, Supplier


def waiting_prices(*, supplier: Supplier) -> QuerySet[PriceChange]:
    """Return a supplier's prices that are to change, the next first."""
    own = PriceChange.objects.filter(sku__product__supplier=supplier, state=PriceChangeState.WAITING)
    return own.select_related("sku__product").order_by("effective_at", "pk")


def goods_rows(*, supplier: Supplier, limit: int) -> Iterator[list[Any]]:
    """Yield what a supplier's table of goods holds: code, name, spec, three prices in yuan, and what is on hand."""
    own = Sku.objects.filter(product__supplier=supplier).select_related("product").order_by("product_id", "pk")
    for sku in own[:limit]:
        prices = [_yuan(fen) for fen in (sku.supply_price_fen, sku.list_price_fen, sku.sale_price_fen)]
        yield [sku.code, sku.product.name, sku.spec, *prices, sku.on_hand, None]


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)
