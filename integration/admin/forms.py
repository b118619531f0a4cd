"""What an owner fills in of keys and webhook."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from integration import rules
from integration.commands.webhooks import URL_MAX
from integration.models import EventKind, Scope

DAYS = [(30, _("30 天")), (90, _("90 天")), (180, _("180 天")), (365, _("一年"))]


class KeyForm(forms.Form):
    """What a key is called, what it may, and for how long."""

    name = forms.CharField(
        label=_("名称"),
        max_length=rules.NAME_MAX,
        help_text=_("写哪个系统用，如：仓库 ERP"),
        error_messages={"required": _("请填写名称")},
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"),
        choices=[(scope.value, f"{scope.label} · {scope.value}") for scope in Scope],
        help_text=_("只给这个系统用得到的"),
        error_messages={"required": _("请至少选一项权限")},
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    days = forms.TypedChoiceField(
        label=_("有效期"), choices=DAYS, coerce=int, initial=180, widget=UnfoldAdminSelectWidget
    )


class WebhookForm(forms.Form):
    """Where to push, and what."""

    url = forms.CharField(
        label=_("推送地址"),
        max_length=URL_MAX,
        help_text=_("以 https:// 开头的公网网址，10 秒内应答 2xx 才算收到"),
        error_messages={"required": _("请填写推送地址")},
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=_("推送什么"),
        choices=[(kind, f"{EventKind(kind).label} · {kind}") for kind in rules.EVENTS],
        error_messages={"required": _("请至少选一种事件")},
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class NothingToFill(forms.Form):
    """An act that needs no more than a yes."""
