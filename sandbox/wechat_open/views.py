"""The page on which somebody allows an app to know them, and WeChat's API behind it.

| address | answer |
| --- | --- |
| `connect/oauth2/authorize?appid&redirect_uri&response_type=code&scope&state` | at once for `snsapi_base` |
| `sns/oauth2/access_token?appid&secret&code&grant_type=authorization_code` | `access_token, openid, scope, unionid` |
| `sns/userinfo?access_token&openid` | `openid, nickname, headimgurl, unionid` |
| `cgi-bin/stable_token` (JSON: `grant_type, appid, secret`) | `access_token, expires_in` |
| `cgi-bin/ticket/getticket?access_token&type=jsapi` | `ticket, expires_in` |

Errors are `{"errcode", "errmsg"}` with status 200, as WeChat's: 40013 and 40125 app or secret, 40029 code unknown
or used, 40001 token, 40003 openid, 48001 not allowed by the scope.
"""

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mall.core.access import public, signed_by_provider

from . import tokens
from .people import PEOPLE, WechatPerson, a_stranger, person_of
from .tokens import Grant

ME = "sandbox_wechat_me"
BASE, USERINFO = "snsapi_base", "snsapi_userinfo"


@public
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    """Send the person back with a code: silently for `snsapi_base`, after a tap for `snsapi_userinfo`."""
    app_id, scope = request.GET.get("appid", ""), request.GET.get("scope", "")
    back = urlsplit(request.GET.get("redirect_uri", ""))
    if app_id != settings.WECHAT_APP_ID or scope not in (BASE, USERINFO):
        return _refused(request, "Scope 参数错误或没有 Scope 权限", 10005)
    if back.scheme not in ("http", "https") or back.netloc not in _registered(request):
        return _refused(request, "redirect_uri 域名与后台配置不一致", 10003)
    if scope == BASE:
        return _sent_back(request, _me(request) or a_stranger(), scope)
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return HttpResponseRedirect(_address_back(request, {}))
        return _sent_back(request, person_of(request.POST.get("who", "")) or a_stranger(), scope)
    page = {"people": PEOPLE, "me": _me(request), "app_name": settings.SITE_NAME}
    return render(request, "sandbox/wechat_authorize.html", page)


@public
@never_cache
@require_http_methods(["GET", "POST"])
def who_am_i(request: HttpRequest) -> HttpResponse:
    """Choose who uses WeChat in this browser."""
    response = render(request, "sandbox/wechat_me.html", {"people": PEOPLE, "me": _me(request)})
    if request.method == "POST":
        response = HttpResponseRedirect(request.path)
        _remember(response, request, person_of(request.POST.get("who", "")) or a_stranger())
    return response


@signed_by_provider
@require_GET
def access_token(request: HttpRequest) -> JsonResponse:
    """Turn a code into a token and an openid, once."""
    refusal = _app_refusal(request.GET.get("appid"), request.GET.get("secret"))
    if refusal is not None:
        return refusal
    grant = tokens.use_code(request.GET.get("code", ""))
    if grant is None:
        return _error(40029, "invalid code")
    person = person_of(grant.person)
    answer: dict[str, Any] = {
        "access_token": tokens.new_token(grant),
        "expires_in": tokens.TOKEN_SECONDS,
        "refresh_token": tokens.new_token(grant),
        "openid": person.openid(grant.app_id) if person else "",
        "scope": grant.scope,
    }
    if grant.scope == USERINFO and person is not None:
        answer["unionid"] = person.unionid
    return JsonResponse(answer)


@signed_by_provider
@require_GET
def userinfo(request: HttpRequest) -> JsonResponse:
    """Say who the person is, where that was allowed."""
    grant = tokens.grant_of(request.GET.get("access_token", ""))
    if grant is None:
        return _error(40001, "invalid credential")
    person = person_of(grant.person)
    if person is None or request.GET.get("openid") != person.openid(grant.app_id):
        return _error(40003, "invalid openid")
    if grant.scope != USERINFO:
        return _error(48001, "api unauthorized")
    return JsonResponse(
        {
            "openid": person.openid(grant.app_id),
            "nickname": person.nickname,
            "sex": 0,
            "province": "",
            "city": "",
            "country": "",
            "headimgurl": "",
            "privilege": [],
            "unionid": person.unionid,
        }
    )


@signed_by_provider
@csrf_exempt
@require_POST
def stable_token(request: HttpRequest) -> JsonResponse:
    """Return the app's own token."""
    try:
        content = json.loads(request.body)
    except ValueError:
        return _error(47001, "data format error")
    if not isinstance(content, dict) or content.get("grant_type") != "client_credential":
        return _error(40002, "invalid grant_type")
    refusal = _app_refusal(content.get("appid"), content.get("secret"))
    if refusal is not None:
        return refusal
    return JsonResponse({"access_token": tokens.app_token(settings.WECHAT_APP_ID), "expires_in": tokens.TOKEN_SECONDS})


@signed_by_provider
@require_GET
def ticket(request: HttpRequest) -> JsonResponse:
    """Return the ticket that signs pages."""
    if request.GET.get("access_token") != tokens.app_token(settings.WECHAT_APP_ID):
        return _error(40001, "invalid credential")
    kept = tokens.jsapi_ticket(settings.WECHAT_APP_ID)
    return JsonResponse({"errcode": 0, "errmsg": "ok", "ticket": kept, "expires_in": tokens.TOKEN_SECONDS})


def _me(request: HttpRequest) -> WechatPerson | None:
    return person_of(request.COOKIES.get(ME, ""))


def _remember(response: HttpResponse, request: HttpRequest, person: WechatPerson) -> None:
    folder = request.path.partition("/wechat/")[0] + "/wechat/"
    response.set_cookie(ME, person.key, path=folder, httponly=True, samesite="Lax")


def _sent_back(request: HttpRequest, person: WechatPerson, scope: str) -> HttpResponse:
    code = tokens.new_code(Grant(request.GET["appid"], person.key, scope))
    response = HttpResponseRedirect(_address_back(request, {"code": code}))
    _remember(response, request, person)
    return response


def _address_back(request: HttpRequest, answer: dict[str, str]) -> str:
    target = request.GET["redirect_uri"]
    answer |= {"state": request.GET.get("state", "")}
    return f"{target}{'&' if urlsplit(target).query else '?'}{urlencode(answer)}"


def _registered(request: HttpRequest) -> set[str]:
    """The domains that the app has registered for pages: the mall's own."""
    return {urlsplit(settings.SITE_URL).netloc, request.get_host()}


def _refused(request: HttpRequest, words: str, code: int) -> HttpResponse:
    return render(request, "sandbox/wechat_refused.html", {"words": words, "code": code}, status=400)


def _app_refusal(app_id: Any, secret: Any) -> JsonResponse | None:
    if app_id != settings.WECHAT_APP_ID:
        return _error(40013, "invalid appid")
    return None if secret == settings.WECHAT_APP_SECRET else _error(40125, "invalid appsecret")


def _error(code: int, message: str) -> JsonResponse:
    return JsonResponse({"errcode": code, "errmsg": message})
