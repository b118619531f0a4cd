"""Picking goods for one's shop."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

import suppliers.queries
from agents import commands, queries
from agents.queries.materials import products_with_materials
from agents.queries.opportunities import asked_samples, budgets_for, newest_offers, offers_for
from agents.queries.selection import GoodToSell, goods_to_sell
from mall.core import clock
from suppliers.queries import Selection, Sort

from .selling import sellers_only
from .signed_in import member_of

PAGE = 20
PAGE_MAX = 200
OFFERS_SHOWN = 6
TEXT_MAX = 40
SORTS: tuple[tuple[Sort, Any], ...] = (
    (Sort.BEST, gettext_lazy("综合")),
    (Sort.COMMISSION, gettext_lazy("佣金")),
    (Sort.SALES, gettext_lazy("销量")),
    (Sort.CHEAP, gettext_lazy("价格")),
    (Sort.NEW, gettext_lazy("新品")),
)
FILTERS = (("paid", gettext_lazy("有佣金")), ("stock", gettext_lazy("有货")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; whatever it cannot mean is left out."""

    text: str
    category: str
    sort: Sort
    paid: bool
    stock: bool
    page: int

    def address(self, **changes: str) -> str:
        kept = {
            "q": self.text,
            "c": self.category,
            "sort": self.sort.value,
            "paid": "1" if self.paid else "",
            "stock": "1" if self.stock else "",
            **changes,
        }
        chosen = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(chosen)}" if chosen else "?"


@sellers_only
@require_safe
def goods(request: HttpRequest) -> HttpResponse:
    """The goods of the mall, with what each pays, what is left, and a button that puts it into one's shop."""
    at = clock.now()
    member = member_of(request)
    asked = _asked(request)
    categories = list(suppliers.queries.stocked_categories())
    category = next((node for node in categories if node.slug == asked.category), None)
    selection = Selection(
        text=asked.text,
        category=category,
        in_stock=asked.stock,
        commissioned=asked.paid,
        sort=asked.sort,
    )
    found = goods_to_sell(member=member, selection=selection, start=(asked.page - 1) * PAGE, limit=PAGE + 1, at=at)
    page = {
        "asked": asked,
        "goods": found[:PAGE],
        "more": asked.address(page=str(asked.page + 1)) if len(found) > PAGE and asked.page < PAGE_MAX else "",
        "sorts": [(label, asked.address(sort=sort.value), sort == asked.sort) for sort, label in SORTS],
        "filters": [
            (label, asked.address(**{name: "" if getattr(asked, name) else "1"}), getattr(asked, name))
            for name, label in FILTERS
        ],
        "categories": [
            (_("全部"), asked.address(c=""), category is None),
            *((node.name, asked.address(c=node.slug), node == category) for node in categories),
        ],
        "earns_retail": queries.is_verified(member=member),
        "with_materials": products_with_materials(product_ids=[good.card.product.pk for good in found[:PAGE]]),
        "offers": newest_offers(limit=OFFERS_SHOWN, at=at) if not request.GET else [],
        "here": request.get_full_path(),
        "now": at,
    }
    part = "agents/goods_more.html" if request.headers.get("HX-Target") == "more" else "agents/goods.html"
    return render(request, part, page)


@sellers_only
@require_POST
def put_in_shop(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a product into one's shop, or with `keep=no` take it out; with htmx its row is drawn anew."""
    at = clock.now()
    member = member_of(request)
    takes_out = request.POST.get("keep") == "no"
    try:
        if takes_out:
            if queries.own_item(member=member, slug=slug) is None:
                raise Http404
            commands.take_out_of_shop(owner=member, slug=slug)
            said = _("已从小店下架")
        else:
            commands.put_in_shop(owner=member, slug=slug, at=at)
            said = _("已上架到我的小店")
    except commands.ItemUnknown as error:
        raise Http404 from error
    except commands.ShopRefused as refusal:
        messages.error(request, str(refusal))
        return _back(request)
    if "HX-Request" in request.headers:
        product = suppliers.queries.product_by_slug(slug=slug)
        if product is not None:
            good = GoodToSell(
                suppliers.queries.card_of(product=product, at=at),
                not takes_out,
                offers_for(product_ids=[product.pk], at=at).get(product.pk, ""),
                product.pk in asked_samples(member=member, product_ids=[product.pk]),
                budgets_for(product_ids=[product.pk]).get(product.pk),
            )
            page = {
                "good": good,
                "earns_retail": queries.is_verified(member=member),
                "with_materials": products_with_materials(product_ids=[product.pk]),
                "here": _here(request),
            }
            return render(request, "agents/good_to_sell.html", page)
    messages.success(request, said)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to where the button stood: htmx is told to go there, since a message waits for the next page."""
    if "HX-Request" in request.headers:
        answer = HttpResponse()
        answer["HX-Redirect"] = _here(request)
        return answer
    return HttpResponseRedirect(_here(request))


def _here(request: HttpRequest) -> str:
    here = request.POST.get("here", "")
    inside = here.startswith("/") and url_has_allowed_host_and_scheme(here, {request.get_host()})
    return here if inside else reverse("agents:goods")


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    page = given.get("page", "1")
    try:
        sort = Sort(given.get("sort", ""))
    except ValueError:
        sort = Sort.BEST
    return Asked(
        text=" ".join(given.get("q", "").replace("\x00", "").split())[:TEXT_MAX],
        category=given.get("c", ""),
        sort=sort,
        paid=given.get("paid") == "1",
        stock=given.get("stock") == "1",
        page=max(1, min(PAGE_MAX, int(page))) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
    )
