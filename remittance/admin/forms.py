"""What suppliers and operators fill in about statements."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from mall.core.admin.fields import HundredthsField
from mall.core.photos import PhotosField
from remittance.models import Period


class NothingToFill(forms.Form):
    """An act that needs no more than a yes."""


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=120,
        error_messages={"required": _("请写明原因")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class DisputeForm(forms.Form):
    """What is wrong with a line."""

    reason = forms.CharField(
        label=_("哪里不对"),
        max_length=200,
        help_text=_("写清楚应该是多少、依据是什么，平台核对后在这里答复"),
        error_messages={"required": _("请写明哪里不对")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class AccountForm(forms.Form):
    """Where the supplier is paid."""

    holder = forms.CharField(
        label=_("户名"), max_length=60, help_text=_("与营业执照一致"), widget=UnfoldAdminTextInputWidget
    )
    bank_name = forms.CharField(
        label=_("开户行"), max_length=60, help_text=_("写到支行"), widget=UnfoldAdminTextInputWidget
    )
    number = forms.RegexField(
        r"^[0-9 ]{8,40}\Z",
        label=_("账号"),
        error_messages={"invalid": _("账号是 8 到 30 位数字")},
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class InvoiceForm(forms.Form):
    """The supplier's invoice for a statement."""

    number = forms.RegexField(
        r"^[0-9A-Za-z-]{6,30}\Z",
        label=_("发票号码"),
        error_messages={"invalid": _("请填写 6 到 30 位字母或数字")},
        widget=UnfoldAdminTextInputWidget,
    )
    amount_fen = HundredthsField(unit="元", label=_("价税合计（元）"))
    photos = PhotosField(label=_("发票图片"), count_max=1, required=True)


class ReleaseForm(forms.Form):
    """What the bank says of the transfer."""

    bank_reference = forms.RegexField(
        r"^[0-9A-Za-z-]{6,64}\Z",
        label=_("银行流水号"),
        help_text=_("先在网银按上面的账户和金额转账，再把流水号填在这里"),
        error_messages={"invalid": _("请填写 6 到 64 位字母或数字"), "required": _("请填写银行流水号")},
        widget=UnfoldAdminTextInputWidget,
    )


class AnswerForm(forms.Form):
    """The mall's answer to a dispute."""

    answer = forms.CharField(
        label=_("答复"),
        max_length=200,
        help_text=_("供应商会看到原文"),
        error_messages={"required": _("请写明答复")},
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )
    amount_fen = HundredthsField(
        unit="元",
        label=_("补给供应商（元）"),
        required=False,
        help_text=_("不填就是维持原账。填了要由另一位同事复核，计入下一张对账单"),
    )


class TermsForm(forms.Form):
    """How a supplier is settled with."""

    starts_on = forms.DateField(label=_("生效日期"), widget=UnfoldAdminSingleDateWidget)
    period = forms.ChoiceField(label=_("结算周期"), choices=Period.choices, widget=UnfoldAdminSelectWidget)
    fee_bps = HundredthsField(unit="%", label=_("平台服务费（%）"), help_text=_("按供货款减退款计，最高 30"))
    commission_bps = HundredthsField(
        unit="%", label=_("承担零售佣金（%）"), help_text=_("100 是全部由供应商承担，0 是全部由平台承担")
    )
