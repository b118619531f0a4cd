"""What a shopkeeper says to ask for a sample."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Address


class SampleForm(forms.Form):
    """How it is to be sold, and where the piece goes: to one of the own addresses."""

    words = forms.CharField(
        label=_("打算怎么卖"),
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("卖给谁、在哪里推荐、预计能卖多少")}),
        error_messages={
            "required": _("请写一句打算怎么卖，供应商据此决定寄不寄"),
            "max_length": _("请用 120 字以内写打算怎么卖"),
        },
    )
    address_id = forms.TypedChoiceField(
        label=_("寄到"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择收货地址")),
    )

    def __init__(self, data: Any, *, addresses: Sequence[Address]) -> None:
        super().__init__(data, initial={"address_id": addresses[0].pk} if addresses else {})
        self._addresses = {address.pk: address for address in addresses}
        chosen: Any = self.fields["address_id"]
        chosen.choices = [(address.pk, address.text) for address in addresses]

    def address(self) -> Address:
        """The address that was chosen."""
        return self._addresses[self.cleaned_data["address_id"]]
