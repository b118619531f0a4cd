"""The two admin sites. Each app registers its own models on them."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite


class OpsSite(UnfoldAdminSite):
    """Where operators run the mall: staff only."""

    site_title = _("运营后台")
    site_header = _("运营后台")
    index_title = _("总览")


class SupplierSite(UnfoldAdminSite):
    """Where each supplier runs its own business and reaches nothing else."""

    site_title = _("供应商后台")
    site_header = _("供应商后台")
    index_title = _("今日")

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and getattr(user, "supplier_seat", None))


ops_site = OpsSite(name="ops")
supplier_site = SupplierSite(name="supplier")
