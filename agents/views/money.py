"""Earnings, their explanation, holds, withdrawals."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents import queries
from agents.queries.earnings import TABS
from ledger.models import AccountKind
from ledger.queries import balance_fen, member_balances
from linkage.queries import clause_of, explain_commission, explain_reward, version_in_force
from mall.core import clock
from mall.core.access import members_only
from payouts.queries import standing_hold

from .signed_in import member_of


@members_only
@require_safe
def earnings(request: HttpRequest) -> HttpResponse:
    """The earnings ledger, by status and month."""
    at = clock.now()
    member = member_of(request)
    tab = request.GET.get("status", "")
    if tab not in TABS:
        tab = ""
    period = queries.month_named(request.GET.get("month", ""), at=at)
    page = queries.earnings(member=member, tab=tab, period=period, after=request.GET.get("after", ""))
    kept = {"status": tab, "month": period.key if period is not None else ""}
    context = {
        "page": page,
        "tabs": [(key, label, _address(kept | {"status": key})) for key, label in TABS.items()],
        "tab": tab,
        "period": period,
        "months": [
            (month, _address(kept | {"month": month.key})) for month in queries.months_since(member.joined_at, at=at)
        ],
        "all_months": _address(kept | {"month": ""}),
        "more": _address(kept | {"after": page.next_cursor}) if page.next_cursor else "",
        "now": at,
    }
    if tab == "":
        context["totals"] = queries.period_totals(member=member, period=period)
    elif tab != "reversed":
        context["tab_total_fen"] = queries.tab_total_fen(member=member, tab=tab, period=period)
    return render(request, "agents/earnings.html", context)


@members_only
@require_safe
def trace(request: HttpRequest, reward_id: int) -> HttpResponse:
    """Why there is this reward: a sentence, the formula, the way."""
    at = clock.now()
    explanation = explain_reward(reward_id=reward_id, member_id=member_of(request).pk, at=at)
    if explanation is None:
        raise Http404
    return render(request, "agents/trace.html", {"told": explanation, "now": at})


@members_only
@require_safe
def commission(request: HttpRequest, line_id: int) -> HttpResponse:
    """Why there is this retail commission: whose order it was, the formula, the way."""
    explanation = explain_commission(line_id=line_id, member_id=member_of(request).pk)
    if explanation is None:
        raise Http404
    return render(request, "agents/commission.html", {"told": explanation, "now": clock.now()})


@members_only
@require_safe
def frozen(request: HttpRequest) -> HttpResponse:
    """What is held, what releases it, and where it goes otherwise."""
    at = clock.now()
    member = member_of(request)
    after = request.GET.get("after", "")
    held = queries.holds(member=member, at=at, after=after)
    lost = queries.forfeited(member=member)
    version = version_in_force(at=at)
    plan = version.plan if version is not None else None
    payout_hold = standing_hold(member_id=member.pk)
    if plan is None and not held.groups and not lost and payout_hold is None:
        raise Http404
    return render(
        request,
        "agents/frozen.html",
        {
            "held": held,
            "deadlines": queries.deadlines(member=member, at=at),
            "more": f"?after={held.next_cursor}" if held.next_cursor else "",
            "has_pages": bool(after or held.next_cursor),
            "lost": lost,
            "payout_hold": payout_hold,
            "balances": member_balances(holder_id=member.pk),
            "version": version,
            "plan": plan,
            "clause": clause_of(plan, "冻结")[0] if plan is not None else None,
            "fund_fen": balance_fen(kind=AccountKind.SUPPORT_FUND),
            "pending_fen": member_balances(holder_id=member.pk).pending_fen,
            "now": at,
        },
    )


def _address(kept: dict[str, str]) -> str:
    chosen = {key: value for key, value in kept.items() if value}
    return f"?{urlencode(chosen)}" if chosen else "?"
