"""The two admin sites: one theme, two colours, so that nobody takes one for the other."""

from collections.abc import Callable
from functools import wraps
from tempfile import TemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from mall.core.own_supplier import rows_of
from mall.core.seats import may, may_open, seat_of

from .palette import Find, Kind, answer

View = Callable[..., HttpResponseBase]


def _behind_login(view: Any) -> Any:
    """Mark a view of a site's own, in place of one of the theme's, that the site opens as it opens every other."""
    view.admin_site = True
    return view


class OpsSite(UnfoldAdminSite):
    """Where operators run the mall: staff only. Its models are registered by their apps; `page` adds other pages."""

    settings_name = "UNFOLD_OPS"
    site_title = _("运营后台")
    site_header = _("运营后台")
    index_title = _("驾驶舱")
    index_template = "ops/cockpit.html"

    # Asks for a second factor where one is due; none where the page may be shown.
    gate: Callable[[HttpRequest], HttpResponseBase | None] | None = None

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pages: list[tuple[str, View, str]] = []
        self._kinds: list[Kind] = []

    def finds(self, label: Any, icon: str, *, permission: str) -> Callable[[Find], Find]:
        """Return the decorator that has the search of `/ops/` ask a query, for operators who have `permission`."""

        def add(find: Find) -> Find:
            self._kinds.append(Kind(label, icon, lambda request: request.user.has_perm(permission), find))
            return find

        return add

    @_behind_login
    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return answer(self, request, self._kinds)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def gated(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = self.gate(request) if self.gate is not None and self.has_permission(request) else None
            answer: HttpResponseBase = asked or guarded(request, *args, **kwargs)
            return answer

        return gated

    def page(self, route: str, *, name: str, permission: str) -> Callable[[View], View]:
        """Return the decorator that puts a view at `/ops/<route>` for operators who have `permission`; without one, for
        all of them."""

        def add(view: View) -> View:
            def permitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                if permission and not request.user.has_perm(permission):
                    raise PermissionDenied
                request.current_app = self.name
                return view(request, *args, **kwargs)

            self._pages.append((route, permitted, name))
            return view

        return add

    def extra_urls(self) -> list[URLPattern]:
        return [path(route, _of(self, self.admin_view(view)), name=name) for route, view, name in self._pages]


class SupplierSite(UnfoldAdminSite):
    """Where each supplier runs its own business and reaches nothing else.

    Every view is opened by role (`mall.core.seats`), and runs in one transaction in which the database itself shows
    rows of the own supplier alone (`mall.core.own_supplier`). `page` adds pages beside the registered models.
    """

    settings_name = "UNFOLD_SUPPLIER"
    site_title = _("供应商后台")
    site_header = _("供应商后台")
    index_title = _("今日")
    index_template = "supplier/today.html"
    login_template = "supplier/login.html"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pages: list[tuple[str, View, str]] = []
        self._kinds: list[Kind] = []

    def finds(self, label: Any, icon: str, *, page: str) -> Callable[[Find], Find]:
        """Return the decorator that has the search of `/supplier/` ask a query, for those who may view `page`."""

        def add(find: Find) -> Find:
            self._kinds.append(Kind(label, icon, lambda request: may(request, page), find))
            return find

        return add

    def own_rows(self, model: type[Model], request: HttpRequest) -> "QuerySet[Any]":
        """Return the rows of a model that the site's list of it starts from: those of the own supplier."""
        rows: QuerySet[Any] = self._registry[model].get_queryset(request).order_by()
        return rows

    @_behind_login
    def search(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return answer(self, request, self._kinds)

    def page(self, route: str, *, name: str) -> Callable[[View], View]:
        """Return the decorator that puts a view at `/supplier/<route>`; its name says who may open it."""

        def add(view: View) -> View:
            def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                request.current_app = self.name
                return view(request, *args, **kwargs)

            self._pages.append((route, opened, name))
            return view

        return add

    def extra_urls(self) -> list[URLPattern]:
        return [path(route, _of(self, self.admin_view(view)), name=name) for route, view, name in self._pages]

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and seat_of(request.user) is not None)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        @wraps(view)
        def own(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            match = request.resolver_match
            if not may_open(request, match.url_name if match else None):
                raise PermissionDenied
            seat = seat_of(request.user)
            if seat is None:
                # Who signs out has no seat any more.
                found: HttpResponseBase = view(request, *args, **kwargs)
                return found
            with rows_of(seat.supplier_id):
                return _whole(view(request, *args, **kwargs))

        return super().admin_view(own, cacheable)


def _whole(response: Any) -> HttpResponseBase:
    """Return an answer of which nothing is left to be looked up later, outside the transaction. A stream is written to
    a file first: a large one takes no memory."""
    if hasattr(response, "render"):
        response.render()
    elif response.streaming and not isinstance(response, FileResponse):
        file = TemporaryFile()  # noqa: SIM115
        file.writelines(response)
        file.seek(0)
        whole = FileResponse(file, status=response.status_code, content_type=response["Content-Type"])
        for name, value in response.items():
            if name != "Content-Length":
                whole[name] = value
        return whole
    found: HttpResponseBase = response
    return found


def _of(site: UnfoldAdminSite, view: Any) -> View:
    view.admin_site = site
    found: View = view
    return found


ops_site = OpsSite(name="ops")
supplier_site = SupplierSite(name="supplier")
