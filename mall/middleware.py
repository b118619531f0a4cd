"""What every answer carries: the name of its request, and who may keep it.

A page for everybody that holds nothing of anybody says `X-Page: public`: the service worker keeps such pages alone.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers

from mall.core import request_id
from mall.core.access import Rule
from mall.core.public_page import described

Answer = Callable[[HttpRequest], HttpResponse]
OPEN_IN_MAINTENANCE = ("/healthz", "/livez", "/readyz", settings.STATIC_URL)


class RequestIdMiddleware:
    """Names the request: as the trusted proxy did, else by chance."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = request.headers.get("X-Request-ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        name = named if request_id.is_plausible(named) else request_id.new_request_id()
        request_id.stand_for(name)
        response = self.get_response(request)
        response["X-Request-ID"] = name
        return response


class MaintenanceMiddleware:
    """While `MAINTENANCE_MINUTES` is set, every page says when to come back; providers send their notices again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        minutes = settings.MAINTENANCE_MINUTES
        if not minutes or request.path.startswith(OPEN_IN_MAINTENANCE):
            return self.get_response(request)
        again = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        response = render(request, "maintenance.html", {"minutes": minutes, "again": again}, status=503)
        response["Retry-After"] = str(minutes * 60)
        response["Cache-Control"] = "no-store"
        return response


class PrivacyMiddleware:
    """Says who may keep an answer: pages of one's own nobody, other pages only after asking again."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page:
            patch_vary_headers(response, ["Cookie", "Accept-Language", "HX-Request"])
        if response.status_code >= 500:
            response["Cache-Control"] = "no-store"
        elif "Cache-Control" not in response and (is_page or _is_guarded(request)):
            is_anybodys = _is_open(request) and _is_stranger(request)
            response["Cache-Control"] = "no-cache" if is_anybodys else "private, no-store"
        if is_page and _is_for_everybody(request, response):
            response["X-Page"] = "public"
        return response


def _rule(request: HttpRequest) -> Rule | None:
    rule = getattr(request.resolver_match.func, "access", None) if request.resolver_match else None
    return rule if isinstance(rule, Rule) else None


def _is_guarded(request: HttpRequest) -> bool:
    rule = _rule(request)
    return rule is not None and rule.allows is not None


def _is_open(request: HttpRequest) -> bool:
    """Say whether the address is open to everyone; so is one that no view answers."""
    rule = _rule(request)
    return request.resolver_match is None or (rule is not None and rule.allows is None)


def _is_stranger(request: HttpRequest) -> bool:
    return hasattr(request, "user") and not request.user.is_authenticated


def _is_for_everybody(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether the page is the same for every stranger: described, whole, and the session holds nothing (a cart, a
    referral link that was followed)."""
    if request.method != "GET" or response.status_code != 200 or "HX-Request" in request.headers:
        return False
    is_described = described(request) is not None and _is_open(request)
    return is_described and _is_stranger(request) and request.session.is_empty()


class LanguageMiddleware(LocaleMiddleware):
    """As Django's; and an address may name the language (`?lang=en`), so that search engines find both."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        wanted = request.GET.get("lang", "")
        if wanted in dict(settings.LANGUAGES):
            translation.activate(wanted)
            request.LANGUAGE_CODE = translation.get_language()
