"""The search: what people looked for, suggestions, results."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

import suppliers.commands
from mall.core import clock
from mall.core.access import public
from mall.core.visitor import is_person
from storefront.lists import Wanted, wanted
from suppliers import queries

from .listing import MORE, goods_of
from .visitors import member_of

HOT = 8
SUGGESTIONS = 8
RECOMMENDED = 6
# What a visitor searched for is kept in the session; a member's history besides in rows, for all devices.
_SEARCHED = "searched"


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Without words: history and hot words. With words: what is found, what was probably meant, or something else."""
    asked = wanted(request.GET, path=reverse("shop:search"))
    if not asked.selection.text:
        return _front(request, asked)
    page = goods_of(asked)
    if request.headers.get("HX-Target") == MORE:
        return render(request, "storefront/list_more.html", page)
    meant = ""
    if not page["cards"] and not asked.filters and request.GET.get("exact") != "1":
        meant = queries.corrected(text=asked.selection.text) or ""
    if meant:
        corrected = replace(asked, selection=replace(asked.selection, text=meant), given={**asked.given, "q": meant})
        page = goods_of(corrected)
    shown = page["asked"]
    count = queries.listing_count(selection=shown.selection) if page["cards"] else 0
    if count:
        _remember(request, shown.selection.text)
    return render(
        request,
        "storefront/search_results.html",
        {
            **page,
            "text": asked.selection.text,
            "meant": meant if count else "",
            "exact_href": f"{asked.address()}&exact=1",
            "count": count,
            "recommended": [] if page["cards"] else queries.recommended(limit=RECOMMENDED, at=clock.now()),
        },
    )


@public
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Words that begin as what is being typed, for the page of the search; without script there is nothing to see."""
    text = wanted(request.GET, path=reverse("shop:search")).selection.text
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(wanted({"q": text}, path=reverse("shop:search")).address())
    words = queries.suggestions(text=text, limit=SUGGESTIONS)
    return render(request, "storefront/search_suggestions.html", {"words": words, "text": text})


@public
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Clear the own history."""
    member = member_of(request)
    if member is not None:
        suppliers.commands.forget_searches(member=member)
    request.session.pop(_SEARCHED, None)
    return HttpResponseRedirect(reverse("shop:search"))


def _front(request: HttpRequest, asked: Wanted) -> HttpResponse:
    member = member_of(request)
    history = queries.search_history(member=member) if member else _searched(request)
    return render(
        request,
        "storefront/search.html",
        {
            "asked": asked,
            "history": history,
            "hot": queries.hot_words(limit=HOT),
            "recommended": queries.recommended(limit=RECOMMENDED, at=clock.now()),
        },
    )


def _remember(request: HttpRequest, text: str) -> None:
    """Keep what found something in the visitor's history, and count it once for each visitor."""
    searched = _searched(request)
    if not is_person(request) or (searched and searched[0] == text):
        return
    if text not in searched:
        suppliers.commands.note_search(text=text, at=clock.now(), member=member_of(request))
    request.session[_SEARCHED] = [text, *(each for each in searched if each != text)][: queries.HISTORY_MAX]


def _searched(request: HttpRequest) -> list[str]:
    found = request.session.get(_SEARCHED)
    return [text for text in found if isinstance(text, str)] if isinstance(found, list) else []
