"""A member's shop as its customers see it, at `/s/<code>`. A visit is a touch, as by any other link of the member."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents import queries
from agents.channels import WECHAT
from agents.touching import note_touch
from mall.core import clock
from mall.core.access import public
from mall.core.photos import photo_url
from mall.core.public_page import describe

PAGE_MAX = 10


@public
@require_safe
def shop_page(request: HttpRequest, code: str) -> HttpResponse:
    """The goods that somebody picked, in their order. A shop that is closed says so, and leads to the mall."""
    at = clock.now()
    shop = queries.shop_of_code(code=code, at=at)
    if shop is None:
        raise Http404
    path = reverse("shop-page", args=[code])
    note_touch(request, code=code, target_path=path, at=at)
    page = _page_of(request)
    shown = queries.shop_page(shop=shop, page=page, at=at) if shop.is_open else None
    if shown is not None and shown.items:
        _describe(request, shown, path)
    return render(
        request,
        "agents/shop.html",
        {
            "shop": shop,
            "owner": shop.owner,
            "is_own": shop.owner == request.user,
            "persona": queries.persona_card(member=shop.owner, sells=True, at=at),
            "shown": shown,
            "page": page,
            "more": f"{path}?page={page + 1}" if shown and shown.has_more and page < PAGE_MAX else "",
            "now": at,
        },
    )


def _describe(request: HttpRequest, shown: queries.ShopPage, path: str) -> None:
    shop = shown.shop
    first = shown.items[0].card.product
    image = photo_url(shop.picture) if shop.picture else photo_url(first.image) if first.image else ""
    goods: list[dict[str, Any]] = [
        {
            "@type": "ListItem",
            "position": place,
            "name": item.card.product.name,
            "url": settings.SITE_URL + reverse("shop:product", args=[item.card.product.slug]),
        }
        for place, item in enumerate(shown.items, 1)
    ]
    describe(
        request,
        title=shop.name,
        description=shop.notice or _("%(name)s 挑的商品，都在这里") % {"name": shop.owner.nickname or shop.name},
        image=image,
        path=path,
        share_path=f"{path}?ch={WECHAT}",
        crumbs=[(_("首页"), reverse("shop:home")), (shop.name, path)],
        linked=[{"@context": "https://schema.org", "@type": "ItemList", "name": shop.name, "itemListElement": goods}],
    )


def _page_of(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return max(1, min(PAGE_MAX, int(text))) if text.isascii() and text.isdigit() and len(text) < 4 else 1
