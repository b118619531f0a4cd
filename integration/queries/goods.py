"""A supplier's stock as its own system reads it."""

from collections.abc import Sequence

from django.db.models import QuerySet

from suppliers.models import Sku, Supplier


def skus_page(*, supplier: Supplier, after: str, limit: int) -> list[Sku]:
    """Return so many SKUs behind a code, in the order of their codes, with products."""
    return list(_own(supplier).filter(code__gt=after).order_by("code")[:limit])


def sku_of(*, supplier: Supplier, code: str) -> Sku | None:
    """Return one SKU with its product."""
    return _own(supplier).filter(code=code).first()


def skus_by_code(*, supplier: Supplier, codes: Sequence[str]) -> dict[str, Sku]:
    """Return those of the SKUs that are this supplier's, by code."""
    return {sku.code: sku for sku in _own(supplier).filter(code__in=codes)}


def _own(supplier: Supplier) -> "QuerySet[Sku]":
    return Sku.objects.filter(product__supplier=supplier).select_related("product")
