"""Targets and promises: how they stand, and setting them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from insights.commands import InsightsRefused, set_goal, set_target
from insights.models import GoalKind, TargetKind
from insights.queries import (
    GoalTrack,
    goal_history,
    goal_tracks,
    goals_in_force,
    known,
    target_history,
    targets_in_force,
)
from insights.rules import BPS, COUNT, FEN, PROMISED, TARGETS
from mall.core import clock
from mall.core.admin import act_page, operator, ops_site, posted
from mall.core.admin.columns import moment
from mall.core.admin.fields import HundredthsField

from .words import figure, signed

VIEW, SET = "insights.view_target", "insights.set_target"
BASES = {
    GoalKind.MEMBERS: gettext_lazy("加入过的全部会员"),
    GoalKind.AGENTS: gettext_lazy("成为过代理的全部会员，合伙人在内"),
    GoalKind.EFFICIENCY: gettext_lazy("30 天里从付款到发货的平均用时；用时越短，效率越高"),
    GoalKind.STOCK_OUT: gettext_lazy("30 天里每天卖空的规格占在售的多少，取平均"),
    GoalKind.REPEAT: gettext_lazy("30 天里付过款的人，之前已经付过款的占多少"),
    GoalKind.AOV: gettext_lazy("30 天销售额 ÷ 付款订单数"),
}
UNITS = {
    GoalKind.MEMBERS: COUNT,
    GoalKind.AGENTS: COUNT,
    GoalKind.STOCK_OUT: BPS,
    GoalKind.REPEAT: BPS,
    GoalKind.AOV: FEN,
}
MONEY_LABEL, RATE_LABEL = gettext_lazy("目标（元）"), gettext_lazy("目标（%）")


class ReasonForm(forms.Form):
    """Why something is set: it stands in the history."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("写进版本记录，例如：双十一备货后调整。"),
        error_messages={"required": gettext_lazy("请写明原因")},
    )


class TargetForm(ReasonForm):
    """What a figure should be; empty: nothing."""

    field_order = ("value", "reason")

    def __init__(self, data: Any = None, *, kind: str, value: int | None) -> None:
        super().__init__(data, initial={"value": value})
        unit = TARGETS[kind].unit
        words = _("留空就是不设目标。")
        if unit == COUNT:
            self.fields["value"] = forms.IntegerField(label=_("目标"), min_value=0, required=False, help_text=words)
        else:
            label = MONEY_LABEL if unit == FEN else RATE_LABEL
            self.fields["value"] = HundredthsField(
                unit="元" if unit == FEN else "%", label=label, required=False, help_text=words
            )
        self.order_fields(self.field_order)


class GoalForm(ReasonForm):
    """By how much a figure changes from when until when."""

    field_order = ("start_date", "due_date", "down", "change", "reason")
    start_date = forms.DateField(
        label=gettext_lazy("起点日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("起点的数字按这一天的日汇总取，不用填。"),
        error_messages={"required": gettext_lazy("请选择日期"), "invalid": gettext_lazy("请选择日期")},
    )
    due_date = forms.DateField(
        label=gettext_lazy("到期日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("请选择日期"), "invalid": gettext_lazy("请选择日期")},
    )
    down = forms.ChoiceField(
        label=gettext_lazy("方向"),
        choices=[("up", gettext_lazy("提高")), ("down", gettext_lazy("降低"))],
        widget=forms.RadioSelect,
    )
    change = HundredthsField(
        unit="%", label=gettext_lazy("变化（%）"), error_messages={"required": gettext_lazy("请填写变化多少")}
    )


@ops_site.page("aims/", name="aims", permission=VIEW)
def aims(request: HttpRequest) -> HttpResponseBase:
    """All targets and promises as they stand."""
    goals, targets = goals_in_force(), targets_in_force()
    days = known(at=clock.now(), since=min((goal.start_date for goal in goals.values()), default=None))
    context: dict[str, Any] = {
        **ops_site.each_context(request),
        "title": _("目标和承诺"),
        "goals": shown_goals(goal_tracks(goals, days)),
        "targets": [_target(kind, targets.get(kind.value)) for kind in TargetKind],
        "may_set": request.user.has_perm(SET),
    }
    return TemplateResponse(request, "ops/aims.html", context)


@ops_site.page("aims/targets/<slug:kind>/", name="aims_target", permission=SET)
def target_page(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Set one target; below, how it was set before."""
    if kind not in TargetKind.values:
        raise Http404
    standing = targets_in_force().get(kind)
    value, label, unit = standing.value if standing else None, TargetKind(kind).label, TARGETS[kind].unit

    def run(data: dict[str, Any]) -> str:
        set_target(kind=kind, value=data["value"], reason=data["reason"], by=operator(request), at=clock.now())
        return _("%s的目标已更新。") % label

    history = [(one, figure(unit, one.value), moment(one.set_at)) for one in target_history(kind)]
    return _act(
        request,
        title=_("目标：%s") % label,
        form=TargetForm(posted(request), kind=kind, value=value),
        run=run,
        facts=[(_("现在的目标"), figure(unit, value) if value is not None else _("没有目标"))],
        history=history,
    )


@ops_site.page("aims/goals/<slug:kind>/", name="aims_goal", permission=SET)
def goal_page(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Make one promise; below, what was promised before."""
    if kind not in GoalKind.values:
        raise Http404
    found = GoalKind(kind)
    goal = goals_in_force().get(kind)
    promised = goal.change_bps if goal else PROMISED[kind]
    down = found == GoalKind.STOCK_OUT if promised is None else promised < 0
    initial = {
        "start_date": goal.start_date if goal else None,
        "due_date": goal.due_date if goal else None,
        "down": "down" if down else "up",
        "change": None if promised is None else abs(promised),
    }

    def run(data: dict[str, Any]) -> str:
        set_goal(
            kind=kind,
            start_date=data["start_date"],
            due_date=data["due_date"],
            change_bps=-data["change"] if data["down"] == "down" else data["change"],
            reason=data["reason"],
            by=operator(request),
            at=clock.now(),
        )
        return _("承诺“%s”已更新。") % found.label

    history = [
        (one, f"{signed(one.change_bps)}%（{one.start_date:%Y-%m-%d} → {one.due_date:%Y-%m-%d}）", moment(one.set_at))
        for one in goal_history(kind)
    ]
    return _act(
        request,
        title=_("承诺：%s") % found.label,
        form=GoalForm(posted(request), initial=initial),
        run=run,
        facts=[(_("怎么量"), BASES[found])],
        history=history,
    )


def shown_goals(tracks: Iterable[GoalTrack]) -> list[dict[str, Any]]:
    """Return promises in words: start, now, what is promised until when, and how far that is."""
    return [_goal(track) for track in tracks]


def _act(
    request: HttpRequest, *, title: str, form: forms.Form, run: Any, facts: list[Any], history: list[Any]
) -> HttpResponseBase:
    page = reverse("ops:aims")
    return act_page(
        request,
        site=ops_site,
        title=title,
        form=form,
        run=run,
        refusals=(InsightsRefused,),
        done=page,
        back=page,
        button=_("保存为新版本"),
        facts=facts,
        template="ops/aim.html",
        context={"history": history},
    )


def _target(kind: TargetKind, target: Any) -> dict[str, Any]:
    measure = TARGETS[kind]
    return {
        "label": kind.label,
        "value": figure(measure.unit, target.value) if target else _("没有目标"),
        "is_set": target is not None,
        "better": "" if kind == TargetKind.BIG_REFUND else _("越低越好") if measure.less else _("越高越好"),
        "since": f"v{target.version} · {moment(target.set_at)}" if target else "",
        "address": reverse("ops:aims_target", args=[kind.value]),
    }


def _goal(track: GoalTrack) -> dict[str, Any]:
    goal = track.goal
    found: dict[str, Any] = {
        "label": track.kind.label,
        "basis": BASES[track.kind],
        "address": reverse("ops:aims_goal", args=[track.kind.value]),
        "now": _measured(track.kind, track.now),
        "is_set": goal is not None,
    }
    if goal is None:
        return found
    if track.changed_bps is None:
        changed, tone = "—", "none"
    else:
        changed = f"{signed(track.changed_bps)}%"
        tone = "good" if track.is_reached else "warn" if track.is_behind else "fair"
    states = {"good": _("已达成"), "warn": _("落后于进度"), "fair": _("按进度"), "none": _("起点没有数字")}
    return found | {
        "changed": changed,
        "promised": f"{signed(goal.change_bps)}%",
        "start": _measured(track.kind, track.start),
        "start_date": goal.start_date,
        "due_date": goal.due_date,
        "days_left": track.days_left,
        "width": track.progress_bps // 100,
        "elapsed": track.elapsed_bps // 100,
        "tone": tone,
        "state": states[tone],
    }


def _measured(kind: GoalKind, value: int | None) -> str:
    if kind == GoalKind.EFFICIENCY:
        return (
            "—" if value is None else _("%(hours)d 小时 %(minutes)d 分") % {"hours": value // 60, "minutes": value % 60}
        )
    return figure(UNITS[kind], value)
