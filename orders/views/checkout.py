"""Checkout: what is bought, where it goes, what it costs, on one screen with one button; and that of a quote."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

import members.queries
import orders.queries.cart
from mall.core import clock
from mall.core.access import members_only
from members.models import Address, Member
from orders import commands, queries
from orders.commands import OrderRefused, Refusal
from orders.commands.enterprise import accept_quote
from orders.forms import CheckoutForm, InvoiceForm, read_items
from orders.models import EnterpriseRequest, InvoiceKind, InvoiceTitle, RequestState
from orders.queries import Agreed, Quote
from orders.queries.enterprise import agreed_of, items_of
from orders.queries.quoting import must_sign_first
from orders.rules.cart import CartOwner

from .buying import member_of
from .enterprise import own_request

Items = list[tuple[int, int]]
# What the invoice of a quote is made out to, unless another title is chosen.
_TITLE_OF_REQUEST = "saved-0"
# After these there is no checkout of this quote any more.
_QUOTE_REFUSALS = (Refusal.QUOTE_OVER, Refusal.QUOTE_USED, Refusal.QUOTE_TOO_LOW)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is about: the goods, and whether they come from the cart, or from the quote of a request."""

    items: Items
    from_cart: bool
    quoted: EnterpriseRequest | None = None

    @property
    def agreed(self) -> Agreed | None:
        """The quoted prices, as they stand in the rows."""
        return agreed_of(self.quoted, self.quoted.lines.all()) if self.quoted is not None else None

    @property
    def place_url(self) -> str:
        """Where the page is sent."""
        if self.quoted is not None:
            return reverse("orders:enterprise-accept", args=[self.quoted.number])
        return reverse("orders:checkout")

    @property
    def address(self) -> str:
        """Where this page can be fetched again."""
        here = self.place_url
        if self.from_cart or self.quoted is not None:
            return here
        return f"{here}?{urlencode({'sku': self.items[0][0], 'quantity': self.items[0][1]})}"


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """Draw the page for what is chosen in the cart, or for `?sku=&quantity=`; posted, place the purchase."""
    try:
        asked = _posted(request) if request.method == "POST" else _asked(request)
    except OrderRefused as refusal:
        return _turn_back(request, refusal.reason)
    if request.method == "POST":
        return _place(request, asked)
    return _page(request, asked, form=None, status=200)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """The same page for the quote of an own request: goods, counts and prices are those of its rows."""
    row = own_request(request, number)
    asked = Asked(items_of(row.lines.all()), from_cart=False, quoted=row)
    was_quoted = row.state in (RequestState.QUOTED, RequestState.ACCEPTED)
    if request.method == "POST" and "draw" not in request.POST and was_quoted:
        return _place(request, asked)
    if not row.holds(at=clock.now()):
        return _turn_back(
            request, Refusal.QUOTE_USED if row.state == RequestState.ACCEPTED else Refusal.QUOTE_OVER, row
        )
    return _page(request, asked, form=None, status=200)


def _place(request: HttpRequest, asked: Asked) -> HttpResponse:
    member = member_of(request)
    choice = request.POST.get("invoice", "")
    titles = _titles(member, asked) if choice.startswith("saved-") else []
    form = CheckoutForm(request.POST, titles=titles)
    if "draw" in request.POST:
        return _page(request, asked, form=None, status=200)
    if not form.is_valid():
        return _page(request, asked, form=form, status=400)
    given: dict[str, Any] = {
        "member": member,
        "address": Address(pk=form.cleaned_data["address"]),
        "idempotency_key": form.cleaned_data["key"],
        "at": clock.now(),
        "seen": form.cleaned_data["seen"],
        "invoice": form.invoice_request(),
    }
    try:
        if asked.quoted is not None:
            note = form.notes().get(asked.quoted.supplier_id, "")
            purchase = accept_quote(number=asked.quoted.number, note=note, **given)
        else:
            purchase = commands.place_purchase(
                items=asked.items, notes=form.notes(), from_cart=asked.from_cart, by_buyer=True, **given
            )
    except OrderRefused as refusal:
        if refusal.reason == Refusal.NOT_SIGNED:
            return _to_sign(request, asked)
        if asked.quoted is not None and refusal.reason in _QUOTE_REFUSALS:
            return _turn_back(request, refusal.reason, asked.quoted)
        return _page(request, asked, form=form, status=409, refusal=refusal.reason)
    return HttpResponseRedirect(reverse("orders:cashier", args=[purchase.number]))


def _page(
    request: HttpRequest, asked: Asked, *, form: CheckoutForm | None, status: int, refusal: Refusal | None = None
) -> HttpResponse:
    """The page with what was typed so far, at the prices of now, each problem on the line that has it."""
    member, now = member_of(request), clock.now()
    addresses = list(members.queries.addresses(member=member))
    chosen = _chosen(addresses, request.POST.get("address") or request.GET.get("address", ""))
    try:
        quote = queries.assess(
            items=asked.items,
            at=now,
            member=member,
            province=chosen.province if chosen is not None else "",
            agreed=asked.agreed,
        )
    except OrderRefused as malformed:
        return _turn_back(request, malformed.reason, asked.quoted)
    if not quote.lines or quote.refusal == Refusal.GIFT_PACK_ALONE:
        return _turn_back(request, quote.refusal or Refusal.NOT_ON_SHELF, asked.quoted)
    if must_sign_first(member=member, quoted=quote):
        return _to_sign(request, asked)
    typed = request.POST
    page = {
        "asked": asked,
        "quote": quote,
        "parts": [{"part": part, "note": typed.get(f"note-{part.supplier.pk}", "")} for part in quote.parts],
        "moved": _moved(quote, typed.get("seen", "")) if refusal == Refusal.PRICE_CHANGED else [],
        "error": _error(form, refusal),
        "form": form,
        "key": typed.get("key") or CheckoutForm.new_key(),
        "addresses": addresses,
        "chosen": chosen,
        "titles": _titles(member, asked),
        "invoice": typed.get("invoice") or (_TITLE_OF_REQUEST if asked.quoted is not None else "none"),
        "new_title": (form.new_title if form is not None else None) or _new_title(typed),
        "can_be_placed": chosen is not None and quote.refusal is None,
        "now": now,
    }
    in_part = request.headers.get("HX-Target") == "checkout"
    template = "orders/checkout_parts.html" if in_part else "orders/checkout.html"
    return render(request, template, {**page, "swapped": in_part}, status=status)


def _titles(member: Member, asked: Asked) -> list[InvoiceTitle]:
    """The titles that can be chosen: those that are kept, and first that of the request."""
    kept = list(InvoiceTitle.objects.filter(member=member).order_by("-pk"))
    row = asked.quoted
    if row is None:
        return kept
    return [InvoiceTitle(pk=0, kind=InvoiceKind.COMPANY, title=row.invoice_title, tax_number=row.credit_code), *kept]


def _new_title(typed: QueryDict) -> InvoiceForm:
    """The fields of a new title, with what was typed into them, and nothing to say about it yet."""
    kept = {name: typed.get(f"invoice-{name}", "") for name in InvoiceForm.base_fields}
    return InvoiceForm(initial={name: text for name, text in kept.items() if text}, prefix="invoice")


def _error(form: CheckoutForm | None, refusal: Refusal | None) -> str:
    """What stands above all else: what no line and no field says by itself."""
    if refusal is not None:
        return str(refusal.label)
    found = form.errors if form is not None and form.is_bound else {}
    return str(next((errors[0] for field, errors in found.items() if field in ("__all__", "key", "seen")), ""))


def _moved(quote: Quote, seen: str) -> list[int]:
    """Return the SKUs that cost something else than the page said when it was drawn."""
    marks = set(seen.split("."))
    return [line.sku.pk for line in quote.lines if line.mark not in marks]


def _chosen(addresses: list[Address], wanted: str) -> Address | None:
    """Return the address that was asked for if it is the member's own, else the default one."""
    own = next((address for address in addresses if str(address.pk) == wanted), None)
    return own or (addresses[0] if addresses else None)


def _asked(request: HttpRequest) -> Asked:
    if "sku" in request.GET:
        text = f"{request.GET['sku']}:{request.GET.get('quantity', '1')}"
        return Asked(read_items([text]), from_cart=False)
    found = orders.queries.cart.cart_of(owner=CartOwner(member_of(request).pk), at=clock.now())
    chosen = [(line.item.sku_id, line.item.quantity) for line in found.chosen]
    if not chosen:
        raise OrderRefused(Refusal.NOTHING_CHOSEN)
    return Asked(chosen, from_cart=True)


def _posted(request: HttpRequest) -> Asked:
    return Asked(read_items(request.POST.getlist("item")), from_cart=request.POST.get("cart") == "1")


def _to_sign(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Whoever has not signed reads first what an agent earns, and signs there."""
    messages.warning(request, Refusal.NOT_SIGNED.label)
    target = f"{reverse('agents:join')}?{urlencode({'sku': asked.items[0][0], 'quantity': asked.items[0][1]})}"
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def _turn_back(request: HttpRequest, reason: Refusal, quoted: EnterpriseRequest | None = None) -> HttpResponse:
    """What cannot be bought leads back to the shop, to the cart, or to the request, with the reason."""
    messages.error(request, reason.label)
    if quoted is not None:
        return HttpResponseRedirect(reverse("orders:enterprise-request", args=[quoted.number]))
    target = "shop:home" if "sku" in request.GET or request.POST.get("cart") != "1" else "orders:cart"
    if request.method != "POST" and "sku" not in request.GET:
        target = "orders:cart"
    return HttpResponseRedirect(reverse(target))
