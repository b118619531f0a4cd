"""Requests of enterprises at `/ops/`: seen, searched and taken away, never changed."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core.admin import ReadOnlyAdmin, Tab, TabbedAdmin, moment_column, ops_site
from mall.core.admin.columns import chip, link, moment, person, two_lines
from mall.core.admin.lists import KeptList, days_filter
from mall.core.admin.reading import ReadOnlyInline
from mall.core.money import yuan
from mall.core.names import masked_name, masked_phone
from orders.models import ContactReveal, EnterpriseLine, EnterpriseRequest, RequestState
from orders.queries.enterprise import order_at, request_counts

from .enterprise import goods_in_two_lines
from .exports import OPS_REQUEST_COLUMNS

TONES = {
    RequestState.ASKED: "warn",
    RequestState.QUOTED: "info",
    RequestState.ACCEPTED: "good",
    RequestState.DECLINED: "bad",
    RequestState.REFUSED: "bad",
    RequestState.EXPIRED: "",
    RequestState.WITHDRAWN: "",
}


class LineInline(ReadOnlyInline):
    """What was asked for, and at what price it was quoted."""

    model = EnterpriseLine
    fields = ("product_name", "spec", "quantity", "sale_price_yuan", "quoted_yuan")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("询价时售价"))
    def sale_price_yuan(self, line: EnterpriseLine) -> str:
        return yuan(line.sale_price_fen)

    @admin.display(description=gettext_lazy("报价"))
    def quoted_yuan(self, line: EnterpriseLine) -> str:
        return yuan(line.unit_price_fen) if line.unit_price_fen else "—"


class RevealInline(ReadOnlyInline):
    """Who looked at the phone of who asked."""

    model = ContactReveal
    fields = ("seen_by", "reason", "at")
    readonly_fields = fields
    ordering: ClassVar = ["-at"]


@admin.register(EnterpriseRequest, site=ops_site)
class EnterpriseRequestAdmin(KeptList, TabbedAdmin, ReadOnlyAdmin):
    """By what they wait for, newest first."""

    period_field = "asked_at"
    export_columns = OPS_REQUEST_COLUMNS
    list_display = ("numbered", "company", "supplier_name", "goods", "quoted_yuan", "state_chip")
    list_display_links = ("numbered",)
    list_filter = ("state", "supplier", days_filter("quoted", gettext_lazy("报价日期"), "quoted_at"))
    list_select_related = ("member", "supplier")
    search_fields = ("number__exact", "company_name", "credit_code__exact", "member__phone__endswith")
    search_help_text = gettext_lazy("询价单号、公司、信用代码、手机尾号")
    inlines = (LineInline, RevealInline)
    fields = (
        *("number", "state_chip", "company", "buyer", "contact", "supplier_name", "invoice_title", "wanted_date"),
        *("note", "asked", "quoted_yuan", "quoted", "quoted_by", "valid_date", "quote_note", "order", "reason"),
        "ended",
    )
    readonly_fields = fields

    asked = moment_column("asked_at", gettext_lazy("询价时间"))
    quoted = moment_column("quoted_at", gettext_lazy("报价时间"))
    ended = moment_column("ended_at", gettext_lazy("结束时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = request_counts()
        return [
            Tab("", _("全部")),
            *(Tab(state.value, state.label, str(counts.get(state) or "")) for state in RequestState),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[EnterpriseRequest]:
        return super().get_queryset(request).prefetch_related("lines")

    @admin.display(description=gettext_lazy("询价单"))
    def numbered(self, row: EnterpriseRequest) -> SafeString:
        return two_lines(row.number, moment(row.asked_at))

    @admin.display(description=gettext_lazy("公司"))
    def company(self, row: EnterpriseRequest) -> SafeString:
        return two_lines(row.company_name, row.credit_code)

    @admin.display(description=gettext_lazy("买家"))
    def buyer(self, row: EnterpriseRequest) -> SafeString:
        return person(row.member)

    @admin.display(description=gettext_lazy("联系人"))
    def contact(self, row: EnterpriseRequest) -> SafeString | str:
        if not row.contact_phone:
            return "—"
        return two_lines(masked_name(row.contact_name), masked_phone(row.contact_phone))

    @admin.display(description=gettext_lazy("供应商"))
    def supplier_name(self, row: EnterpriseRequest) -> str:
        return str(row.supplier)

    @admin.display(description=gettext_lazy("商品"))
    def goods(self, row: EnterpriseRequest) -> SafeString:
        return goods_in_two_lines(row)

    @admin.display(description=gettext_lazy("报价合计"))
    def quoted_yuan(self, row: EnterpriseRequest) -> str:
        return yuan(row.goods_fen) if row.quoted_at else "—"

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, row: EnterpriseRequest) -> SafeString:
        return chip(row.get_state_display(), TONES[RequestState(row.state)])

    @admin.display(description=gettext_lazy("订单"))
    def order(self, row: EnterpriseRequest) -> SafeString | str:
        placed = order_at(number=row.number)
        return link(reverse("ops:orders_order_change", args=[placed.pk]), placed.number) if placed else "—"
