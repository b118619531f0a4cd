"""Earnings, their explanation, holds, withdrawals."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agents import queries
from agents.forms import WithdrawalForm
from agents.queries.earnings import TABS
from agents.queries.withdrawals import way, withdrawal_of, withdrawals_page
from ledger.models import AccountKind
from ledger.queries import balance_fen, member_balances
from linkage.commands import WithdrawalRefused, request_withdrawal, withdrawal_number
from linkage.queries import clause_of, explain_commission, explain_reward, version_in_force
from mall.core import clock
from mall.core.access import members_only
from payouts.queries import policy_in_force, standing_hold, withdrawal_parts

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
    held = queries.holds(member=member, at=at)
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


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask for a withdrawal: an amount, what becomes of it, a confirmation, and only then the request."""
    at = clock.now()
    member = member_of(request)
    balances = member_balances(holder_id=member.pk)
    policy = policy_in_force(at=at)
    sent = request.POST if request.method == "POST" else request.GET
    is_sent = request.method == "POST" or "amount" in sent
    form = WithdrawalForm(
        sent if is_sent else None,
        initial={"amount": _yuan(balances.available_fen)},
        available_fen=balances.available_fen,
        min_fen=policy.min_fen,
    )
    typed_fen = form.amount_fen
    parts = withdrawal_parts(
        member_id=member.pk,
        amount_fen=balances.available_fen if typed_fen is None else typed_fen,
        policy=policy,
        at=at,
    )
    if request.method == "POST" and typed_fen is not None:
        number = form.number(member_id=member.pk, net_fen=parts.net_fen)
        if number is not None:
            try:
                asked = request_withdrawal(member=member, amount_fen=typed_fen, number=number, at=at)
            except WithdrawalRefused as refusal:
                form.refuse(str(refusal))
            else:
                return HttpResponseRedirect(reverse("agents:withdrawal", args=[asked.number]))
        elif form.is_valid():
            messages.warning(request, _("请核对到账金额后再次确认"))
    if is_sent and not form.is_valid():
        parts = withdrawal_parts(member_id=member.pk, amount_fen=balances.available_fen, policy=policy, at=at)
    context = {
        "form": form,
        "balances": balances,
        "policy": policy,
        "parts": parts,
        "can": balances.available_fen >= policy.min_fen,
        "now": at,
    }
    if is_sent and form.is_valid() and (request.method == "POST" or "confirm" in sent):
        context["ticket"] = form.new_ticket(member_id=member.pk, net_fen=parts.net_fen, number=withdrawal_number(at=at))
        return render(request, "agents/withdraw_confirm.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "agents/withdraw.html", context, status=status)


@members_only
@require_safe
def withdrawals(request: HttpRequest) -> HttpResponse:
    """The member's withdrawals, newest first."""
    before = request.GET.get("before", "")
    rows, following = withdrawals_page(member=member_of(request), before=int(before) if _is_id(before) else None)
    more = f"?before={following}" if following is not None else ""
    return render(request, "agents/withdrawals.html", {"rows": rows, "more": more, "now": clock.now()})


@members_only
@require_safe
def withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """How far a withdrawal has come, with the reviewer's own words."""
    asked = withdrawal_of(member=member_of(request), number=number)
    if asked is None:
        raise Http404
    return render(request, "agents/withdrawal.html", {"asked": asked, "steps": way(asked), "now": clock.now()})


def _address(kept: dict[str, str]) -> str:
    chosen = {key: value for key, value in kept.items() if value}
    return f"?{urlencode(chosen)}" if chosen else "?"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
