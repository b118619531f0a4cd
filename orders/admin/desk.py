"""A supplier's own orders to ship, at `/supplier/`. Who bought is masked until a look is written down."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

import suppliers.queries
from mall.core import clock
from mall.core.admin import ActingAdmin, Tab, TabbedAdmin, act_page, moment_column, posted, supplier_site, yuan_column
from mall.core.admin.acting import View
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.admin.lists import OwnKeptList
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnReadOnlyInline
from mall.core.names import masked_name, masked_phone, masked_place
from orders import commands
from orders.commands import OrderRefused
from orders.commands.revealing import REVEALED_STATES
from orders.models import AfterSale, Order, OrderLine, OrderState, Parcel, RecipientReveal, RevealWay
from orders.queries import fulfilment
from orders.rules import PAID_STATES
from orders.rules.returning import OPEN_CASES
from orders.rules.shipping import LATE_RISK_HOURS, time_left

from .exports import OWN_ORDER_COLUMNS
from .fulfilment import FulfilmentPages
from .fulfilment_forms import ParcelForm, ReasonForm

TONES: dict[str, str] = {
    OrderState.PAID: "warn",
    OrderState.SHIPPED: "info",
    OrderState.COMPLETED: "good",
    OrderState.REFUNDED: "bad",
}
PART_LABELS = {
    fulfilment.TO_SHIP: _("待发货"),
    fulfilment.SHIPPED: _("已发货"),
    fulfilment.LATE: _("异常"),
    fulfilment.AFTER_SALE: _("售后"),
    fulfilment.ALL: _("全部"),
}


class PartFilter(admin.SimpleListFilter):
    """The tab that is open."""

    title = _("分类")
    parameter_name = "part"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(PART_LABELS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        part = self.value()
        return fulfilment.part_of(queryset, part=part, at=clock.now()) if part in PART_LABELS else queryset


class LineInline(OwnReadOnlyInline):
    """What is to be packed."""

    model = OrderLine
    own_path = "order__supplier"
    fields = ("product_name", "spec", "quantity", "shipped_quantity", "called_off_quantity")


class ParcelInline(OwnReadOnlyInline):
    """What was handed over."""

    model = Parcel
    own_path = "order__supplier"
    fields = ("kind", "carrier", "tracking_number", "shipped_at", "delivered_at")


class RevealInline(OwnReadOnlyInline):
    """Who looked at where the parcel goes."""

    model = RecipientReveal
    own_path = "order__supplier"
    fields = ("seen_by", "way", "reason", "at")
    ordering: ClassVar = ["-at"]


@admin.register(Order, site=supplier_site)
class OrderDesk(OwnKeptList, FulfilmentPages, OwnReadOnlyAdmin, TabbedAdmin, ActingAdmin):
    """Paid orders of a supplier in tabs, those to ship first, the most urgent on top."""

    period_field = "paid_at"
    export_columns = OWN_ORDER_COLUMNS
    tab_parameter = "part"
    list_before_template = "supplier/orders_before.html"
    list_display = ("number_shown", "goods", "recipient", "due_shown", "state_shown", "act")
    list_display_links = ("number_shown",)
    list_filter = (PartFilter, "state")
    search_fields = ("number__exact",)
    search_help_text = _("订单号或快递单号")
    inlines = (LineInline, ParcelInline, RevealInline)
    fields = (
        "number",
        "state_shown",
        "supply_total_yuan",
        "recipient_name_shown",
        "recipient_phone_shown",
        "recipient_address_shown",
        "note",
        "quote_shown",
        "paid_at_shown",
        "due_shown",
        "shipped_at_shown",
        "received_at_shown",
    )
    readonly_fields = fields
    actions_row = ("ship", "reveal")
    actions_detail = ("ship", "reveal")

    supply_total_yuan = yuan_column("supply_total_fen", _("供货金额"))
    paid_at_shown = moment_column("paid_at", _("付款时间"))
    shipped_at_shown = moment_column("shipped_at", _("发货时间"))
    received_at_shown = moment_column("received_at", _("收货时间"))

    def get_urls(self) -> list[URLPattern]:
        pages: tuple[tuple[str, View, str], ...] = (
            ("batch/", self.batch, "batch"),
            ("batch/table/", self.table, "table"),
            ("batch/<int:sheet_id>/", self.sheet, "sheet"),
            ("pick-list/", self.pick_list, "pick_list"),
            ("labels/", self.labels, "labels"),
        )
        own = [path(route, self._page(view), name=f"orders_order_{name}") for route, view, name in pages]
        return [*own, *super().get_urls()]

    def tabs(self, request: HttpRequest) -> list[Tab]:
        supplier = suppliers.queries.supplier_of(member=request.user)
        counts = fulfilment.part_counts(supplier=supplier, at=clock.now()) if supplier else {}
        return [Tab(part, label, str(counts.get(part) or "")) for part, label in PART_LABELS.items()]

    def tab_note(self, request: HttpRequest, tab: str) -> str:
        if tab == fulfilment.LATE:
            return gettext("%d 小时内到发货承诺，或已经超时") % LATE_RISK_HOURS
        return ""

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        return fulfilment.ordering_of(request.GET.get(self.tab_parameter, ""))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        own = super().get_queryset(request).filter(state__in=[*PAID_STATES, OrderState.REFUNDED], paid_at__isnull=False)
        cases = Prefetch("after_sales", AfterSale.objects.filter(state__in=OPEN_CASES).order_by("pk"))
        return own.prefetch_related("lines", "reminders", cases)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """Find orders by their number or a parcel's, else by the beginning of their number: all by indexes."""
        word = search_term.strip().upper()
        if not word:
            return queryset, False
        parcels = Parcel.objects.filter(tracking_number__in={word, search_term.strip()})
        orders = list(parcels.values_list("order_id", flat=True)[:100])
        if orders or queryset.filter(number=word).exists():
            return queryset.filter(Q(number=word) | Q(pk__in=orders)), False
        return queryset.filter(number__begins=word), False

    @admin.display(description=_("订单"))
    def number_shown(self, order: Order) -> SafeString:
        return two_lines(order.number, gettext("%s 付款") % moment(order.paid_at))

    @admin.display(description=_("状态"))
    def state_shown(self, order: Order) -> str:
        if order.state == OrderState.PAID and any(line.shipped_quantity for line in order.lines.all()):
            return chip(gettext("部分发货"), "warn")
        return chip(order.get_state_display(), TONES.get(order.state, ""))

    @admin.display(description=_("商品"))
    def goods(self, order: Order) -> str:
        lines = list(order.lines.all())
        names = "、".join(line.product_name for line in lines)
        if order.state in REVEALED_STATES and order.reminders.all():
            names = gettext("催 · %s") % names
        return two_lines(names, "、".join(f"{line.spec} × {line.quantity}" for line in lines))

    @admin.display(description=_("收货人"))
    def recipient(self, order: Order) -> str:
        lower = f"{masked_phone(order.recipient_phone)} {masked_place(order.recipient_address)}"
        return two_lines(masked_name(order.recipient_name), lower)

    @admin.display(description=_("发货时限"))
    def due_shown(self, order: Any) -> str:
        if order.state == OrderState.PAID:
            return _countdown(order.due_at, clock.now())
        if order.shipped_at and order.due_at:
            late = order.shipped_at > order.due_at
            return chip(gettext("超时发出"), "bad") if late else chip(gettext("按时发出"), "good")
        return "—"

    @admin.display(description=_("处理"))
    def act(self, order: Any) -> SafeString | str:
        cases = list(order.after_sales.all())
        if cases:
            return link(reverse("supplier:orders_aftersale_change", args=[cases[0].pk]), gettext("处理售后"))
        if order.state == OrderState.PAID:
            return link(reverse("supplier:orders_order_ship", args=[order.pk]), gettext("发货"))
        return "—"

    @admin.display(description=_("企业询价单"))
    def quote_shown(self, order: Order) -> str:
        return order.quote_number or "—"

    @admin.display(description=_("收货人"))
    def recipient_name_shown(self, order: Any) -> str:
        return order.recipient_name if self._shows(order) else masked_name(order.recipient_name)

    @admin.display(description=_("收货电话"))
    def recipient_phone_shown(self, order: Any) -> str:
        phone: str = order.recipient_phone
        return phone.removeprefix("+86") if self._shows(order) else masked_phone(phone)

    @admin.display(description=_("收货地址"))
    def recipient_address_shown(self, order: Any) -> str:
        if order.state not in REVEALED_STATES:
            return "—"
        return order.recipient_address if self._shows(order) else masked_place(order.recipient_address)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return a record, which knows whether this person may see where it goes just now."""
        order = super().get_object(request, object_id, from_field)
        if order is not None:
            is_open = order.state in REVEALED_STATES
            order.is_shown = is_open and fulfilment.is_revealed(order=order, to=request.user, at=clock.now())
        return order

    def _shows(self, order: Any) -> bool:
        return bool(getattr(order, "is_shown", False))

    @action(description=_("查看收货信息"), url_path="reveal")
    def reveal(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Show where a parcel goes, for a reason that is written down."""
        order = self.own_row(request, object_id)
        back = reverse("supplier:orders_order_change", args=[order.pk])

        def run(given: dict[str, Any]) -> str:
            commands.reveal_recipients(
                orders=[order], by=request.user, way=RevealWay.PAGE, reason=given["reason"], at=clock.now()
            )
            return gettext("已记录，%d 分钟内可以看到完整的收货信息") % fulfilment.REVEAL_MINUTES

        return act_page(
            request,
            site=self.admin_site,
            title=gettext("查看收货信息"),
            form=ReasonForm(posted(request)),
            run=run,
            refusals=(OrderRefused,),
            done=back,
            back=back,
            button=gettext("记录并查看"),
            facts=((_("订单号"), order.number), (_("收货人"), masked_name(order.recipient_name))),
            template="supplier/reveal.html",
            context={"opts": self.opts},
        )

    @action(description=_("发货"), url_path="ship")
    def ship(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Hand a parcel to a carrier: all that is left, or some of it."""
        order = self.own_row(request, object_id)

        def run(given: dict[str, Any]) -> str:
            commands.ship_order(
                order=order,
                carrier=given["carrier"],
                tracking_number=given["tracking_number"],
                by=request.user,
                at=clock.now(),
                items=form.items(),
            )
            return gettext("订单 %s 的包裹已发出") % order.number

        form = ParcelForm(posted(request), order=order)
        back = reverse("supplier:orders_order_changelist")
        goods = [(line.product_name, f"{line.spec} × {line.quantity}") for line in order.lines.all()]
        reveal = reverse("supplier:orders_order_reveal", args=[order.pk])
        shown = (
            ()
            if self._shows(order) or order.state not in REVEALED_STATES
            else ((_("收货信息"), link(reveal, gettext("查看完整信息"))),)
        )
        return act_page(
            request,
            site=self.admin_site,
            title=gettext("发货"),
            form=form,
            run=run,
            refusals=(OrderRefused,),
            done=back,
            back=back,
            button=gettext("确认发货"),
            facts=(
                (_("订单号"), order.number),
                *goods,
                (_("收货人"), f"{self.recipient_name_shown(order)} {self.recipient_phone_shown(order)}"),
                (_("收货地址"), self.recipient_address_shown(order)),
                *shown,
                (_("备注"), order.note or "—"),
            ),
        )


def _countdown(due_at: datetime | None, at: datetime) -> SafeString | str:
    """How long until a parcel has to leave, in words, with the hour as the second line."""
    if due_at is None:
        return "—"
    hours, minutes = time_left(due_at, at)
    if due_at <= at:
        return chip(gettext("已超时 %(hours)d 小时 %(minutes)02d 分") % {"hours": -hours, "minutes": -minutes}, "bad")
    words = gettext("剩 %(hours)d 小时 %(minutes)02d 分") % {"hours": hours, "minutes": minutes}
    return chip(words, "warn" if hours < LATE_RISK_HOURS else "")
