"""The compliance page: the red lines of the law, what a plan does of each, and its author's acknowledgement."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.commands import PlanRejected, acknowledge_compliance
from linkage.models import PlanVersion
from linkage.queries import version_in_force
from linkage.rules.compliance import TEXT_VERSION, forms_of, warnings_of
from mall.core import clock
from mall.core.admin import operator, ops_site, posted

DRAFT = "linkage.draft_plan"


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
    }
    return TemplateResponse(request, "ops/compliance.html", context)


def _draft(request: HttpRequest) -> PlanVersion | None:
    asked = request.GET.get("plan", "")
    if not (asked.isdecimal() and len(asked) < 10):
        return None
    return PlanVersion.objects.filter(version=int(asked), params__isnull=False).first()
