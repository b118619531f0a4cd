"""What moved a supplier's stock, and what it has bought to be there, at `/supplier/`."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mall.core.admin import Tab, TabbedAdmin, moment_column, supplier_site
from mall.core.admin.columns import chip, link
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnReadOnlyInline
from mall.core.seats import may
from suppliers.models import Restock, RestockLine, RestockState, StockMovement

from .exports import MOVEMENT_COLUMNS, RESTOCK_COLUMNS

TONES = {RestockState.ORDERED: "info", RestockState.RECEIVED: "good", RestockState.CANCELLED: ""}


@admin.register(StockMovement, site=supplier_site)
class StockMovementDesk(OwnKeptList, OwnReadOnlyAdmin):
    """How a supplier's stock came about."""

    period_field = "at"
    export_columns = MOVEMENT_COLUMNS
    own_path = "sku__product__supplier"
    list_display = ("sku", "kind", "on_hand_delta", "reserved_delta", "warehouse", "reason", "reference", "at")
    list_filter = ("kind",)
    list_select_related = ("sku", "warehouse")
    search_fields = ("sku__code", "reference")
    search_help_text = _("规格编码或订单号")
    fields = ("sku", "kind", "on_hand_delta", "reserved_delta", "warehouse", "reason", "reference", "by", "at")


class RestockLineInline(OwnReadOnlyInline):
    """What was bought, and how much of it has come."""

    model = RestockLine
    own_path = "restock__supplier"
    fields = ("sku", "quantity", "received")


@admin.register(Restock, site=supplier_site)
class RestockDesk(OwnKeptList, OwnReadOnlyAdmin, TabbedAdmin):
    """What a supplier has bought for its shelf, in tabs by what became of it."""

    period_field = "ordered_at"
    export_columns = RESTOCK_COLUMNS
    list_before_template = "supplier/restocks_before.html"
    list_display = ("number", "goods", "expected_date", "ordered_by", "ordered", "state_chip", "act")
    list_filter = ("state",)
    list_select_related = ("ordered_by",)
    search_fields = ("number", "lines__sku__code")
    search_help_text = _("采购单号或规格编码")
    ordering: ClassVar[tuple[str, ...]] = ("expected_date", "-pk")
    inlines = (RestockLineInline,)
    fields = ("number", "state_chip", "expected_date", "note", "ordered_by", "ordered", "ended", "act")
    readonly_fields: ClassVar = ["state_chip", "ordered", "ended", "act"]

    ordered = moment_column("ordered_at", _("下单时间"))
    ended = moment_column("ended_at", _("结束时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        found = self.get_queryset(request).order_by().values("state").annotate(rows=Count("pk"))
        counts = {row["state"]: row["rows"] for row in found}
        own = [Tab(state.value, state.label, str(counts.get(state) or "")) for state in RestockState]
        return [Tab("", gettext("全部")), *own]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Restock]:
        return super().get_queryset(request).prefetch_related("lines__sku__product")

    @admin.display(description=_("商品（已到/采购）"))
    def goods(self, restock: Restock) -> SafeString:
        rows = [(f"{one.sku.product.name} {one.sku.spec}", one.received, one.quantity) for one in restock.lines.all()]
        return format_html_join("", "<div>{} {}/{}</div>", rows)

    @admin.display(description=_("状态"))
    def state_chip(self, restock: Restock) -> SafeString:
        return chip(restock.get_state_display(), TONES[RestockState(restock.state)])

    @admin.display(description=_("处理"))
    def act(self, restock: Restock) -> SafeString | str:
        if restock.state != RestockState.ORDERED:
            return "—"
        take = link(reverse("supplier:suppliers_sku_receive", args=[restock.number]), gettext("到货入库"))
        stop = link(reverse("supplier:suppliers_sku_call_off", args=[restock.number]), gettext("取消采购"))
        return format_html("{}\u3000{}", take, stop)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        context = {"may_restock": may(request, "suppliers_sku", "restock"), **(extra_context or {})}
        return super().changelist_view(request, context)
