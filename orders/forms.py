"""What a buyer sends with an order: ids, counts and a note. Prices are the server's alone."""

import secrets

from django import forms
from django.utils.translation import gettext_lazy as _

from .commands import Refusal
from .rules import NOTE_MAX, QUANTITY_MAX

BIGGEST_ID = 2**63 - 1


class ItemForm(forms.Form):
    """The one SKU that is bought, and how many of it."""

    sku = forms.IntegerField(min_value=1, max_value=BIGGEST_ID, widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        min_value=1,
        max_value=QUANTITY_MAX,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), Refusal.BAD_QUANTITY.label),
    )

    def items(self) -> list[tuple[int, int]]:
        """The purchase as the commands take it."""
        return [(self.cleaned_data["sku"], self.cleaned_data["quantity"])]


class CheckoutForm(ItemForm):
    """An order about to be placed. The key is made with the page, so that a second tap places nothing twice."""

    address = forms.IntegerField(
        min_value=1,
        max_value=BIGGEST_ID,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), Refusal.BAD_ADDRESS.label),
    )
    note = forms.CharField(
        label=_("备注"),
        required=False,
        max_length=NOTE_MAX,
        error_messages={"max_length": Refusal.BAD_NOTE.label},
        widget=forms.TextInput(attrs={"placeholder": _("选填，写给商家")}),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput, error_messages={"required": Refusal.BAD_KEY.label})

    @staticmethod
    def new_key() -> str:
        """A fresh idempotency key."""
        return secrets.token_urlsafe(18)


class RefundForm(forms.Form):
    """Why an order goes back. One of a few reasons, so that it can be counted."""

    REASONS = (
        ("changed_mind", _("不想要了")),
        ("wrong_order", _("拍错了")),
        ("not_as_described", _("和描述不一致")),
        ("damaged", _("收到时有破损")),
        ("late", _("迟迟没有收到")),
    )
    reason = forms.ChoiceField(
        label=_("退款原因"),
        choices=REASONS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择退款原因")),
    )

    def reason_text(self) -> str:
        """The reason in words, as the supplier reads it."""
        return str(dict(self.REASONS)[self.cleaned_data["reason"]])
