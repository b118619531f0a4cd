"""What is asked about a member's account: devices, WeChat, what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from members.models import AccountClosing, DataExport, Member, MemberSession, PhoneChange, WechatIdentity

SYSTEM_NAMES = {
    "iphone": "iPhone",
    "ipad": "iPad",
    "harmony": "HarmonyOS",
    "android": _("安卓手机"),
    "windows": _("Windows 电脑"),
    "mac": _("苹果电脑"),
    "linux": _("Linux 电脑"),
    "other": _("其他设备"),
}
BROWSER_NAMES = {
    "wechat": _("微信"),
    "alipay": _("支付宝"),
    "edge": "Edge",
    "quark": _("夸克"),
    "uc": "UC",
    "qq": _("QQ 浏览器"),
    "firefox": "Firefox",
    "chrome": "Chrome",
    "safari": "Safari",
    "other": _("浏览器"),
}


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A device on which the member is logged in, in words."""

    id: int
    system: Any
    browser: Any
    is_handheld: bool
    is_this_one: bool
    started_at: datetime
    seen_at: datetime


def own_sessions(*, member: Member, this_key: str | None, at: datetime) -> list[SessionRow]:
    """Return where the member is logged in: this device first, then the one used last."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    rows = MemberSession.objects.filter(Exists(alive), member=member).order_by("-seen_at", "-id")
    found = [
        SessionRow(
            id=row.pk,
            system=SYSTEM_NAMES.get(row.system, SYSTEM_NAMES["other"]),
            browser=BROWSER_NAMES.get(row.browser, BROWSER_NAMES["other"]),
            is_handheld=row.system in ("iphone", "ipad", "harmony", "android"),
            is_this_one=row.session_key == this_key,
            started_at=row.started_at,
            seen_at=row.seen_at,
        )
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.is_this_one)


def wechat_of(*, member: Member) -> WechatIdentity | None:
    """Return by which identity of our WeChat app the member can log in."""
    return WechatIdentity.objects.filter(member=member, app_id=settings.WECHAT_APP_ID).first()


def wechat_openid(*, member: Member) -> str:
    """Return the member's openid towards our WeChat app, or nothing."""
    identity = wechat_of(member=member)
    return identity.openid if identity else ""


def wechat_identity(*, identity_id: int | None) -> WechatIdentity | None:
    """Return an identity with its member."""
    if identity_id is None:
        return None
    return WechatIdentity.objects.select_related("member").filter(pk=identity_id).first()


def may_enter_by_wechat() -> bool:
    """Say whether this mall has an app with WeChat at all."""
    return bool(settings.WECHAT_APP_ID and settings.WECHAT_APP_SECRET)


def waiting_phone_change(*, member: Member) -> PhoneChange | None:
    """Return the change of the phone that waits."""
    return PhoneChange.objects.filter(member=member, ended_at=None).first()


def waiting_closing(*, member: Member) -> AccountClosing | None:
    """Return the closing of the account that waits."""
    return AccountClosing.objects.filter(member=member, called_off_at=None, closed_at=None).first()


def newest_export(*, member: Member) -> DataExport | None:
    """Return the copy of the data that was asked for last, without its content."""
    return DataExport.objects.filter(member=member).defer("content").order_by("-requested_at", "-id").first()


def export_by_token(*, member: Member, token: str, at: datetime) -> DataExport | None:
    """Return a copy that is ready and whose link lives, if it is the member's own."""
    return DataExport.objects.filter(
        member=member, token=token, ready_at__isnull=False, content__isnull=False, expires_at__gt=at
    ).first()
