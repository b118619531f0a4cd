"""Showing the second factor at `/ops/`, and enrolling an authenticator with its recovery codes."""

from typing import Any

import segno
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from mall.core import clock
from mall.core.admin import operator, ops_site, posted
from mall.core.names import masked_phone
from mall.core.totp import address_of, new_secret
from mall.core.trail import Told, tell
from members import second_factor
from members.commands.staff import StaffRefused, check_code, enrol_device
from members.entering import own_page
from members.queries.staff import device_of

PENDING_KEY = "second_factor_pending"
CODE_INPUT_MAX = 20


def gate(request: HttpRequest) -> HttpResponse | None:
    """Return where to go first, or nothing where the page may be shown."""
    return second_factor.gate(request, at=clock.now())


ops_site.gate = gate


class CodeForm(forms.Form):
    """A code of the authenticator, or a recovery code."""

    code = forms.CharField(
        label=gettext_lazy("动态口令"),
        max_length=CODE_INPUT_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "autofocus": True}),
        error_messages={"required": gettext_lazy("请填写 6 位动态口令")},
    )


@ops_site.page("second-factor/", name="second_factor", permission="")
@never_cache
def show(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code, and go on to where somebody wanted to go."""
    member, target = operator(request), _target(request)
    if device_of(member) is None:
        return second_factor.to_page(request, "second_factor_enrol")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            check_code(member=member, code=form.cleaned_data["code"], device_at=clock.device_now(), at=clock.now())
        except StaffRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            tell(request, Told(_("验证动态口令"), str(member)))
            second_factor.keep_shown(request, at=clock.now())
            return HttpResponseRedirect(target)
    again = second_factor.was_shown(request)
    return _page(request, "ops/second_factor.html", _("验证动态口令"), form=form, target=target, again=again)


@ops_site.page("second-factor/enrol/", name="second_factor_enrol", permission="")
@never_cache
@sensitive_variables("secret", "codes")
def enrol(request: HttpRequest) -> HttpResponseBase:
    """Tie an authenticator to the account; who has one already shows a fresh code of it first."""
    member, target = operator(request), _target(request)
    if device_of(member) is not None and not second_factor.is_fresh(request, at=clock.now()):
        return second_factor.to_page(request, "second_factor")
    secret = _pending(request)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        try:
            codes = enrol_device(member=member, secret=secret, code=code, device_at=clock.device_now(), at=clock.now())
        except StaffRefused as refusal:
            form.add_error("code", str(refusal))
        else:
            del request.session[PENDING_KEY]
            tell(request, Told(_("绑定动态口令"), str(member)))
            second_factor.keep_shown(request, at=clock.now())
            return _page(request, "ops/recovery_codes.html", _("备用码"), codes=codes, target=target)
    return _page(
        request,
        "ops/second_factor_enrol.html",
        _("绑定动态口令"),
        form=form,
        target=target,
        picture=_picture(secret, masked_phone(member.phone) if member.phone else str(member)),
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
    )


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> TemplateResponse:
    return TemplateResponse(request, template, {**ops_site.each_context(request), "title": title, **context})


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next")
    page = own_page(request, wanted)
    return page if page.startswith("/ops/") else "/ops/"


def _pending(request: HttpRequest) -> str:
    """Return the secret that waits to be enrolled: the same one until it is, so that the page may be loaded again."""
    kept = request.session.get(PENDING_KEY)
    if not isinstance(kept, str):
        kept = request.session[PENDING_KEY] = new_secret()
    return kept


def _picture(secret: str, account: str) -> SafeString:
    address = address_of(secret, issuer=settings.SITE_NAME, account=account)
    code = segno.make(address, error="m", micro=False)
    # What segno draws are rectangles: nothing of what is encoded stands in the markup as text.
    return mark_safe(code.svg_inline(scale=5, border=3, dark="#1f1d1a", light="#ffffff", omitsize=False))
