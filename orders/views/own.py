"""A member's orders, and what can be done with each."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import orders.queries.own
import suppliers.queries
from mall.core import clock
from mall.core.access import members_only
from members.queries import attribution_words
from orders import commands, queries
from orders.commands import OrderRefused, Refusal
from orders.forms import RefundForm
from orders.models import Invoice, InvoiceState, Order, OrderState
from orders.queries.after_sale import can_give_back_whole
from orders.rules import PAID_STATES, cooled_off_at
from orders.rules.cart import CartOwner

from .buying import member_of, own_order

PAGE = 10
SUGGESTED = 4
SEARCH_MAX = 40
CANCEL_REASON = "买家取消"

TABS = {
    "": gettext_lazy("全部"),
    "to-pay": gettext_lazy("待付款"),
    "to-ship": gettext_lazy("待发货"),
    "to-receive": gettext_lazy("待收货"),
    "to-review": gettext_lazy("待评价"),
    "after-sale": gettext_lazy("售后"),
}


@members_only
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """The member's orders, newest first: by state (`?tab=`), by words (`?q=`), from an order on (`?before=`)."""
    tab, search = request.GET.get("tab", ""), request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_MAX]
    if tab not in TABS:
        raise Http404
    member, now = member_of(request), clock.now()
    cards = orders.queries.own.own_cards(
        member=member,
        at=now,
        tab=tab,
        search=search,
        before=_number(request.GET.get("before", "")),
        limit=PAGE + 1,
    )
    more = {"tab": tab, "q": search, "before": cards[PAGE - 1].order.number if len(cards) > PAGE else ""}
    page = {
        "cards": cards[:PAGE],
        "more": urlencode({name: text for name, text in more.items() if text}) if more["before"] else "",
        "chosen_tab": tab,
        "search": search,
        "now": now,
    }
    if request.headers.get("HX-Target") == "more":
        return render(request, "orders/cards.html", page)
    counts = orders.queries.own.tab_counts(member=member, at=now)
    is_new = not cards and not tab and not search
    page |= {
        "tabs": [(key, label, counts.get(key, 0)) for key, label in TABS.items()],
        "best_sellers": suppliers.queries.best_sellers(limit=SUGGESTED, at=now) if is_new else [],
    }
    return render(request, "orders/list.html", page)


@members_only
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One order: its state, what happened and what comes, the goods, and what can be done now."""
    return render(request, "orders/detail.html", _detail_page(request, own_order(request, number)))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel an order that was not paid, with all that was to be paid with it."""
    order = own_order(request, number)
    if request.method != "POST":
        return _ask(request, "orders/cancel.html", order, order.state == OrderState.PLACED)
    try:
        commands.cancel_order(order=order, reason=CANCEL_REASON, at=clock.now())
    except OrderRefused as refusal:
        return _refused(request, order, refusal)
    messages.success(request, _("订单已取消"))
    return _to_detail(number)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the goods are here."""
    order = own_order(request, number)
    if request.method != "POST":
        return _ask(request, "orders/receive.html", order, order.state == OrderState.SHIPPED)
    try:
        commands.confirm_receipt(order=order, at=clock.now())
    except OrderRefused as refusal:
        return _refused(request, order, refusal)
    messages.success(request, _("已确认收货"))
    return _to_detail(number)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def refund(request: HttpRequest, number: str) -> HttpResponse:
    """Give a whole order back. The page says what comes back before anything is sent."""
    order = own_order(request, number)
    form = RefundForm(request.POST or None)
    possible = can_give_back_whole(order=order, at=clock.now())
    if request.method == "POST" and not possible and order.state != OrderState.REFUNDED:
        by_line = queries.is_order_refundable(order=order, at=clock.now())
        return _refused(request, order, OrderRefused(Refusal.BY_LINE if by_line else Refusal.NOT_REFUNDABLE))
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return _ask(request, "orders/refund.html", order, possible, form=form, status=status)
    try:
        with override("zh-hans"):
            reason = form.reason_text()
        commands.refund_order(order=order, reason=reason, at=clock.now())
    except OrderRefused as refusal:
        return _refused(request, order, refusal)
    messages.success(request, _("退款已受理，款项原路退回"))
    return _to_detail(number)


@members_only
@require_POST
def again(request: HttpRequest, number: str) -> HttpResponse:
    """Put what is still sold of an order into the cart, and say what is not. A gift pack goes straight to checkout."""
    order = own_order(request, number)
    lines = list(order.lines.all())
    if order.packs:
        query = urlencode({"sku": lines[0].sku_id, "quantity": lines[0].quantity})
        return HttpResponseRedirect(f"{reverse('orders:checkout')}?{query}")
    left_out = commands.add_lines(
        owner=CartOwner(member_of(request).pk),
        items=[(line.sku_id, line.quantity) for line in lines],
        at=clock.now(),
    )
    gone = "、".join(line.product_name for line in lines if line.sku_id in left_out)
    if gone:
        messages.warning(request, _("%(names)s 暂时买不到，没有放进购物车") % {"names": gone})
    if len(left_out) == len(lines):
        return _to_detail(number)
    messages.success(request, _("已放进购物车"))
    return HttpResponseRedirect(reverse("orders:cart"))


def _detail_page(request: HttpRequest, order: Order) -> dict[str, object]:
    now = clock.now()
    received = order.received_at
    is_placed = order.state == OrderState.PLACED
    together = queries.purchase_of(member=member_of(request), number=order.purchase.number) if is_placed else None
    invoice = Invoice.objects.filter(order=order).exclude(state=InvoiceState.VOID).first()
    return {
        "order": order,
        "together": list(together.orders.all()) if together is not None else [order],
        "total_fen": order.purchase.total_fen if is_placed else order.total_fen,
        "now": now,
        "steps": _steps(order),
        "payment": queries.open_payment(purchase_id=order.purchase_id),
        "refund": queries.refund_of(order=order) if order.refunded_fen else None,
        "can_refund": can_give_back_whole(order=order, at=now),
        "left_fen": order.total_fen - order.refunded_fen,
        "returnable_until": cooled_off_at(received, order.cooling_off_days) if received else None,
        "invoice": invoice,
        "adviser_words": attribution_words(reason=order.adviser_reason),
        "can_ask_invoice": invoice is None and order.state in PAID_STATES,
    }


def _steps(order: Order) -> list[dict[str, object]]:
    """The timeline for the page, newest first: what comes is `next`, the last thing that happened `now`."""
    steps = queries.timeline(order=order)
    happened = [step for step in steps if step.at is not None]
    shown: list[dict[str, object]] = []
    for step in reversed(steps):
        if step.at is None:
            state = "next"
        elif step is happened[-1]:
            state = "bad" if order.state in (OrderState.CANCELLED, OrderState.REFUNDED) else "now"
        else:
            state = "done"
        is_shipping = step.at is not None and step.at == order.shipped_at
        shown.append(
            {
                "state": state,
                "text": step.label,
                "at": step.at,
                "due_at": step.due_at,
                "parcels": list(order.parcels.all()) if is_shipping else [],
            }
        )
    return shown


def _ask(
    request: HttpRequest,
    template: str,
    order: Order,
    possible: bool,
    *,
    form: RefundForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or with htmx the sheet, that says what a step does before it is taken."""
    if not possible:
        if request.headers.get("HX-Request"):
            response = HttpResponse()
            response["HX-Redirect"] = reverse("orders:detail", args=[order.number])
            return response
        return _to_detail(order.number)
    in_sheet = request.headers.get("HX-Target") == "sheet"
    page = {**_detail_page(request, order), "form": form, "frame": "components/bare.html" if in_sheet else "base.html"}
    return render(request, template, page, status=status)


def _refused(request: HttpRequest, order: Order, refusal: OrderRefused) -> HttpResponse:
    messages.error(request, str(refusal))
    return _to_detail(order.number)


def _to_detail(number: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("orders:detail", args=[number]))


def _number(text: str) -> str:
    return text if "\x00" not in text and len(text) <= 40 else ""
