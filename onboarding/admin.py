"""O-4: firms that want to supply, at `/ops/`: by stage with counts, their documents in view, and what is decided."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mall.core import clock
from mall.core.admin import (
    ActingAdmin,
    Tab,
    TabbedAdmin,
    act_page,
    moment_column,
    operator,
    ops_site,
    person,
    posted,
    row_or_404,
)
from mall.core.admin.columns import chip, link, moment, two_lines
from mall.core.names import masked_phone
from mall.core.photos import private_photo

from . import commands, queries
from .commands import OnboardingRefused
from .forms import NothingToFill, RejectForm, ReturnForm
from .models import Application, Stage, Step, StepState

DECIDE = "onboarding.decide_application"
TONES = {
    Stage.FILLING: "",
    Stage.WAITING: "warn",
    Stage.RETURNED: "info",
    Stage.APPROVED: "good",
    Stage.REJECTED: "bad",
}
STEP_TONES = {StepState.OPEN: "", StepState.FILLED: "info", StepState.SENT_BACK: "bad", StepState.PASSED: "good"}
# In this order a pipeline is read.
STAGES = (Stage.WAITING, Stage.RETURNED, Stage.FILLING, Stage.APPROVED, Stage.REJECTED)


@admin.register(Application, site=ops_site)
class ApplicationAdmin(TabbedAdmin, ActingAdmin):
    """Applications by stage; who waits longest stands first."""

    tab_parameter = "stage__exact"
    list_display = ("firm", "who", "passed", "submitted", "decided", "stage_chip")
    list_display_links = ("firm",)
    list_filter = ("stage",)
    list_select_related = ("applicant",)
    search_fields = ("shop_name", "company_name", "licence_number__exact", "number__exact")
    search_help_text = gettext_lazy("店铺、公司、信用代码、申请编号")
    ordering: ClassVar[tuple[str, ...]] = ("submitted_at", "pk")

    submitted = moment_column("submitted_at", gettext_lazy("提交时间"))
    decided = moment_column("decided_at", gettext_lazy("处理时间"))

    def tabs(self, request: HttpRequest) -> list[Tab]:
        counts = queries.stage_counts()
        found = [Tab(stage.value, stage.label, str(counts.get(stage.value) or "")) for stage in STAGES]
        return [*found, Tab("", _("全部"))]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("steps")

    @admin.display(description=gettext_lazy("公司"))
    def firm(self, application: Application) -> SafeString:
        return two_lines(application.shop_name or application.number, application.company_name or _("公司信息还没有填"))

    @admin.display(description=gettext_lazy("申请人"))
    def who(self, application: Application) -> SafeString:
        return person(application.applicant)

    @admin.display(description=gettext_lazy("步骤"))
    def passed(self, application: Application) -> str:
        done = sum(step.state in (StepState.FILLED, StepState.PASSED) for step in application.steps.all())
        return f"{done} / {len(Step)}"

    @admin.display(description=gettext_lazy("阶段"))
    def stage_chip(self, application: Application) -> SafeString:
        return chip(application.get_stage_display(), TONES[Stage(application.stage)])

    def get_urls(self) -> list[URLPattern]:
        name = "onboarding_application"
        own = [
            path(f"<int:object_id>/{act}/", self._page(getattr(self, view)), name=f"{name}_{view}")
            for act, view in (("approve", "approve"), ("send-back", "send_back"), ("reject", "reject"))
        ]
        own.append(path("<int:object_id>/photo/<str:kind>/", self._page(self.photo), name=f"{name}_photo"))
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "onboarding.view_application")
        found = self._found(object_id)
        may = request.user.has_perm(DECIDE) and found.stage == Stage.WAITING
        context = {
            "original": found,
            "application": found,
            "chip": self.stage_chip(found),
            "steps": _steps(found),
            "papers": found.papers.order_by("pk"),
            "about": _about(found),
            "acts": self._acts(found) if may else [],
        }
        return self.record_page(request, template="ops/application.html", title=str(found), context=context)

    def photo(self, request: HttpRequest, object_id: int, kind: str) -> HttpResponseBase:
        """A document of an application."""
        self.require(request, "onboarding.view_application")
        paper = queries.paper_of(application=self._found(object_id), kind=kind)
        if paper is None:
            raise Http404
        return private_photo(paper.picture)

    def approve(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Make the supplier."""
        found = self._found(object_id)

        def run(_given: dict[str, Any]) -> str:
            commands.approve_application(application=found, by=operator(request), at=clock.now())
            return _("%(name)s 已开通，店长是申请人") % {"name": found.shop_name}

        warning = _("通过后开通供应商、店长账号和收款账户，证照一起生效；商品仍要逐件审核后上架。")
        form = NothingToFill(posted(request))
        return self._act(request, found, form, run, title=_("通过入驻"), warning=warning)

    def send_back(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Send steps back, each with its reason."""
        found = self._found(object_id)

        def run(given: dict[str, Any]) -> str:
            commands.return_application(application=found, reasons=given, by=operator(request), at=clock.now())
            return _("%(name)s 已退回，对方改好后会再提交") % {"name": found.shop_name}

        warning = _("只在要改的步骤里写，其余的算通过；对方只能改写了意见的步骤。")
        return self._act(request, found, ReturnForm(posted(request)), run, title=_("退回修改"), warning=warning)

    def reject(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """End an application."""
        found = self._found(object_id)

        def run(given: dict[str, Any]) -> str:
            commands.reject_application(application=found, reason=given["reason"], by=operator(request), at=clock.now())
            return _("%(name)s 的申请已结束") % {"name": found.shop_name}

        warning = _("申请就此结束。只是要改材料的，请用“退回修改”。")
        form = RejectForm(posted(request))
        return self._act(request, found, form, run, title=_("拒绝申请"), warning=warning, dangerous=True)

    def _acts(self, found: Application) -> list[tuple[str, Any, str]]:
        named = (
            ("approve", _("通过入驻"), "main"),
            ("send_back", _("退回修改"), ""),
            ("reject", _("拒绝申请"), "bad"),
        )
        return [
            (reverse(f"ops:onboarding_application_{act}", args=[found.pk]), label, tone) for act, label, tone in named
        ]

    def _act(
        self, request: HttpRequest, found: Application, form: forms.Form, run: Any, *, title: str, **words: Any
    ) -> HttpResponseBase:
        self.require(request, DECIDE)
        record = reverse("ops:onboarding_application_change", args=[found.pk])
        return act_page(
            request,
            site=self.admin_site,
            title=title,
            form=form,
            run=run,
            refusals=(OnboardingRefused,),
            done=record,
            back=record,
            button=title,
            facts=[
                (_("店铺名称"), found.shop_name),
                (_("公司名称"), found.company_name),
                (_("统一社会信用代码"), found.licence_number),
                (_("收款账户"), f"{found.holder} · {found.bank_name} {found.account_label}"),
            ],
            context={"opts": self.opts, "original": found},
            **words,
        )

    def _found(self, object_id: Any) -> Application:
        related = ("applicant", "decided_by", "supplier", "consent__text")
        return row_or_404(Application.objects.select_related(*related), object_id)


def _steps(found: Application) -> list[dict[str, Any]]:
    """Return each step with what was filled in, its state and what was said of it."""
    facts = _facts(found)
    known = {step.step: step for step in found.steps.select_related("commented_by")}
    return [
        {
            "step": known[step.value],
            "label": step.label,
            "chip": chip(known[step.value].get_state_display(), STEP_TONES[StepState(known[step.value].state)]),
            "facts": facts[step],
            "papers": step == Step.PAPERS,
        }
        for step in Step
    ]


def _facts(found: Application) -> dict[Step, list[tuple[Any, Any]]]:
    signed = found.consent
    return {
        Step.COMPANY: [
            (_("店铺名称"), found.shop_name or "—"),
            (_("公司名称"), found.company_name or "—"),
            (_("统一社会信用代码"), found.licence_number or "—"),
            (_("法定代表人"), found.legal_person or "—"),
            (_("注册地址"), found.address or "—"),
            (_("联系人"), f"{found.contact_name} {masked_phone(found.contact_phone)}".strip() or "—"),
        ],
        Step.PAPERS: [(_("经营类目"), "、".join(category.name for category in found.categories.all()) or "—")],
        Step.BANK: [
            (_("户名"), found.holder or "—"),
            (_("开户行"), found.bank_name or "—"),
            (_("账号"), found.account_label or "—"),
        ],
        Step.AGREEMENT: [
            (_("协议"), _("%(title)s第 %(version)d 版") % _text(signed) if signed else "—"),
            (_("签署"), f"{found.signed_name} · {moment(found.signed_at)}" if found.signed_at else "—"),
            (_("正文哈希"), signed.text.text_hash[:16] if signed else "—"),
        ],
    }


def _text(signed: Any) -> dict[str, Any]:
    return {"title": signed.text.title, "version": signed.text.version}


def _about(found: Application) -> list[tuple[Any, Any]]:
    about = [
        (_("申请编号"), found.number),
        (_("申请人"), person(found.applicant)),
        (_("开始"), moment(found.started_at)),
        (_("提交"), moment(found.submitted_at)),
        (_("处理"), f"{found.decided_by} · {moment(found.decided_at)}" if found.decided_at else "—"),
    ]
    if found.reason:
        about.append((_("未通过的原因"), found.reason))
    if found.supplier is not None:
        address = reverse("ops:suppliers_supplier_change", args=[found.supplier_id])
        about.append((_("供应商"), link(address, found.supplier.name)))
    return about
