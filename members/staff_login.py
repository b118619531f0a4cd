"""How operators and suppliers' users sign in to the two admin sites: phone and password, locked out by axes."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm

from mall.core.seats import seat_of

from .models import Member
from .rules import PHONE_INPUT_MAX, normal_phone

PASSWORD_INPUT_MAX = 128


def account_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str | None:
    """Return the account that a sign-in is counted for: one and the same, however its phone is typed."""
    given = credentials or {}
    typed = given.get("username") or given.get(Member.USERNAME_FIELD) or request.POST.get("username")
    try:
        return normal_phone(typed) if isinstance(typed, str) else None
    except ValueError:
        return None


def network_address_of(request: HttpRequest) -> str | None:
    """Return the address that a sign-in is counted for; a forged X-Forwarded-For changes nothing."""
    try:
        address: str = get_adapter().get_client_ip(request)
    except PermissionDenied:
        return None
    return address


class StaffLoginForm(AuthenticationForm):
    """Takes a phone as people type it. A password of unreasonable length is refused before it is hashed."""

    error_messages = {
        "invalid_login": _("手机号或密码不正确，或者没有权限"),
        "inactive": _("该账号已停用"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("手机号")
        self.fields["username"].max_length = PHONE_INPUT_MAX
        self.fields["password"] = forms.CharField(
            label=_("密码"), strip=False, max_length=PASSWORD_INPUT_MAX, widget=self.fields["password"].widget
        )

    def clean_username(self) -> str:
        try:
            return normal_phone(self.cleaned_data["username"])
        except ValueError as error:
            raise ValidationError(_("请输入 11 位手机号")) from error


class SupplierLoginForm(StaffLoginForm):
    """Lets in who has a seat at a supplier that is active."""

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.is_active or seat_of(user) is None:
            raise ValidationError(self.error_messages["invalid_login"], code="invalid_login")
