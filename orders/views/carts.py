"""The cart: one form for all of it. Whatever is tapped or typed is sent, and the server answers with the truth."""

import json
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import suppliers.queries
from mall.core import clock
from mall.core.access import public
from orders import commands, queries
from orders.commands import OrderRefused, Refusal
from orders.forms import BIGGEST_ID
from orders.queries.cart import Cart
from orders.rules import QUANTITY_MAX
from orders.rules.cart import CartOwner

from .visitors import cart_owner, cart_owner_to_be, give_token

SUGGESTED = 4


@public
@require_http_methods(["GET", "HEAD", "POST"])
def cart(request: HttpRequest) -> HttpResponse:
    """What lies in the cart. Posted, it is changed: quantities, what is chosen, what is taken out."""
    owner = cart_owner(request)
    notices, status = _change(request, owner) if request.method == "POST" else ([], 200)
    if request.method == "POST" and "HX-Request" not in request.headers:
        for notice in notices:
            messages.warning(request, notice)
        manage = "?manage=1" if request.POST.get("manage") else ""
        return HttpResponseRedirect(reverse("orders:cart") + manage)
    found = queries.cart.cart_of(owner=owner, at=clock.now())
    page = {
        "cart": found,
        "notices": notices,
        "manages": bool(request.POST.get("manage") or request.GET.get("manage")),
        "swapped": request.method == "POST",
        "best_sellers": [] if found.count else suppliers.queries.best_sellers(limit=SUGGESTED, at=clock.now()),
    }
    if request.method != "POST":
        return render(request, "orders/cart.html", page)
    response = render(request, "orders/cart_parts.html", page, status=status)
    response["HX-Trigger"] = json.dumps({"cart-counted": {"count": found.count}})
    return response


@public
@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put a SKU into the cart."""
    owner, token = cart_owner_to_be(request)
    sku_id, quantity = _number(request.POST.get("sku", "")), _number(request.POST.get("quantity", "1"))
    try:
        added = commands.add_to_cart(owner=owner, sku_id=sku_id or 0, quantity=quantity or 0, at=clock.now())
    except OrderRefused as refusal:
        return _added(request, owner, str(refusal), ok=False)
    words = _("已加入购物车")
    if added.is_capped:
        words = _("最多可买 %(count)d 件，已为您放到上限") % {"count": added.quantity}
    response = _added(request, owner, words, ok=True)
    if token:
        give_token(response, token)
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
def cart_sku(request: HttpRequest, item_id: int) -> HttpResponse:
    """Choose another SKU of the same product."""
    owner = cart_owner(request)
    item = queries.cart.items_of(owner=owner).select_related("sku__product").filter(pk=item_id).first()
    if item is None:
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            commands.change_sku(
                owner=owner, item_id=item_id, sku_id=_number(request.POST.get("sku", "")) or 0, at=clock.now()
            )
        except OrderRefused as refusal:
            error = str(refusal)
        else:
            return HttpResponseRedirect(reverse("orders:cart"))
    found = suppliers.queries.product_by_slug(slug=item.sku.product.slug)
    page = {
        "item": item,
        "product": item.sku.product,
        "offers": suppliers.queries.offers(product=found, at=clock.now()) if found else [],
        "error": error,
        "frame": "components/bare.html" if request.headers.get("HX-Target") == "sheet" else "base.html",
    }
    return render(request, "orders/cart_sku.html", page, status=409 if error else 200)


@public
@require_safe
def cart_sum(request: HttpRequest) -> HttpResponse:
    """How the sum of the chosen goods comes about."""
    found = queries.cart.cart_of(owner=cart_owner(request), at=clock.now())
    in_sheet = request.headers.get("HX-Target") == "sheet"
    page = {"cart": found, "frame": "components/bare.html" if in_sheet else "base.html"}
    return render(request, "orders/cart_sum.html", page)


def _change(request: HttpRequest, owner: CartOwner) -> tuple[list[str], int]:
    """Do what the form says, and return what the buyer should know and the status."""
    now = clock.now()
    quantities, bad = _quantities(request)
    chosen: dict[int, bool] = {}
    gone: Iterable[int] = ()
    verb, _colon, subject = request.POST.get("do", "").partition(":")
    if verb in ("choose", "part", "all"):
        chosen = _choices(queries.cart.cart_of(owner=owner, at=now), verb, _number(subject))
    elif verb == "delete":
        gone = [_number(subject) or 0]
    elif verb == "delete-marked":
        gone = [_number(text) or 0 for text in request.POST.getlist("marked")]
    elif verb == "clear-invalid":
        gone = [line.item.pk for line in queries.cart.cart_of(owner=owner, at=now).invalid]
    capped = commands.change_cart(owner=owner, quantities=quantities, chosen=chosen, at=now)
    if gone:
        commands.remove_from_cart(owner=owner, item_ids=list(gone))
    notices = [str(Refusal.BAD_QUANTITY.label)] if bad else []
    notices += [
        ngettext("最多可买 %(count)d 件，已为您调整", "最多可买 %(count)d 件，已为您调整", most) % {"count": most}
        for most in capped.values()
    ]
    return notices, 400 if bad else 200


def _choices(found: Cart, verb: str, subject: int | None) -> dict[int, bool]:
    """Return what choosing one line, all of a supplier, or everything, turns over."""
    if verb == "choose":
        return {line.item.pk: not line.item.is_chosen for line in found.lines if line.item.pk == subject}
    if verb == "part":
        parts = [part for part in found.parts if part.supplier.pk == subject]
        return {line.item.pk: not part.is_chosen for part in parts for line in part.lines}
    return {line.item.pk: not found.is_all_chosen for line in found.lines}


def _quantities(request: HttpRequest) -> tuple[dict[int, int], bool]:
    """Return the quantities that were changed on this page, and whether one of them is none. What stands as it was
    drawn is not sent on: it may have been changed elsewhere meanwhile."""
    changed: dict[int, int] = {}
    bad = False
    for drawn in request.POST.getlist("was"):
        item_text, _colon, was = drawn.partition(":")
        item_id = _number(item_text)
        text = request.POST.get(f"quantity-{item_text}", was)
        if item_id is None or text == was:
            continue
        quantity = _number(text)
        if quantity is None or not 1 <= quantity <= QUANTITY_MAX:
            bad = True
        else:
            changed[item_id] = quantity
    return changed, bad


def _added(request: HttpRequest, owner: CartOwner, words: str, *, ok: bool) -> HttpResponse:
    """For htmx an empty answer that has the script say so and count; else back to the page, with a message."""
    if "HX-Request" in request.headers:
        said = {"count": queries.cart.cart_count(owner=owner), "message": words}
        response = HttpResponse(status=200 if ok else 409)
        response["HX-Trigger"] = json.dumps({"cart-added" if ok else "said": said})
        response["HX-Reswap"] = "none"
        return response
    (messages.success if ok else messages.error)(request, words)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = reverse("orders:cart")
    return HttpResponseRedirect(back)


def _number(text: str) -> int | None:
    """Return a plain positive number as ASCII digits, or none."""
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    number = int(text)
    return number if 0 < number <= BIGGEST_ID else None
