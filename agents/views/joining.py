"""A-1: two ways to earn, what each really brings, and what is signed before."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents import queries
from agents.adviser_forms import ShopkeeperForm, refused
from linkage.models import Position
from linkage.queries import version_in_force
from mall.core import clock
from mall.core.access import members_only, public
from mall.core.money import share_fen
from members.commands import ShopkeeperRefused, apply_as_shopkeeper, record_consent
from members.models import ConsentKind, Member, ShopkeeperState
from members.queries import has_signed, relation_policy, shopkeeper_of, text_in_force
from suppliers.queries import Offer, ProductCard, gift_packs, most_sold_with_commission, offer_of

from .signed_in import member_of


@dataclass(frozen=True, slots=True)
class Example:
    """What selling one piece brings, and what a refund of half of it leaves."""

    card: ProductCard
    price_fen: int
    bps: int

    @property
    def commission_fen(self) -> int:
        return share_fen(self.price_fen, self.bps)

    @property
    def half_fen(self) -> int:
        return self.price_fen // 2

    @property
    def left_fen(self) -> int:
        return share_fen(self.price_fen - self.half_fen, self.bps)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The gift pack that somebody came from, and how many of it."""

    offer: Offer
    quantity: int


@public
@require_safe
def join(request: HttpRequest) -> HttpResponse:
    """Shopkeeper, free and on approval; agent, by gift pack, where a plan is in force."""
    return _page(request)


@members_only
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign the agreement of agents and go on to buy the gift pack. Nobody ticks for anybody."""
    wanted = _wanted(request.POST, at=clock.now())
    if wanted is None:
        messages.error(request, _("该礼包暂不出售"))
        return HttpResponseRedirect(reverse("agents:join"))
    if not request.POST.get("agreed"):
        return _page(request, error=_("请先阅读并同意代理协议"))
    record_consent(member=member_of(request), kind=ConsentKind.AGENT, is_given=True, at=clock.now())
    goods = {"sku": wanted.offer.sku.pk, "quantity": wanted.quantity}
    return HttpResponseRedirect(f"{reverse('orders:checkout')}?{urlencode(goods)}")


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def shopkeeper(request: HttpRequest) -> HttpResponse:
    """Apply to become a shopkeeper, and read what came of it."""
    at, member = clock.now(), member_of(request)
    form = ShopkeeperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            apply_as_shopkeeper(
                member=member, statement=form.cleaned_data["statement"], agreed=form.cleaned_data["agreed"], at=at
            )
        except ShopkeeperRefused as refusal:
            refused(form, None, refusal.reason.label)
        else:
            messages.success(request, _("申请已提交，审核后会发消息给你"))
            return HttpResponseRedirect(reverse("agents:join-shopkeeper"))
    shop = shopkeeper_of(member_id=member.pk)
    page = {
        "form": form,
        "shop": shop,
        "may_apply": not member.is_staff and (shop is None or shop.state == ShopkeeperState.REFUSED),
        "text": text_in_force(kind=ConsentKind.SHOPKEEPER),
        "member": member,
        "now": at,
        **_retail(at),
    }
    return render(request, "agents/shopkeeper.html", page, status=400 if form.errors else 200)


def _page(request: HttpRequest, *, error: str = "") -> HttpResponse:
    at = clock.now()
    version = version_in_force(at=at)
    plan = version.plan if version is not None else None
    packs = gift_packs(at=at) if plan is not None else []
    member = request.user if isinstance(request.user, Member) else None
    shown = {
        "version": version if plan is not None else None,
        "plan": plan,
        "packs": packs,
        "wanted": _wanted(request.POST or request.GET, at=at) or _first(packs),
        "disclosure": queries.disclosure(plan=plan) if plan is not None else None,
        "position": Position.objects.filter(member_id=member.pk).first() if member is not None else None,
        "shop": shopkeeper_of(member_id=member.pk) if member is not None else None,
        "agreement": text_in_force(kind=ConsentKind.AGENT),
        "has_signed": member is not None and has_signed(member=member, kind=ConsentKind.AGENT),
        "error": error,
        "now": at,
        **_retail(at),
    }
    return render(request, "agents/join.html", shown, status=400 if error else 200)


def _retail(at: datetime) -> dict[str, object]:
    """What is said of shopkeepers: an example from the shelf, the terms, and what they really earn."""
    card = most_sold_with_commission(at=at)
    offer = card.offer if card is not None else None
    example = None
    if card is not None and offer is not None and offer.price_fen is not None:
        example = Example(card, offer.price_fen, card.product.commission_bps)
    return {"example": example, "policy": relation_policy(at=at), "sold": queries.shopkeeper_disclosure()}


def _wanted(sent: QueryDict, *, at: datetime) -> Wanted | None:
    """Return the gift pack for sale that an address or a form names, and how many; one where the number is none."""
    sku, count = sent.get("sku", ""), sent.get("quantity", "")
    offer = offer_of(sku_id=int(sku), at=at) if re.fullmatch("[0-9]{1,18}", sku) else None
    if offer is None or not offer.sku.is_gift_pack or offer.price_fen is None:
        return None
    return Wanted(offer, int(count) if re.fullmatch("[1-9][0-9]?", count) else 1)


def _first(packs: list[ProductCard]) -> Wanted | None:
    return next((Wanted(card.offer, 1) for card in packs if card.offer is not None), None)
