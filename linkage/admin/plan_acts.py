"""What is done to a plan: drafted, edited, handed over, taken or given back, published. Two people for every plan."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.commands import (
    PlanRejected,
    draft_plan,
    edit_plan,
    publish_plan,
    recall_plan,
    return_plan,
    submit_plan,
)
from linkage.models import PlanVersion
from linkage.queries import version_in_force
from linkage.rules.clauses import summary_zh
from linkage.rules.plan import PlanRefused, worst_case_fen
from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, operator, posted
from mall.core.admin.columns import moment
from mall.core.money import yuan

from .plan_form import PlanForm, differences, starting_point
from .plan_words import uncovered, worst_case

DRAFT, PUBLISH = "linkage.draft_plan", "linkage.publish_plan"


class PublishForm(forms.Form):
    starts_at = forms.DateTimeField(
        label=gettext_lazy("生效时间"),
        required=False,
        help_text=gettext_lazy("北京时间，留空就是现在。只影响生效之后付款的订单。"),
        widget=forms.DateTimeInput(
            attrs={"placeholder": "2026-12-01 00:00", "autocomplete": "off"}, format="%Y-%m-%d %H:%M"
        ),
        error_messages={"invalid": gettext_lazy("请按“2026-12-01 00:00”的样子填写")},
    )


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("退回原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写退回原因")},
    )


class NothingToFill(forms.Form):
    pass


class PlanActs(ActingAdmin):
    """The acts of a plan version, each at an address of its own."""

    def found(self, version: Any) -> PlanVersion:
        if str(version).isdecimal() and len(str(version)) < 10:
            found = self._versions().filter(version=int(version)).first()
            if found is not None:
                return found
        raise Http404

    def _versions(self) -> QuerySet[PlanVersion]:
        return PlanVersion.objects.select_related(
            *("created_by", "published_by", "returned_by", "simulation", "acknowledgement", "acknowledgement__read_by")
        )

    def get_urls(self) -> list[URLPattern]:
        acts = ("edit", "submit", "recall", "return", "publish")
        own = [
            path("draft/", self._page(self.draft), name="linkage_planversion_draft"),
            path("switch-off/", self._page(self.switch_off), name="linkage_planversion_off"),
            *(
                path(
                    f"<int:version>/{act}/",
                    self._page(getattr(self, f"{act}_version")),
                    name=f"linkage_planversion_{act}",
                )
                for act in acts
            ),
        ]
        return own + super().get_urls()

    def draft(self, request: HttpRequest) -> HttpResponseBase:
        """Write a new draft; with the button to read it first, only show what it would say."""
        self.require(request, DRAFT)
        base = version_in_force(at=clock.now()) or PlanVersion.objects.first()

        def save(form: PlanForm) -> PlanVersion:
            version = draft_plan(name=form.cleaned_data["name"], params=form.params, by=operator(request))
            self.log_addition(request, version, _("起草"))
            messages.success(request, _("草稿 v%d 已保存：试算、确认合规页后提交复核。") % version.version)
            return version

        return self._written(request, base, save, title=_("起草新版本"))

    def edit_version(self, request: HttpRequest, version: int) -> HttpResponseBase:
        self.require(request, DRAFT)
        draft = self.found(version)

        def save(form: PlanForm) -> PlanVersion:
            edited = edit_plan(
                version=draft.version,
                name=form.cleaned_data["name"],
                params=form.params,
                by=operator(request),
                at=clock.now(),
            )
            self.log_change(request, edited, _("修改草稿"))
            messages.success(request, _("草稿 v%d 已修改，之前的试算和确认不再算数。") % edited.version)
            return edited

        return self._written(request, draft, save, title=_("修改草稿 v%d") % draft.version)

    def _written(self, request: HttpRequest, base: PlanVersion | None, save: Any, *, title: str) -> HttpResponseBase:
        form = PlanForm(posted(request), initial=starting_point(base))
        if request.method == "POST" and form.is_valid() and "save" in request.POST:
            try:
                return HttpResponseRedirect(_record(save(form)))
            except (PlanRejected, PlanRefused) as refusal:
                form.add_error(None, str(refusal))
        current = version_in_force(at=clock.now())
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "base": base,
            "clauses": summary_zh(form.plan) if form.plan else [],
            "worst": worst_case(form.plan) if form.plan else None,
            "current": current,
            "differences": differences(current.plan, form.plan) if current and current.plan and form.plan else [],
        }
        return TemplateResponse(request, "ops/plan_form.html", shown)

    def switch_off(self, request: HttpRequest) -> HttpResponseBase:
        self.require(request, DRAFT)

        def run(_data: dict[str, Any]) -> str:
            version = draft_plan(name=_("关闭 2+1"), params=None, by=operator(request))
            self.log_addition(request, version, _("起草关闭"))
            return _("草稿 v%d（关闭 2+1）已保存，提交后由另一位同事发布才生效。") % version.version

        back = reverse("ops:linkage_planversion_changelist")
        return act_page(
            request,
            site=self.admin_site,
            title=_("关闭 2+1"),
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(PlanRejected,),
            done=back,
            back=back,
            button=_("存为草稿"),
            warning=_(
                "关闭的版本生效之后，礼包停止出售，新订单不再产生奖励；之前付款的订单照旧结算，会员的余额和提现不受影响。"
            ),
        )

    def submit_version(self, request: HttpRequest, version: int) -> HttpResponseBase:
        self.require(request, DRAFT)
        draft = self.found(version)

        def run(_data: dict[str, Any]) -> str:
            submit_plan(version=draft.version, by=operator(request), at=clock.now())
            self.log_change(request, draft, _("提交复核"))
            return _("v%d 已提交，请另一位同事复核发布。") % draft.version

        return self._act(
            request,
            draft,
            form=NothingToFill(posted(request)),
            run=run,
            title=_("提交 v%d 复核") % draft.version,
            button=_("提交复核"),
            warning=_("提交后不能修改，可以取回；须由另一位有发布权限的同事发布。"),
        )

    def recall_version(self, request: HttpRequest, version: int) -> HttpResponseBase:
        self.require(request, DRAFT)
        draft = self.found(version)

        def run(_data: dict[str, Any]) -> str:
            recall_plan(version=draft.version, by=operator(request))
            self.log_change(request, draft, _("取回"))
            return _("v%d 已取回，可以修改。") % draft.version

        return self._act(
            request,
            draft,
            form=NothingToFill(posted(request)),
            run=run,
            title=_("取回 v%d") % draft.version,
            button=_("取回修改"),
        )

    def return_version(self, request: HttpRequest, version: int) -> HttpResponseBase:
        self.require(request, PUBLISH)
        draft = self.found(version)

        def run(data: dict[str, Any]) -> str:
            return_plan(version=draft.version, reason=data["reason"], by=operator(request), at=clock.now())
            self.log_change(request, draft, _("退回：%s") % data["reason"])
            return _("v%d 已退回起草人。") % draft.version

        return self._act(
            request,
            draft,
            form=ReturnForm(posted(request)),
            run=run,
            title=_("退回 v%d") % draft.version,
            button=_("退回起草人"),
        )

    def publish_version(self, request: HttpRequest, version: int) -> HttpResponseBase:
        self.require(request, PUBLISH)
        draft = self.found(version)

        def run(data: dict[str, Any]) -> str:
            now = clock.now()
            published = publish_plan(
                version=draft.version, starts_at=data["starts_at"] or now, by=operator(request), at=now
            )
            self.log_change(request, draft, _("发布，%s 起生效") % moment(published.starts_at))
            return _("v%(version)d 已发布，%(at)s 起生效。") % {
                "version": draft.version,
                "at": moment(published.starts_at),
            }

        return self._act(
            request,
            draft,
            form=PublishForm(posted(request)),
            run=run,
            title=_("发布 v%d") % draft.version,
            button=_("发布"),
            warning=_("发布后不能修改或撤回，只能再发布一个新版本。付款时生效的版本决定一单的全部奖励。"),
        )

    def _act(self, request: HttpRequest, draft: PlanVersion, **page: Any) -> HttpResponseBase:
        plan = draft.plan
        facts = [(_("版本"), str(draft)), (_("拟定人"), str(draft.created_by or _("系统")))]
        if plan is not None:
            facts += [(_("礼包价"), yuan(plan.pack_price_fen)), (_("最坏一份"), yuan(worst_case_fen(plan)))]
            facts += [(_("卖不了的礼包"), uncovered(plan) or _("没有"))]
        record = _record(draft)
        return act_page(
            request,
            site=self.admin_site,
            refusals=(PlanRejected, PlanRefused),
            done=record,
            back=record,
            facts=facts,
            context={"opts": self.opts, "original": draft},
            **page,
        )


def _record(version: PlanVersion) -> str:
    return reverse("ops:linkage_planversion_change", args=[version.version])
