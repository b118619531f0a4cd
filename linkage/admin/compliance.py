"""The compliance page: the red lines of the law, what a plan does of each, and its author's acknowledgement."""

from io import BytesIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.commands import PlanRejected, acknowledge_compliance
from linkage.evidence import write_evidence
from linkage.models import PlanVersion
from linkage.queries import latest_acknowledgements, latest_count, version_in_force
from linkage.rules.compliance import TEXT_VERSION, Gauge, forms_of, gauges_of, warnings_of
from mall.core import clock
from mall.core.admin import operator, ops_site, posted
from mall.core.trail import Told, tell
from payouts.queries import standing_stop

DRAFT, EVIDENCE = "linkage.draft_plan", "linkage.export_evidence"
WIDTH = 1_000


class ReadForm(forms.Form):
    """The wording that was read goes along: one that changed meanwhile is read again."""

    text_version = forms.CharField(widget=forms.HiddenInput, max_length=20)
    read = forms.BooleanField(
        label=gettext_lazy("我已读完本页，知道这份方案触及哪些红线，并对提交负责"),
        error_messages={"required": gettext_lazy("请先读完并勾选")},
    )


@ops_site.page("compliance/", name="linkage_compliance", permission="linkage.view_planversion")
def compliance(request: HttpRequest) -> HttpResponseBase:
    """The page; with `?plan=` of a draft it is read for that draft, and acknowledged at its end."""
    current = version_in_force(at=clock.now())
    count = latest_count()
    draft = _draft(request)
    shown = draft or current
    plan = shown.plan if shown is not None else None
    form = ReadForm(posted(request), initial={"text_version": TEXT_VERSION}) if draft is not None else None
    may_read = draft is not None and draft.is_draft and request.user.has_perm(DRAFT)
    if form is not None and draft is not None and request.method == "POST" and may_read and form.is_valid():
        try:
            acknowledge_compliance(
                version=draft.version,
                text_version=form.cleaned_data["text_version"],
                findings=warnings_of(draft.plan) if draft.plan else [],
                by=operator(request),
                at=clock.now(),
            )
        except PlanRejected as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已记下你的确认。"))
            return HttpResponseRedirect(reverse("ops:linkage_planversion_change", args=[draft.version]))
    context: dict[str, Any] = {
        **ops_site.each_context(request),
        "title": _("合规"),
        "current": current,
        "draft": draft,
        "plan": plan,
        "forms": forms_of(plan),
        "form": form if may_read else None,
        "text_version": TEXT_VERSION,
        "count": count,
        "gauges": [_drawn(gauge) for gauge in gauges_of(count.figures, plan)] if count else [],
        "levels": _levels(count.figures) if count else [],
        "acknowledgements": latest_acknowledgements(limit=10),
        "stop": standing_stop(),
        "may_draft": request.user.has_perm(DRAFT),
        "may_export": request.user.has_perm(EVIDENCE),
    }
    return TemplateResponse(request, "ops/compliance.html", context)


def _draft(request: HttpRequest) -> PlanVersion | None:
    asked = request.GET.get("plan", "")
    if not (asked.isdecimal() and len(asked) < 10):
        return None
    return PlanVersion.objects.filter(version=int(asked), params__isnull=False).first()


@ops_site.page("compliance/count/", name="linkage_compliance_count", permission=DRAFT)
def count_now(request: HttpRequest) -> HttpResponseBase:
    """Ring for a count; the page shows it once it is there."""
    if request.method == "POST":
        from linkage.tasks import count_compliance

        if count_compliance.ring(None):
            messages.success(request, _("正在统计，稍后刷新本页。"))
        else:
            messages.error(request, _("后台暂时没有响应，每小时会自动统计一次。"))
    return HttpResponseRedirect(reverse("ops:linkage_compliance"))


class EvidenceForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("导出原因"),
        max_length=200,
        help_text=gettext_lazy("写进操作记录，永久保存。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请填写导出原因")},
    )


@ops_site.page("compliance/evidence/", name="linkage_compliance_evidence", permission=EVIDENCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Hand over what proves how plans came about: a ZIP of CSV and JSON files with their hashes."""
    form = EvidenceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        now = clock.now()
        tell(request, Told(str(_("导出合规材料"))))
        file = BytesIO()
        write_evidence(file, at=now, by=str(operator(request)), reason=form.cleaned_data["reason"])
        file.seek(0)
        return FileResponse(
            file,
            as_attachment=True,
            filename=f"evidence-{timezone.localtime(now):%Y%m%d-%H%M}.zip",
            content_type="application/zip",
        )
    context = {
        **ops_site.each_context(request),
        "title": _("导出合规材料"),
        "form": form,
        "facts": [
            (_("方案"), _("全部版本：参数、条款、谁起草、谁发布")),
            (_("合规确认"), _("谁、何时、哪个文本、当时的提示")),
            (_("试算"), _("输入、种子和全部结果")),
            (_("合规统计"), _("历次统计的数字")),
            (_("暂停与调整"), _("打款总开关和人工调整的全部记录")),
            (_("操作记录"), _("运营后台的全部操作，手机号已遮盖")),
        ],
        "button": _("导出压缩包"),
        "back": reverse("ops:linkage_compliance"),
        "warning": _("每个文件的校验值写在清单里，交出后可以核对有没有改动。"),
    }
    return TemplateResponse(request, "ops/act.html", context)


def _drawn(gauge: Gauge) -> dict[str, Any]:
    """Return a gauge with the widths of its bar and the places of its red lines, in thousandths."""
    most = max(gauge.figure, *(line * 3 // 2 for line in gauge.lines), 1) if gauge.lines else max(gauge.figure, 1)
    if gauge.share:
        most = max(most, 10_000)

    def words(figure: int) -> str:
        return f"{figure // 100}.{figure % 100:02d}%" if gauge.share else f"{figure:,}"

    return {
        "gauge": gauge,
        "value": words(gauge.figure),
        "width": WIDTH * gauge.figure // most,
        "lines": [{"at": max(0, WIDTH * line // most - 2), "words": words(line)} for line in gauge.lines],
    }


def _levels(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the histogram of levels."""
    most = max([1, *figures["levels"]])
    last = len(figures["levels"])
    return [
        {
            "name": _("第 %d 层") % level if level < last else _("第 %d 层及以下") % level,
            "people": people,
            "width": WIDTH * people // most,
            "beyond": level > 3,
        }
        for level, people in enumerate(figures["levels"], start=1)
    ]
