"""The page of the switch that stops all payouts, and the word about it on every page of operators."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import act_page, operator, ops_site, posted
from mall.core.admin.columns import moment
from payouts.commands import HoldRefused, ask_to_lift, lift_stop, stop_payouts
from payouts.queries import past_stops, payouts_stopped, standing_stop

STOP = "payouts.stop_payouts"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写进记录，永久保存。"),
        error_messages={"required": gettext_lazy("请写明原因")},
    )


class NothingToFill(forms.Form):
    pass


def environment(request: HttpRequest) -> list[str] | None:
    """Say on every page of `/ops/` that payouts are stopped."""
    return [str(_("打款已全部暂停")), "danger"] if payouts_stopped() else None


@ops_site.page("payouts/stop/", name="payouts_stop", permission="payouts.view_withdrawal")
def stop_page(request: HttpRequest) -> HttpResponseBase:
    """How the switch stands, what it does, and when it was used."""
    stop = standing_stop()
    context: dict[str, Any] = {
        **ops_site.each_context(request),
        "title": _("打款总开关"),
        "stop": stop,
        "past": past_stops(limit=20),
        "may": request.user.has_perm(STOP),
        "asked_by_me": stop is not None and stop.lift_asked_by_id == request.user.pk,
    }
    return TemplateResponse(request, "ops/payout_stop.html", context)


@ops_site.page("payouts/stop/place/", name="payouts_stop_place", permission=STOP)
def place(request: HttpRequest) -> HttpResponseBase:
    def run(data: dict[str, Any]) -> str:
        stop_payouts(reason=data["reason"], by=operator(request), at=clock.now())
        return _("打款已全部暂停。")

    return _act(
        request,
        run,
        title=_("暂停全部打款"),
        button=_("立即暂停"),
        warning=_(
            "暂停后不能申请提现、初审、复核或打款，正在渠道处理的转账除外。订单、奖励和结算照常记账，不会丢失。"
            "恢复须两人。"
        ),
        dangerous=True,
    )


@ops_site.page("payouts/stop/ask/", name="payouts_stop_ask", permission=STOP)
def ask(request: HttpRequest) -> HttpResponseBase:
    def run(data: dict[str, Any]) -> str:
        ask_to_lift(reason=data["reason"], by=operator(request), at=clock.now())
        return _("已申请恢复，请另一位同事确认。")

    return _act(
        request,
        run,
        title=_("申请恢复打款"),
        button=_("申请恢复"),
        warning=_("须由另一位同事确认后才恢复。"),
    )


@ops_site.page("payouts/stop/lift/", name="payouts_stop_lift", permission=STOP)
def lift(request: HttpRequest) -> HttpResponseBase:
    def run(_data: dict[str, Any]) -> str:
        lift_stop(by=operator(request), at=clock.now())
        return _("打款已恢复，排队的提现可以继续处理。")

    return _act(request, run, form=NothingToFill(posted(request)), title=_("确认恢复打款"), button=_("恢复打款"))


def _act(request: HttpRequest, run: Callable[[dict[str, Any]], str], **page: Any) -> HttpResponseBase:
    if not request.user.has_perm(STOP):
        raise PermissionDenied
    stop = standing_stop()
    facts = []
    if stop is not None:
        facts = [
            (_("暂停人"), f"{stop.stopped_by}，{moment(stop.stopped_at)}"),
            (_("暂停原因"), stop.reason),
            (_("申请恢复"), f"{stop.lift_asked_by}：{stop.lift_reason}" if stop.lift_asked_by else _("还没有")),
        ]
    record = reverse("ops:payouts_stop")
    form = page.pop("form", None) or ReasonForm(posted(request))
    return act_page(
        request,
        site=ops_site,
        form=form,
        run=run,
        refusals=(HoldRefused,),
        done=record,
        back=record,
        facts=facts,
        **page,
    )
