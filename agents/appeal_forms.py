"""What members send in appeals, and operators decide."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.core.photos import PhotosField

from .models import Doubt, Outcome
from .rules import PHOTOS_MAX, TEXT_MAX


class SayingForm(forms.Form):
    """Something to say, perhaps with photos."""

    text = forms.CharField(
        label=_("说明"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": _("哪里不对、你认为应该是多少、依据是什么")}),
        error_messages={"required": _("请写下要说的话"), "max_length": _("最多写 1000 个字")},
    )
    photos = PhotosField(
        label=_("照片"), count_max=PHOTOS_MAX, required=False, help_text=_("最多 6 张，只有处理的同事看得到")
    )


class AppealForm(SayingForm):
    """A new appeal. `key` is made with the page, so that a second tap opens nothing twice."""

    doubt = forms.ChoiceField(
        label=_("哪里有疑问"),
        choices=Doubt,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择哪里有疑问")),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @staticmethod
    def new_key() -> str:
        return secrets.token_urlsafe(18)


class MoreForm(SayingForm):
    """Going on in an appeal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("补充说明")
        self.fields["text"].widget.attrs |= {"rows": 3, "placeholder": _("补充情况，或者回答同事的问题")}


class AgainForm(forms.Form):
    """Doubting a decision."""

    text = forms.CharField(
        label=_("为什么不同意"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写下要说的话"), "max_length": _("最多写 1000 个字")},
    )


class DecisionForm(forms.Form):
    """What an operator decides, with the reason that the member reads."""

    outcome = forms.ChoiceField(
        label=_("结论"),
        choices=Outcome,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择结论")),
    )
    text = forms.CharField(
        label=_("理由（会员会看到）"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("请写明理由"), "max_length": _("最多写 1000 个字")},
    )
