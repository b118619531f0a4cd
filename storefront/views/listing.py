"""Lists of goods: by category, brand, supplier or topic, and the sheet of filters that all lists share."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.core import clock
from mall.core.access import public
from mall.core.public_page import describe
from storefront.lists import PAGE, PAGES_MAX, Wanted, wanted
from suppliers import queries
from suppliers.queries import Sort

MORE = "more"
# What a list is about is not also one of its filters.
ABOUT = ("c", "b", "s", "packs")


@public
@require_safe
def goods_list(request: HttpRequest) -> HttpResponse:
    """Goods of a category, a brand, a supplier, or a topic; all goods where the address names none."""
    asked = wanted(request.GET, path=reverse("shop:list"))
    about = next((name for name in ABOUT if name in asked.given), "")
    asked = wanted(request.GET, path=reverse("shop:list"), kept=(about,)) if about else asked
    page = goods_of(asked)
    if request.headers.get("HX-Target") == MORE:
        return render(request, "storefront/list_more.html", page)
    title = _title(asked)
    if not asked.filters and not asked.selection.text:
        canonical = f"{asked.path}?{about}={asked.given[about]}" if about else asked.path
        describe(request, title=title, path=canonical, description=_about(asked))
    return render(
        request,
        "storefront/list.html",
        {**page, "title": title, "brand": asked.selection.brand if about == "b" else None, "count": _count(asked)},
    )


@public
@require_safe
def filters(request: HttpRequest) -> HttpResponse:
    """The sheet of filters of a list; without script a page. Its form leads back to the list."""
    target = request.GET.get("to", "")
    name = {"search": "shop:search", "list": "shop:list"}.get(target, "shop:list")
    kept = tuple(name for name in request.GET.get("about", "").split(",") if name in ABOUT)
    asked = wanted(request.GET, path=reverse(name), kept=kept)
    in_sheet = "HX-Request" in request.headers
    return render(
        request,
        "storefront/list_filters.html",
        {
            "asked": asked,
            "brands": [] if "b" in kept else queries.brands_among(selection=_without(asked)),
            "categories": [] if "c" in kept else queries.stocked_categories(),
            "frame": "components/bare.html" if in_sheet else "base.html",
            "in_sheet": in_sheet,
        },
    )


def goods_of(asked: Wanted) -> dict[str, Any]:
    """Return what the templates of a list need: its cards, and the address of the next page."""
    found = queries.listing(selection=asked.selection, start=asked.start, limit=PAGE + 1, at=clock.now())
    more = len(found) > PAGE and asked.page < PAGES_MAX
    return {
        "asked": asked,
        "cards": found[:PAGE],
        "more": asked.address(asked.page + 1) if more else "",
        "filters_href": _filters_href(asked),
    }


def _filters_href(asked: Wanted) -> str:
    target = "search" if asked.path == reverse("shop:search") else "list"
    address = Wanted(path=reverse("shop:filters"), selection=asked.selection, given=asked.given).address()
    mark = "&" if "?" in address else "?"
    return f"{address}{mark}to={target}" + (f"&about={','.join(asked.kept)}" if asked.kept else "")


def _without(asked: Wanted) -> Any:
    """The selection without a brand: the other brands are to be seen too."""
    return replace(asked.selection, brand=None, sort=Sort.BEST)


def _count(asked: Wanted) -> int:
    return queries.listing_count(selection=asked.selection)


def _title(asked: Wanted) -> str:
    chosen = asked.selection
    if chosen.packs:
        return _("礼包")
    for named in (chosen.brand, chosen.category, chosen.supplier):
        if named is not None:
            return str(named.name)
    return _("新品上架") if chosen.sort == Sort.NEW else _("全部商品")


def _about(asked: Wanted) -> str:
    brand = asked.selection.brand
    return (
        brand.story
        if brand and brand.story
        else _("%(title)s：产地直发，支持 7 天无理由退货") % {"title": _title(asked)}
    )
