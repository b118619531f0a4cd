"""The simulator: a form, a queue with progress, and the figures of two plans side by side."""

import csv
from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.commands import SimulationRefused, ask_simulation, cancel_simulation
from linkage.models import PlanVersion, RunKind, RunState, SimulationRun
from linkage.queries import version_in_force
from linkage.rules.whatif import DAYS_MAX, DAYS_MIN, SIZE_MAX, SIZE_MIN
from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, operator, ops_site, posted, row_or_404
from mall.core.admin.columns import chip
from mall.core.admin.fields import HundredthsField
from mall.core.money import yuan

from .charts import Chart, charts_of, percent

DRAFT, PUBLISH = "linkage.draft_plan", "linkage.publish_plan"
TONES = {
    RunState.WAITING: "warn",
    RunState.RUNNING: "info",
    RunState.DONE: "good",
    RunState.CANCELLED: "",
    RunState.FAILED: "bad",
    RunState.INTERRUPTED: "bad",
}


class SimulationForm(forms.Form):
    """What is simulated. The bounds are those of the rules; what is beyond them stays on the form with its reason."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("试算哪一版"),
        queryset=PlanVersion.objects.none(),
        empty_label=None,
        error_messages={"required": gettext_lazy("请选择一个版本"), "invalid_choice": gettext_lazy("没有这个版本")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("方式"), choices=RunKind)
    days = forms.IntegerField(
        label=gettext_lazy("天数"),
        min_value=1,
        max_value=DAYS_MAX,
        initial=120,
        help_text=gettext_lazy("合成：在多少天里陆续加入；回放：最近多少天付款的礼包"),
    )
    size = forms.IntegerField(
        label=gettext_lazy("人数"), min_value=SIZE_MIN, max_value=SIZE_MAX, initial=10_000, required=False
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("关系树的样子"),
        required=False,
        choices=[
            ("random", gettext_lazy("随机：推荐人人人机会均等")),
            ("popular", gettext_lazy("集中：带人多的带得更多")),
            ("even", gettext_lazy("均匀：人人带得一样多")),
            ("chain", gettext_lazy("一条线：一个接一个")),
        ],
    )
    refer_bps = HundredthsField(unit="percent", label=gettext_lazy("会带人的比例（%）"), initial=3_000, required=False)
    refund_bps = HundredthsField(unit="percent", label=gettext_lazy("退货率（%）"), initial=500, required=False)
    tasks_bps = HundredthsField(
        unit="percent", label=gettext_lazy("完成种子任务的比例（%）"), initial=6_000, required=False
    )
    seed = forms.IntegerField(
        label=gettext_lazy("随机种子"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        required=False,
        help_text=gettext_lazy("同样的输入和种子，结果完全相同"),
    )

    SYNTHETIC = ("size", "shape", "refer_bps", "refund_bps", "tasks_bps", "seed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = self.fields["plan"]
        assert isinstance(versions, forms.ModelChoiceField)
        versions.queryset = PlanVersion.objects.filter(params__isnull=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == RunKind.SYNTHETIC:
            for name in self.SYNTHETIC:
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("合成关系树需要填这一项"))
            if "days" in data and data["days"] < DAYS_MIN:
                self.add_error("days", _("合成关系树至少 %d 天") % DAYS_MIN)
            for name in ("refer_bps", "refund_bps", "tasks_bps"):
                if (data.get(name) or 0) > 10_000:
                    self.add_error(name, _("不能超过 100%"))
            if data.get("refer_bps") == 0:
                self.add_error("refer_bps", _("须大于 0"))
        return data

    @property
    def inputs(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data["kind"] == RunKind.COPY:
            return {"days": data["days"]}
        return {name: data[name] for name in ("days", *self.SYNTHETIC)}


class NothingToFill(forms.Form):
    pass


@admin.register(SimulationRun, site=ops_site)
class SimulationRunAdmin(ActingAdmin):
    """All simulations, newest first. Their results are kept; nothing of them is written to the books."""

    list_display = ("title", "plan_name", "how", "state_chip", "asked", "who")
    list_display_links = ("title",)
    list_filter = ("state", "kind")
    list_select_related = ("plan", "asked_by")
    change_list_template = "ops/simulations.html"

    asked = moment_column("asked_at", gettext_lazy("提交时间"))

    @admin.display(description=gettext_lazy("编号"))
    def title(self, run: SimulationRun) -> str:
        return f"#{run.pk}"

    @admin.display(description=gettext_lazy("试算"))
    def plan_name(self, run: SimulationRun) -> str:
        against = f"v{run.base_version}" if run.base_version else _("没有现行方案")
        return _("%(plan)s，对照 %(base)s") % {"plan": run.plan or "—", "base": against}

    @admin.display(description=gettext_lazy("方式"))
    def how(self, run: SimulationRun) -> str:
        return how(run)

    @admin.display(description=gettext_lazy("状态"))
    def state_chip(self, run: SimulationRun) -> SafeString:
        return state_chip(run)

    @admin.display(description=gettext_lazy("提交人"))
    def who(self, run: SimulationRun) -> str:
        return str(run.asked_by)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("new/", self._page(self.new), name="linkage_simulationrun_new"),
            path("<int:run_id>/cancel/", self._page(self.cancel), name="linkage_simulationrun_cancel"),
            path("<int:run_id>/again/", self._page(self.again), name="linkage_simulationrun_again"),
            path("<int:run_id>/<slug:chart>.csv", self._page(self.as_csv), name="linkage_simulationrun_csv"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        found: HttpResponse = super().changelist_view(request, {"can_run": _may(request), **(extra_context or {})})
        return found

    def new(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for a simulation."""
        self.require(request, DRAFT, PUBLISH)
        chosen = request.GET.get("plan", "")
        form = SimulationForm(posted(request), initial={"plan": chosen if chosen.isdecimal() else None})
        if request.method == "POST" and form.is_valid():
            try:
                run = ask_simulation(
                    version=form.cleaned_data["plan"].version,
                    kind=form.cleaned_data["kind"],
                    inputs=form.inputs,
                    by=operator(request),
                    at=clock.now(),
                )
            except SimulationRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                return HttpResponseRedirect(_address(run))
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": _("规则试算"),
            "form": form,
            "base": version_in_force(at=clock.now()),
        }
        return TemplateResponse(request, "ops/simulation_form.html", shown)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "linkage.view_simulationrun")
        run = self._found(object_id)
        result: dict[str, Any] = run.result or {}
        context = {
            "original": run,
            "run": run,
            "how": how(run),
            "state": state_chip(run),
            "percent_done": run.progress_bps // 100,
            "charts": charts_of(result) if run.result else [],
            "figures": _headline(result) if run.result else [],
            "groups": result.get("groups", []),
            "after": result.get("after"),
            "can_run": _may(request),
        }
        return self.record_page(
            request, template="ops/simulation.html", title=_("规则试算 #%d") % run.pk, context=context
        )

    def cancel(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        self.require(request, DRAFT, PUBLISH)
        run = self._found(run_id)

        def act(_data: dict[str, Any]) -> str:
            cancel_simulation(run_id=run.pk, by=operator(request), at=clock.now())
            return _("试算 #%d 已取消。") % run.pk

        return act_page(
            request,
            site=self.admin_site,
            title=_("取消试算 #%d") % run.pk,
            form=NothingToFill(posted(request)),
            run=act,
            refusals=(SimulationRefused,),
            done=_address(run),
            back=_address(run),
            button=_("取消试算"),
            warning=_("已算出的部分不保留；账本和会员不受任何影响。"),
        )

    def again(self, request: HttpRequest, run_id: int) -> HttpResponseBase:
        """Run the same once more: under the present params of its plan, beside what is in force now."""
        self.require(request, DRAFT, PUBLISH)
        run = self._found(run_id)
        if request.method == "POST" and run.plan is not None:
            inputs = {name: value for name, value in run.inputs.items() if name != "until"}
            anew = run.state != RunState.DONE
            try:
                run = ask_simulation(
                    version=run.plan.version,
                    kind=run.kind,
                    inputs=inputs,
                    by=operator(request),
                    at=clock.now(),
                    anew=anew,
                )
            except SimulationRefused as refusal:
                self.message_user(request, str(refusal), level="ERROR")
        return HttpResponseRedirect(_address(run))

    def as_csv(self, request: HttpRequest, run_id: int, chart: str) -> HttpResponseBase:
        self.require(request, "linkage.view_simulationrun")
        run = self._found(run_id)
        found = [one for one in charts_of(run.result) if one.name == chart] if run.result else []
        if not found:
            raise Http404
        return _csv(found[0], f"simulation-{run.pk}-{chart}.csv")

    def _found(self, run_id: Any) -> SimulationRun:
        return row_or_404(SimulationRun.objects.select_related("plan", "asked_by"), run_id)


def how(run: SimulationRun) -> str:
    """Say what was simulated, in a line."""
    if run.kind == RunKind.COPY:
        return _("回放最近 %d 天") % run.inputs["days"]
    return _("合成 %(size)s 人，%(days)d 天，退货率 %(refund)s") % {
        "size": f"{run.size:,}",
        "days": run.inputs["days"],
        "refund": percent(run.inputs["refund_bps"]),
    }


def state_chip(run: SimulationRun) -> SafeString:
    label = str(run.get_state_display())
    if run.state == RunState.RUNNING:
        label = f"{label} {run.progress_bps // 100}%"
    return chip(label, TONES[RunState(run.state)])


def _headline(result: dict[str, Any]) -> list[dict[str, str]]:
    """Return the figures that an owner reads first, before → after."""
    before, after = result["before"], result["after"]

    def pair(name: str, words: Any) -> str:
        return f"{words(before[name])} → {words(after[name])}" if before else str(words(after[name]))

    return [
        {
            "label": _("没有收回礼包价"),
            "value": pair("not_recovered_bps", percent),
            "note": _("%(some)s / %(all)s 位购买者")
            % {"some": f"{after['not_recovered']:,}", "all": f"{after['buyers']:,}"},
        },
        {"label": _("一分奖励也没有"), "value": pair("earned_nothing_bps", percent), "note": _("购买者中的比例")},
        {"label": _("拨出率"), "value": pair("payout_bps", percent), "note": _("奖励支出 ÷ 礼包销售额")},
        {"label": _("奖励支出"), "value": pair("expense_fen", yuan), "note": _("净额，已减扣回")},
        {"label": _("奖励中位数"), "value": pair("median_fen", yuan), "note": _("一半购买者不超过它")},
        {"label": _("前 1% 的人拿走"), "value": pair("top_percent_bps", percent), "note": _("占全部奖励")},
        {"label": _("待付奖励"), "value": pair("liability_fen", yuan), "note": _("期末待结算与冻结")},
        {"label": _("帮扶基金"), "value": pair("fund_fen", yuan), "note": _("期末余额")},
    ]


def _csv(chart: Chart, name: str) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(chart.head)
    writer.writerows(chart.table)
    return response


def _address(run: SimulationRun) -> str:
    return reverse("ops:linkage_simulationrun_change", args=[run.pk])


def _may(request: HttpRequest) -> bool:
    return request.user.has_perm(DRAFT) or request.user.has_perm(PUBLISH)
