"""Logging in by WeChat: sent there, coming back, joining.

Nobody is made to: without an answer, or with a wrong one, the page that was asked for is shown as to any stranger.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mall.core import clock, stepping
from mall.core.access import members_only, public
from mall.core.visitor import keep_openid, kept_touch
from members import commands, entering, queries
from members.entering import RoundTrip
from members.gateways import wechat
from members.models import Member, WechatIdentity

from .asking import member_of

LOGIN, BIND, CONFIRM, SILENT = "login", "bind", "confirm", "silent"
CODE_MAX = 128


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Go to WeChat after a tap: to log in, to bind the account, or to confirm who one is."""
    if request.method != "POST" or not wechat.is_configured():
        return HttpResponseRedirect(reverse("account_login"))
    target = request.POST.get("next")
    if isinstance(request.user, Member):
        purpose = CONFIRM if request.POST.get("for") == CONFIRM else BIND
    elif request.POST.get("agreed"):
        purpose, request.session[entering.AGREED_KEY] = LOGIN, True
    else:
        messages.error(request, _("请先阅读并同意用户协议和隐私政策"))
        return HttpResponseRedirect(_login_page(entering.own_page(request, target)))
    at = clock.now()
    return entering.to_wechat(request, purpose=purpose, scope=wechat.USERINFO, target=target or "/", at=at)


@public
@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Ask WeChat silently who this is, and come back: a page that needs to know links here."""
    target = entering.own_page(request, request.GET.get("next"))
    if not wechat.is_configured():
        return HttpResponseRedirect(target)
    request.session[entering.TRIED_KEY] = True
    return entering.to_wechat(request, purpose=SILENT, scope=wechat.BASE, target=target, at=clock.now())


@public
@never_cache
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Come back from WeChat. A state that is not this session's, or used, or old, ends at the front page."""
    at = clock.now()
    trip = entering.take_trip(request, state=request.GET.get("state", ""), at=at)
    if trip is None:
        return HttpResponseRedirect("/")
    code = request.GET.get("code", "")
    if not 0 < len(code) <= CODE_MAX:
        return _without(request, trip, _("你没有授权微信登录，可以用手机号登录"))
    try:
        person = wechat.person_by_code(code=code, scope=trip.scope)
    except commands.WechatError:
        return _without(request, trip, _("微信暂时没有回应，请稍后再试，或用手机号登录"))
    identity = commands.meet_wechat(person=person, at=at)
    keep_openid(request, identity.openid)
    return _ARRIVALS[trip.purpose](request, trip, identity)


@public
@never_cache
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """Join with WeChat alone, where the operator allows that: no phone yet."""
    identity = queries.wechat_identity(identity_id=entering.kept_identity(request))
    if identity is None or not settings.WECHAT_JOINS_ALONE or not request.session.get(entering.AGREED_KEY):
        return HttpResponseRedirect(reverse("account_login"))
    at = clock.now()
    touch = queries.standing_touch(touch_id=kept_touch(request))
    member, joined = commands.join_by_wechat(
        identity=identity, referrer=touch.owner if touch else None, touch=touch, at=at
    )
    if not _may_enter(member):
        return _refused(request)
    return entering.enter(request, member, method="wechat", joined=joined, at=at)


@members_only
@require_POST
def unbind(request: HttpRequest) -> HttpResponse:
    """Let WeChat log this member in no more."""
    at = clock.now()
    if not stepping.is_confirmed(request, at=at):
        return stepping.to_confirm(reverse("members:security"))
    try:
        commands.unbind_wechat(member=member_of(request))
    except commands.LastWayIn:
        messages.error(request, _("请先绑定手机号，不然解绑后就登录不了了"))
    else:
        messages.success(request, _("已解除微信绑定"))
    return HttpResponseRedirect(reverse("members:security"))


def _arrive_silently(request: HttpRequest, trip: RoundTrip, identity: WechatIdentity) -> HttpResponse:
    member = identity.member
    if member is not None and not request.user.is_authenticated and _may_enter(member):
        request.session[entering.NEXT_KEY] = trip.target
        return entering.enter(request, member, method="wechat", joined=False, at=clock.now())
    return HttpResponseRedirect(trip.target)


def _arrive_to_log_in(request: HttpRequest, trip: RoundTrip, identity: WechatIdentity) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(trip.target)
    if identity.member is None:
        entering.remember_identity(request, identity)
        return HttpResponseRedirect(_login_page(trip.target))
    if not _may_enter(identity.member):
        return _refused(request)
    request.session[entering.NEXT_KEY] = trip.target
    return entering.enter(request, identity.member, method="wechat", joined=False, at=clock.now())


def _arrive_to_bind(request: HttpRequest, trip: RoundTrip, identity: WechatIdentity) -> HttpResponse:
    if isinstance(request.user, Member):
        try:
            commands.bind_wechat(identity=identity, member=request.user, at=clock.now())
        except commands.WechatTaken:
            messages.error(request, _("这个微信已经绑定了别的账号，或者本账号已绑定另一个微信"))
        else:
            messages.success(request, _("微信已绑定，下次可以用微信登录"))
    return HttpResponseRedirect(trip.target)


def _arrive_to_confirm(request: HttpRequest, trip: RoundTrip, identity: WechatIdentity) -> HttpResponse:
    if isinstance(request.user, Member) and identity.member_id == request.user.pk:
        entering.confirm_again(request, by=stepping.BY_WECHAT, at=clock.now())
        return HttpResponseRedirect(trip.target)
    messages.error(request, _("这个微信不是本账号绑定的微信"))
    return HttpResponseRedirect(reverse("members:security"))


_ARRIVALS: dict[str, Any] = {
    SILENT: _arrive_silently,
    LOGIN: _arrive_to_log_in,
    BIND: _arrive_to_bind,
    CONFIRM: _arrive_to_confirm,
}


def _without(request: HttpRequest, trip: RoundTrip, words: str) -> HttpResponse:
    """Go on without WeChat's answer; silently where nobody asked for it."""
    if trip.purpose == SILENT:
        return HttpResponseRedirect(trip.target)
    messages.error(request, words)
    return HttpResponseRedirect(_login_page(trip.target) if trip.purpose == LOGIN else reverse("members:security"))


def _may_enter(member: Member) -> bool:
    """Operators have passwords, and who is switched off stays out."""
    return member.is_active and not member.is_staff


def _refused(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("该账号不能用微信登录，请联系客服"))
    return HttpResponseRedirect(reverse("account_login"))


def _login_page(target: str) -> str:
    return f"{reverse('account_login')}?{urlencode({'next': target})}"
