"""The rule of pages for those who sell: others learn what is missing and how to get it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from agents.queries.selling import may_sell
from mall.core import clock
from mall.core.access import members_only

from .signed_in import member_of

View = Callable[..., HttpResponseBase]


def sellers_only(view: View) -> View:
    """Let members in who may sell; another member gets a page that says how to become one, with status 403."""

    @members_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_sell(member=member_of(request), at=clock.now()):
            return _not_yet(request)
        return view(request, *args, **kwargs)

    return guarded


def _not_yet(request: HttpRequest) -> HttpResponse:
    return render(request, "agents/not_yet.html", status=403)
