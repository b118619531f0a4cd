"""What is found from everywhere in an admin site: pages of its menu, and rows by their number or their owner.

Each app says on the site what of its own is found (`ops_site.finds`, `supplier_site.finds`): a kind has a permission of
its own, is asked only of those who have it, and looks terms up by an index.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from .lists.searching import NUMBER, Found

# A part of a number is looked up from so many characters on: prefix and day, and two of the ten digits.
PART_MIN = 10
TERM_MAX = 60
SHOWN_MAX = 6
PAGES_MAX = 8


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found, and its page."""

    title: str
    note: str
    address: str


Find = Callable[[HttpRequest, str], Iterable[Result]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What is found under one heading, and who may find it."""

    label: Any
    icon: str
    allows: Callable[[HttpRequest], bool]
    find: Find


def numbered(rows: "QuerySet[Any]", term: str, *columns: str) -> "QuerySet[Any]":
    """Return the rows with this number, or whose number of the first column begins so; a few of them."""
    if not NUMBER.fullmatch(term):
        return rows.none()
    found = Found(columns).apply(rows, term)[:SHOWN_MAX]
    if len(term) < PART_MIN or found:
        return found
    return rows.filter(**{f"{columns[0]}__begins": term.upper()}).order_by(columns[0])[:SHOWN_MAX]


def answer(site: Any, request: HttpRequest, kinds: Sequence[Kind]) -> HttpResponse:
    """Show what a term finds: a whole page, or for the script only the results."""
    term = " ".join(request.GET.get("q", "").replace("\0", "").split())[:TERM_MAX]
    groups = _pages(site.name, request, term)
    if term:
        for kind in kinds:
            if kind.allows(request) and (results := list(kind.find(request, term))[:SHOWN_MAX]):
                groups.append((str(kind.label), kind.icon, results))
    context: dict[str, Any] = {"groups": groups, "term": term, "count": sum(len(found) for _, _, found in groups)}
    request.current_app = site.name
    if request.headers.get("X-Palette") == "1":
        response = TemplateResponse(request, "ops/palette_results.html", context)
    else:
        context = {**site.each_context(request), **context, "title": _("搜索")}
        response = TemplateResponse(request, "ops/palette.html", context)
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "X-Palette, Cookie"
    return response


def _pages(site: str, request: HttpRequest, term: str) -> list[tuple[str, str, list[Result]]]:
    """Return the menu's pages with a term in their title or their group's; without a term all of them, in groups."""
    menu = import_string(settings.PALETTE_PAGES[site])(request)
    wanted = term.casefold()
    found = [
        (str(group["title"]), Result(str(item["title"]), str(group["title"]), str(item["link"])))
        for group in menu
        for item in group["items"]
    ]
    if not term:
        groups: dict[str, list[Result]] = {}
        for title, page in found:
            groups.setdefault(title, []).append(Result(page.title, "", page.address))
        return [(title, "chevron_right", pages) for title, pages in groups.items()]
    hits = [page for title, page in found if wanted in page.title.casefold()]
    hits += [page for title, page in found if page not in hits and wanted in title.casefold()]
    return [(_("页面"), "chevron_right", hits[:PAGES_MAX])] if hits else []
