"""The front page: gift packs, what sells best, and the shelf."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mall.core import clock
from mall.core.access import public
from suppliers import queries
from suppliers.models import Category

PAGE = 20
PAGES_MAX = 500
BEST_SELLERS = 4


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
        return render(request, "storefront/shelf.html", shelf)
    is_front = category is None and page == 1
    packs = queries.gift_packs(at=now) if is_front else []
    best = queries.best_sellers(limit=BEST_SELLERS, at=now) if is_front else []
    front = {"is_front": is_front, "packs": packs, "lead": best[0] if best else None, "best_sellers": best[1:]}
    return render(request, "storefront/home.html", {**front, **shelf})


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
