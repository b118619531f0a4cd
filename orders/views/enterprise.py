"""A buyer's requests for a company: asking suppliers for prices, reading their quotes, saying no."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import orders.queries.cart
import suppliers.queries
from mall.core import clock
from mall.core.access import members_only
from mall.core.text import clean_line
from orders.commands import enterprise as commands
from orders.commands.enterprise import EnterpriseRefused
from orders.enterprise_forms import EnterpriseForm, RefuseForm, items_of, typed, typed_goods, with_more
from orders.models import EnterpriseRequest, RequestState
from orders.queries import enterprise as queries
from orders.rules.cart import CartOwner
from orders.rules.enterprise import OPEN, REQUEST_LINES_MAX
from suppliers.models import Sku
from suppliers.queries import Selection

from .buying import member_of

SHOWN_MAX = 100
FOUND_MAX = 8
FIND_MAX = 40


@members_only
@require_safe
def request_list(request: HttpRequest) -> HttpResponse:
    """The member's own requests, newest first."""
    now = clock.now()
    rows = [
        {"request": row, "is_over": row.state == RequestState.QUOTED and not row.holds(at=now)}
        for row in queries.requests_of(member=member_of(request))[:SHOWN_MAX]
    ]
    return render(request, "orders/enterprise_list.html", {"requests": rows})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask for prices. The page is drawn anew, with all that was typed, to find, add and drop goods."""
    if request.method != "POST":
        return _page(request, EnterpriseForm(initial=_known(request)), _first_goods(request))
    goods = typed_goods(request.POST)
    if _is_drawn_anew(request):
        return _page(request, EnterpriseForm(initial=typed(request.POST)), _changed(request, goods))
    form = EnterpriseForm(request.POST)
    items, wrong = items_of(goods)
    if form.is_valid() and not wrong:
        try:
            asked = commands.ask_suppliers(
                member=member_of(request),
                asking=form.asking(),
                items=items,
                idempotency_key=form.cleaned_data["key"],
                at=clock.now(),
            )
        except EnterpriseRefused as refusal:
            known = refusal.field in form.fields
            form.add_error(refusal.field if known else None, str(refusal))
        else:
            messages.success(request, _("询价单已发给供应商，报价后通知你"))
            if len(asked) == 1:
                return _to_request(asked[0].number)
            return HttpResponseRedirect(reverse("orders:enterprise"))
    return _page(request, form, goods, wrong=wrong, status=400)


@members_only
@require_safe
def request_detail(request: HttpRequest, number: str) -> HttpResponse:
    """One of the member's own requests, with its quote."""
    found = own_request(request, number)
    return _detail(request, found, RefuseForm())


@members_only
@require_POST
def request_refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Say no to a quote, and why."""
    found = own_request(request, number)
    form = RefuseForm(request.POST)
    if form.is_valid():
        try:
            commands.refuse_quote(
                member=member_of(request), number=number, reason=form.cleaned_data["reason"], at=clock.now()
            )
        except EnterpriseRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已谢绝，供应商看得到原因"))
        return _to_request(number)
    return _detail(request, found, form, status=400)


@members_only
@require_POST
def request_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a request back."""
    own_request(request, number)
    try:
        commands.withdraw_request(member=member_of(request), number=number, at=clock.now())
    except EnterpriseRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回"))
    return _to_request(number)


def own_request(request: HttpRequest, number: str) -> EnterpriseRequest:
    """One of the visitor's own requests. Another one's does not exist for them."""
    found = None if "\x00" in number else queries.request_of(member=member_of(request), number=number)
    if found is None:
        raise Http404
    return found


def _detail(request: HttpRequest, found: EnterpriseRequest, form: RefuseForm, *, status: int = 200) -> HttpResponse:
    now = clock.now()
    page = {
        "request_row": found,
        "form": form,
        "holds": found.holds(at=now),
        "is_over": found.state == RequestState.QUOTED and not found.holds(at=now),
        "is_quoted": found.valid_date is not None and all(line.unit_price_fen for line in found.lines.all()),
        "can_withdraw": found.state in OPEN,
        "order": queries.order_at(number=found.number) if found.state == RequestState.ACCEPTED else None,
    }
    return render(request, "orders/enterprise_request.html", page, status=status)


def _page(
    request: HttpRequest,
    form: EnterpriseForm,
    goods: Mapping[int, str],
    *,
    wrong: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with these goods. What is no longer sold is left out, with a word about it."""
    now, words = clock.now(), _find_words(request)
    skus = {sku.pk: sku for sku in suppliers.queries.orderable_skus(sku_ids=list(goods)) if not sku.is_gift_pack}
    if len(skus) < len(goods):
        messages.warning(request, _("有商品已下架或不接受企业询价，没有列出"))
    cart = orders.queries.cart.cart_of(owner=CartOwner(member_of(request).pk), at=now)
    page = {
        "form": form,
        "key": form["key"].value() or EnterpriseForm.new_key(),
        "lines": [
            {"sku": skus[sku_id], "quantity": text, "error": (wrong or {}).get(sku_id, "")}
            for sku_id, text in goods.items()
            if sku_id in skus
        ],
        "wrong": wrong,
        "lines_max": REQUEST_LINES_MAX,
        "words": words,
        "found": [sku for sku in _found(words, now) if sku.pk not in skus] if words else [],
        "cart_count": len([line for line in cart.chosen if line.item.sku_id not in skus]),
    }
    return render(request, "orders/enterprise_new.html", page, status=status)


def _is_drawn_anew(request: HttpRequest) -> bool:
    """Whether a button was tapped that changes the goods, or words were typed to find some."""
    return any(name in request.POST for name in ("add", "drop", "from_cart", "find")) or bool(
        request.POST.get("words", "").strip()
    )


def _changed(request: HttpRequest, goods: Mapping[int, str]) -> dict[int, str]:
    """Return the goods after what the tapped button does."""
    dropped, added = _id(request.POST.get("drop", "")), _id(request.POST.get("add", ""))
    left = {sku_id: text for sku_id, text in goods.items() if sku_id != dropped}
    if added:
        return {**left, added: left.get(added, "1")}
    if "from_cart" in request.POST:
        cart = orders.queries.cart.cart_of(owner=CartOwner(member_of(request).pk), at=clock.now())
        chosen = [(line.item.sku_id, line.item.quantity) for line in cart.chosen if not line.line.sku.is_gift_pack]
        return with_more(left, chosen)
    return left


def _first_goods(request: HttpRequest) -> dict[int, str]:
    """Return what the address names: `?sku=&quantity=`."""
    sku_id, quantity = _id(request.GET.get("sku", "")), _id(request.GET.get("quantity", "1")) or 1
    return {sku_id: str(min(quantity, 9_999))} if sku_id else {}


def _known(request: HttpRequest) -> dict[str, Any]:
    """Return what is known of the company: what was filled in last time, else the member's own phone."""
    member = member_of(request)
    last = queries.last_request(member=member)
    if last is None:
        return {"contact_phone": str(member.phone or "").removeprefix("+86")}
    return {
        "company_name": last.company_name,
        "credit_code": last.credit_code,
        "contact_name": last.contact_name,
        "contact_phone": last.contact_phone.removeprefix("+86"),
        "invoice_title": "" if last.invoice_title == last.company_name else last.invoice_title,
    }


def _find_words(request: HttpRequest) -> str:
    """Return what is looked for; nothing once something of it was added."""
    if "add" in request.POST:
        return ""
    try:
        return clean_line(request.POST.get("words", ""), FIND_MAX)
    except ValueError:
        return ""


def _found(words: str, at: datetime) -> list[Sku]:
    """Return SKUs of goods that fit the words."""
    cards = suppliers.queries.listing(selection=Selection(text=words), limit=FOUND_MAX, at=at)
    ids = [sku.pk for card in cards for sku in card.product.skus.all() if sku.is_active and not sku.is_gift_pack]
    found = {sku.pk: sku for sku in suppliers.queries.orderable_skus(sku_ids=ids)}
    return [found[pk] for pk in ids if pk in found][: 2 * FOUND_MAX]


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else 0


def _to_request(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("orders:enterprise-request", args=[number]))
