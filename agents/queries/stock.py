"""How much of a product is left, in a word."""

from collections.abc import Iterable

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from agents.models import StockMark
from agents.rules import LOW_MAX
from suppliers.models import Product


def stock_marks(*, product_ids: Iterable[int]) -> dict[int, StockMark]:
    """Return the marks of these products: of all their SKUs on sale together."""
    rows = (
        Product.objects.filter(pk__in=list(product_ids))
        .annotate(left=Coalesce(Sum(F("skus__on_hand") - F("skus__reserved"), filter=Q(skus__is_active=True)), 0))
        .values_list("pk", "left", "is_published", "supplier__is_active")
    )
    return {pk: stock_mark(left, is_on=published and active) for pk, left, published, active in rows}


def stock_mark(left: int, *, is_on: bool = True) -> StockMark:
    """Return the mark of a number of pieces."""
    if not is_on:
        return StockMark.OFF
    if left <= 0:
        return StockMark.OUT
    return StockMark.LOW if left <= LOW_MAX else StockMark.PLENTY
