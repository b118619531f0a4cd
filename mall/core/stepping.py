"""A second look at who somebody is, before what cannot be undone: it holds for ten minutes in one session.

if not is_confirmed(request, at=at):
    return to_confirm(request.path)
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

LASTS_SECONDS = 600
BY_PHONE, BY_WECHAT = "phone", "wechat"

_KEY = "confirmed"


def confirm(request: HttpRequest, *, by: str, at: datetime) -> None:
    """Write down that the member showed again who they are; the session's key changes with it."""
    request.session.cycle_key()
    request.session[_KEY] = [by, int(at.timestamp())]


def is_confirmed(request: HttpRequest, *, at: datetime) -> bool:
    """Say whether that was done within the last ten minutes."""
    return confirmed_by(request, at=at) != ""


def confirmed_by(request: HttpRequest, *, at: datetime) -> str:
    """Return by what it was done, or nothing."""
    match request.session.get(_KEY):
        case [str(by), int(then)] if 0 <= int(at.timestamp()) - then <= LASTS_SECONDS:
            return by
    return ""


def to_confirm(target: str) -> HttpResponse:
    """Send a member to confirm, and then to `target`, a page of ours."""
    return redirect(f"{reverse('members:confirm')}?{urlencode({'next': target})}")
