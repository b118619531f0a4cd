"""What operators fill in when they decide on a withdrawal."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from payouts.commands import REASON_MAX


class Decision(forms.Form):
    """Nothing to fill in: the page itself is what is confirmed."""


# What is said most often; the member reads it as it stands here.
TEMPLATES = (
    gettext_lazy("收款账户的户名和实名不一致，请换成本人账户后重新申请。"),
    gettext_lazy("收款账户暂时收不了款，请换一个账户后重新申请。"),
    gettext_lazy("来源订单还在售后，处理完再申请。"),
    gettext_lazy("实名资料需要更新，请更新后重新申请。"),
)


class Rejection(forms.Form):
    """A sentence that is said often, words of one's own, or both."""

    template = forms.TypedChoiceField(
        label=gettext_lazy("常用原因"),
        required=False,
        choices=[("", gettext_lazy("不用，自己写")), *((str(place), words) for place, words in enumerate(TEMPLATES))],
    )
    reason = forms.CharField(
        label=gettext_lazy("驳回原因"),
        max_length=REASON_MAX,
        required=False,
        help_text=gettext_lazy("会员会看到原文，请写清楚怎样才能通过。选了常用原因，这里可以补充。"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = data.get("template") or ""
        said = str(TEMPLATES[int(chosen)]) if chosen else ""
        words = f"{said}{data.get('reason') or ''}".strip()
        if not words and "reason" not in self.errors and "template" not in self.errors:
            self.add_error("reason", _("请填写驳回原因，会员会看到原文"))
        data["reason"] = words[:REASON_MAX]
        return data


class Recall(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("撤回原因"),
        max_length=REASON_MAX,
        help_text=gettext_lazy("会员会看到原文。"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写撤回原因，会员会看到原文")},
    )


class ByHand(forms.Form):
    """What became of a transfer at the bank's own desk."""

    reference = forms.CharField(
        label=gettext_lazy("银行或支付宝的流水号"),
        max_length=64,
        required=False,
        help_text=gettext_lazy("已经打成的填这里"),
    )
    reason = forms.CharField(
        label=gettext_lazy("没有打成的原因"),
        max_length=REASON_MAX,
        required=False,
        help_text=gettext_lazy("没有打成的填这里，金额退回会员"),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("reference")) == bool(data.get("reason")):
            raise forms.ValidationError(_("流水号和原因只填一个"))
        return data
