"""Asking for a withdrawal, and how far it has come."""

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.forms import WithdrawalForm
from agents.queries.withdrawals import way, withdrawal_of, withdrawals_page
from ledger.queries import MemberBalances, member_balances
from linkage.commands import WithdrawalRefused, request_withdrawal, withdrawal_number
from mall.core import clock
from mall.core.access import members_only
from mall.core.visitor import is_wechat
from members.models import Member
from payouts.commands import settle_sending
from payouts.models import PayoutAccount, Withdrawal, WithdrawalState
from payouts.queries import (
    asking_obstacle,
    kept_working,
    limits_words,
    payee_of,
    policy_in_force,
    policy_method,
    standing_hold,
    usable_accounts,
    withdrawal_parts,
    working_rows,
)

from .signed_in import member_of


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    """Ask for a withdrawal: an amount, what becomes of it, a confirmation, and only then the request."""
    at, member = clock.now(), member_of(request)
    balances, policy = member_balances(holder_id=member.pk), policy_in_force(at=at)
    obstacle = asking_obstacle(member=member, policy=policy, at=at)
    sent = request.POST if request.method == "POST" else request.GET
    is_sent = request.method == "POST" or "amount" in sent
    form = WithdrawalForm(
        sent if is_sent else None,
        initial={"amount": _yuan(balances.available_fen)},
        available_fen=balances.available_fen,
        min_fen=policy.min_fen,
    )
    if request.method == "POST":
        asked = _ask(request, form, member)
        if asked is not None:
            return HttpResponseRedirect(reverse("agents:withdrawal", args=[asked.number]))
    accounts = usable_accounts(member_id=member.pk)
    account = _chosen(accounts, sent.get("account", ""))
    is_fine = is_sent and form.is_valid()
    if is_fine and obstacle is None:
        limit = asking_obstacle(member=member, policy=policy, at=at, amount_fen=form.amount_fen)
        if limit is not None or account is None:
            form.refuse(_("请选择收款账户") if limit is None else limit.words)
            is_fine = False
    shown_fen = balances.available_fen if form.amount_fen is None or not is_fine else form.amount_fen
    parts = withdrawal_parts(member_id=member.pk, amount_fen=shown_fen, policy=policy, at=at)
    context = {
        "form": form,
        "balances": balances,
        "policy": policy,
        "method": policy_method(policy=policy),
        "limits": limits_words(policy=policy),
        "parts": parts,
        "rows": working_rows(parts.lines),
        "accounts": accounts,
        "account": account,
        "payee": payee_of(member_id=member.pk),
        "obstacle": obstacle,
        "hold": standing_hold(member_id=member.pk) if obstacle and obstacle.code == "held" else None,
        "can": obstacle is None and balances.available_fen >= policy.min_fen,
        "stuck_fen": _stuck_fen(balances),
        "now": at,
    }
    if is_fine and account is not None and obstacle is None and (request.method == "POST" or "confirm" in sent):
        context["ticket"] = form.new_ticket(
            member_id=member.pk, parts=parts, account_id=account.pk, number=withdrawal_number(at=at)
        )
        return render(request, "agents/withdraw_confirm.html", context)
    status = 422 if request.method == "POST" else 200
    return render(request, "agents/withdraw.html", context, status=status)


def _ask(request: HttpRequest, form: WithdrawalForm, member: Member) -> Withdrawal | None:
    """Ask for exactly what was confirmed; say why where that cannot be."""
    ticket = form.ticket(member_id=member.pk)
    if form.amount_fen is None:
        return None
    if ticket is None:
        if form.is_valid():
            messages.warning(request, _("请核对到账金额后再次确认"))
        return None
    try:
        return request_withdrawal(
            member=member,
            amount_fen=form.amount_fen,
            number=ticket.number,
            account_id=ticket.account_id,
            agreed=(ticket.fee_fen, ticket.tax_fen),
            at=clock.now(),
        )
    except WithdrawalRefused as refusal:
        if refusal.code == "changed":
            messages.warning(request, str(refusal))
        else:
            form.refuse(str(refusal))
    return None


@members_only
@require_safe
def withdrawals(request: HttpRequest) -> HttpResponse:
    """The member's withdrawals, newest first."""
    before = request.GET.get("before", "")
    rows, following = withdrawals_page(member=member_of(request), before=int(before) if _is_id(before) else None)
    more = f"?before={following}" if following is not None else ""
    return render(request, "agents/withdrawals.html", {"rows": rows, "more": more, "now": clock.now()})


@members_only
@never_cache
@require_safe
def withdrawal(request: HttpRequest, number: str) -> HttpResponse:
    """How far a withdrawal has come, with the reviewer's own words; and where its payee confirms it."""
    asked = withdrawal_of(member=member_of(request), number=number)
    if asked is None:
        raise Http404
    page: dict[str, Any] = {
        "asked": asked,
        "steps": way(asked),
        "rows": kept_working(withdrawal=asked),
        "is_back": asked.state in (WithdrawalState.REJECTED, WithdrawalState.RETURNED),
        "now": clock.now(),
    }
    if asked.state == WithdrawalState.CONFIRMING and asked.package and asked.confirmed_at is None:
        page |= _confirming(request, asked)
    return render(request, "agents/withdrawal.html", page)


@members_only
@require_POST
def withdrawal_check(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the provider how a transfer stands: what WeChat's sheet says is no proof."""
    asked = withdrawal_of(member=member_of(request), number=number)
    if asked is None:
        raise Http404
    after = settle_sending(number=asked.number, at=clock.now())
    if after.state == WithdrawalState.CONFIRMING:
        messages.info(request, _("微信还没有收到你的确认"))
    return HttpResponseRedirect(reverse("agents:withdrawal", args=[number]))


def _confirming(request: HttpRequest, asked: Withdrawal) -> dict[str, Any]:
    """Return how this browser can confirm: by WeChat's own sheet, or by going to WeChat."""
    here = reverse("agents:withdrawal", args=[asked.number])
    if is_wechat(request):
        sheet = {
            "mchId": settings.WECHAT_PAY_MERCHANT_ID,
            "appId": settings.WECHAT_APP_ID,
            "package": asked.package,
        }
        return {"sheet": json.dumps(sheet), "bridge_url": settings.WECHAT_BRIDGE_URL}
    link = settings.WECHAT_CONFIRM_URL
    query = urlencode({"package": asked.package, "redirect_url": here})
    return {"confirm_link": f"{link}?{query}" if link else "", "scan": here}


def _chosen(accounts: list[PayoutAccount], wanted: str) -> PayoutAccount | None:
    """Return the account that was asked for; the newest where none was, and none for what is not one's own."""
    if not wanted:
        return accounts[0] if accounts else None
    return next((account for account in accounts if str(account.pk) == wanted), None)


def _stuck_fen(balances: MemberBalances) -> int:
    return balances.pending_fen + balances.held_fen + balances.withdrawing_fen


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
