"""What a supplier fills in about stock: when a SKU runs low, and what is bought."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from suppliers.commands.restocking import QUANTITY_MAX
from suppliers.models import Restock


class PlanForm(forms.Form):
    """When a SKU runs low, how long goods take to come and should last, and how many come in a case."""

    safety = forms.IntegerField(
        label=_("安全库存"), min_value=0, max_value=QUANTITY_MAX, widget=UnfoldAdminIntegerFieldWidget
    )
    lead_days = forms.IntegerField(
        label=_("交期（天）"), min_value=0, max_value=180, widget=UnfoldAdminIntegerFieldWidget
    )
    cover_days = forms.IntegerField(
        label=_("备货（天）"),
        min_value=1,
        max_value=180,
        help_text=_("到货后想够卖多少天"),
        widget=UnfoldAdminIntegerFieldWidget,
    )
    case_size = forms.IntegerField(
        label=_("每箱件数"), min_value=1, max_value=QUANTITY_MAX, widget=UnfoldAdminIntegerFieldWidget
    )


class RestockForm(forms.Form):
    """How much of each SKU is bought, and when it should be there."""

    expected_date = forms.DateField(
        label=_("预计到货"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("备注"), max_length=80, required=False, widget=UnfoldAdminTextInputWidget)

    def __init__(self, data: QueryDict | None, *, lines: list[Any], today: date) -> None:
        first = min((line.plan.lead_days for line in lines), default=7)
        super().__init__(data, initial={"expected_date": date.fromordinal(today.toordinal() + first)})
        self.today = today
        for line in lines:
            self.fields[f"sku_{line.sku.pk}"] = forms.IntegerField(
                label=f"{line.sku.product.name} {line.sku.spec}",
                min_value=0,
                max_value=QUANTITY_MAX,
                initial=line.suggestion.quantity,
                required=False,
                help_text=gettext("建议 %(quantity)d 件，可售 %(available)d，在途 %(inbound)d")
                % {
                    "quantity": line.suggestion.quantity,
                    "available": line.available,
                    "inbound": line.inbound,
                },
                widget=UnfoldAdminIntegerFieldWidget,
            )

    def clean_expected_date(self) -> date:
        day: date = self.cleaned_data["expected_date"]
        if not self.today <= day <= date.fromordinal(self.today.toordinal() + 366):
            raise forms.ValidationError(gettext("预计到货应在今天到一年内"))
        return day

    def items(self) -> dict[int, int]:
        """Pieces by the SKU's id."""
        return _numbers(self.cleaned_data, "sku_")


class ReceiveForm(forms.Form):
    """How many pieces of each line came. At first all that are under way."""

    def __init__(self, data: QueryDict | None, *, restock: Restock) -> None:
        super().__init__(data)
        for line in restock.lines.all():
            left = line.quantity - line.received
            if left:
                self.fields[f"line_{line.pk}"] = forms.IntegerField(
                    label=f"{line.sku.product.name} {line.sku.spec}",
                    min_value=0,
                    max_value=left,
                    initial=left,
                    required=False,
                    help_text=gettext("在途 %d 件") % left,
                    widget=UnfoldAdminIntegerFieldWidget,
                )

    def items(self) -> dict[int, int]:
        """Pieces by the line's id."""
        return _numbers(self.cleaned_data, "line_")


class NothingToFill(forms.Form):
    pass


def _numbers(cleaned: dict[str, Any], prefix: str) -> dict[int, int]:
    given = {name: value for name, value in cleaned.items() if name.startswith(prefix) and value}
    return {int(name.removeprefix(prefix)): value for name, value in given.items()}
