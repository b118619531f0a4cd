"""What is asked about goods on the shelf that lack a permit: which they are, and until when."""

from collections import defaultdict

from django.db.models import Exists, OuterRef, Q, QuerySet

from suppliers.models import PaperState, PermitGap, Product, Qualification, Supplier

from .papers import categories_by_permit


def lacking_permits(*, supplier_id: int | None = None) -> dict[int, dict[tuple[int, str], Product]]:
    """Return, by supplier, the goods on the shelf without a permit that their category asks for: each by its id and the
    permit that it lacks."""
    found: dict[int, dict[tuple[int, str], Product]] = defaultdict(dict)
    shelf = Product.objects.filter(is_published=True)
    if supplier_id is not None:
        shelf = shelf.filter(supplier=supplier_id)
    for permit, categories in sorted(categories_by_permit().items()):
        lacking = shelf.filter(~Exists(_papers(permit, PaperState.APPROVED)), category__in=categories)
        for product in lacking.order_by("pk"):
            found[product.supplier_id][product.pk, permit] = product
    return found


def awaits_decision(*, product: Product, permit: str) -> bool:
    """Say whether a paper with which this product could be sold waits for an operator."""
    return Product.objects.filter(Exists(_papers(permit, PaperState.WAITING)), pk=product.pk).exists()


def gaps_of(*, supplier: Supplier) -> QuerySet[PermitGap]:
    """Return the supplier's goods that lack a permit or are off the shelf for that, those that leave next on top."""
    own = PermitGap.objects.filter(product__supplier=supplier)
    still = Q(off_shelf_at=None) | Q(product__is_published=False)
    return own.filter(still).select_related("product").order_by("off_shelf_at", "due_date", "pk")


def gaps_open() -> QuerySet[PermitGap]:
    """Return what stands on the shelf without its permit, of all suppliers."""
    return PermitGap.objects.filter(off_shelf_at=None)


def _papers(permit: str, state: str) -> QuerySet[Qualification]:
    """Return the papers of a kind that cover the product of the query around this one."""
    return Qualification.objects.filter(
        Q(product=None) | Q(product=OuterRef("pk")),
        supplier=OuterRef("supplier"),
        kind=permit,
        state=state,
        lapsed_at=None,
    )
