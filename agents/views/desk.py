"""Home, progress, tasks, rules."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agents import queries
from agents.queries import contract
from agents.queries.customers import due_reminders
from linkage.models import PlanVersion
from linkage.queries import clauses_of, version_in_force
from mall.core import clock
from mall.core.access import members_only, public

from .signed_in import member_of


@members_only
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is there, what came in, what comes next. Without a plan and without money it says nothing of ranks."""
    at = clock.now()
    member = member_of(request)
    summary = queries.home_summary(member=member, at=at)
    is_titled = summary.plan is not None and summary.position is not None and summary.position.rank > 0
    page = {
        "desk": summary,
        "may_sell": is_titled or queries.is_verified(member=member),
        "reminders": due_reminders(adviser=member, at=at),
        "unread": contract.unread(member=member, at=at),
        "now": at,
    }
    is_empty = summary.plan is None and not summary.has_money and not summary.is_shopkeeper
    return render(request, "agents/nothing.html" if is_empty else "agents/home.html", page)


@members_only
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What the member is told as an agent stands among the messages."""
    return HttpResponseRedirect(f"{reverse('service:messages')}?kind=earnings")


@members_only
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The seats to partner. There is no such page while no plan is in force."""
    at = clock.now()
    way = queries.progress(member=member_of(request), at=at)
    if way is None:
        raise Http404
    return render(request, "agents/progress.html", {"way": way, "now": at})


@members_only
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The member's own list as a seed user."""
    at = clock.now()
    own = queries.own_tasks(member=member_of(request), at=at)
    if not own.tasks:
        raise Http404
    return render(request, "agents/tasks.html", {"own": own, "now": at})


@public
@require_safe
def rules(request: HttpRequest, version: int) -> HttpResponse:
    """One published version of the rules, clause by clause."""
    at = clock.now()
    published = PlanVersion.objects.filter(version=version, published_at__isnull=False, params__isnull=False).first()
    if published is None or published.plan is None:
        raise Http404
    in_force = version_in_force(at=at)
    clauses = clauses_of(plan=published.plan)
    return render(
        request,
        "agents/rules.html",
        {"published": published, "clauses": clauses, "is_in_force": published == in_force, "now": at},
    )
