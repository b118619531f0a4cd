"""Versions of the plan: drafted by a form, read in Chinese, published with a start, never edited."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.commands import PlanRejected, draft_plan, publish_plan
from linkage.models import PlanVersion, SettledOrder
from linkage.queries import version_in_force
from linkage.rules.clauses import summary_zh
from linkage.rules.plan import Plan, PlanRefused, further_worst_case_fen, payout_limit_fen, worst_case_fen
from mall.core import clock
from mall.core.admin import ActingAdmin, act_page, moment_column, operator, ops_site, posted
from mall.core.admin.columns import chip, moment
from mall.core.money import yuan
from suppliers.models import Sku

from .plan_form import PlanForm, differences, starting_point

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


class NothingToFill(forms.Form):
    pass


@admin.register(PlanVersion, site=ops_site)
class PlanVersionAdmin(ActingAdmin):
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
            row.standing = _standing(row, current, now)  # type: ignore[attr-defined]

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

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("draft/", self._page(self.draft), name="linkage_planversion_draft"),
            path("switch-off/", self._page(self.switch_off), name="linkage_planversion_off"),
            path("<int:version>/publish/", self._page(self.publish), name="linkage_planversion_publish"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may = {"can_draft": request.user.has_perm(DRAFT)}
        found: HttpResponse = super().changelist_view(request, {**may, **(extra_context or {})})
        return found

    # One version

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.require(request, "linkage.view_planversion")
        version = self._found(object_id)
        now = clock.now()
        current = version_in_force(at=now)
        plan = version.plan
        before = PlanVersion.objects.filter(version__lt=version.version, params__isnull=False).first()
        context = {
            "original": version,
            "version": version,
            "standing": chip(*_standing(version, current, now)),
            "plan": plan,
            "clauses": summary_zh(plan) if plan else [],
            "worst": _worst_case(plan) if plan else None,
            "before": before,
            "differences": differences(before.plan, plan) if plan and before and before.plan else [],
            "settled": SettledOrder.objects.filter(plan_version=version.version)[:1000].count(),
            "can_publish": request.user.has_perm(PUBLISH) and version.published_at is None,
        }
        return self.record_page(request, template="ops/plan.html", title=str(version), context=context)

    def draft(self, request: HttpRequest) -> HttpResponseBase:
        """Write a new draft; with the button to read it first, only show what it would say."""
        self.require(request, DRAFT)
        base = version_in_force(at=clock.now()) or PlanVersion.objects.first()
        form = PlanForm(posted(request), initial=starting_point(base))
        if request.method == "POST" and form.is_valid() and "save" in request.POST:
            version = draft_plan(name=form.cleaned_data["name"], params=form.params, by=operator(request))
            self.log_addition(request, version, _("起草"))
            messages.success(request, _("草稿 v%d 已保存，发布后才生效。") % version.version)
            return HttpResponseRedirect(reverse("ops:linkage_planversion_change", args=[version.version]))
        request.current_app = self.admin_site.name
        shown = {
            **self.admin_site.each_context(request),
            "title": _("起草新版本"),
            "form": form,
            "base": base,
            "clauses": summary_zh(form.plan) if form.plan else [],
            "worst": _worst_case(form.plan) if form.plan else None,
        }
        return TemplateResponse(request, "ops/plan_form.html", shown)

    def switch_off(self, request: HttpRequest) -> HttpResponseBase:
        self.require(request, DRAFT)

        def run(_data: dict[str, Any]) -> str:
            version = draft_plan(name=_("关闭 2+1"), params=None, by=operator(request))
            self.log_addition(request, version, _("起草关闭"))
            return _("草稿 v%d（关闭 2+1）已保存，发布后才生效。") % version.version

        return act_page(
            request,
            site=self.admin_site,
            title=_("关闭 2+1"),
            form=NothingToFill(posted(request)),
            run=run,
            refusals=(),
            done=reverse("ops:linkage_planversion_changelist"),
            back=reverse("ops:linkage_planversion_changelist"),
            button=_("存为草稿"),
            warning=_(
                "关闭的版本生效之后，礼包停止出售，新订单不再产生奖励；之前付款的订单照旧结算，会员的余额和提现不受影响。"
            ),
        )

    def publish(self, request: HttpRequest, version: int) -> HttpResponseBase:
        self.require(request, PUBLISH)
        draft = self._found(version)
        plan = draft.plan

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

        facts = [(_("版本"), str(draft)), (_("拟定人"), str(draft.created_by or _("系统")))]
        if plan is not None:
            facts += [(_("礼包价"), yuan(plan.pack_price_fen)), (_("最坏一份"), yuan(worst_case_fen(plan)))]
            facts += [(_("卖不了的礼包"), _uncovered(plan) or _("没有"))]
        record = reverse("ops:linkage_planversion_change", args=[draft.version])
        return act_page(
            request,
            site=self.admin_site,
            title=_("发布 v%d") % draft.version,
            form=PublishForm(posted(request)),
            run=run,
            refusals=(PlanRejected, PlanRefused),
            done=record,
            back=record,
            facts=facts,
            button=_("发布"),
            warning=_("发布后不能修改或撤回，只能再发布一个新版本。付款时生效的版本决定一单的全部奖励。"),
            context={"opts": self.opts, "original": draft},
        )

    def _found(self, version: Any) -> PlanVersion:
        if str(version).isdecimal() and len(str(version)) < 10:
            found = self._versions().filter(version=int(version)).first()
            if found is not None:
                return found
        raise Http404

    def _versions(self) -> QuerySet[PlanVersion]:
        return PlanVersion.objects.select_related("created_by", "published_by")


def _standing(version: PlanVersion, current: PlanVersion | None, now: datetime) -> tuple[str, str]:
    """Return how a version stands, in a word and a tone."""
    if version.published_at is None:
        return _("草稿"), "warn"
    if current is not None and version.version == current.version:
        return (_("生效中"), "good") if version.params is not None else (_("生效中，2+1 关闭"), "bad")
    if version.starts_at is not None and version.starts_at > now:
        return _("待生效"), "info"
    return _("已结束"), ""


def _worst_case(plan: Plan) -> dict[str, Any]:
    """Return the most that one pack can pay out, part by part, with widths in thousandths of the price."""
    share = plan.see_point_fen * plan.peer_rate_bps // 10_000
    by_promotion = plan.direct_agent_fen + plan.peer_bonus_fen >= plan.direct_partner_fen
    parts = [
        (_("直推奖"), plan.direct_agent_fen if by_promotion else plan.direct_partner_fen, "direct"),
        (_("平级奖"), plan.peer_bonus_fen if by_promotion else 0, "peer"),
        (_("见点奖"), plan.see_point_fen, "see"),
        (_("平级分润"), share, "share"),
    ]
    bars, start = [], 0
    for label, fen, tone in parts:
        if fen:
            width = 1000 * fen // plan.pack_price_fen
            bars.append({"label": label, "fen": fen, "tone": tone, "start": start, "width": width})
            start += width
    worst, limit = worst_case_fen(plan), payout_limit_fen(plan)
    return {
        "fen": worst,
        "further_fen": further_worst_case_fen(plan),
        "limit_fen": limit,
        "left_fen": limit - worst,
        "share_bps": 10_000 * worst // plan.pack_price_fen,
        "limit_at": 1000 * limit // plan.pack_price_fen,
        "bars": bars,
        "uncovered": _uncovered(plan),
    }


def _uncovered(plan: Plan) -> str:
    """Name the gift packs that would cost more than they bring under a plan."""
    most = plan.pack_price_fen - worst_case_fen(plan)
    packs = Sku.objects.filter(is_gift_pack=True, is_active=True, supply_price_fen__gt=most)
    return "、".join(packs.order_by("id").values_list("product__name", flat=True)[:5])
