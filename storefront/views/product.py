"""A product's page and what belongs to it: the sheet of its specs, its card to share, keeping it, waiting for it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import orders.queries.reviews
import suppliers.commands
import suppliers.queries
from mall.core import clock
from mall.core.access import members_only, public
from mall.core.ids import SHANGHAI
from mall.core.money import yuan
from mall.core.photos import photo_url
from mall.core.public_page import describe
from members.models import Member
from storefront import queries
from storefront.forms import ChoiceForm
from storefront.rules.choosing import Variant, axes
from suppliers.models import GiftPackTerms, Product, Promise
from suppliers.queries import FreightItem, Offer

from .visitors import member_of, note_view

OTHERS = 6
REVIEWS = 2
PROMISE_ICONS = {
    Promise.AUTHENTIC: "badge-check",
    Promise.WITHIN_48: "clock",
    Promise.DAMAGE: "shield-check",
    Promise.FRESH: "shield-check",
    Promise.COLD: "snowflake",
    Promise.HANDMADE: "sprout",
    Promise.ORGANIC: "sprout",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is chosen of a product: the offer, and how many."""

    offers: list[Offer]
    offer: Offer | None
    quantity: int
    most: int
    is_asked: bool
    terms: GiftPackTerms | None


@public
@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """A product: its pictures, price, promises, what buyers say, who supplies it, and what others looked at."""
    now = clock.now()
    member = member_of(request)
    found, is_off = _found(slug, member, now)
    others = suppliers.queries.related(product=found, limit=OTHERS, at=now, also=[found])
    chosen = _chosen(request, found, now)
    visitor = queries.visitor_of(product=found, member=member)
    pictures = queries.gallery(found)
    summary = orders.queries.reviews.summary_of_product(found)
    shown = orders.queries.reviews.telling_reviews(product_id=found.pk, limit=REVIEWS) if summary.count else []
    if not is_off:
        note_view(request, found, now)
        _describe(request, found, chosen, summary)
    return render(
        request,
        "storefront/product.html",
        {
            **_page(found, chosen),
            "is_off": is_off,
            "gallery": pictures,
            "promises": _promises(found, chosen),
            "delivery": _delivery(found, chosen, visitor),
            "qualifications": queries.papers(found),
            "is_favourite": visitor.is_favourite,
            **({"cart_count": visitor.cart_count} if member else {}),
            "summary": summary,
            "reviews": shown,
            "others": others,
            "help_url": f"{reverse('service:help')}?{urlencode({'product': found.slug})}",
            "now": now,
        },
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """The sheet of specs, or without script a page. Posted, go on to the checkout with what is chosen."""
    now = clock.now()
    member = member_of(request)
    found = _on_shelf(slug, member, now)
    chosen = _chosen(request, found, now)
    if request.method == "POST" and chosen.offer is not None and chosen.is_asked:
        query = urlencode({"sku": chosen.offer.sku.pk, "quantity": chosen.quantity})
        return HttpResponseRedirect(f"{reverse('orders:checkout')}?{query}")
    in_sheet = "HX-Request" in request.headers
    base = reverse("shop:choose", args=[found.slug])
    then = request.GET.get("then", "")
    waits = (
        member is not None
        and chosen.offer is not None
        and not chosen.offer.is_for_sale
        and suppliers.queries.waits_for(member=member, sku=chosen.offer.sku)
    )
    page = {
        **_page(found, chosen),
        "frame": "components/bare.html" if in_sheet else "base.html",
        "in_sheet": in_sheet,
        "on_page": request.headers.get("HX-Current-URL", "").split("?")[0].endswith(f"/p/{found.slug}"),
        "then": then if then in ("cart", "buy") else "",
        "form_action": base if chosen.terms or then == "buy" else reverse("orders:cart-add"),
        "base_url": base,
        "axes": _axes(found, chosen),
        "delivery": _delivery(found, chosen, queries.visitor_of(product=found, member=member)),
        "limit_words": _limit_words(found),
        "waits": waits,
        "swap_target": "#sheet" if in_sheet else "#content",
        "swap_select": "" if in_sheet else "#content",
        "swap_how": "innerHTML" if in_sheet else "outerHTML",
    }
    return render(request, "storefront/choose.html", page, status=400 if request.method == "POST" else 200)


@public
@require_safe
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """A card to share: link and QR code. An agent's are the own ones."""
    now = clock.now()
    found = _on_shelf(slug, member_of(request), now)
    chosen = _chosen(request, found, now)
    describe(
        request,
        title=found.name,
        description=found.subtitle,
        image=_image(found),
        path=reverse("shop:product", args=[found.slug]),
    )
    in_sheet = "HX-Request" in request.headers
    page = {
        "product": found,
        "price_fen": chosen.offer.price_fen if chosen.offer else None,
        "frame": "components/bare.html" if in_sheet else "base.html",
        "in_sheet": in_sheet,
    }
    return render(request, "storefront/share.html", page)


@members_only
@require_POST
def favourite(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a product, or keep it no longer (`keep=no`)."""
    now = clock.now()
    member = member_of(request)
    assert member is not None
    found, _is_off = _found(slug, member, now)
    keeps = request.POST.get("keep") != "no"
    if keeps:
        try:
            suppliers.commands.add_favourite(member=member, product=found, at=now)
        except suppliers.commands.TooManyFavourites:
            keeps = False
            messages.error(request, _("收藏已满，请先清理一些"))
            if "HX-Request" not in request.headers:
                return HttpResponseRedirect(reverse("shop:product", args=[found.slug]))
    else:
        suppliers.commands.remove_favourite(member=member, product=found)
    if "HX-Request" in request.headers:
        return render(request, "storefront/favourite.html", {"product": found, "is_favourite": keeps})
    messages.success(request, _("已收藏") if keeps else _("已取消收藏"))
    back = "shop:favourites" if request.POST.get("back") == "favourites" else "shop:product"
    return HttpResponseRedirect(reverse(back, args=[] if back == "shop:favourites" else [found.slug]))


@members_only
@require_POST
def arrival(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask to be told when what is chosen can be had again."""
    now = clock.now()
    member = member_of(request)
    assert member is not None
    found = _on_shelf(slug, member, now)
    chosen = _chosen(request, found, now)
    if chosen.offer is None or not chosen.is_asked:
        raise Http404
    if chosen.offer.is_for_sale:
        messages.success(request, _("这个规格现在有货，可以下单了"))
    else:
        suppliers.commands.ask_arrival(member=member, sku=chosen.offer.sku, at=now)
        messages.success(request, _("已登记，到货后在消息里告诉您"))
    return HttpResponseRedirect(f"{reverse('shop:product', args=[found.slug])}?sku={chosen.offer.sku.pk}")


def _found(slug: str, member: Member | None, now: datetime) -> tuple[Product, bool]:
    found = queries.product_page(slug=slug, member=member, today=_today(now))
    if found is None:
        raise Http404
    return found


def _on_shelf(slug: str, member: Member | None, now: datetime) -> Product:
    """Return a product that can be bought here, its SKUs loaded; 404 for one that is off the shelf."""
    found, is_off = _found(slug, member, now)
    if is_off:
        raise Http404
    suppliers.queries.load_skus([found])
    return found


def _chosen(request: HttpRequest, found: Product, now: datetime) -> Chosen:
    offers = suppliers.queries.offers(product=found, at=now)
    form = ChoiceForm(request.POST if request.method == "POST" else request.GET, offers=offers, product=found)
    offer = form.chosen()
    return Chosen(
        offers=offers,
        offer=offer,
        quantity=form.count(offer),
        most=form.most(offer),
        is_asked=form.asked() is not None,
        terms=suppliers.queries.gift_pack_terms(at=now) if offer and offer.sku.is_gift_pack else None,
    )


def _page(found: Product, chosen: Chosen) -> dict[str, Any]:
    """What the page and the sheet both show of what is chosen."""
    query = urlencode({"sku": chosen.offer.sku.pk, "quantity": chosen.quantity}) if chosen.offer else ""
    return {
        "product": found,
        "chosen": chosen.offer,
        "quantity": chosen.quantity,
        "quantity_max": chosen.most,
        "asked": chosen.is_asked,
        "variety": len(chosen.offers),
        "has_several_prices": len({offer.price_fen for offer in chosen.offers if offer.price_fen is not None}) > 1,
        "is_to_be_had": any(offer.is_for_sale for offer in chosen.offers),
        "terms": chosen.terms,
        "choose_url": f"{reverse('shop:choose', args=[found.slug])}?{query}",
    }


def _axes(found: Product, chosen: Chosen) -> list[Any]:
    """The axes of the product; one whose SKUs have no values of their own has a single one, their readable text."""
    names = list(found.spec_names)
    fits = bool(names) and all(len(offer.sku.spec_values) == len(names) for offer in chosen.offers)
    variants = [
        Variant(
            sku_id=offer.sku.pk,
            values=tuple(offer.sku.spec_values) if fits else (offer.sku.spec,),
            is_for_sale=offer.is_for_sale,
        )
        for offer in chosen.offers
    ]
    picked = next((one for one in variants if chosen.offer and one.sku_id == chosen.offer.sku.pk), None)
    return axes(names=names if fits else [_("规格")], variants=variants, chosen=picked)


def _promises(found: Product, chosen: Chosen) -> list[dict[str, str]]:
    """What is promised: free freight, returns, and what the supplier ticked."""
    said = []
    if found.freight_template_id is None:
        said.append({"icon": "truck", "text": _("包邮")})
    if chosen.terms is not None:
        said.append({"icon": "rotate-ccw", "text": _("整份可退")})
    elif found.returnable:
        said.append({"icon": "rotate-ccw", "text": _("7天无理由")})
    labels = dict(Promise.choices)
    ticked = [code for code in found.promises if code in labels]
    return [*said, *({"icon": PROMISE_ICONS[Promise(code)], "text": str(labels[code])} for code in ticked)][:6]


def _delivery(found: Product, chosen: Chosen, visitor: queries.Visitor) -> dict[str, str]:
    """Where it would be sent, and what that costs by when."""
    place = visitor.place or _("全国大部分地区")
    soon = _("%(hours)d 小时内发货") % {"hours": found.ship_within_hours}
    if chosen.offer is None or chosen.offer.price_fen is None:
        return {"place": place, "words": soon}
    if found.freight_template_id is None:
        return {"place": place, "words": f"{_('包邮')} · {soon}"}
    sku = chosen.offer.sku
    item = FreightItem(sku_id=sku.pk, quantity=chosen.quantity, amount_fen=chosen.offer.price_fen * chosen.quantity)
    fee = suppliers.queries.freight_of(sku=sku, item=item, province=visitor.province)
    if fee is None:
        return {"place": place, "words": _("这件商品暂不配送到该地区")}
    if not fee.fee_fen:
        return {"place": place, "words": f"{_('本单包邮')} · {soon}"}
    words = [_("运费 %s") % yuan(fee.fee_fen)]
    if fee.missing_fen:
        words.append(_("再买 %s 包邮") % yuan(fee.missing_fen))
    return {"place": place, "words": " · ".join([*words, soon])}


def _limit_words(found: Product) -> str:
    """How many may be bought at once, and altogether."""
    said = []
    if found.limit_per_order:
        said.append(_("每单限购 %(count)d %(unit)s") % {"count": found.limit_per_order, "unit": found.unit})
    if found.limit_per_member:
        said.append(_("每人限购 %(count)d %(unit)s") % {"count": found.limit_per_member, "unit": found.unit})
    return "，".join(said)


def _describe(request: HttpRequest, found: Product, chosen: Chosen, summary: Any) -> None:
    """Say to search engines and chats what this is, what it costs, and what buyers think of it."""
    path = reverse("shop:product", args=[found.slug])
    priced = [offer for offer in chosen.offers if offer.price_fen is not None]
    thing: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": found.name,
        "description": found.subtitle or found.name,
        "image": [settings.SITE_URL + _image(found)] if found.image else [],
        "url": settings.SITE_URL + path,
        "brand": {"@type": "Brand", "name": found.brand.name if found.brand else found.supplier.name},
    }
    if priced:
        thing["sku"] = priced[0].sku.code
        thing["offers"] = [_linked_offer(offer, path) for offer in priced]
    if summary.count:
        thing["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": summary.average,
            "reviewCount": summary.count,
            "bestRating": 5,
            "worstRating": 1,
        }
    describe(
        request,
        title=found.name,
        description=found.subtitle or found.name,
        image=_image(found),
        kind="product",
        path=path,
        crumbs=[
            (_("首页"), reverse("shop:home")),
            (found.category.name, reverse("shop:category", args=[found.category.slug])),
            (found.name, path),
        ],
        linked=[thing],
    )


def _linked_offer(offer: Offer, path: str) -> dict[str, Any]:
    fen = offer.price_fen or 0
    return {
        "@type": "Offer",
        "sku": offer.sku.code,
        "name": offer.sku.spec,
        "price": f"{fen // 100}.{fen % 100:02d}",
        "priceCurrency": "CNY",
        "availability": f"https://schema.org/{'InStock' if offer.is_for_sale else 'OutOfStock'}",
        "url": f"{settings.SITE_URL}{path}?sku={offer.sku.pk}",
    }


def _image(found: Product) -> str:
    return photo_url(found.image) if found.image else ""


def _today(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()
