"""What a customer sends about an adviser, and a member who wants to be one."""

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

CODE_MAX = 20
WORDS_MAX = 300
STATEMENT_MAX = 200


class AdviserCodeForm(forms.Form):
    """The code of the shopkeeper to change to, as people type it."""

    code = forms.CharField(
        label=_("店主码"),
        max_length=CODE_MAX,
        error_messages={"required": _("请填写店主码"), "max_length": _("店主码是 8 位字母和数字")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

    def clean_code(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["code"]).replace(" ", "").upper()


class ContestForm(forms.Form):
    """Why an adviser should not be the customer's."""

    words = forms.CharField(
        label=_("理由"),
        max_length=WORDS_MAX,
        error_messages={"required": _("请写明理由"), "max_length": _("请用 300 字以内写明理由")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": WORDS_MAX}),
    )


class ShopkeeperForm(forms.Form):
    """An application: a few words, and the agreement, which nobody ticks for anybody."""

    statement = forms.CharField(
        label=_("介绍一下自己"),
        max_length=STATEMENT_MAX,
        required=False,
        help_text=_("选填：熟悉哪类商品，打算怎样介绍给客户"),
        error_messages={"max_length": _("请用 200 字以内介绍")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": STATEMENT_MAX}),
    )
    agreed = forms.BooleanField(label="", error_messages={"required": _("请先阅读并同意店主协议")})


def refused(form: forms.Form, field: str | None, message: Any) -> forms.Form:
    """Return a valid form with what was refused after all, and what was typed still in it."""
    form.add_error(field, message)
    return form
