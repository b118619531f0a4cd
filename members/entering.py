"""Coming in: what every way of logging in shares, and the state that an OAuth round trip carries.

The session keeps what was agreed to, whom WeChat says this is, where to go afterwards, and the referral link that was
followed. Its key changes at login.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from mall.core import stepping
from mall.core.visitor import forget_touches, kept_touches

from . import commands
from .gateways import wechat
from .models import Member, WechatIdentity

AGREED_KEY = "agreed"
NEXT_KEY = "login_next"
IDENTITY_KEY = "wechat_identity"
STATES_KEY = "wechat_states"
TRIED_KEY = "wechat_tried"
SEEN_KEY = "seen"

STATE_SECONDS = 600
STATES_MAX = 5
SEEN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """Why somebody was sent to WeChat, and where the page goes on afterwards."""

    purpose: str
    scope: str
    target: str
    at: int


def own_page(request: HttpRequest, target: str | None) -> str:
    """Return `target` if it is a path of this site, else the front page."""
    if target and target.startswith("/") and url_has_allowed_host_and_scheme(target, {request.get_host()}):
        return target
    return "/"


def to_wechat(request: HttpRequest, *, purpose: str, scope: str, target: str, at: datetime) -> HttpResponse:
    """Send somebody to WeChat, with a state that counts once, in this session, for ten minutes."""
    state = secrets.token_urlsafe(24)
    trips = {known: trip for known, trip in _trips(request).items() if _is_fresh(trip, at)}
    trips[state] = asdict(RoundTrip(purpose, scope, own_page(request, target), int(at.timestamp())))
    request.session[STATES_KEY] = dict(list(trips.items())[-STATES_MAX:])
    back = settings.SITE_URL + reverse("members:wechat-callback")
    response = HttpResponseRedirect(wechat.authorize_url(redirect_uri=back, scope=scope, state=state))
    response["Cache-Control"] = "no-store"
    return response


def take_trip(request: HttpRequest, *, state: str, at: datetime) -> RoundTrip | None:
    """Return what a state stands for, once; none where it is another session's, used, or too old."""
    trips = _trips(request)
    trip = trips.pop(state, None)
    if trip is None:
        return None
    request.session[STATES_KEY] = trips
    # The session is read and written whole: of two callbacks at once only the cache lets one pass.
    if not _is_fresh(trip, at) or not cache.add(f"wechat-state:{state}", 1, STATE_SECONDS):
        return None
    return RoundTrip(**trip)


def remember_identity(request: HttpRequest, identity: WechatIdentity) -> None:
    """Keep whom WeChat says this is, until a member is found for it."""
    request.session[IDENTITY_KEY] = identity.pk


def kept_identity(request: HttpRequest) -> int | None:
    """Return the id of the identity that waits for a member."""
    identity_id = request.session.get(IDENTITY_KEY)
    return identity_id if isinstance(identity_id, int) else None


def enter(request: HttpRequest, member: Member, *, method: str, joined: bool, at: datetime) -> HttpResponse:
    """Log a member in and go where it wanted to go. The caller has made sure who it is."""
    session = request.session
    target, agreed = session.pop(NEXT_KEY, None) or "/", session.pop(AGREED_KEY, False)
    for key in (IDENTITY_KEY, STATES_KEY):
        session.pop(key, None)
    commands.claim_touches(member=member, touch_ids=kept_touches(request))
    forget_touches(request)
    commands.bind_on_login(member=member, at=at)
    if agreed:
        commands.agree_at_login(member=member, at=at)
    record_authentication(request, member, method=method)
    response = perform_login(request, Login(user=member, phone=member.phone, redirect_url=target, signup=joined))
    note_session(request, member, at=at)
    return response


def change_member(request: HttpRequest, member: Member, *, at: datetime) -> HttpResponse:
    """Log in as the member that an account was merged into: nothing of the session stays."""
    request.session.flush()
    request.session[NEXT_KEY] = reverse("members:security")
    return enter(request, member, method="merge", joined=False, at=at)


def note_session(request: HttpRequest, member: Member, *, at: datetime) -> None:
    """Write this device down among the member's."""
    if request.session.session_key is None:
        request.session.save()
    commands.see_session(
        member=member,
        session_key=str(request.session.session_key),
        user_agent=request.headers.get("User-Agent", ""),
        at=at,
    )
    request.session[SEEN_KEY] = int(at.timestamp())


def confirm_again(request: HttpRequest, *, by: str, at: datetime) -> None:
    """Write down that the member showed again who they are. The session's key changes, the device stays the same."""
    before = request.session.session_key
    stepping.confirm(request, by=by, at=at)
    commands.rename_session(old_key=before, new_key=request.session.session_key)


def is_noted(request: HttpRequest, *, at: datetime) -> bool:
    """Say whether this device was written down within the last ten minutes."""
    seen = request.session.get(SEEN_KEY)
    return isinstance(seen, int) and 0 <= int(at.timestamp()) - seen < SEEN_SECONDS


def _trips(request: HttpRequest) -> dict[str, dict[str, Any]]:
    kept = request.session.get(STATES_KEY)
    return dict(kept) if isinstance(kept, dict) else {}


def _is_fresh(trip: dict[str, Any], at: datetime) -> bool:
    return 0 <= int(at.timestamp()) - trip["at"] <= STATE_SECONDS
