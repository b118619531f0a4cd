"""WeChat's web OAuth and the tokens of its JS-SDK.

Silent OAuth (`snsapi_base`) tells an openid; `snsapi_userinfo`, after a tap, nickname and unionid too. The app's own
token and its ticket are fetched once for all processes and kept in the cache. Neither codes nor tokens are logged.
https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/Wechat_webpage_authorization.html
"""

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache as once
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.core.cache import cache

from mall.core.providers import heard

BASE, USERINFO = "snsapi_base", "snsapi_userinfo"
TIMEOUT = httpx.Timeout(4.0, connect=2.0)
# Tokens are let go of this long before they run out.
EARLY_SECONDS = 300
LOCK_SECONDS = 10
TOKEN_INVALID = frozenset({40001, 40014, 42001})

_OPENID = re.compile(r"[\w-]{6,64}", re.ASCII)


class WechatError(Exception):
    """WeChat did not answer, or said no; the text holds its error code and nothing secret."""

    def __init__(self, text: str, code: int = 0) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class WechatPerson:
    """Who WeChat says somebody is. Nickname and unionid are empty unless they agreed to it."""

    openid: str
    unionid: str = ""
    nickname: str = ""


def is_configured() -> bool:
    """Say whether this mall has an app with WeChat at all."""
    return bool(settings.WECHAT_APP_ID and settings.WECHAT_APP_SECRET)


def authorize_url(*, redirect_uri: str, scope: str, state: str) -> str:
    """Return WeChat's page that sends the person back to `redirect_uri` with a code and our `state`."""
    asked = {
        "appid": settings.WECHAT_APP_ID,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": scope,
        "state": state,
    }
    return f"{settings.WECHAT_OPEN_URL}/connect/oauth2/authorize?{urlencode(asked)}#wechat_redirect"


def person_by_code(*, code: str, scope: str) -> WechatPerson:
    """Turn a code into a person, once. Raises WechatError."""
    granted = _ask(
        "GET",
        "sns/oauth2/access_token",
        params={
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_APP_SECRET,
            "code": code,
            "grant_type": "authorization_code",
        },
    )
    openid = _openid(granted)
    if scope != USERINFO:
        return WechatPerson(openid)
    if USERINFO not in str(granted.get("scope", "")).split(","):
        raise WechatError("not granted")
    told = _ask("GET", "sns/userinfo", params={"access_token": granted.get("access_token", ""), "openid": openid})
    if _openid(told) != openid:
        raise WechatError("another person")
    return WechatPerson(openid, _text(told, "unionid", 64), _text(told, "nickname", 200))


def access_token() -> str:
    """Return the app's own token. Raises WechatError."""
    return _kept("token", _fetch_token)


def jsapi_ticket() -> str:
    """Return the ticket that signs pages for the JS-SDK. Raises WechatError."""
    return _kept("ticket", _fetch_ticket)


def signed_page(*, url: str, at: datetime) -> dict[str, Any]:
    """Return what `wx.config` needs on the page at `url` (whole, with its query, without its fragment)."""
    nonce, timestamp = secrets.token_hex(8), int(at.timestamp())
    text = f"jsapi_ticket={jsapi_ticket()}&noncestr={nonce}&timestamp={timestamp}&url={url.partition('#')[0]}"
    # The scheme is WeChat's; the ticket is the secret in it.
    signature = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    return {"appId": settings.WECHAT_APP_ID, "timestamp": timestamp, "nonceStr": nonce, "signature": signature}


def _fetch_token() -> tuple[str, int]:
    told = _ask(
        "POST",
        "cgi-bin/stable_token",
        json={
            "grant_type": "client_credential",
            "appid": settings.WECHAT_APP_ID,
            "secret": settings.WECHAT_APP_SECRET,
        },
    )
    return _text(told, "access_token", 600), _seconds(told)


def _fetch_ticket() -> tuple[str, int]:
    try:
        told = _ask("GET", "cgi-bin/ticket/getticket", params={"access_token": access_token(), "type": "jsapi"})
    except WechatError as error:
        if error.code not in TOKEN_INVALID:
            raise
        cache.delete(_key("token"))
        told = _ask("GET", "cgi-bin/ticket/getticket", params={"access_token": access_token(), "type": "jsapi"})
    return _text(told, "ticket", 600), _seconds(told)


def _kept(name: str, fetch: Callable[[], tuple[str, int]]) -> str:
    """Return what the cache keeps; else one process fetches it while the others wait for it."""
    key, lock = _key(name), _key(f"{name}-lock")
    given_up_at = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < given_up_at:
        value = cache.get(key)
        if value:
            return str(value)
        if cache.add(lock, 1, LOCK_SECONDS):
            try:
                fetched, seconds = fetch()
                cache.set(key, fetched, max(60, seconds - EARLY_SECONDS))
            finally:
                cache.delete(lock)
            return fetched
        time.sleep(0.05)
    raise WechatError("nobody fetched it in time")


def _key(name: str) -> str:
    return f"wechat-{name}:{settings.WECHAT_APP_ID}"


@once
def _client() -> httpx.Client:
    """One client a process: making one loads every certificate that the machine trusts."""
    return httpx.Client(timeout=TIMEOUT)


def _ask(method: str, path: str, **more: Any) -> dict[str, Any]:
    try:
        answer = _client().request(method, f"{settings.WECHAT_API_URL}/{path}", **more)
    except httpx.HTTPError as error:
        heard.silent(settings.WECHAT_API_URL, type(error).__name__)
        raise WechatError(type(error).__name__) from None
    heard.answered(settings.WECHAT_API_URL, answer.status_code)
    try:
        told = answer.json() if answer.is_success else None
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise WechatError(f"status {answer.status_code}")
    code = told.get("errcode", 0)
    if code:
        raise WechatError(f"errcode {code}", code if isinstance(code, int) else 0)
    return told


def _openid(told: dict[str, Any]) -> str:
    openid = told.get("openid")
    if not isinstance(openid, str) or not _OPENID.fullmatch(openid):
        raise WechatError("no openid")
    return openid


def _text(told: dict[str, Any], field: str, length_max: int) -> str:
    value = told.get(field, "")
    if not isinstance(value, str) or len(value) > length_max:
        raise WechatError(f"malformed {field}")
    return value


def _seconds(told: dict[str, Any]) -> int:
    value = told.get("expires_in")
    return value if type(value) is int and 0 < value <= 7200 else EARLY_SECONDS
