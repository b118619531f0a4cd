"""One's own shop: its words, its goods and their order, and the card of oneself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents import commands, queries
from agents.models import ShopItem
from agents.shop_forms import PersonaForm, ShopForm, WordsForm
from mall.core import clock
from members.models import Member

from .selling import sellers_only
from .signed_in import member_of


@sellers_only
@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """The shop as its owner sees it: every product, with what can be done to it."""
    at = clock.now()
    member = member_of(request)
    own = queries.own_shop(member=member)
    items = queries.own_items(shop=own, at=at) if own is not None else []
    page = {
        "shop": own,
        "items": items,
        "full": len(items) >= commands.ITEMS_MAX,
        "earns_retail": queries.is_verified(member=member),
        "now": at,
    }
    part = "agents/shop_items.html" if request.headers.get("HX-Target") == "items" else "agents/my_shop.html"
    return render(request, part, page)


@sellers_only
@require_http_methods(["GET", "HEAD", "POST"])
def shop_words(request: HttpRequest) -> HttpResponse:
    """Name, notice, picture, and whether the shop is open."""
    at = clock.now()
    member = member_of(request)
    own = queries.own_shop(member=member)
    if request.method == "POST":
        form = ShopForm(request.POST, request.FILES)
        if form.is_valid():
            data = form.cleaned_data
            try:
                commands.save_shop(
                    owner=member, text=form.text(), photos=data["photos"], drops_picture=data["drops_picture"], at=at
                )
            except commands.ShopRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("小店已保存"))
                return HttpResponseRedirect(reverse("agents:shop"))
    else:
        name = _("%(name)s的小店") % {"name": member.nickname[:17]} if member.nickname else ""
        form = ShopForm(initial=ShopForm.first(own, name=name))
    status = 422 if form.errors else 200
    return render(request, "agents/shop_form.html", {"form": form, "shop": own}, status=status)


@sellers_only
@require_POST
def shop_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """Move a product of one's shop up or down, pin it, or take it out (`act`)."""
    at = clock.now()
    member = member_of(request)
    item = _own_item(member, item_id)
    act = request.POST.get("act", "")
    try:
        if act in ("up", "down"):
            commands.move_item(owner=member, item_id=item.pk, up=act == "up", at=at)
        elif act in ("pin", "unpin"):
            commands.pin_item(owner=member, item_id=item.pk, is_pinned=act == "pin", at=at)
        elif act == "remove":
            commands.take_out_of_shop(owner=member, slug=item.product.slug)
            messages.success(request, _("“%(name)s”已从小店下架") % {"name": item.product.name})
        else:
            return HttpResponse(status=400)
    except commands.ShopRefused as refusal:
        messages.error(request, str(refusal))
    except commands.ItemUnknown as error:
        raise Http404 from error
    return HttpResponseRedirect(reverse("agents:shop"))


@sellers_only
@require_http_methods(["GET", "HEAD", "POST"])
def item_words(request: HttpRequest, item_id: int) -> HttpResponse:
    """Why one recommends a product."""
    at = clock.now()
    member = member_of(request)
    item = _own_item(member, item_id)
    form = WordsForm(request.POST if request.method == "POST" else None, initial={"words": item.words})
    if request.method == "POST" and form.is_valid():
        try:
            commands.say_of_item(owner=member, item_id=item.pk, words=form.cleaned_data["words"], at=at)
        except commands.ShopRefused as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, _("推荐语已保存"))
            to_poster = request.POST.get("then") == "poster"
            poster = f"{reverse('agents:poster')}?to=p/{item.product.slug}"
            return HttpResponseRedirect(poster if to_poster else reverse("agents:shop"))
    then = request.GET.get("then", "") if request.method != "POST" else request.POST.get("then", "")
    page = {"form": form, "item": item, "then": then if then == "poster" else ""}
    return render(request, "agents/item_words.html", page, status=422 if form.errors else 200)


@sellers_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The card of oneself, as customers see it, and what stands on it."""
    at = clock.now()
    member = member_of(request)
    form = PersonaForm(
        request.POST if request.method == "POST" else None,
        initial=PersonaForm.first(queries.persona_of(member_id=member.pk)),
    )
    if request.method == "POST" and form.is_valid():
        try:
            commands.save_persona(member=member, intro=form.cleaned_data["intro"], tags=form.listed(), at=at)
        except commands.PersonaRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("名片已保存"))
            return HttpResponseRedirect(reverse("agents:profile"))
    card = queries.persona_card(member=member, with_items=True, sells=True, at=at)
    page = {"form": form, "card": card, "now": at}
    return render(request, "agents/profile.html", page, status=422 if form.errors else 200)


def _own_item(member: Member, item_id: int) -> ShopItem:
    item = queries.item_of(member=member, item_id=item_id)
    if item is None:
        raise Http404
    return item
