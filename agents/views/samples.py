"""Samples: asking a supplier for one piece of what one wants to sell, and what became of it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

import members.queries
import suppliers.queries
from agents import commands
from agents.commands import SampleRefused
from agents.queries.opportunities import samples_of
from agents.sample_forms import SampleForm
from mall.core import clock

from .selling import sellers_only
from .signed_in import member_of

SHOWN_MAX = 100


@sellers_only
@require_safe
def samples(request: HttpRequest) -> HttpResponse:
    """One's own requests, newest first."""
    return render(request, "agents/samples.html", {"samples": samples_of(member=member_of(request))[:SHOWN_MAX]})


@sellers_only
@require_http_methods(["GET", "HEAD", "POST"])
def sample_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a sample of a product, to one of one's own addresses."""
    member = member_of(request)
    product = suppliers.queries.product_by_slug(slug=slug)
    if product is None:
        raise Http404
    addresses = list(members.queries.addresses(member=member))
    form = SampleForm(request.POST if request.method == "POST" else None, addresses=addresses)
    if request.method == "POST" and form.is_valid():
        try:
            commands.ask_sample(
                member=member,
                slug=slug,
                address=form.address(),
                words=form.cleaned_data["words"],
                at=clock.now(),
            )
        except SampleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已申请，供应商答复后通知你"))
            return HttpResponseRedirect(reverse("agents:samples"))
    page = {"form": form, "product": product, "addresses": addresses}
    return render(request, "agents/sample_new.html", page, status=400 if form.errors else 200)


@sellers_only
@require_POST
def sample_withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take a request back."""
    try:
        commands.withdraw_sample(member=member_of(request), number=number, at=clock.now())
    except SampleRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回"))
    return HttpResponseRedirect(reverse("agents:samples"))
