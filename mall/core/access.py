"""Who may open a page. Every view carries one of these rules; a test walks all addresses and refuses one without.

    @members_only
    def order_list(request): ...

An app with a finer rule makes its own: `agents_only = only(Rule("agents", lambda member: …))`. Whether the row in the
address is the visitor's own is the query's business: queries take the member and find nothing of others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from mall.core.seats import seat_of

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Rule:
    """A name for people, and for signed-in visitors a predicate; None lets everyone in, signed in or not."""

    name: str
    allows: Callable[[Any], bool] | None


def only(rule: Rule) -> Callable[[View], View]:
    """Return the decorator that puts `rule` on a view: a stranger is sent to log in, a refused member gets 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if rule.allows is None:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return to_login(request)
            if not rule.allows(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _marked(guarded, rule)

    return decorate


def demo_only(view: View) -> View:
    """Open to everyone where `DEMO` is on; elsewhere the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return _marked(guarded, Rule("demo", None))


def to_login(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the login page and back to the page asked for; an htmx fragment moves the whole page."""
    if "HX-Request" in request.headers:
        back = request.headers.get("HX-Current-URL", "/")
        response = HttpResponse(status=200)
        response["HX-Redirect"] = redirect_to_login(_path_of(back)).url
        return response
    return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")


def _path_of(address: str) -> str:
    """Drop scheme and host, so that a forged header leads nowhere else."""
    parts = urlsplit(address)
    path = "/" + parts.path.lstrip("/\\")
    return f"{path}?{parts.query}" if parts.query else path


def _marked(view: Any, rule: Rule) -> View:
    view.access = rule
    marked: View = view
    return marked


public = only(Rule("public", None))
signed_by_provider = only(Rule("signed by a provider", None))
# The view itself asks for the key; `tests/integration` proves that each does.
by_supplier_key = only(Rule("by a supplier's key", None))
members_only = only(Rule("members", lambda member: member.is_active))
operators_only = only(Rule("operators", lambda member: member.is_active and member.is_staff))
suppliers_only = only(Rule("suppliers", lambda member: member.is_active and seat_of(member) is not None))
