"""The two admin sites: one theme, two colours, so that nobody takes one for the other."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

View = Callable[..., HttpResponseBase]


class OpsSite(UnfoldAdminSite):
    """Where operators run the mall: staff only. Its models are registered by their apps; `page` adds other pages."""

    settings_name = "UNFOLD_OPS"
    site_title = _("运营后台")
    site_header = _("运营后台")
    index_title = _("总览")
    index_template = "ops/overview.html"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pages: list[tuple[str, View, str]] = []

    def page(self, route: str, *, name: str, permission: str) -> Callable[[View], View]:
        """Return the decorator that puts a view at `/ops/<route>` for operators who have `permission`."""

        def add(view: View) -> View:
            def permitted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                if not request.user.has_perm(permission):
                    raise PermissionDenied
                request.current_app = self.name
                return view(request, *args, **kwargs)

            self._pages.append((route, permitted, name))
            return view

        return add

    def extra_urls(self) -> list[URLPattern]:
        return [path(route, _of(self, self.admin_view(view)), name=name) for route, view, name in self._pages]


class SupplierSite(UnfoldAdminSite):
    """Where each supplier runs its own business and reaches nothing else."""

    settings_name = "UNFOLD_SUPPLIER"
    site_title = _("供应商后台")
    site_header = _("供应商后台")
    index_title = _("今日")
    index_template = "ops/overview.html"

    def has_permission(self, request: HttpRequest) -> bool:
        seat = getattr(request.user, "supplier_seat", None)
        return bool(request.user.is_active and seat is not None and seat.supplier.is_active)


def _of(site: UnfoldAdminSite, view: Any) -> View:
    view.admin_site = site
    found: View = view
    return found


ops_site = OpsSite(name="ops")
supplier_site = SupplierSite(name="supplier")
