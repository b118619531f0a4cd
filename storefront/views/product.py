"""A product's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mall.core import clock
from mall.core.access import public
from storefront.forms import ChoiceForm
from suppliers import queries
from suppliers.models import Product

NEIGHBOURS = 6
DRAWN = "/hero-750.webp"
DRAWN_VIEWS = ("hero", "scene", "detail")


@public
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """A product: its pictures, price, supplier, terms, and the form that goes to the checkout."""
    now = clock.now()
    found = queries.product_by_slug(slug=slug)
    if found is None:
        raise Http404
    offers = queries.offers(product=found, at=now)
    form = ChoiceForm(request.GET, offers=offers)
    chosen = form.chosen()
    quantity = form.count(chosen)
    others = queries.shelf(supplier=found.supplier, limit=NEIGHBOURS + 1, at=now)
    return render(
        request,
        "storefront/product.html",
        {
            "product": found,
            "pictures": _pictures(found),
            "offers": offers,
            "chosen": chosen,
            "quantity": quantity,
            "total_fen": (chosen.price_fen or 0) * quantity if chosen else 0,
            "quantity_max": form.most(chosen),
            "terms": queries.gift_pack_terms(at=now) if chosen and chosen.sku.is_gift_pack else None,
            "others": [card for card in others if card.product != found and card.offer is not None][:NEIGHBOURS],
        },
    )


def _pictures(found: Product) -> list[str]:
    """The pictures of a product: a drawn one has more views beside its first."""
    if not found.image.endswith(DRAWN):
        return [found.image]
    folder = found.image.removesuffix(DRAWN)
    return [f"{folder}/{view}-750.webp" for view in DRAWN_VIEWS]
