"""Goods that are sold with a permit alone."""

from django.utils.translation import gettext as _

from suppliers.models import Permit, Product
from suppliers.queries.papers import in_force, permits_of

from .refusals import PermitMissing


def require_permits(*, product: Product) -> None:
    """Raise PermitMissing, with the permit's name, where a product's category asks for one that does not count or is
    not there."""
    for kind in permits_of(category_id=product.category_id):
        if not in_force(supplier_id=product.supplier_id, kind=kind, product_id=product.pk).exists():
            said = {"category": product.category.name, "permit": Permit(kind).label}
            raise PermitMissing(
                _("“%(category)s”的商品要有有效的%(permit)s，请先在资质里上传，审核通过后再上架") % said
            )
