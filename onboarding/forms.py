"""What a firm fills in, step by step, and what operators say of it. The commands judge it; forms carry it and show
what is wrong."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mall.core.documents import DocumentField
from members.queries import phone_as_kept
from suppliers.models import Category, QualificationKind

from .commands import COMMENT_MAX, PaperGiven
from .models import ApplicationPaper, Step


class CompanyForm(forms.Form):
    """The firm, as its licence says."""

    shop_name = forms.CharField(
        label=_("店铺名称"),
        max_length=20,
        help_text=_("买家在商城看到的名字，2 到 20 个字"),
        min_length=2,
        error_messages={"required": _("请填写店铺名称"), "min_length": _("店铺名称至少 2 个字")},
    )
    company_name = forms.CharField(
        label=_("公司名称"),
        max_length=60,
        help_text=_("与营业执照一致"),
        error_messages={"required": _("请填写公司名称")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    licence_number = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        help_text=_("营业执照上的 18 位代码"),
        error_messages={"required": _("请填写统一社会信用代码")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    legal_person = forms.CharField(
        label=_("法定代表人"), max_length=20, error_messages={"required": _("请填写法定代表人")}
    )
    address = forms.CharField(label=_("注册地址"), max_length=120, error_messages={"required": _("请填写注册地址")})
    contact_name = forms.CharField(
        label=_("联系人"),
        max_length=20,
        error_messages={"required": _("请填写联系人")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = forms.CharField(
        label=_("联系电话"),
        max_length=32,
        help_text=_("审核有疑问时打这个电话"),
        error_messages={"required": _("请输入 11 位手机号")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )

    def clean_contact_phone(self) -> str:
        try:
            return phone_as_kept(text=self.cleaned_data["contact_phone"])
        except ValueError as error:
            raise forms.ValidationError(gettext("请输入 11 位手机号")) from error


class PapersForm(forms.Form):
    """What is to be sold, the licence, and a number, a date and a document for each permit that any category asks for.

    `kinds` are the licence and those permits; `known` are the documents that are there already, by kind.
    """

    categories = forms.ModelMultipleChoiceField(
        Category.objects.filter(level__lte=1),
        label=_("经营类目"),
        error_messages={"required": _("请至少选一个经营类目")},
    )

    def __init__(self, *args: Any, kinds: list[str], known: dict[str, ApplicationPaper], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds, self.known = kinds, known
        for kind in kinds:
            label, paper = QualificationKind(kind).label, known.get(kind)
            if kind != QualificationKind.BUSINESS:
                self.fields[f"{kind}_number"] = forms.CharField(
                    label=_("编号"), max_length=40, required=False, initial=paper.number if paper else ""
                )
            self.fields[f"{kind}_valid_until"] = forms.DateField(
                label=_("有效期至"),
                required=False,
                initial=paper.valid_until if paper else None,
                help_text=_("长期有效的不填") if kind == QualificationKind.BUSINESS else "",
                error_messages={"invalid": _("请按 2027-12-31 这样填写日期")},
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"{kind}_document"] = DocumentField(label=label, required=False)

    def parts(self) -> list[dict[str, Any]]:
        """Return the fields of each kind together, for the page."""
        return [
            {
                "kind": kind,
                "label": QualificationKind(kind).label,
                "known": self.known.get(kind),
                "fields": [self[name] for name in (f"{kind}_number", f"{kind}_valid_until") if name in self.fields],
                "document": self[f"{kind}_document"],
            }
            for kind in self.kinds
        ]

    def given(self, pictures: dict[str, str]) -> list[PaperGiven]:
        """Return what was filled in, with the names of the pictures that were kept."""
        data = self.cleaned_data
        return [
            PaperGiven(
                kind=kind,
                number=data.get(f"{kind}_number", ""),
                valid_until=data[f"{kind}_valid_until"],
                picture=pictures.get(kind, ""),
            )
            for kind in self.kinds
        ]


class BankForm(forms.Form):
    """Where the firm is paid."""

    holder = forms.CharField(
        label=_("户名"),
        max_length=60,
        help_text=_("只能是公司账户，与公司名称一致"),
        error_messages={"required": _("请填写户名")},
    )
    bank_name = forms.CharField(
        label=_("开户行"), max_length=60, help_text=_("写到支行"), error_messages={"required": _("请填写开户行")}
    )
    number = forms.RegexField(
        r"^[0-9 ]{8,40}\Z",
        label=_("账号"),
        error_messages={"invalid": _("账号是 8 到 30 位数字"), "required": _("请填写账号")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class AgreementForm(forms.Form):
    """A signature: the version that was shown, the signer's name, and a tick that nobody sets for anybody."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("签署人姓名"),
        max_length=20,
        help_text=_("法定代表人，或者有权代表公司签署的人"),
        error_messages={"required": _("请填写签署人姓名")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agreed = forms.BooleanField(label="", error_messages={"required": _("请先阅读并同意供货协议")})


class ReturnForm(forms.Form):
    """What has to be changed, step by step; a step without words is right."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in Step:
            self.fields[step.value] = forms.CharField(
                label=step.label,
                max_length=COMMENT_MAX,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )


class RejectForm(forms.Form):
    """Why a firm is not taken."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=COMMENT_MAX,
        help_text=_("对方会原样看到这句话"),
        error_messages={"required": _("请写明原因")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NothingToFill(forms.Form):
    """An act that needs no more than a yes."""
