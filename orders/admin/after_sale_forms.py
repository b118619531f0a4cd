"""What suppliers and operators fill in about after-sale cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.core.photos import PhotosField
from orders.queries.deciding import Outcome
from orders.rules import returning as rules


class AgreeForm(forms.Form):
    with_freight = forms.BooleanField(label=_("同时退运费（商家责任时）"), required=False)


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("拒绝的原因"),
        max_length=rules.NOTE_MAX,
        help_text=_("买家看得到，平台介入时也会看。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写拒绝的原因")},
    )
    photos = PhotosField(label=_("凭证图片"), required=False, count_max=rules.EVIDENCE_MAX)


class TakeBackForm(forms.Form):
    restock = forms.TypedChoiceField(
        label=_("退回的商品"),
        choices=(("yes", _("完好，放回库存")), ("no", _("有损坏，报损"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择退回的商品怎么处理")},
    )


class AddressForm(forms.Form):
    name = forms.CharField(label=_("收件人"), max_length=40)
    phone = forms.CharField(label=_("电话"), max_length=20)
    address = forms.CharField(label=_("地址"), max_length=200)


class DecideForm(forms.Form):
    reason = forms.CharField(
        label=_("裁定的理由"),
        max_length=rules.NOTE_MAX,
        help_text=_("买家和商家都看得到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写裁定的理由")},
    )
    with_freight = forms.BooleanField(label=_("同时退运费（商家责任时）"), required=False)
    seen_fen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, outcomes: list[Outcome]) -> None:
        """`outcomes` are what can be decided, as the page shows them: what it showed comes back with the form."""
        gives_back = next((one.refund for one in outcomes if one.refund is not None), None)
        super().__init__(data, initial={"seen_fen": gives_back.goods_fen if gives_back else None})
        verdicts = {one.verdict.value: one.verdict.label for one in outcomes}
        no_way_back = next((one.refusal for one in outcomes if one.refusal is not None), None)
        if not any(one.with_freight for one in outcomes):
            del self.fields["with_freight"]
        if no_way_back is not None:
            self.fields["reason"].help_text = no_way_back.label
        verdict = forms.ChoiceField(
            label=_("裁定"),
            choices=list(verdicts.items()),
            widget=forms.RadioSelect,
            error_messages={"required": _("请选择裁定结果")},
        )
        self.fields = {"verdict": verdict, **self.fields}


class SpeakForm(forms.Form):
    text = forms.CharField(
        label=_("补充说明"),
        max_length=rules.NOTE_MAX,
        help_text=_("买家和平台都看得到，裁定前最多补充 5 次。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下要补充的话")},
    )
    photos = PhotosField(label=_("凭证图片"), required=False, count_max=rules.EVIDENCE_MAX)


class NothingToFill(forms.Form):
    pass


class AgreeExchangeForm(forms.Form):
    """An exchange gives no money back, and so no freight."""

    def clean(self) -> dict[str, Any]:
        return {"with_freight": False}
