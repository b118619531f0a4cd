"""The cashier, and what the server knows of the payment."""

import logging
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

import suppliers.queries
from mall.core import clock
from mall.core.access import members_only
from members.models import Member
from orders import commands, queries
from orders.commands import OrderRefused
from orders.gateways import GatewayError, GatewayRefusal
from orders.models import Order, OrderState, Purchase, PurchaseState
from suppliers.queries import ProductCard

log = logging.getLogger(__name__)

OTHERS = 3
PROVIDER_NAMES = {"sandbox": gettext_lazy("沙箱支付")}


def member_of(request: HttpRequest) -> Member:
    """The visitor of a page that only members see."""
    return cast(Member, request.user)


def own_order(request: HttpRequest, number: str) -> Order:
    """One of the visitor's own orders. Another one's does not exist for them."""
    order = None if "\x00" in number else queries.order_of(member=member_of(request), number=number)
    if order is None:
        raise Http404
    return order


def own_purchase(request: HttpRequest, number: str) -> Purchase:
    """One of the visitor's own purchases. Another one's does not exist for them."""
    purchase = None if "\x00" in number else queries.purchase_of(member=member_of(request), number=number)
    if purchase is None:
        raise Http404
    return purchase


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def cashier(request: HttpRequest, number: str) -> HttpResponse:
    """How much, until when, and with whom to pay; posting goes to the provider's page."""
    purchase, now = own_purchase(request, number), clock.now()
    if purchase.state != PurchaseState.PLACED:
        return HttpResponseRedirect(reverse("orders:result", args=[number]))
    providers = [(name, PROVIDER_NAMES.get(name, name)) for name in settings.PAYMENT_GATEWAYS]
    page = {"purchase": purchase, "now": now, "providers": providers, "is_open": now < purchase.expires_at}
    if request.method != "POST":
        return render(request, "orders/cashier.html", page)
    return_url = settings.SITE_URL + reverse("orders:result", args=[number])
    try:
        pay_url = commands.open_cashier(
            purchase=purchase, provider=request.POST.get("provider", ""), return_url=return_url, at=now
        )
    except OrderRefused as refusal:
        return render(request, "orders/cashier.html", {**page, "error": str(refusal)}, status=409)
    except (GatewayError, GatewayRefusal) as failure:
        log.warning("the cashier of purchase %s did not open: %s", number, failure)
        page["error"] = _("支付渠道暂时没有回应，没有扣款，请稍后再试")
        return render(request, "orders/cashier.html", page, status=502)
    return HttpResponseRedirect(pay_url)


@members_only
@require_safe
def result(request: HttpRequest, number: str) -> HttpResponse:
    """What became of the payment, by our own books; coming back from the provider proves nothing."""
    purchase = own_purchase(request, number)
    orders = list(purchase.orders.all())
    page = {
        "purchase": purchase,
        "orders": orders,
        "order": orders[0],
        "now": clock.now(),
        "is_waiting": purchase.state == PurchaseState.PLACED,
        "payment": queries.open_payment(purchase_id=purchase.pk),
    }
    if request.headers.get("HX-Target") == "result":
        return render(request, "orders/result_state.html", page)
    return render(
        request,
        "orders/result.html",
        {**page, "others": _others(orders[0]) if orders[0].state == OrderState.PAID else []},
    )


def _others(order: Order) -> list[ProductCard]:
    """Other goods of the order's supplier that can be had."""
    bought = {line.sku.product_id for line in order.lines.all()}
    cards = suppliers.queries.shelf(supplier=order.supplier, limit=OTHERS + len(bought), at=clock.now())
    return [card for card in cards if card.product.pk not in bought and card.offer is not None][:OTHERS]
