"""A supplier's own orders to ship, at `/supplier/`. Who bought is shown only as far as a parcel needs it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from mall.core import clock
from mall.core.admin import act_page, moment_column, posted, supplier_site, yuan_column
from mall.core.admin.columns import chip, two_lines
from mall.core.admin.own_rows import OwnReadOnlyAdmin, OwnReadOnlyInline
from mall.core.names import masked_phone
from orders import commands
from orders.commands import OrderRefused, Refusal
from orders.models import Order, OrderLine, OrderState, Parcel
from orders.rules import PAID_STATES
from orders.rules.shipping import CARRIERS

# An address is needed while a parcel is under way, and not afterwards.
OPEN_STATES = (OrderState.PAID, OrderState.SHIPPED)
TONES: dict[str, str] = {
    OrderState.PAID: "warn",
    OrderState.SHIPPED: "info",
    OrderState.COMPLETED: "good",
    OrderState.REFUNDED: "bad",
}


class WaybillForm(forms.Form):
    """Who carries a parcel, and under which number."""

    carrier = forms.ChoiceField(
        label=_("快递公司"), choices=[(name, name) for name in CARRIERS], widget=UnfoldAdminSelectWidget
    )
    tracking_number = forms.RegexField(
        r"^[0-9A-Za-z-]{6,40}\Z",
        label=_("快递单号"),
        error_messages={"invalid": _("请填写 6 到 40 位字母或数字")},
        widget=UnfoldAdminTextInputWidget,
    )


class ParcelForm(WaybillForm):
    """A parcel of an order: who carries it, and how many pieces of each line lie in it. At first all that are left."""

    def __init__(self, data: QueryDict | None, *, order: Order) -> None:
        super().__init__(data)
        for line in order.lines.all():
            left = line.quantity - line.shipped_quantity - line.called_off_quantity
            if left:
                self.fields[f"line_{line.pk}"] = forms.IntegerField(
                    label=f"{line.product_name} {line.spec}",
                    min_value=0,
                    max_value=left,
                    initial=left,
                    help_text=gettext("还有 %d 件待发") % left,
                    widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric"}),
                    error_messages=dict.fromkeys(
                        ("required", "invalid", "min_value", "max_value"), Refusal.BAD_PACKING.label
                    ),
                )

    def items(self) -> dict[int, int]:
        """The pieces in this parcel by the line's id."""
        return {
            int(name.removeprefix("line_")): quantity
            for name, quantity in self.cleaned_data.items()
            if name.startswith("line_")
        }


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


@admin.register(Order, site=supplier_site)
class OrderDesk(OwnReadOnlyAdmin):
    """Paid orders of a supplier, those to ship first."""

    list_display = ("number", "state_shown", "goods", "recipient", "paid_at_shown", "shipped_at_shown")
    list_filter = ("state",)
    search_fields = ("number", "parcels__tracking_number")
    search_help_text = _("订单号或快递单号")
    ordering = ("-paid_at", "-id")
    inlines = (LineInline, ParcelInline)
    fields = (
        "number",
        "state_shown",
        "supply_total_yuan",
        "recipient_name_shown",
        "recipient_phone_shown",
        "recipient_address_shown",
        "note",
        "paid_at_shown",
        "shipped_at_shown",
        "received_at_shown",
    )
    readonly_fields = fields
    actions_row = ("ship",)
    actions_detail = ("ship",)

    supply_total_yuan = yuan_column("supply_total_fen", _("供货金额"))
    paid_at_shown = moment_column("paid_at", _("付款时间"))
    shipped_at_shown = moment_column("shipped_at", _("发货时间"))
    received_at_shown = moment_column("received_at", _("收货时间"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        own = super().get_queryset(request).filter(state__in=[*PAID_STATES, OrderState.REFUNDED])
        return own.prefetch_related("lines", "reminders")

    @admin.display(description=_("状态"))
    def state_shown(self, order: Order) -> str:
        if order.state == OrderState.PAID and any(line.shipped_quantity for line in order.lines.all()):
            return chip(gettext("部分发货"), "warn")
        return chip(order.get_state_display(), TONES.get(order.state, ""))

    @admin.display(description=_("商品"))
    def goods(self, order: Order) -> str:
        lines = list(order.lines.all())
        names = "、".join(line.product_name for line in lines)
        if order.state in OPEN_STATES and order.reminders.all():
            names = gettext("催 · %s") % names
        return two_lines(names, "、".join(f"{line.spec} × {line.quantity}" for line in lines))

    @admin.display(description=_("收货人"))
    def recipient(self, order: Order) -> str:
        return two_lines(self.recipient_name_shown(order), self.recipient_phone_shown(order))

    @admin.display(description=_("收货人"))
    def recipient_name_shown(self, order: Order) -> str:
        return order.recipient_name if order.state in OPEN_STATES else f"{order.recipient_name[:1]}**"

    @admin.display(description=_("收货电话"))
    def recipient_phone_shown(self, order: Order) -> str:
        phone = order.recipient_phone
        return phone.removeprefix("+86") if order.state == OrderState.PAID else masked_phone(phone)

    @admin.display(description=_("收货地址"))
    def recipient_address_shown(self, order: Order) -> str:
        return order.recipient_address if order.state in OPEN_STATES else "—"

    @action(description=_("发货"), url_path="ship")
    def ship(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Hand the parcel to a carrier."""
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
                (_("备注"), order.note or "—"),
            ),
        )
