"""The front page: banners, categories, packs, what is new, what sells best, what may please, and the shelf."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import agents.queries
import suppliers.queries
from mall.core import clock
from mall.core.access import public
from mall.core.public_page import describe, site_data
from mall.core.visitor import kept_touch, visitor_hash, visitor_personalises
from storefront import queries

from .kept import page_of
from .visitors import may_personalise, member_of

PAGE = 20
HINTS = 4
CATEGORIES = 10
NEW_GOODS = 6
BEST_SELLERS = 6
BECAUSE = 6


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page, and what is recommended page by page (`?page=`): with htmx only that."""
    now = clock.now()
    page = page_of(request)
    cards = suppliers.queries.recommended(start=(page - 1) * PAGE, limit=PAGE + 1, at=now)
    shelf = {"cards": cards[:PAGE], "more": f"{reverse('shop:home')}?page={page + 1}" if len(cards) > PAGE else ""}
    if request.headers.get("HX-Request"):
        return render(request, "storefront/shelf_more.html", shelf)
    describe(
        request,
        title=_("禾集 · 品质国货"),
        description=_("产地直发的茶饮、粮油、滋补、零食、美护、家居好物"),
        path=reverse("shop:home"),
        linked=site_data(),
    )
    shown = {**shelf, "page": page}
    if page == 1:
        best_sellers = suppliers.queries.best_sellers(limit=BEST_SELLERS, at=now)
        shown |= {
            "hints": [card.product.label for card in best_sellers if card.product.label][:HINTS],
            "banners": queries.banners(at=now),
            "categories": suppliers.queries.stocked_categories()[:CATEGORIES],
            "packs": suppliers.queries.gift_packs(at=now),
            "new_goods": suppliers.queries.new_goods(limit=NEW_GOODS, at=now),
            "best_sellers": best_sellers,
            "because": _because(request, now),
            "shop": agents.queries.shop_of_visitor(member=member_of(request), touch_id=kept_touch(request), at=now),
        }
    return render(request, "storefront/home.html", shown)


def _because(request: HttpRequest, now: datetime) -> suppliers.queries.Because | None:
    """What goes with what the visitor looked at last, where the visitor wants to be shown such things."""
    if not may_personalise(request):
        return None
    member = member_of(request)
    if member is not None:
        return suppliers.queries.because_you_looked(member=member, limit=BECAUSE, at=now)
    if visitor_personalises(request) and request.session.session_key:
        return suppliers.queries.because_you_looked(visitor_hash=visitor_hash(request), limit=BECAUSE, at=now)
    return None
