"""A member's orders, what can be done with each, and the page of one's own."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

import suppliers.queries
from mall.core import clock
from mall.core.access import members_only
from orders import commands, queries
from orders.commands import OrderRefused
from orders.forms import RefundForm
from orders.models import Order, OrderState
from orders.rules import cooled_off_at

from .buying import member_of, own_order

PAGE = 10
SUGGESTED = 4
CANCEL_REASON = "买家取消"

TABS: dict[str, tuple[object, tuple[str, ...]]] = {
    "": (gettext_lazy("全部"), ()),
    "to-pay": (gettext_lazy("待付款"), (OrderState.PLACED,)),
    "to-ship": (gettext_lazy("待发货"), (OrderState.PAID,)),
    "to-receive": (gettext_lazy("待收货"), (OrderState.SHIPPED,)),
    "done": (gettext_lazy("已完成"), (OrderState.RECEIVED, OrderState.COMPLETED)),
    "refunded": (gettext_lazy("退款"), (OrderState.REFUNDED,)),
}


@members_only
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """The member's orders, newest first, by state (`?tab=`) and from an order on (`?before=`)."""
    tab = request.GET.get("tab", "")
    if tab not in TABS:
        raise Http404
    orders = queries.orders_page(
        member=member_of(request), states=TABS[tab][1], before=_number(request.GET.get("before", "")), limit=PAGE + 1
    )
    now = clock.now()
    page = {
        "orders": orders[:PAGE],
        "more": orders[PAGE - 1].number if len(orders) > PAGE else "",
        "tabs": [(key, label) for key, (label, _states) in TABS.items()],
        "chosen_tab": tab,
        "best_sellers": suppliers.queries.best_sellers(limit=SUGGESTED, at=now) if not orders and not tab else [],
        "now": now,
    }
    if request.headers.get("HX-Target") == "more":
        return render(request, "orders/cards.html", page)
    return render(request, "orders/list.html", page)


@members_only
@require_safe
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One order: its state, what happened and what comes, the goods, and what can be done now."""
    return render(request, "orders/detail.html", _detail_page(request, own_order(request, number)))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Cancel an order that was not paid."""
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
    if request.method != "POST" or not form.is_valid():
        possible = queries.is_order_refundable(order=order, at=clock.now())
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
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The page of one's own: orders by state, addresses, settings."""
    member = member_of(request)
    counts = queries.order_counts(member=member)
    under_way = queries.orders_page(member=member, states=(OrderState.SHIPPED,), limit=1)
    page = {"member": member, "counts": counts, "under_way": under_way[0] if under_way else None, "now": clock.now()}
    return render(request, "orders/me.html", page)


def _detail_page(request: HttpRequest, order: Order) -> dict[str, object]:
    now = clock.now()
    received = order.received_at
    return {
        "order": order,
        "now": now,
        "steps": _steps(order),
        "payment": queries.open_payment(purchase_id=order.purchase_id),
        "refund": queries.refund_of(order=order) if order.state == OrderState.REFUNDED else None,
        "can_refund": queries.is_order_refundable(order=order, at=now),
        "returnable_until": cooled_off_at(received, order.cooling_off_days) if received else None,
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
