"""Pages about the member's own data, and the demo's outbox."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import demo_only, members_only, public

from . import commands, queries
from .commands import ProfileRefused
from .forms import AddressForm, ProfileForm
from .models import Address, Member

OUTBOX_SHOWN = 30


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The nickname, and what cannot be changed."""
    member = _member(request)
    form = ProfileForm(request.POST or None, initial={"nickname": member.nickname})
    if request.method == "POST" and form.is_valid():
        try:
            commands.rename_member(member=member, nickname=form.cleaned_data["nickname"], at=clock.now())
        except ProfileRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("昵称已保存"))
            return HttpResponseRedirect(reverse("members:profile"))
    return _form_page(request, "members/profile.html", form, {"member": member})


@members_only
@require_safe
def address_list(request: HttpRequest) -> HttpResponse:
    """The member's addresses, the default first."""
    member = _member(request)
    return render(request, "members/addresses.html", {"addresses": list(queries.addresses(member=member))})


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest) -> HttpResponse:
    """A new address; from the checkout one comes back to it."""
    return _edit_address(request, None)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def address_edit(request: HttpRequest, address_id: int) -> HttpResponse:
    """Another text for one of the member's own addresses."""
    return _edit_address(request, _own_address(request, address_id))


@members_only
@require_POST
def address_delete(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take an address away. Orders keep their own copy."""
    address = _own_address(request, address_id)
    commands.delete_address(member=_member(request), address_id=address.pk, at=clock.now())
    messages.success(request, _("地址已删除"))
    return HttpResponseRedirect(reverse("members:addresses"))


@public
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Look and language; they belong to the device, so nobody needs to be signed in."""
    return render(request, "members/preferences.html", {"languages": settings.LANGUAGES})


@demo_only
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The text messages that the demo did not send."""
    found = {"outbox": list(queries.outbox()[:OUTBOX_SHOWN])}
    if request.headers.get("HX-Target") == "outbox":
        return render(request, "members/outbox_list.html", found)
    return render(request, "members/outbox.html", found)


def _edit_address(request: HttpRequest, address: Address | None) -> HttpResponse:
    initial = AddressForm.initial_of(address) if address else {}
    form = AddressForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commands.save_address(
                member=_member(request),
                text=form.text(),
                is_default=form.cleaned_data["is_default"],
                address_id=address.pk if address else None,
                at=clock.now(),
            )
        except ProfileRefused as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(_next(request) or reverse("members:addresses"))
    return _form_page(request, "members/address_form.html", form, {"address": address, "next": _next(request)})


def _own_address(request: HttpRequest, address_id: int) -> Address:
    address = queries.address_of(member=_member(request), address_id=address_id)
    if address is None:
        raise Http404
    return address


def _form_page(request: HttpRequest, template: str, form: Any, more: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=400 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    """Where to go back to; only ever a page of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else ""


def _member(request: HttpRequest) -> Member:
    return cast(Member, request.user)
