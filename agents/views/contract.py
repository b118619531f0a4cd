"""The rules and the contract, and accepting them as they changed."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agents import commands
from agents.queries import contract as queries
from linkage.models import PlanVersion
from mall.core import clock
from mall.core.access import members_only, public
from members.models import Member

from .signed_in import member_of


@public
@require_safe
def contract(request: HttpRequest) -> HttpResponse:
    """The rules in force in plain words, worked examples, what comes, earlier versions; and what the member signed."""
    at = clock.now()
    found = queries.contract(at=at)
    page = {"contract": found, "now": at}
    if found.version is not None:
        before = queries.version_before(version=found.version)
        page |= {"before": before, "changes": _changes(before, found.version)}
    if isinstance(request.user, Member):
        page |= {
            "unread": queries.unread(member=request.user, at=at),
            "copies": queries.signed_copies(member=request.user),
        }
    return render(request, "agents/contract.html", page)


@public
@require_safe
def changes(request: HttpRequest, version: int) -> HttpResponse:
    """Which clauses a version changed, with the words before and after."""
    published = PlanVersion.objects.filter(version=version, published_at__isnull=False).first()
    if published is None:
        raise Http404
    at = clock.now()
    before = queries.version_before(version=published)
    page = {
        "published": published,
        "before": before,
        "changes": _changes(before, published),
        "is_coming": published.starts_at is not None and published.starts_at > at,
        "now": at,
    }
    return render(request, "agents/changes.html", page)


@members_only
@require_POST
def accept(request: HttpRequest) -> HttpResponse:
    """Accept what stood on the page. What came out since is shown first."""
    plan = request.POST.get("plan", "")
    agreements = {
        kind: int(version)
        for kind, _sign, version in (text.partition(":") for text in request.POST.getlist("agreement"))
        if version.isascii() and version.isdigit() and len(version) < 9
    }
    is_number = plan.isascii() and plan.isdigit() and len(plan) < 9
    if request.POST.get("read") != "1":
        messages.error(request, _("请先阅读，并勾选“我已阅读并接受”"))
    elif commands.accept_rules(
        member=member_of(request),
        plan_version=int(plan) if is_number else None,
        agreements=agreements,
        at=clock.now(),
    ):
        messages.success(request, _("已确认，副本保存在这一页的“我签过的”里"))
    else:
        messages.warning(request, _("内容刚刚又有更新，请再看一遍"))
    return HttpResponseRedirect(reverse("agents:contract"))


def _changes(before: PlanVersion | None, after: PlanVersion) -> list[queries.Change]:
    return queries.changes(before=before.plan if before is not None else None, after=after.plan)
