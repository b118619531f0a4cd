"""The referral link in a visitor's session: who shared it, and the touch that was written."""

import hashlib
from datetime import datetime

from django.http import HttpRequest

from . import commands, queries
from .models import Member, Touch

SESSION_KEY = "referral_touch"


def follow_link(request: HttpRequest, *, code: str, channel: str, target_path: str, at: datetime) -> Member | None:
    """Write the touch of a visit by `/r/<code>` and keep it in the session; returns whose link it is.

    The last link that was followed counts. A code that is unknown, malformed, or the visitor's own leaves no trace.
    """
    owner = queries.referral_owner(code=code)
    visitor = request.user if isinstance(request.user, Member) else None
    if owner is None or owner == visitor:
        return None
    touch = commands.record_touch(
        owner=owner,
        visitor_hash=_visitor_hash(request),
        channel=channel,
        target_path=target_path,
        at=at,
        member=visitor,
    )
    if visitor is None:
        request.session[SESSION_KEY] = touch.pk
    return owner


def kept_touch(request: HttpRequest) -> Touch | None:
    """Return the touch that the session keeps, if its owner still is a member in good standing."""
    touch_id = request.session.get(SESSION_KEY)
    touch = queries.touch_by_id(touch_id=touch_id) if isinstance(touch_id, int) else None
    return touch if touch is not None and touch.owner.is_active else None


def forget_touch(request: HttpRequest) -> None:
    """Drop what the session keeps: the visitor has joined."""
    request.session.pop(SESSION_KEY, None)


def _visitor_hash(request: HttpRequest) -> str:
    """Return a hash of the session, which tells visitors apart and nobody's identity."""
    if request.session.session_key is None:
        request.session.create()
    return hashlib.sha256(f"visitor {request.session.session_key}".encode()).hexdigest()
