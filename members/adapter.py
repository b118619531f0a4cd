"""How allauth sees a member: by phone, without username or e-mail. Codes and joining are ours, see `account.py`."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from . import queries
from .models import Member

# The page itself shows that somebody is logged in or out.
SILENT = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class PhoneAdapter(DefaultAccountAdapter):
    """Phones for allauth's login stages."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """No stages: our own pages have verified the phone, or WeChat the person, before they log anybody in."""
        return []

    def get_phone(self, user: Member) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone(self, user: Member, phone: str, verified: bool) -> None:
        Member.objects.filter(pk=user.pk).update(phone=phone, phone_verified=verified)

    def set_phone_verified(self, user: Member, phone: str) -> None:
        Member.objects.filter(pk=user.pk, phone=phone).update(phone_verified=True)

    def get_user_by_phone(self, phone: str) -> Member | None:
        return queries.member_by_phone(phone=phone)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in SILENT:
            super().add_message(request, level, message_template, *args, **kwargs)
