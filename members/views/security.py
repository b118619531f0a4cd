"""The account and its safety: devices, the phone, WeChat, and confirming again who one is."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mall.core import clock, stepping
from mall.core.access import members_only
from mall.core.names import masked_phone
from members import commands, entering, queries
from members.account import CodeForm, NumberForm, too_many_words
from members.gateways import wechat
from members.models import CodePurpose, Member
from members.rules import CODE_LIFE, PHONE_REST

from .asking import form_page, member_of

NEW_PHONE_KEY = "new_phone"
MERGE_KEY = "merge_with"
MERGE_SECONDS = 600


@members_only
@never_cache
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """What the account hangs on, and where it is in use."""
    member, at = member_of(request), clock.now()
    page = {
        "member": member,
        "identity": queries.wechat_of(member=member),
        "has_wechat": wechat.is_configured(),
        "sessions": queries.own_sessions(member=member, this_key=request.session.session_key, at=at),
        "change": queries.waiting_phone_change(member=member),
        "closing": queries.waiting_closing(member=member),
    }
    return render(request, "members/security.html", page)


@members_only
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Log one other device out."""
    if not commands.end_session(member=member_of(request), session_id=session_id):
        raise Http404
    messages.success(request, _("这台设备已退出登录"))
    return HttpResponseRedirect(reverse("members:security"))


@members_only
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Log all other devices out."""
    ended = commands.end_other_sessions(member=member_of(request), but=request.session.session_key)
    messages.success(request, _("已退出其他 %d 台设备") % ended if ended else _("没有其他设备在登录"))
    return HttpResponseRedirect(reverse("members:security"))


@members_only
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm again who one is: by a code to the own phone, or by the own WeChat."""
    member, at = member_of(request), clock.now()
    target = entering.own_page(request, request.POST.get("next") or request.GET.get("next"))
    page = {
        "member": member,
        "target": target,
        "identity": queries.wechat_of(member=member) if wechat.is_configured() else None,
        "minutes": CODE_LIFE.seconds // 60,
    }
    if request.method != "POST":
        return render(request, "members/confirm.html", page)
    if member.phone is None:
        raise Http404
    if request.POST.get("step") == "send":
        words = _send(request, member.phone, CodePurpose.CONFIRM, at)
        return render(request, "members/confirm.html", page | {"is_sent": not words, "trouble": words})
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            commands.redeem_code(phone=member.phone, purpose=CodePurpose.CONFIRM, code=form.cleaned_data["code"], at=at)
        except commands.CodeRefused:
            form.add_error(None, _("验证码不对或已失效。连续输错 5 次后需要重新获取"))
        else:
            entering.confirm_again(request, by=stepping.BY_PHONE, at=at)
            return HttpResponseRedirect(target)
    return form_page(request, "members/confirm.html", form, page | {"is_sent": True})


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """The new phone; sends a code to it. Only after the old one, or WeChat, confirmed who asks."""
    member, at = member_of(request), clock.now()
    if not _may_change(request, member, at):
        return stepping.to_confirm(reverse("members:phone"))
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        words = _send(request, form.cleaned_data["phone"], CodePurpose.NEW_PHONE, at)
        if not words:
            request.session[NEW_PHONE_KEY] = form.cleaned_data["phone"]
            return HttpResponseRedirect(reverse("members:phone-code"))
        form.add_error(None, words)
    rests = member.phone is not None and stepping.confirmed_by(request, at=at) == stepping.BY_WECHAT
    page = {"member": member, "rests": rests, "hours": int(PHONE_REST.total_seconds()) // 3600}
    return form_page(request, "members/phone.html", form, page)


@members_only
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """The code that the new phone got; with it the phone is changed, or waits, or two accounts are to become one."""
    member, at = member_of(request), clock.now()
    new = request.session.get(NEW_PHONE_KEY)
    if not isinstance(new, str) or not _may_change(request, member, at):
        return HttpResponseRedirect(reverse("members:phone"))
    form = CodeForm(request.POST or None)
    page = {"masked": masked_phone(new), "minutes": CODE_LIFE.seconds // 60}
    if request.method == "POST" and form.is_valid():
        try:
            commands.redeem_code(phone=new, purpose=CodePurpose.NEW_PHONE, code=form.cleaned_data["code"], at=at)
        except commands.CodeRefused:
            form.add_error(None, _("验证码不对或已失效。连续输错 5 次后需要重新获取"))
        else:
            del request.session[NEW_PHONE_KEY]
            return _change(request, member, new, at)
    return form_page(request, "members/phone_code.html", form, page)


@members_only
@require_POST
def stop_change(request: HttpRequest) -> HttpResponse:
    """Keep the old phone after all."""
    if commands.stop_phone_change(member=member_of(request), at=clock.now()):
        messages.success(request, _("已撤销，手机号不变"))
    return HttpResponseRedirect(reverse("members:security"))


def _may_change(request: HttpRequest, member: Member, at: datetime) -> bool:
    """Say whether the old factor was shown. Who has no phone yet is known by WeChat alone, and adds one."""
    return member.phone is None or stepping.is_confirmed(request, at=at)


def _change(request: HttpRequest, member: Member, new: str, at: datetime) -> HttpResponse:
    by_phone = member.phone is None or stepping.confirmed_by(request, at=at) == stepping.BY_PHONE
    try:
        if by_phone:
            commands.change_phone(member=member, phone=new, at=at)
            messages.success(request, _("手机号已更换，其他设备已退出登录"))
            commands.end_other_sessions(member=member, but=request.session.session_key)
        else:
            commands.wait_for_phone(member=member, phone=new, at=at)
            messages.success(request, _("已登记，72 小时后更换。期间可以随时撤销"))
    except commands.AlreadyWaiting:
        messages.error(request, _("已经有一次更换在等待生效"))
    except commands.PhoneTaken as taken:
        if member.phone is None:
            request.session[MERGE_KEY] = [taken.owner.pk, int(at.timestamp())]
            return HttpResponseRedirect(reverse("members:merge"))
        messages.error(request, _("这个手机号已经是另一个账号的，请用它直接登录"))
    return HttpResponseRedirect(reverse("members:security"))


def _send(request: HttpRequest, number: str, purpose: str, at: datetime) -> Any:
    """Send a code; return what to say where it did not go out."""
    address = get_adapter().get_client_ip(request)
    try:
        commands.send_code(phone=number, purpose=purpose, address=address, at=at)
    except commands.TooManyCodes as refusal:
        return too_many_words(refusal)
    except commands.SmsNotSent:
        return _("短信没有发出，请稍后再试")
    return ""


def merge_partner(request: HttpRequest, *, at: datetime) -> Member | None:
    """Return whose phone the member, who has none, has confirmed within the last ten minutes."""
    match request.session.get(MERGE_KEY):
        case [int(pk), int(then)] if 0 <= int(at.timestamp()) - then <= MERGE_SECONDS:
            return Member.objects.filter(pk=pk, is_active=True, is_staff=False).first()
    return None


@members_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """Two accounts of one person: say what moves and what stays, and make one of them."""
    member, at = member_of(request), clock.now()
    partner = merge_partner(request, at=at)
    if partner is None or member.phone is not None:
        return HttpResponseRedirect(reverse("members:security"))
    outlook = commands.merge_outlook(source=member)
    if request.method != "POST":
        page = {"outlook": outlook, "masked": masked_phone(str(partner.phone)), "partner": partner}
        return render(request, "members/merge.html", page)
    try:
        commands.merge_members(source=member, target=partner, at=at)
    except commands.MergeRefused:
        messages.error(request, _("这个手机号的账号已经绑定另一个微信，不能合并"))
        return HttpResponseRedirect(reverse("members:security"))
    del request.session[MERGE_KEY]
    messages.success(request, _("账号已合并，以后用微信或手机号登录都是这个账号"))
    return entering.change_member(request, partner, at=at)
