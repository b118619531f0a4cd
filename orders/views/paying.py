"""The cashier, the way to the provider, and what the server knows of the payment."""

import json
import logging
from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import members.queries
import suppliers.queries
from mall.core import clock
from mall.core.access import members_only
from mall.core.visitor import is_wechat, wechat_openid_here
from orders import commands, queries
from orders.commands import OrderRefused
from orders.commands.doorbell import ring_ask_provider
from orders.gateways import GatewayError, GatewayRefusal, Payer
from orders.models import Order, OrderState, Payment, PaymentState, Purchase, PurchaseState
from orders.rules.paying import OPENED_FOR
from suppliers.queries import ProductCard

from .buying import member_of, own_purchase

log = logging.getLogger(__name__)

OTHERS = 3
THUMBS = 4
METHOD_KEY, ENTERED_KEY = "pay_method", "pay_entered"
# How often the visit of a page has a provider asked about one payment.
HURRY_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pay, as the cashier offers it."""

    key: str
    name: object
    icon: str
    hint: object = ""
    only_outside: bool = False


METHODS = (
    Method("wechat", gettext_lazy("微信支付"), "message-circle"),
    Method("alipay", gettext_lazy("支付宝"), "wallet", only_outside=True),
    Method("sandbox", gettext_lazy("沙箱支付"), "shield-check", gettext_lazy("演示渠道，不会真的扣款")),
)
NAMES = {method.key: method.name for method in METHODS}


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest, number: str) -> HttpResponse:
    """How much, until when, and with whom to pay; posting leads to the provider."""
    purchase, now = own_purchase(request, number), clock.now()
    if purchase.state != PurchaseState.PLACED:
        return _to_result(number)
    payer = _payer(request)
    if request.method != "POST":
        return _to_wechat(request, purchase) if _must_ask(request, payer) else _cashier_page(request, purchase)
    provider = request.POST.get("provider", "")
    if provider not in [method.key for method in _methods(request)]:
        return _cashier_page(request, purchase, error=_("该支付方式不可用"), status=409)
    if provider == "wechat" and payer.is_wechat and not payer.openid:
        if _must_ask(request, payer):
            return _to_wechat(request, purchase)
        error = _("微信没有说明您是谁，请点右上角“…”，选择在浏览器打开再付款")
        return _cashier_page(request, purchase, error=error, status=409)
    return_url = settings.SITE_URL + reverse("orders:result", args=[number])
    try:
        payment = commands.open_cashier(
            purchase=purchase, provider=provider, return_url=return_url, at=now, payer=payer
        )
    except OrderRefused as refusal:
        return _cashier_page(request, purchase, error=str(refusal), status=409)
    except (GatewayError, GatewayRefusal) as failure:
        log.warning("the cashier of purchase %s did not open: %s", number, failure)
        error = _("支付渠道暂时没有回应，没有扣款，请稍后再试")
        return _cashier_page(request, purchase, error=error, status=502)
    request.session[METHOD_KEY] = provider
    if payment.state != PaymentState.CREATED:
        return _to_result(number)
    return HttpResponseRedirect(reverse("orders:pay-to", args=[number, payment.number]))


@members_only
@never_cache
@require_safe
def pay_to(request: HttpRequest, number: str, payment_number: str) -> HttpResponse:
    """Lead on to the provider's page, or show its sheet. A page of ours does it, so that no form leads elsewhere."""
    purchase, now = own_purchase(request, number), clock.now()
    payment = queries.payment_of(purchase=purchase, number=payment_number)
    if payment is None:
        raise Http404
    if purchase.state != PurchaseState.PLACED:
        return _to_result(number)
    is_open = payment.state == PaymentState.CREATED and now < purchase.expires_at
    if not is_open or payment.opened_at is None or now >= payment.opened_at + OPENED_FOR:
        return HttpResponseRedirect(reverse("orders:cashier", args=[number]))
    page = {
        "purchase": purchase,
        "payment": payment,
        "method": NAMES.get(payment.provider, payment.provider),
        "sheet": json.dumps(payment.sheet) if payment.sheet else "",
        "bridge_url": settings.WECHAT_BRIDGE_URL if payment.sheet else "",
        "now": now,
    }
    response = render(request, "orders/pay_to.html", page)
    # WeChat's page wants to know from whose site people come; which page it was is nobody's business.
    response["Referrer-Policy"] = "origin"
    return response


@members_only
@never_cache
@require_safe
def result(request: HttpRequest, number: str) -> HttpResponse:
    """What became of the payment, by our own books; coming back from the provider proves nothing."""
    purchase = own_purchase(request, number)
    orders, payment = list(purchase.orders.all()), queries.open_payment(purchase_id=purchase.pk)
    is_waiting = purchase.state == PurchaseState.PLACED
    if is_waiting and payment is not None and payment.opened_at is not None:
        _hurry(payment)
    page = {
        "purchase": purchase,
        "orders": orders,
        "order": orders[0],
        "now": clock.now(),
        "is_waiting": is_waiting,
        "payment": payment,
        "method": NAMES.get(payment.provider, "") if payment else "",
    }
    if request.headers.get("HX-Target") == "result":
        return render(request, "orders/result_state.html", page)
    return render(request, "orders/result.html", {**page, **_goes_with(orders)})


def _cashier_page(request: HttpRequest, purchase: Purchase, *, error: str = "", status: int = 200) -> HttpResponse:
    methods, now = _methods(request), clock.now()
    orders = list(purchase.orders.all())
    lines = [line for order in orders for line in order.lines.all()]
    last = request.session.get(METHOD_KEY)
    payment = queries.open_payment(purchase_id=purchase.pk)
    page = {
        "purchase": purchase,
        "orders": orders,
        "order": orders[0],
        "lines": lines[:THUMBS],
        "more": max(0, len(lines) - THUMBS),
        "pieces": sum(line.quantity for line in lines),
        "now": now,
        "is_open": now < purchase.expires_at,
        "methods": methods,
        "chosen": last if last in [method.key for method in methods] else methods[0].key if methods else "",
        "is_inside": is_wechat(request),
        "in_flight": NAMES.get(payment.provider, "") if payment and payment.opened_at else "",
        "error": error,
    }
    return render(request, "orders/cashier.html", page, status=status)


def _methods(request: HttpRequest) -> list[Method]:
    """The ways to pay here, in the order of the settings. Inside WeChat no other's page opens."""
    known = {method.key: method for method in METHODS}
    there = [known[name] for name in settings.PAYMENT_GATEWAYS if name in known]
    return [method for method in there if not (method.only_outside and is_wechat(request))]


def _payer(request: HttpRequest) -> Payer:
    inside = is_wechat(request)
    openid = wechat_openid_here(request) or members.queries.wechat_openid(member=member_of(request)) if inside else ""
    return Payer(client_ip=get_adapter().get_client_ip(request) or "", openid=openid, is_wechat=inside)


def _must_ask(request: HttpRequest, payer: Payer) -> bool:
    """Say whether WeChat is still to be asked who this is: its sheet is for somebody it knows. Once a session."""
    is_needed = payer.is_wechat and not payer.openid and "wechat" in settings.PAYMENT_GATEWAYS
    return bool(is_needed and settings.WECHAT_APP_ID and not request.session.get(ENTERED_KEY))


def _to_wechat(request: HttpRequest, purchase: Purchase) -> HttpResponse:
    """Go to WeChat, which says who this is without asking anybody, and come back."""
    request.session[ENTERED_KEY] = True
    here = reverse("orders:cashier", args=[purchase.number])
    return HttpResponseRedirect(f"{reverse('members:wechat-enter')}?{urlencode({'next': here})}")


def _hurry(payment: Payment) -> None:
    """Have the provider asked now, since somebody waits for the answer; not at each look."""
    if cache.add(f"pay-hurry-{payment.pk}", 1, HURRY_SECONDS):
        ring_ask_provider(payment.number)


def _goes_with(orders: list[Order]) -> dict[str, object]:
    """What goes with the first of the goods that were bought, and which that was."""
    if orders[0].state != OrderState.PAID:
        return {}
    bought = {line.sku.product_id for order in orders for line in order.lines.all()}
    because = orders[0].lines.all()[0].sku.product
    cards: list[ProductCard] = suppliers.queries.related(product=because, limit=OTHERS + len(bought), at=clock.now())
    return {"others": [card for card in cards if card.product.pk not in bought][:OTHERS], "because": because}


def _to_result(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("orders:result", args=[number]))
