"""What is known of a visitor who need not be logged in: a mark that tells visitors apart, the touches of the links
that were followed, who they are in WeChat, what they chose, and whether they are people at all."""

import hashlib
import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERSONALISED_COOKIE = "personalised"
TEXT_COOKIE = "text"
TEXT_SIZES = ("large", "huge")
CART_COOKIE = "cart"
DEVICE_COOKIE = "device"
DEVICE_SECONDS = 400 * 86_400

_TOUCHES = "referral_touches"
_TOUCHES_MAX = 10
_OPENID = "wechat_openid"
_CART_TOKEN = re.compile(r"[\w-]{32}", re.ASCII)
_BOTS = re.compile(
    r"bot\b|bot/|spider|crawl|slurp|preview|fetch|monitor|facebookexternalhit|whatsapp|"
    r"skypeuripreview|telegram|discord|curl|wget|python|httpx|okhttp|go-http|java/|libwww",
    re.IGNORECASE,
)


def visitor_hash(request: HttpRequest) -> str:
    """Return a hash of the session, which tells visitors apart and nobody's identity."""
    if request.session.session_key is None:
        request.session.create()
    return hashlib.sha256(f"visitor {request.session.session_key}".encode()).hexdigest()


def is_wechat(request: HttpRequest) -> bool:
    """Say whether the page is opened inside WeChat."""
    return "MicroMessenger" in request.headers.get("User-Agent", "")


def is_person(request: HttpRequest) -> bool:
    """Say whether somebody looks: not a search engine, a chat that draws a preview, or a browser that fetches ahead."""
    agent = request.headers.get("User-Agent", "")
    ahead = (
        request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "") + request.headers.get("X-Moz", "")
    )
    return not _BOTS.search(agent) and "prefetch" not in ahead and "preview" not in ahead


def keep_touch(request: HttpRequest, touch_id: int) -> None:
    """Remember the touch of a referral link that was followed, until the visitor logs in. The last one comes last."""
    before = [kept for kept in kept_touches(request) if kept != touch_id]
    request.session[_TOUCHES] = [*before, touch_id][-_TOUCHES_MAX:]


def kept_touches(request: HttpRequest) -> list[int]:
    """Return the ids of the touches that are remembered, the last one last."""
    kept = request.session.get(_TOUCHES)
    return [touch_id for touch_id in kept if isinstance(touch_id, int)] if isinstance(kept, list) else []


def kept_touch(request: HttpRequest) -> int | None:
    """Return the id of the touch of the link that was followed last."""
    kept = kept_touches(request)
    return kept[-1] if kept else None


def forget_touches(request: HttpRequest) -> None:
    """Drop them: the visitor has logged in, and they are the member's."""
    request.session.pop(_TOUCHES, None)


def keep_openid(request: HttpRequest, openid: str) -> None:
    """Remember who this browser is in WeChat, as WeChat said."""
    request.session[_OPENID] = openid


def wechat_openid_here(request: HttpRequest) -> str:
    """Return who this browser is in WeChat, or nothing: the one who would pay here, logged in or not."""
    openid = request.session.get(_OPENID)
    return openid if isinstance(openid, str) else ""


def visitor_personalises(request: HttpRequest) -> bool:
    """Say whether a stranger allowed that what is shown follows what was looked at."""
    return request.COOKIES.get(PERSONALISED_COOKIE) == "1"


def new_cart_token() -> str:
    """Return the secret by which a guest's browser keeps a cart."""
    return secrets.token_urlsafe(24)


def cart_guest(request: HttpRequest) -> str:
    """Return under which name the cart of the cookie is kept; nothing without a cookie, or for one not of ours."""
    token = request.COOKIES.get(CART_COOKIE, "")
    return cart_name(token) if _CART_TOKEN.fullmatch(token) else ""


def cart_name(token: str) -> str:
    """Return a hash of a cart's token: who reads the rows cannot take over a cart."""
    return hashlib.sha256(f"cart {token}".encode()).hexdigest()


def text_size(request: HttpRequest) -> str:
    """Return how large the visitor wants the text, beyond the usual."""
    wanted = request.COOKIES.get(TEXT_COOKIE, "")
    return wanted if wanted in TEXT_SIZES else ""


def device_of_cookie(request: HttpRequest) -> str:
    """Return the random name of this browser; nothing without one, or for one not of ours."""
    token = request.COOKIES.get(DEVICE_COOKIE, "")
    return token if _CART_TOKEN.fullmatch(token) else ""


def keep_device(response: HttpResponse) -> str:
    """Give this browser a random name, and return it: two accounts that come with one name share the device."""
    token = secrets.token_urlsafe(24)
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return token
