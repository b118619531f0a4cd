"""Materials to share as they are: words to copy, pictures to save."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents import commands
from agents.models import Material, MaterialKind, UseKind
from agents.queries.materials import checked_material, materials_page
from agents.queries.shops import product_names
from agents.targets import SLUG
from mall.core import clock
from mall.core.photos import photo_url

from .selling import sellers_only
from .signed_in import member_of


@sellers_only
@require_safe
def materials(request: HttpRequest) -> HttpResponse:
    """Materials, newest first: of a kind (`?kind=`), about a product (`?product=`)."""
    at = clock.now()
    named = request.GET.get("kind", "")
    kind = MaterialKind(named) if named in MaterialKind.values else None
    slug = request.GET.get("product", "")
    slug = slug if SLUG.fullmatch(slug) else ""
    before = request.GET.get("before", "")
    page = materials_page(kind=kind, slug=slug, before=_id(before))
    kept = {"product": slug} if slug else {}
    context = {
        "rows": page.rows,
        "kind": kind,
        "slug": slug,
        "product_name": product_names(slugs=[slug]).get(slug, "") if slug else "",
        "tabs": [
            (_("全部"), _address(kept), kind is None),
            *((one.label, _address(kept | {"kind": one.value}), one is kind) for one in MaterialKind),
        ],
        "without_product": _address({"kind": kind.value} if kind else {}),
        "more": _address(kept | ({"kind": kind.value} if kind else {}) | {"before": str(page.next_before)})
        if page.next_before
        else "",
        "now": at,
    }
    return render(request, "agents/materials.html", context)


@sellers_only
@require_safe
def material(request: HttpRequest, material_id: int) -> HttpResponse:
    """One material, with its whole text and its pictures."""
    found = _found(material_id)
    return render(request, "agents/material.html", {"material": found, "now": clock.now()})


@sellers_only
@require_POST
def use_material(request: HttpRequest, material_id: int) -> HttpResponse:
    """Count that a material was copied or its picture saved (`kind`), once a day, and show what is saved."""
    found = _found(material_id)
    kind = request.POST.get("kind", "")
    if kind not in UseKind.values:
        return HttpResponse(status=400)
    commands.use_material(member=member_of(request), material=found, kind=UseKind(kind), at=clock.now())
    if "HX-Request" in request.headers:
        return HttpResponse(status=204)
    image = next(iter(found.images.all()), None) if kind == UseKind.SAVED else None
    return HttpResponseRedirect(photo_url(image.path) if image else reverse("agents:material", args=[found.pk]))


def _found(material_id: int) -> Material:
    found = checked_material(material_id=material_id)
    if found is None:
        raise Http404
    return found


def _address(kept: dict[str, str]) -> str:
    return f"?{urlencode(kept)}" if kept else "?"


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
