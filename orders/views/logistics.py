"""Where an order's parcels are, and what a buyer can do while he waits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import members_only
from orders.commands import OrderRefused
from orders.commands.hurrying import extend_receipt, remind_supplier
from orders.models import OrderState
from orders.queries.tracking import dispatch, journeys
from orders.rules import EXTENDED_DAYS, PAID_STATES

from .buying import member_of, own_order


@members_only
@require_safe
def logistics(request: HttpRequest, number: str) -> HttpResponse:
    """The parcels of one's order, one at a time: `?parcel=` counts from 1, `?of=` is a parcel's id."""
    order, now = own_order(request, number), clock.now()
    if order.state not in (*PAID_STATES, OrderState.REFUNDED):
        return HttpResponseRedirect(reverse("orders:detail", args=[number]))
    found = journeys(order=order, at=now)
    positions = {str(one.parcel.pk): place for place, one in enumerate(found, start=1)}
    chosen = request.GET.get("parcel", "")
    position = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) <= 3 else 1
    position = positions.get(request.GET.get("of", ""), min(max(position, 1), max(len(found), 1)))
    page = {
        "order": order,
        "journeys": found,
        "position": position,
        "journey": found[position - 1] if found else None,
        "dispatch": dispatch(order=order, at=now),
        "can_remind": order.state in (OrderState.PAID, OrderState.SHIPPED),
        "now": now,
    }
    return render(request, "orders/logistics.html", page)


@members_only
@require_POST
def remind(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the supplier to hurry."""
    order = own_order(request, number)
    try:
        remind_supplier(order=order, member=member_of(request), at=clock.now())
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已提醒商家，会尽快处理"))
    return HttpResponseRedirect(reverse("orders:detail", args=[number]))


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Take a week longer before the goods count as received."""
    order = own_order(request, number)
    back = HttpResponseRedirect(reverse("orders:detail", args=[number]))
    if request.method != "POST":
        if order.state != OrderState.SHIPPED or order.extended_at is not None:
            return back
        in_sheet = request.headers.get("HX-Target") == "sheet"
        frame = "components/bare.html" if in_sheet else "base.html"
        return render(request, "orders/extend.html", {"order": order, "frame": frame, "days": EXTENDED_DAYS})
    try:
        extend_receipt(order=order, member=member_of(request), at=clock.now())
    except OrderRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已延长收货时间"))
    return back
