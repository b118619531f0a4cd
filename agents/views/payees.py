"""In whose name a member is paid, and where to. Whoever changes it shows a code first, sent to the own phone for this
alone."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agents.forms import AlipayForm, BankForm, CodeForm, PayeeForm, WechatForm
from mall.core import clock
from mall.core.access import members_only
from members.commands import CodeRefused, SmsNotSent, TooManyCodes, redeem_code, send_code
from members.models import CodePurpose, Member, WechatIdentity
from payouts.commands import AccountRefused, add_account, register_payee, remove_account
from payouts.models import AccountKind
from payouts.queries import accounts_of, months_paid, payee_of, policy_in_force, policy_method, rests_until
from payouts.queries import standing_hold as hold_on

from .signed_in import member_of

CONFIRMED_KEY = "payout_confirmed"
CONFIRMED_SECONDS = 600
FORMS: dict[str, type[forms.Form]] = {
    AccountKind.WECHAT: WechatForm,
    AccountKind.BANK: BankForm,
    AccountKind.ALIPAY: AlipayForm,
}
# Where on the form a refusal belongs.
FIELDS = {"name": "name", "id_number": "id_number", "id_taken": "id_number", "name_used": "name"} | {
    "card": "detail",
    "alipay": "detail",
    "bank": "bank_name",
}


@members_only
@never_cache
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """Real name, accounts, when they may be used, and what was withheld this year."""
    at, member = clock.now(), member_of(request)
    own = accounts_of(member_id=member.pk)
    bound = set(
        WechatIdentity.objects.filter(member=member, app_id=settings.WECHAT_APP_ID).values_list("openid", flat=True)
    )
    months = months_paid(member_id=member.pk, at=at)
    policy = policy_in_force(at=at)
    page = {
        "payee": payee_of(member_id=member.pk),
        "rows": [(one, one.kind != AccountKind.WECHAT or one.openid in bound) for one in own],
        "kinds": [kind for kind in AccountKind if kind not in {one.kind for one in own}],
        "rests_until": rests_until(member_id=member.pk, at=at),
        "hold": hold_on(member_id=member.pk),
        "months": months,
        "income_fen": sum(month.income_fen for month in months),
        "fee_fen": sum(month.fee_fen for month in months),
        "tax_fen": sum(month.tax_fen for month in months),
        "policy": policy,
        "method": policy_method(policy=policy),
        "now": at,
    }
    return render(request, "agents/accounts.html", page)


@members_only
@never_cache
@sensitive_post_parameters("name", "id_number")
@require_http_methods(["GET", "HEAD", "POST"])
def kyc(request: HttpRequest) -> HttpResponse:
    """The real name, which is never shown whole again."""
    at, member = clock.now(), member_of(request)
    payee = payee_of(member_id=member.pk)
    if payee is not None and payee.used:
        return render(request, "agents/kyc.html", {"payee": payee})
    if not _is_confirmed(request, at):
        return _to_confirm(request, member)
    form = PayeeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            register_payee(member=member, at=at, **form.cleaned_data)
        except AccountRefused as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
        else:
            messages.success(request, _("实名已登记"))
            return HttpResponseRedirect(reverse("agents:accounts"))
    status = 422 if form.errors else 200
    return render(request, "agents/kyc.html", {"payee": payee, "form": form}, status=status)


@members_only
@never_cache
@sensitive_post_parameters("detail")
@require_http_methods(["GET", "HEAD", "POST"])
def account_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Another account of a kind; the one that was there goes."""
    at, member = clock.now(), member_of(request)
    if kind not in FORMS:
        raise Http404
    payee = payee_of(member_id=member.pk)
    if payee is None:
        messages.info(request, _("请先完成实名登记"))
        return HttpResponseRedirect(reverse("agents:kyc"))
    if not _is_confirmed(request, at):
        return _to_confirm(request, member)
    form = FORMS[kind](request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_account(member=member, kind=kind, at=at, **form.cleaned_data)
        except AccountRefused as refusal:
            form.add_error(FIELDS.get(refusal.code), str(refusal))
        else:
            messages.success(request, _("收款账户已保存，72 小时后可以提现到这里"))
            return HttpResponseRedirect(reverse("agents:accounts"))
    identity = WechatIdentity.objects.filter(member=member, app_id=settings.WECHAT_APP_ID).first()
    page = {"form": form, "kind": AccountKind(kind), "payee": payee, "identity": identity}
    return render(request, "agents/account_new.html", page, status=422 if form.errors else 200)


@members_only
@require_POST
def account_remove(request: HttpRequest, account_id: int) -> HttpResponse:
    """Take one of the own accounts away."""
    try:
        remove_account(member=member_of(request), account_id=account_id, at=clock.now())
    except AccountRefused as refusal:
        if refusal.code == "unknown":
            raise Http404 from refusal
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("收款账户已移除"))
    return HttpResponseRedirect(reverse("agents:accounts"))


@members_only
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def payout_confirm(request: HttpRequest) -> HttpResponse:
    """Show a code that was sent to the own phone for this alone; it holds for ten minutes in this session."""
    at, member = clock.now(), member_of(request)
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_own = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/agent/")
    if not is_own or ".." in target:
        target = reverse("agents:accounts")
    page: dict[str, Any] = {"target": target, "phone": member.phone}
    if request.method != "POST" or member.phone is None:
        return render(request, "agents/payout_confirm.html", page)
    if request.POST.get("step") == "send":
        words = _send(request, member.phone, at)
        return render(request, "agents/payout_confirm.html", page | {"is_sent": not words, "trouble": words})
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            redeem_code(phone=member.phone, purpose=CodePurpose.PAYOUT, code=form.cleaned_data["code"], at=at)
        except CodeRefused:
            form.add_error(None, _("验证码不对或已失效。连续输错 5 次后需要重新获取"))
        else:
            request.session.cycle_key()
            request.session[CONFIRMED_KEY] = int(at.timestamp())
            return HttpResponseRedirect(target)
    return render(request, "agents/payout_confirm.html", page | {"form": form, "is_sent": True}, status=422)


def _is_confirmed(request: HttpRequest, at: datetime) -> bool:
    then = request.session.get(CONFIRMED_KEY)
    return isinstance(then, int) and 0 <= int(at.timestamp()) - then <= CONFIRMED_SECONDS


def _to_confirm(request: HttpRequest, member: Member) -> HttpResponse:
    if member.phone is None:
        messages.info(request, _("请先绑定手机号，修改收款账户要用短信确认"))
        return HttpResponseRedirect(reverse("members:phone"))
    return HttpResponseRedirect(f"{reverse('agents:payout-confirm')}?{urlencode({'next': request.path})}")


def _send(request: HttpRequest, phone: str, at: datetime) -> str:
    """Send a code; return what to say where it did not go out."""
    address = get_adapter().get_client_ip(request)
    try:
        send_code(phone=phone, purpose=CodePurpose.PAYOUT, address=address, at=at)
    except TooManyCodes as refusal:
        return _("获取验证码太频繁，请 %d 秒后再试") % max(1, int(refusal.wait.total_seconds()))
    except SmsNotSent:
        return _("短信没有发出，请稍后再试")
    return ""
