"""What customers send to the service."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mall.core.photos import PhotosField

from .models import Kind, Topic
from .rules import PHOTOS_MAX, TEXT_MAX

SWITCHES = (
    (Kind.TRADE, _("付款、发货、评价的进展；退款和售后结果总会通知你")),
    (Kind.GOODS, _("收藏的商品降价、等的商品到货；小店商品变价和缺货")),
    (Kind.EARNINGS, _("奖励和任务的提醒；提现结果总会通知你")),
    (Kind.SYSTEM, _("工单进展和规则变更；客服的回复总会通知你")),
)


class SwitchesForm(forms.Form):
    """Which kinds of messages the member wants. What is needed comes all the same."""

    kinds = forms.MultipleChoiceField(choices=Kind, required=False)

    def muted(self) -> set[Kind]:
        return set(Kind) - {Kind(kind) for kind in self.cleaned_data["kinds"]}


class PostForm(forms.Form):
    """Something to say, perhaps with photos."""

    text = forms.CharField(
        label=_("问题描述"),
        max_length=TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": _("发生了什么、希望怎么解决。不要写密码和验证码。")}),
        error_messages={"required": _("请写下要说的话"), "max_length": _("最多写 1000 个字")},
    )
    photos = PhotosField(
        label=_("照片"), count_max=PHOTOS_MAX, required=False, help_text=_("最多 6 张，只有客服看得到")
    )


class TicketForm(PostForm):
    """A new ticket. `key` is made with the page, so that a second tap opens nothing twice."""

    topic = forms.ChoiceField(
        label=_("问题类型"),
        choices=Topic,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选择问题类型")),
    )
    order = forms.CharField(label=_("相关订单"), max_length=40, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    @staticmethod
    def new_key() -> str:
        return secrets.token_urlsafe(18)


class ReplyForm(PostForm):
    """Going on in a ticket."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("继续说")
        self.fields["text"].widget.attrs |= {"rows": 3, "placeholder": _("补充情况，或者回答客服的问题")}


class PraiseForm(forms.Form):
    """How it was."""

    stars = forms.TypedChoiceField(
        label=_("满意度"),
        choices=[(5, _("5 星，很满意")), (4, _("4 星")), (3, _("3 星")), (2, _("2 星")), (1, _("1 星，不满意"))],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("请选 1 到 5 星")),
    )
    words = forms.CharField(label=_("说两句"), max_length=200, required=False)
