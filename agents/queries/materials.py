"""Materials that shopkeepers see: checked ones alone."""

from dataclasses import dataclass

from django.db.models import QuerySet

from agents.models import Material, MaterialKind, MaterialState

PAGE = 20


@dataclass(frozen=True, slots=True)
class MaterialsPage:
    """A page of materials, newest first; `next_before` is nothing at the end."""

    rows: list[Material]
    next_before: int | None


def materials_page(
    *, kind: MaterialKind | None = None, slug: str = "", before: int | None = None, limit: int = PAGE
) -> MaterialsPage:
    """Return checked materials, of a kind, about a product, from one on. Two queries."""
    rows = _checked()
    if kind is not None:
        rows = rows.filter(kind=kind)
    if slug:
        rows = rows.filter(product__slug=slug)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: limit + 1])
    return MaterialsPage(found[:limit], found[limit - 1].pk if len(found) > limit else None)


def checked_material(*, material_id: int) -> Material | None:
    """Return one checked material."""
    return None if material_id >= 2**63 else _checked().filter(pk=material_id).first()


def products_with_materials(*, product_ids: list[int]) -> set[int]:
    """Return of which of these products there are checked materials."""
    found = Material.objects.filter(state=MaterialState.CHECKED, product__in=product_ids)
    return {product_id for product_id in found.values_list("product_id", flat=True) if product_id is not None}


def _checked() -> QuerySet[Material]:
    return (
        Material.objects.filter(state=MaterialState.CHECKED)
        .select_related("product", "checked_by")
        .prefetch_related("images")
    )
