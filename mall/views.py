"""Pages that belong to no app: the look, the QR of a page, what browsers ask for, and what failed."""

import hashlib
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from mall.core.access import public

from .context import THEME_COOKIE, THEMES

YEAR_SECONDS = 365 * 86_400
QR_TARGET_MAX = 300
# What every page needs; the service worker keeps it under its hashed names.
SHELL = ("css/mall.css", "js/mall.js", "icons/sprite.svg", "img/mark.svg", "django_htmx/htmx-2.min.js")


@public
@require_safe
@cache_control(max_age=86_400)
def qr(request: HttpRequest) -> HttpResponse:
    """The QR code of one of our own addresses (`?to=/p/…`) as SVG."""
    return _qr(request, kind="svg", content_type="image/svg+xml", scale=4, xmldecl=False)


@public
@require_safe
@cache_control(max_age=86_400)
def qr_png(request: HttpRequest) -> HttpResponse:
    """The same as PNG: a picture that WeChat can save when it is pressed for long."""
    return _qr(request, kind="png", content_type="image/png", scale=12)


def _qr(request: HttpRequest, *, kind: str, content_type: str, **options: Any) -> HttpResponse:
    target = request.GET.get("to", "/")
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or not target.startswith("/") or len(target) > QR_TARGET_MAX:
        return HttpResponseBadRequest()
    out = BytesIO()
    code = segno.make(settings.SITE_URL + target, error="m", micro=False)
    code.save(out, kind=kind, border=4 if kind == "png" else 3, dark="#1f1d1a", light="#ffffff", **options)
    return HttpResponse(out.getvalue(), content_type=content_type)


@public
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep in a cookie whether the visitor wants light, dark, or what the system says."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows while there is no network. Holds nothing about anybody."""
    return render(request, "offline.html")


@public
@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at the root so that it may answer for every page.

    Switched off (`SERVICE_WORKER=0`), it empties its caches and goes.
    """
    shell = [static(path) for path in SHELL]
    parts = {
        "is_on": settings.SERVICE_WORKER,
        "offline": reverse("offline"),
        "shell": shell,
        "media": settings.MEDIA_URL,
        "version": hashlib.sha256("\n".join(shell).encode()).hexdigest()[:12],
    }
    return render(request, "worker.js", parts, content_type="text/javascript; charset=utf-8")


@public
@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to put the mall on its home screen."""
    icons = [
        {"src": static(f"img/{name}-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, purpose in (("mark", "any"), ("mark-maskable", "maskable"))
        for size in (192, 512)
    ]
    shortcuts = [
        (_("我的订单"), reverse("orders:list")),
        (_("购物车"), reverse("orders:cart")),
        (_("我的"), reverse("shop:me")),
    ]
    return JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "id": "/",
            "start_url": "/?src=pwa",
            "scope": "/",
            "display": "standalone",
            "lang": "zh-Hans",
            "theme_color": "#ffffff",
            "background_color": "#f6f5f2",
            "icons": icons,
            "shortcuts": [{"name": name, "url": url} for name, url in shortcuts],
        },
        content_type="application/manifest+json",
    )
