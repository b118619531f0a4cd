"""我的专属顾问: who it is, what that person gets from one's orders, and how to change, leave or contest it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agents.adviser_forms import AdviserCodeForm, ContestForm, refused
from agents.queries.advising import adviser_page
from mall.core import clock
from mall.core.access import members_only
from members.commands import AdviserRefused, change_adviser, contest_adviser, leave_adviser

from .signed_in import member_of


@members_only
@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The adviser, and what one can do about it."""
    return _page(request)


@members_only
@never_cache
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Take another shopkeeper."""
    form = AdviserCodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form)
    try:
        relation = change_adviser(member=member_of(request), code=form.cleaned_data["code"], at=clock.now())
    except AdviserRefused as refusal:
        return _page(request, code_form=refused(form, "code", refusal.reason.label))
    messages.success(request, _("%(name)s 现在是你的专属顾问") % {"name": relation.adviser.nickname or _("TA")})
    return HttpResponseRedirect(reverse("adviser:page"))


@members_only
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Go without an adviser."""
    if leave_adviser(member=member_of(request), at=clock.now()):
        messages.success(request, _("已解除，之后的订单不再归 TA"))
    return HttpResponseRedirect(reverse("adviser:page"))


@members_only
@never_cache
@require_POST
def contest(request: HttpRequest) -> HttpResponse:
    """Ask the platform to judge."""
    form = ContestForm(request.POST)
    if not form.is_valid():
        return _page(request, contest_form=form)
    try:
        contest_adviser(member=member_of(request), words=form.cleaned_data["words"], at=clock.now())
    except AdviserRefused as refusal:
        return _page(request, contest_form=refused(form, "words", refusal.reason.label))
    messages.success(request, _("异议已提交，平台会在两个工作日内答复"))
    return HttpResponseRedirect(reverse("adviser:page"))


def _page(
    request: HttpRequest, *, code_form: forms.Form | None = None, contest_form: forms.Form | None = None
) -> HttpResponse:
    at = clock.now()
    shown: dict[str, Any] = {
        "page": adviser_page(member=member_of(request), at=at),
        "code_form": code_form or AdviserCodeForm(),
        "contest_form": contest_form or ContestForm(),
        "now": at,
    }
    wrong = code_form is not None or contest_form is not None
    return render(request, "agents/adviser.html", shown, status=400 if wrong else 200)
