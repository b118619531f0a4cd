"""What a buyer fills in to ask suppliers for a price for a company, and the goods on that page."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .commands.enterprise import Asking, EnterpriseRefused, contact_phone_as_kept, credit_code_as_kept
from .rules import enterprise as rules

_QUANTITY = re.compile(r"quantity-([1-9][0-9]{0,18})", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,9}", re.ASCII)
# More than can be asked for, so that who has too many reads so instead of losing them.
_SHOWN_MAX = 60


class EnterpriseForm(forms.Form):
    """For which company, whom to call, by when. What the fields mean is checked by the command."""

    company_name = forms.CharField(
        label=gettext_lazy("公司名称"),
        max_length=rules.COMPANY_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        help_text=gettext_lazy("与营业执照一致"),
        error_messages={"required": gettext_lazy("请填写公司名称，与营业执照一致")},
    )
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("营业执照上的 18 位代码，也是发票的税号"),
        error_messages={"required": gettext_lazy("请填写统一社会信用代码")},
    )
    contact_name = forms.CharField(
        label=gettext_lazy("联系人"),
        max_length=rules.CONTACT_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("请填写联系人")},
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("联系电话"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        help_text=gettext_lazy("供应商平时看到的是隐藏的号码，查看时会留下记录"),
        error_messages={"required": gettext_lazy("请填写 11 位手机号")},
    )
    wanted_date = forms.DateField(
        label=gettext_lazy("最晚到货"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("请选明天到一年内的日期")),
    )
    invoice_title = forms.CharField(
        label=gettext_lazy("发票抬头"),
        max_length=rules.TITLE_MAX,
        required=False,
        help_text=gettext_lazy("选填，不填就开给上面的公司"),
    )
    note = forms.CharField(
        label=gettext_lazy("采购说明"),
        max_length=rules.WORDS_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("选填，例如用途、分批到货、定制要求"),
    )
    key = forms.CharField(
        max_length=64,
        widget=forms.HiddenInput,
        error_messages={"required": gettext_lazy("请求缺少编号，请刷新页面重试")},
    )

    def clean_credit_code(self) -> str:
        """What is wrong with it is said together with everything else that is wrong."""
        return _kept(credit_code_as_kept, self.cleaned_data["credit_code"])

    def clean_contact_phone(self) -> str:
        return _kept(contact_phone_as_kept, self.cleaned_data["contact_phone"])

    @staticmethod
    def new_key() -> str:
        """A fresh idempotency key."""
        return secrets.token_urlsafe(18)

    def asking(self) -> Asking:
        """What was filled in."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return Asking(**given)


def _kept(as_kept: Callable[..., str], text: str) -> str:
    try:
        return as_kept(text=text)
    except EnterpriseRefused as refusal:
        raise forms.ValidationError(str(refusal)) from refusal


def typed(data: QueryDict) -> dict[str, Any]:
    """Return what was typed so far, for a page that is drawn anew without being sent."""
    return {name: data.get(name, "")[:400] for name in EnterpriseForm.base_fields}


def typed_goods(data: QueryDict) -> dict[int, str]:
    """Return the goods of a page as it was sent: SKU id, and what was typed as its count."""
    found: dict[int, str] = {}
    for name, value in data.items():
        match = _QUANTITY.fullmatch(name)
        if match is not None and int(match[1]) < 2**63 and len(found) < _SHOWN_MAX:
            found[int(match[1])] = str(value).strip()[:9]
    return found


def items_of(goods: Mapping[int, str]) -> tuple[list[tuple[int, int]], dict[int, str]]:
    """Return goods with their counts, and what is wrong with a count by SKU id."""
    items, wrong = [], {}
    for sku_id, text in goods.items():
        count = int(text) if _COUNT.fullmatch(text) else 0
        if rules.is_agreed_quantity(count):
            items.append((sku_id, count))
        else:
            wrong[sku_id] = _("数量应为 1 到 %d 的整数") % rules.AGREED_QUANTITY_MAX
    return items, wrong


def with_more(goods: Mapping[int, str], more: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Return goods with some more after them; what is there already keeps its count."""
    return {**{sku_id: str(count) for sku_id, count in more if sku_id not in goods}, **goods}


class RefuseForm(forms.Form):
    """Why a quote is not accepted."""

    reason = forms.CharField(
        label=gettext_lazy("谢绝的原因"),
        max_length=rules.REASON_MAX,
        help_text=gettext_lazy("供应商看得到"),
        error_messages={"required": gettext_lazy("请写明原因，供应商看得到")},
    )
