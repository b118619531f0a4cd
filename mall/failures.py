"""Pages for what failed: why, in plain words, with a way on and the name of the request. They ask no database."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from mall.core import request_id

# What is sent again after the page grew old: short texts of a form of ours, and never a secret.
RESENT_FIELDS_MAX = 60
RESENT_CHARACTERS_MAX = 10_000
SECRET = ("password", "code", "csrfmiddlewaretoken")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failure(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failure(request, "403.html", 403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _failure(request, "400.html", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return _failure(request, "500.html", 500)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is too old (logged in elsewhere meanwhile) may be sent again as it was, with one tap.

    Only when the browser itself says that the form came from a page of ours: a page elsewhere cannot make it say so.
    """
    fields = _resent(request) if request.headers.get("Sec-Fetch-Site") == "same-origin" else []
    more = {
        "fields": fields,
        "token": get_token(request),
        "address": request.get_full_path(),
        "lost": bool(request.FILES),
    }
    return _failure(request, "403_csrf.html", 403, more)


def _resent(request: HttpRequest) -> list[tuple[str, str]]:
    found = [(name, value) for name, values in request.POST.lists() for value in values]
    kept = [(name, value) for name, value in found if not name.lower().endswith(SECRET)]
    if len(kept) > RESENT_FIELDS_MAX or sum(len(value) for _name, value in kept) > RESENT_CHARACTERS_MAX:
        return []
    has_secret = any(name.lower().endswith(SECRET[:2]) for name, _value in found)
    return [] if has_secret else kept


def _failure(request: HttpRequest, template: str, status: int, more: dict[str, object] | None = None) -> HttpResponse:
    page = {"request_id": request_id.current(), **(more or {})}
    response = HttpResponse(render_to_string(template, page), status=status)
    response["Cache-Control"] = "no-store"
    return response
