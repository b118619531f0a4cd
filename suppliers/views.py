"""The shop's front: home and a product's page. Open to everyone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mall.core import clock
from mall.core.access import public

from . import queries
from .forms import ChoiceForm
from .models import Category, Product

PAGE = 20
PAGES_MAX = 500
NEIGHBOURS = 6
BEST_SELLERS = 4
DRAWN = "/hero-750.webp"
DRAWN_VIEWS = ("hero", "scene", "detail")


@public
def home(request: HttpRequest) -> HttpResponse:
    """The gift packs for sale, what sells best, and the shelf: all of it or one category (`?c=`), page by page."""
    now = clock.now()
    category = _category(request)
    page = _page(request)
    cards = queries.shelf(category=category, start=(page - 1) * PAGE, limit=PAGE + 1, at=now)
    shelf = {
        "cards": [card for card in cards[:PAGE] if card.offer is not None],
        "category": category,
        "categories": queries.stocked_categories(),
        "next_page": page + 1 if len(cards) > PAGE and page < PAGES_MAX else None,
    }
    if request.headers.get("HX-Target") == "shelf":
        return render(request, "suppliers/shelf.html", shelf)
    is_front = category is None and page == 1
    packs = queries.gift_packs(at=now) if is_front else []
    best = queries.best_sellers(limit=BEST_SELLERS, at=now) if is_front else []
    front = {"is_front": is_front, "packs": packs, "lead": best[0] if best else None, "best_sellers": best[1:]}
    return render(request, "suppliers/home.html", {**front, **shelf})


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
        "suppliers/product.html",
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


def _category(request: HttpRequest) -> Category | None:
    slug = request.GET.get("c", "")
    category = queries.category_by_slug(slug=slug) if slug and "\x00" not in slug else None
    if slug and category is None:
        raise Http404
    return category


def _page(request: HttpRequest) -> int:
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 1
    return min(max(page, 1), PAGES_MAX)


def _pictures(found: Product) -> list[str]:
    """The pictures of a product: a drawn one has more views beside its first."""
    if not found.image.endswith(DRAWN):
        return [found.image]
    folder = found.image.removesuffix(DRAWN)
    return [f"{folder}/{view}-750.webp" for view in DRAWN_VIEWS]
