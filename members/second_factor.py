"""The second factor in a session: when it is asked for, and that it was shown.

Operators with a right over money must have one. It holds as long as the session; the pages of `MONEY_ACTS` ask for it
again after ten minutes. Ending somebody's authenticator ends the sessions with it, so that the session's word is
enough here.
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from mall.core.rights import MONEY_ACTS, MONEY_RIGHTS

from . import commands
from .models import Member, StaffDevice

SESSION_KEY = "second_factor"
FRESH_SECONDS = 600
FREE = frozenset({"second_factor", "second_factor_enrol", "logout", "login", "jsi18n"})


def gate(request: HttpRequest, *, at: datetime) -> HttpResponse | None:
    """Return where to go first, or nothing where the page may be shown."""
    name = request.resolver_match.url_name if request.resolver_match else ""
    if name in FREE:
        return None
    if was_shown(request):
        return to_page(request, "second_factor") if name in MONEY_ACTS and not is_fresh(request, at=at) else None
    member: Any = request.user
    if StaffDevice.objects.filter(member_id=member.pk).exists():
        return to_page(request, "second_factor")
    return to_page(request, "second_factor_enrol") if is_needed(member) else None


def is_needed(member: Member) -> bool:
    """Say whether somebody must have a second factor."""
    return any(member.has_perm(right) for right in MONEY_RIGHTS)


def was_shown(request: HttpRequest) -> bool:
    """Say whether it was shown in this session."""
    return _shown_at(request) is not None


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Say whether it was shown within the last ten minutes."""
    shown_at = _shown_at(request)
    return shown_at is not None and 0 <= int(at.timestamp()) - shown_at <= FRESH_SECONDS


def keep_shown(request: HttpRequest, *, at: datetime) -> None:
    """Write down that it was shown. The session's key changes, the device stays the same one in the list."""
    before = request.session.session_key
    request.session.cycle_key()
    commands.rename_session(old_key=before, new_key=request.session.session_key)
    request.session[SESSION_KEY] = int(at.timestamp())


def to_page(request: HttpRequest, name: str) -> HttpResponse:
    """Send somebody to a page of the second factor, and back afterwards."""
    target = request.get_full_path() if request.method == "GET" else request.path
    return HttpResponseRedirect(f"{reverse(f'ops:{name}')}?{urlencode({'next': target})}")


def _shown_at(request: HttpRequest) -> int | None:
    kept = request.session.get(SESSION_KEY)
    return kept if isinstance(kept, int) else None
