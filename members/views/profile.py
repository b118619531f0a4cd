"""The nickname, look and language, and the demo's outbox."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock
from mall.core.access import demo_only, members_only, public
from mall.core.visitor import TEXT_COOKIE, TEXT_SIZES
from members import commands, queries
from members.commands import ProfileRefused
from members.forms import ProfileForm
from members.queries.staff import demo_codes

from .asking import form_page, member_of, way_back

OUTBOX_SHOWN = 30
YEAR_SECONDS = 365 * 86_400


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """The nickname, and what cannot be changed."""
    member = member_of(request)
    form = ProfileForm(request.POST or None, initial={"nickname": member.nickname})
    if request.method == "POST" and form.is_valid():
        try:
            commands.rename_member(member=member, nickname=form.cleaned_data["nickname"], at=clock.now())
        except ProfileRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("昵称已保存"))
            return HttpResponseRedirect(reverse("members:profile"))
    return form_page(request, "members/profile.html", form, {"member": member})


@public
@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Look and language; they belong to the device, so nobody needs to be signed in."""
    return render(request, "members/preferences.html", {"languages": settings.LANGUAGES})


@public
@require_POST
def choose_text_size(request: HttpRequest) -> HttpResponse:
    """Keep in a cookie how large the visitor wants the text; the usual size needs none."""
    response = HttpResponseRedirect(way_back(request) or reverse("members:preferences"))
    wanted = request.POST.get("text", "")
    if wanted in TEXT_SIZES:
        response.set_cookie(TEXT_COOKIE, wanted, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(TEXT_COOKIE, samesite="Lax")
    return response


@demo_only
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The text messages that the demo did not send."""
    found = {
        "outbox": list(queries.outbox()[:OUTBOX_SHOWN]),
        "staff_codes": demo_codes(device_at=clock.device_now()),
    }
    if request.headers.get("HX-Target") == "outbox":
        return render(request, "members/outbox_list.html", found)
    return render(request, "members/outbox.html", found)
