"""What a supplier fills in to ship, to print and to look at where parcels go."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from orders.commands.revealing import REASON_MAX
from orders.models import Order
from orders.queries.fulfilment import left_of
from orders.refusals import Refusal
from orders.rules.shipping import CARRIERS, WAYBILL_PATTERN


class WaybillForm(forms.Form):
    """Who carries a parcel, and under which number."""

    carrier = forms.ChoiceField(
        label=_("快递公司"), choices=[(name, name) for name in CARRIERS], widget=UnfoldAdminSelectWidget
    )
    tracking_number = forms.RegexField(
        rf"^{WAYBILL_PATTERN}\Z",
        label=_("快递单号"),
        error_messages={"invalid": _("请填写 6 到 40 位字母或数字")},
        widget=UnfoldAdminTextInputWidget,
    )


class ParcelForm(WaybillForm):
    """A parcel of an order: who carries it, and how many pieces of each line lie in it. At first all that are left."""

    def __init__(self, data: QueryDict | None, *, order: Order) -> None:
        super().__init__(data)
        for line in order.lines.all():
            left = left_of(line)
            if left:
                self.fields[f"line_{line.pk}"] = forms.IntegerField(
                    label=f"{line.product_name} {line.spec}",
                    min_value=0,
                    max_value=left,
                    initial=left,
                    help_text=gettext("还有 %d 件待发，分几个包裹发就填这个包裹里的件数") % left,
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


class ReasonForm(forms.Form):
    """Why somebody has to see where parcels go."""

    reason = forms.CharField(
        label=_("查看原因"),
        max_length=REASON_MAX,
        help_text=_("会记下你的账号、时间、订单和原因，平台可以查到"),
        widget=UnfoldAdminTextInputWidget(attrs={"list": "reveal-reasons", "autocomplete": "off"}),
        error_messages={"required": _("请写明查看的原因")},
    )


class SheetDownloadForm(forms.Form):
    """With a reason the table tells where the parcels go, without one it is masked."""

    reason = forms.CharField(
        label=_("带上收货信息的原因"),
        max_length=REASON_MAX,
        required=False,
        help_text=_("不填则收货人、电话和地址打码；填了会逐单记下是谁、什么时候、为什么"),
        widget=UnfoldAdminTextInputWidget(attrs={"list": "reveal-reasons", "autocomplete": "off"}),
    )


class SheetForm(forms.Form):
    """A filled-in table."""

    file = forms.FileField(
        label=_("填好的表（xlsx）"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("请选择文件"), "empty": _("这是一个空文件")},
    )


class LabelsForm(ReasonForm):
    """Of which orders labels are printed."""

    orders = forms.TypedMultipleChoiceField(
        label=_("订单"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个订单"), "invalid_choice": _("订单状态已变化，请刷新页面")},
    )
    field_order = ("reason", "orders")

    def __init__(self, data: QueryDict | None, *, orders: list[Any]) -> None:
        super().__init__(data, initial={"orders": [order.pk for order in orders], "reason": gettext("打印面单")})
        chosen: Any = self.fields["orders"]
        chosen.choices = [(order.pk, f"{order.number} · {_goods(order)}") for order in orders]


def _goods(order: Order) -> str:
    return "、".join(f"{line.product_name} × {left_of(line)}" for line in order.lines.all() if left_of(line))
