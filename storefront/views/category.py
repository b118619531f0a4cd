"""Categories: a rail of the top ones, and beside it what is in the one that is open."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mall.core import clock
from mall.core.access import public
from mall.core.public_page import describe
from storefront.lists import wanted
from suppliers import queries
from suppliers.models import Category
from suppliers.queries import Selection

from .listing import MORE, goods_of

RECOMMENDED = 12


@public
@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """The rail with what sells best beside it."""
    describe(request, title=_("全部分类"), description=_("按分类找好物：茶饮、粮油、滋补、零食、美护、家居"))
    page = {
        "rail": _rail(),
        "cards": queries.recommended(limit=RECOMMENDED, at=clock.now()),
        "title": _("大家常买"),
    }
    return render(request, "storefront/category.html", page)


@public
@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """One category with all below it: its brands, its parts, its goods."""
    tree = list(queries.categories())
    node = next((each for each in tree if each.slug == slug), None)
    if node is None:
        raise Http404
    asked = wanted(request.GET, path=reverse("shop:category", args=[slug]), kept=("c",), c=node)
    page: dict[str, Any] = goods_of(asked)
    if request.headers.get("HX-Target") == MORE:
        return render(request, "storefront/category_more.html", page)
    top = next(each for each in tree if each.tree_id == node.tree_id and each.parent_id is None)
    _describe(request, top, node)
    page |= {
        "rail": _rail(tree),
        "top": top,
        "node": node,
        "title": node.name,
        "parts": [each for each in tree if each.parent_id == top.pk],
        "brands": [
            (brand, asked.address(b=brand.slug)) for brand in queries.brands_among(selection=Selection(category=top))
        ],
        "without_brand": asked.address(b=""),
        "count": queries.listing_count(selection=asked.selection),
    }
    return render(request, "storefront/category.html", page)


def _rail(tree: list[Category] | None = None) -> list[Category]:
    """The top categories; on the page of one those known already, empty ones too."""
    if tree is None:
        return list(queries.stocked_categories())
    return [each for each in tree if each.parent_id is None]


def _describe(request: HttpRequest, top: Category, node: Category) -> None:
    way = [top] if node == top else [top, node]
    describe(
        request,
        title=node.name,
        path=reverse("shop:category", args=[node.slug]),
        description=_("%(name)s：产地直发，支持 7 天无理由退货") % {"name": node.name},
        crumbs=[(each.name, reverse("shop:category", args=[each.slug])) for each in way],
    )
