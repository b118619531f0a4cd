"""What the session keeps of a visitor: a mark that tells visitors apart, and the touch of the link followed last."""

import hashlib

from django.http import HttpRequest

_TOUCH = "referral_touch"


def visitor_hash(request: HttpRequest) -> str:
    """Return a hash of the session, which tells visitors apart and nobody's identity."""
    if request.session.session_key is None:
        request.session.create()
    return hashlib.sha256(f"visitor {request.session.session_key}".encode()).hexdigest()


def keep_touch(request: HttpRequest, touch_id: int) -> None:
    """Remember the touch of the last referral link that was followed, until the visitor joins."""
    request.session[_TOUCH] = touch_id


def kept_touch(request: HttpRequest) -> int | None:
    """Return the id of the touch that is remembered."""
    touch_id = request.session.get(_TOUCH)
    return touch_id if isinstance(touch_id, int) else None


def forget_touch(request: HttpRequest) -> None:
    """Drop it: the visitor has joined."""
    request.session.pop(_TOUCH, None)
