"""Goods that stand on the shelf without a permit that they need, for operators: whose, until when, and what left."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, moment_column, ops_site
from mall.core.admin.columns import chip, link
from suppliers import queries
from suppliers.models import PermitGap

from .paper_words import today

OPEN, OFF = "open", "off"
PARTS = {OPEN: gettext_lazy("在架"), OFF: gettext_lazy("已下架")}


class PartFilter(admin.SimpleListFilter):
    """The tab that is open."""

    title = gettext_lazy("状态")
    parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(PARTS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(off_shelf_at__isnull=self.value() == OPEN) if self.value() in PARTS else queryset


@admin.register(PermitGap, site=ops_site)
class PermitGapAdmin(TabbedAdmin, ActingAdmin):
    """What leaves the shelf next stands on top."""

    tab_parameter = "part"
    list_display = ("product_shown", "supplier", "permit", "found", "due", "off")
    list_display_links = None
    list_filter = (PartFilter, "permit")
    list_select_related = ("product__supplier",)
    search_fields = ("product__name", "product__supplier__name")
    search_help_text = gettext_lazy("商品、供应商")
    ordering: ClassVar[tuple[str, ...]] = ("due_date", "pk")

    found = moment_column("found_at", gettext_lazy("发现时间"))
    off = moment_column("off_shelf_at", gettext_lazy("下架时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        return [
            Tab(OPEN, PARTS[OPEN], str(queries.gaps_open().count() or "")),
            Tab(OFF, PARTS[OFF]),
            Tab("", _("全部")),
        ]

    @admin.display(description=gettext_lazy("商品"))
    def product_shown(self, gap: PermitGap) -> SafeString:
        return link(reverse("ops:suppliers_product_change", args=[gap.product_id]), gap.product.name)

    @admin.display(description=gettext_lazy("供应商"))
    def supplier(self, gap: PermitGap) -> str:
        return str(gap.product.supplier)

    @admin.display(description=gettext_lazy("最晚补证"))
    def due(self, gap: PermitGap) -> SafeString | str:
        day = gap.due_date.isoformat()
        if gap.off_shelf_at is not None:
            return day
        return format_html("{} {}", day, chip(queries.expiry_words(valid_until=gap.due_date, today=today()), "warn"))
