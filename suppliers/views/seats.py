"""A seat at a supplier, offered to the phone number of who is signed in."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mall.core import clock
from mall.core.access import members_only
from mall.core.seats import ROLE_WORDS, Role, seat_of
from suppliers import commands, queries
from suppliers.commands import SeatRefused


@require_GET
@members_only
def seats(request: HttpRequest) -> HttpResponse:
    """The offers that wait, and the seat that one has."""
    offers = queries.offers_to(member=request.user, at=clock.now())
    context = {"offers": [(offer, ROLE_WORDS[Role(offer.role)]) for offer in offers], "seat": seat_of(request.user)}
    return render(request, "supplier/seats.html", context)


@require_POST
@members_only
def answer_seat(request: HttpRequest, offer_id: int) -> HttpResponse:
    """Take a seat, or say no."""
    offer = queries.seat_offer(offer_id=offer_id, member=request.user)
    if offer is None:
        raise Http404
    try:
        if request.POST.get("answer") == "accept":
            commands.accept_offer(offer=offer, member=request.user, at=clock.now())
            messages.success(request, _("已加入 %s") % offer.supplier.name)
            return redirect("supplier:index")
        commands.decline_offer(offer=offer, at=clock.now())
        messages.success(request, _("已拒绝 %s 的邀请") % offer.supplier.name)
    except SeatRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("supply:seats")
