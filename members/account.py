"""Login by phone and code: two forms, the second of which hands over to allauth's login stages.

A phone that nobody has joins here, bound to the referrer of the link that the session keeps. The answer to the first
form is the same whether or not the phone is known. Who came from WeChat meanwhile is bound to the phone's member.
"""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import LogoutView, RedirectURLMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from mall.core import clock
from mall.core.access import public
from mall.core.names import masked_phone
from mall.core.visitor import is_wechat, kept_touch

from . import commands, entering, queries
from .entering import NEXT_KEY
from .gateways import wechat
from .models import CodePurpose, Member
from .rules import CODE_DIGITS, CODE_LIFE, PHONE_INPUT_MAX, normal_phone

PHONE_KEY = "login_phone"
SENT_KEY = "login_code_sent_at"
RESEND_AFTER = timedelta(seconds=60)


class NumberForm(forms.Form):
    """Asks for a mainland mobile number, as people type it."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=PHONE_INPUT_MAX,
        error_messages={"required": _("请输入手机号"), "max_length": _("请输入 11 位手机号")},
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national", "autofocus": True}
        ),
    )

    def clean_phone(self) -> str:
        try:
            return normal_phone(self.cleaned_data["phone"])
        except ValueError as error:
            raise ValidationError(_("请输入 11 位手机号")) from error


class PhoneForm(NumberForm):
    """The number to log in with, and the agreement, which nobody ticks for anybody."""

    agreed = forms.BooleanField(error_messages={"required": _("请先阅读并同意用户协议和隐私政策")})


class CodeForm(forms.Form):
    """Asks for a code that was sent."""

    code = forms.RegexField(
        rf"^[0-9]{{{CODE_DIGITS}}}\Z",
        label=_("验证码"),
        error_messages={"required": _("请输入验证码"), "invalid": _("请输入 6 位数字验证码")},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": CODE_DIGITS, "autofocus": True}
        ),
    )


class _LoginStep(RedirectURLMixin, FormView):
    next_page = "/"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return super().dispatch(request, *args, **kwargs)

    def refuse(self, form: forms.Form, message: Any, status: int = 400) -> HttpResponse:
        """Show the form again with `message`."""
        form.add_error(None, message)
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


@method_decorator([public, never_cache], name="dispatch")
class PhoneView(_LoginStep):
    """The phone; sends a code. Posted again from the code's page, it sends another."""

    template_name = "account/login.html"
    form_class = PhoneForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        identity = queries.wechat_identity(identity_id=entering.kept_identity(self.request))
        return super().get_context_data(
            identity=identity,
            by_wechat=identity is None and wechat.is_configured() and (is_wechat(self.request) or settings.DEMO),
            joins_alone=identity is not None and settings.WECHAT_JOINS_ALONE,
            target=self.get_redirect_url() or self.request.session.get(NEXT_KEY, ""),
            **kwargs,
        )

    def form_valid(self, form: PhoneForm) -> HttpResponse:
        phone, at = form.cleaned_data["phone"], clock.now()
        address = get_adapter().get_client_ip(self.request)
        try:
            commands.send_code(phone=phone, purpose=CodePurpose.LOGIN, address=address, at=at)
        except commands.TooManyCodes as refusal:
            return self.refuse(form, too_many_words(refusal), status=429)
        except commands.SmsNotSent:
            return self.refuse(form, _("短信没有发出，请稍后再试"), status=503)
        session = self.request.session
        session[PHONE_KEY], session[SENT_KEY], session[entering.AGREED_KEY] = phone, at.timestamp(), True
        if target := self.get_redirect_url():
            session[NEXT_KEY] = target
        return HttpResponseRedirect(reverse("account_confirm_login_code"))


@method_decorator([public, never_cache, sensitive_post_parameters("code")], name="dispatch")
class CodeView(_LoginStep):
    """The code; whoever has the right one is in."""

    template_name = "account/code.html"
    form_class = CodeForm
    success_url = reverse_lazy("account_login")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated and not isinstance(request.session.get(PHONE_KEY), str):
            return HttpResponseRedirect(reverse("account_login"))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        phone = self.request.session[PHONE_KEY]
        sent_ago = clock.now().timestamp() - self.request.session.get(SENT_KEY, 0.0)
        return super().get_context_data(
            phone=phone,
            masked_phone=masked_phone(phone),
            minutes=CODE_LIFE.seconds // 60,
            resend_in=max(0, round(RESEND_AFTER.total_seconds() - sent_ago)),
            **kwargs,
        )

    def form_valid(self, form: CodeForm) -> HttpResponse:
        request, phone = self.request, self.request.session[PHONE_KEY]
        touch = queries.standing_touch(touch_id=kept_touch(request))
        try:
            member, joined = commands.enter_by_code(
                phone=phone,
                code=form.cleaned_data["code"],
                referrer=touch.owner if touch else None,
                touch=touch,
                at=clock.now(),
            )
        except commands.CodeRefused:
            return self.refuse(form, _("验证码不对或已失效。连续输错 5 次后需要重新获取"))
        if not member.is_active:
            return self.refuse(form, _("该账号已停用，请联系客服"), status=403)
        if member.is_staff:
            return self.refuse(form, _("运营人员请从运营后台用密码登录"), status=403)
        return self._enter(member, joined)

    def _enter(self, member: Member, joined: bool) -> HttpResponse:
        at = clock.now()
        identity = queries.wechat_identity(identity_id=entering.kept_identity(self.request))
        if identity is not None:
            try:
                commands.bind_wechat(identity=identity, member=member, at=at)
            except commands.WechatTaken:
                messages.warning(self.request, _("这个手机号已经绑定另一个微信，这次用手机号登录"))
            else:
                messages.success(self.request, _("微信已绑定，下次可以直接用微信登录"))
        for key in (PHONE_KEY, SENT_KEY):
            self.request.session.pop(key, None)
        return entering.enter(self.request, member, method="code", joined=joined, at=at)


class LeaveView(LogoutView):
    """Logs out. Inside WeChat, nobody is asked again right away who they are."""

    next_page = "/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(request, *args, **kwargs)
        if is_wechat(request):
            request.session[entering.TRIED_KEY] = True
        return response


def too_many_words(refusal: commands.TooManyCodes) -> str:
    """Say how long to wait for the next code."""
    seconds = max(1, round(refusal.wait.total_seconds()))
    wait = _("%d 秒") % seconds if seconds < 120 else _("%d 分钟") % (seconds // 60 + 1)
    return _("验证码发送太频繁，请 %s后再试") % wait
