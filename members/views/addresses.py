"""Where the member's goods go: the list, the form, the region picker, and reading a pasted address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import members_only
from members import commands, queries
from members.commands import ProfileRefused
from members.forms import AddressForm
from members.models import Address, ConsentKind
from members.parsing import ParsedAddress, parse_address
from members.rules import ADDRESSES_MAX

from .asking import form_page, member_of, way_back

FORM = "members/address_form.html"


@members_only
@require_safe
def address_list(request: HttpRequest) -> HttpResponse:
    """The member's addresses, the default first."""
    addresses = list(queries.addresses(member=member_of(request)))
    return render(
        request, "members/addresses.html", {"addresses": addresses, "is_full": len(addresses) >= ADDRESSES_MAX}
    )


@members_only
@require_safe
def regions(request: HttpRequest) -> HttpResponse:
    """The region picker, after another province or city was chosen."""
    return render(request, "members/region.html", {"form": AddressForm(initial=AddressForm.typed(request.GET.dict()))})


@members_only
@sensitive_post_parameters("pasted", "name", "phone", "detail")
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest) -> HttpResponse:
    """A new address; from the checkout one comes back to it."""
    return _edit_address(request, None)


@members_only
@sensitive_post_parameters("pasted", "name", "phone", "detail")
@require_http_methods(["GET", "HEAD", "POST"])
def address_edit(request: HttpRequest, address_id: int) -> HttpResponse:
    """Another text for one of the member's own addresses."""
    return _edit_address(request, _own_address(request, address_id))


@members_only
@require_POST
def address_default(request: HttpRequest, address_id: int) -> HttpResponse:
    """Let goods go to this address unless told otherwise."""
    commands.choose_default_address(member=member_of(request), address_id=_own_address(request, address_id).pk)
    return HttpResponseRedirect(reverse("members:addresses"))


@members_only
@require_POST
def address_delete(request: HttpRequest, address_id: int) -> HttpResponse:
    """Take an address away. Orders keep their own copy."""
    address = _own_address(request, address_id)
    commands.delete_address(member=member_of(request), address_id=address.pk, at=clock.now())
    messages.success(request, _("地址已删除"))
    return HttpResponseRedirect(reverse("members:addresses"))


def _edit_address(request: HttpRequest, address: Address | None) -> HttpResponse:
    page = {"address": address, "next": way_back(request)}
    step = request.POST.get("step")
    if step:
        # Nothing is saved yet: the form comes back with a pasted address read, or the region picker opened further.
        parsed = parse_address(request.POST.get("pasted", "")) if step == "parse" else None
        form = AddressForm(initial=AddressForm.typed(request.POST.dict(), parsed))
        return render(request, FORM, {"form": form, "parsed": parsed, "missed": _missed(parsed), **page})
    initial = AddressForm.initial_of(address) if address else {}
    form = AddressForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            commands.save_address(
                member=member_of(request),
                text=form.text(),
                is_default=form.cleaned_data["is_default"],
                label=form.cleaned_data["label"],
                address_id=address.pk if address else None,
                at=clock.now(),
            )
        except ProfileRefused as refusal:
            form.refuse(refusal)
        else:
            # Said beside the button: whom it is given to.
            commands.record_consent(member=member_of(request), kind=ConsentKind.SHARING, is_given=True, at=clock.now())
            return HttpResponseRedirect(way_back(request) or reverse("members:addresses"))
    return form_page(request, FORM, form, page)


def _missed(parsed: ParsedAddress | None) -> list[str]:
    """Return what could not be read from a pasted address, in words."""
    if parsed is None:
        return []
    parts = {
        _("收货人"): parsed.name,
        _("手机号"): parsed.phone,
        _("所在地区"): parsed.city,
        _("详细地址"): parsed.detail,
    }
    return [word for word, value in parts.items() if not value]


def _own_address(request: HttpRequest, address_id: int) -> Address:
    address = queries.address_of(member=member_of(request), address_id=address_id)
    if address is None:
        raise Http404
    return address
