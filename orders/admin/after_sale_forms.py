"""What suppliers and operators fill in about after-sale cases."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.core.photos import PhotosField
from orders.models import AfterSale, CaseKind, ParcelKind
from orders.refusals import Refusal
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

    def __init__(self, data: Any, *, case: AfterSale, no_way_back: Refusal | None = None) -> None:
        super().__init__(data)
        verdicts = [("refund", _("支持买家，退款"))]
        if case.kind != CaseKind.REFUND_ONLY and not any(
            parcel.kind == ParcelKind.RETURN for parcel in case.parcels.all()
        ):
            verdicts.append(("return", _("支持买家，先寄回商品")))
        if case.kind == CaseKind.EXCHANGE:
            verdicts.append(("resend", _("支持买家，商家补发")))
        if no_way_back is not None:
            verdicts.append(("transfer", _("支持买家，已另行转账退款")))
            self.fields["reason"].help_text = no_way_back.label
        verdicts.append(("close", _("支持商家，关闭售后")))
        verdict = forms.ChoiceField(
            label=_("裁定"),
            choices=verdicts,
            widget=forms.RadioSelect,
            error_messages={"required": _("请选择裁定结果")},
        )
        self.fields = {"verdict": verdict, **self.fields}


class NothingToFill(forms.Form):
    pass


class AgreeExchangeForm(forms.Form):
    """An exchange gives no money back, and so no freight."""

    def clean(self) -> dict[str, Any]:
        return {"with_freight": False}
