"""What the views of this app ask of a request."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from members.models import Member


def member_of(request: HttpRequest) -> Member:
    """Return who is logged in; the view is for members only."""
    return cast(Member, request.user)


def way_back(request: HttpRequest) -> str:
    """Return where to go back to, as the page was told; only ever a page of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}) else ""


def form_page(request: HttpRequest, template: str, form: Any, more: dict[str, Any]) -> HttpResponse:
    """Show a form; with what is wrong, and 400, where something is."""
    return render(request, template, {"form": form, **more}, status=400 if form.errors else 200)
