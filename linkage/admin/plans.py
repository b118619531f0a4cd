"""Versions of the plan: drafted by a form, read in Chinese, published with a start, never edited."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.models import PlanVersion, SettledOrder
from linkage.queries import version_in_force
from linkage.rules.clauses import refusal_zh, summary_zh
from linkage.rules.plan import worst_case_fen
from mall.core import clock
from mall.core.admin import moment_column, ops_site
from mall.core.admin.columns import chip, moment
from mall.core.money import yuan

from .plan_acts import DRAFT, PUBLISH, PlanActs
from .plan_form import differences
from .plan_words import standing_of, worst_case


@admin.register(PlanVersion, site=ops_site)
class PlanVersionAdmin(PlanActs):
    """All versions, the one in force marked. A version is written once; to change something is to draft the next."""

    list_display = ("title", "state", "price_yuan", "worst_yuan", "starts", "drafted_by", "released_by")
    list_display_links = ("title",)
    list_select_related = ("created_by", "published_by")
    ordering: ClassVar[tuple[str, ...]] = ("-version",)
    change_list_template = "ops/plans.html"

    starts = moment_column("starts_at", gettext_lazy("生效时间"))

    def prepare(self, request: HttpRequest, rows: list[PlanVersion]) -> None:
        now = clock.now()
        current = version_in_force(at=now)
        for row in rows:
            row.standing = standing_of(row, current, now)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("版本"))
    def title(self, version: PlanVersion) -> str:
        return f"v{version.version} {version.name or _('2+1 方案')}"

    @admin.display(description=gettext_lazy("状态"))
    def state(self, version: Any) -> SafeString:
        return chip(*version.standing)

    @admin.display(description=gettext_lazy("礼包价"))
    def price_yuan(self, version: PlanVersion) -> str:
        plan = version.plan
        return yuan(plan.pack_price_fen) if plan else "—"

    @admin.display(description=gettext_lazy("最坏一份"))
    def worst_yuan(self, version: PlanVersion) -> str:
        plan = version.plan
        return yuan(worst_case_fen(plan)) if plan else "—"

    @admin.display(description=gettext_lazy("拟定人"))
    def drafted_by(self, version: PlanVersion) -> str:
        return str(version.created_by or _("系统"))

    @admin.display(description=gettext_lazy("发布人"))
    def released_by(self, version: PlanVersion) -> str:
        return str(version.published_by or _("系统")) if version.published_at else "—"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = {"can_draft": request.user.has_perm(DRAFT)}
        found: HttpResponse = super().changelist_view(request, {**may, **(extra_context or {})})
        return found

    # One version

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "linkage.view_planversion")
        version = self.found(object_id)
        now = clock.now()
        current = version_in_force(at=now)
        plan = version.plan
        before = self._compared(version, current)
        context = {
            "original": version,
            "version": version,
            "standing": chip(*standing_of(version, current, now)),
            "plan": plan,
            "clauses": summary_zh(plan) if plan else [],
            "worst": worst_case(plan) if plan else None,
            "before": before,
            "differences": differences(before.plan, plan) if plan and before and before.plan else [],
            "settled": SettledOrder.objects.filter(plan_version=version.version)[:1000].count(),
            "refusal": refusal_zh(plan) if plan else None,
            "steps": _steps(version),
            "acts": self._acts(request, version),
            "simulations": list(version.simulations.select_related("asked_by").order_by("-id")[:5]),
        }
        return self.record_page(request, template="ops/plan.html", title=str(version), context=context)

    def _compared(self, version: PlanVersion, current: PlanVersion | None) -> PlanVersion | None:
        """Return what a version is held against: a draft against the one in force, another against the one before."""
        if version.published_at is None and current is not None and current.params is not None:
            return current
        return PlanVersion.objects.filter(version__lt=version.version, params__isnull=False).first()

    def _acts(self, request: HttpRequest, version: PlanVersion) -> list[dict[str, Any]]:
        """Return the acts that a version in this state has; one that this person cannot do says why."""
        user = request.user
        author = version.created_by_id == user.pk
        drafts, publishes = user.has_perm(DRAFT), user.has_perm(PUBLISH)
        not_author = "" if author and drafts else _("只有起草人能这样做。")
        own = _("你是起草人，须由另一位同事发布。") if author else ""
        may = "" if publishes else _("你没有发布方案的权限。")
        acts: list[tuple[str, str, str, bool, str]] = []
        if version.is_draft:
            if version.params is not None:
                acts.append(("edit", _("修改草稿"), "edit", False, not_author))
            acts.append(("submit", _("提交复核"), "send", False, not_author))
        elif version.waits_for_checking:
            acts.append(("publish", _("发布"), "verified_user", False, own or may))
            if author:
                acts.append(("recall", _("取回修改"), "undo", False, ""))
            else:
                acts.append(("return", _("退回起草人"), "block", True, may))
        return [
            {
                "address": reverse(f"ops:linkage_planversion_{act}", args=[version.version]),
                "label": label,
                "icon": icon,
                "dangerous": dangerous,
                "why": why,
            }
            for act, label, icon, dangerous, why in acts
        ]


def _steps(version: PlanVersion) -> list[dict[str, Any]]:
    """Return how far a version has come on its way to publication."""
    run, read = version.simulation, version.acknowledgement
    steps = [(_("起草"), f"{version.created_by or _('系统')}，{moment(version.edited_at or version.created_at)}", True)]
    if version.params is not None and not version.imported:
        steps += [
            (_("试算"), f"#{run.pk}，{moment(run.finished_at)}" if run else _("对现在的参数试算一次"), run is not None),
            (
                _("合规确认"),
                f"{read.read_by}，{moment(read.at)}" if read else _("起草人阅读合规页并确认"),
                read is not None,
            ),
        ]
    if version.imported:
        steps.append((_("历史导入"), _("随历史数据带入，未经两人发布"), True))
    else:
        submitted = version.submitted_at
        steps.append((_("提交复核"), moment(submitted) if submitted else _("还没有"), submitted is not None))
    published = version.published_at
    words = f"{version.published_by or _('系统')}，{moment(published)}" if published else _("由另一位同事")
    steps.append((_("发布"), words, published is not None))
    return [{"title": title, "words": words, "done": done} for title, words, done in steps]
