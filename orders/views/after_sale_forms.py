"""What a buyer sends about after-sale: choices, counts, and of money only how much less he is content with."""

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mall.core.photos import PhotosField
from orders.commands import Refusal
from orders.models import CaseKind, CaseReason
from orders.queries.after_sale import CaseChoice, OfferLine
from orders.rules import returning as rules
from orders.rules.shipping import CARRIERS

KIND_WORDS = {
    "call_off": (_("退款，不用等发货"), _("还没有发出的部分，提交后马上退款")),
    rules.REFUND_ONLY: (_("仅退款"), _("没收到货、少件，或不用退回商品")),
    rules.RETURN_REFUND: (_("退货退款"), _("已收到商品，寄回后退款")),
    rules.EXCHANGE: (_("换货"), _("商品有问题，寄回后换同款")),
}


class CaseForm(forms.Form):
    """Everything that opens a case. What is on offer decides which answers are possible."""

    quantity = forms.IntegerField(
        label=_("件数"),
        min_value=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), Refusal.CASE_QUANTITY.label),
    )
    amount = forms.DecimalField(
        label=_("退款金额"),
        required=False,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal("0.01"),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), Refusal.CASE_AMOUNT.label
        ),
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
    )
    note = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=rules.NOTE_MAX,
        error_messages={"max_length": Refusal.CASE_TEXT.label},
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": _("选填，说清楚商家处理得更快")}),
    )
    photos = PhotosField(label=_("凭证图片"), required=False, count_max=rules.EVIDENCE_MAX)

    def __init__(self, data: QueryDict | None, files: Any, *, choice: CaseChoice, offer: OfferLine) -> None:
        super().__init__(data, files)
        self.choice, self.offer = choice, offer
        quantity = self.fields["quantity"]
        quantity.widget.attrs |= {"max": choice.quantity_max, "inputmode": "numeric"}
        quantity.initial = choice.quantity_max if choice.before_shipping else 1
        self.fields["reason"] = forms.ChoiceField(
            label=_("原因"),
            choices=[(reason.code, CaseReason(reason.code).label) for reason in choice.reasons],
            widget=forms.RadioSelect,
            error_messages=dict.fromkeys(("required", "invalid_choice"), Refusal.CASE_REASON.label),
        )

    def clean_quantity(self) -> int:
        quantity: int = self.cleaned_data["quantity"]
        if quantity > self.choice.quantity_max:
            raise forms.ValidationError(Refusal.CASE_QUANTITY.label)
        return quantity

    def clean_amount(self) -> int | None:
        """The amount in fen; none asks for all that the pieces cost."""
        amount = self.cleaned_data["amount"]
        return None if amount is None else int(amount * 100)

    @property
    def may_ask_less(self) -> bool:
        """Money alone may be less than the pieces cost; whoever gives pieces back gets all of it."""
        return self.choice.kind == CaseKind.REFUND_ONLY and not self.choice.before_shipping


class WaybillForm(forms.Form):
    """By which parcel goods go back."""

    carrier = forms.ChoiceField(label=_("快递公司"), choices=[(name, name) for name in CARRIERS])
    tracking_number = forms.RegexField(
        r"^[0-9A-Za-z-]{6,40}\Z",
        label=_("快递单号"),
        error_messages=dict.fromkeys(("required", "invalid"), _("请填写 6 到 40 位字母或数字")),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": 40}),
    )


class DisputeForm(forms.Form):
    """Why the platform should look at it, with what else there is to see."""

    text = forms.CharField(
        label=_("说明情况"),
        max_length=rules.NOTE_MAX,
        error_messages=dict.fromkeys(("required", "max_length"), Refusal.CASE_TEXT.label),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photos = PhotosField(label=_("补充凭证"), required=False, count_max=rules.EVIDENCE_MAX)


class SpeakForm(forms.Form):
    """What else the buyer has to say and to show while the platform decides."""

    text = forms.CharField(
        label=_("补充说明"),
        max_length=rules.NOTE_MAX,
        error_messages=dict.fromkeys(("required", "max_length"), Refusal.CASE_TEXT.label),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    photos = PhotosField(label=_("补充凭证"), required=False, count_max=rules.EVIDENCE_MAX)
