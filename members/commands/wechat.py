"""What happens when somebody comes by WeChat: the identity is met, bound to a member, or makes one."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from mall.core.text import clean_line
from members.gateways import wechat
from members.gateways.wechat import WechatError, WechatPerson
from members.models import Member, Touch, WechatIdentity
from members.rules import NICKNAME_MAX

from .joining import register_member

__all__ = [
    "LastWayIn",
    "WechatError",
    "WechatTaken",
    "bind_wechat",
    "join_by_wechat",
    "meet_wechat",
    "sign_page",
    "unbind_wechat",
]


class WechatTaken(Exception):
    """The identity belongs to another member, or the member has another identity."""


class LastWayIn(Exception):
    """Without this identity the member could not log in any more."""


def meet_wechat(*, person: WechatPerson, at: datetime) -> WechatIdentity:
    """Write down who came; what was told only after agreement (nickname, unionid) is kept and never emptied."""
    with transaction.atomic():
        identity, _ = WechatIdentity.objects.select_for_update().get_or_create(
            app_id=settings.WECHAT_APP_ID, openid=person.openid, defaults={"first_seen_at": at}
        )
        if person.nickname or person.unionid:
            identity.nickname = _nickname(person.nickname) or identity.nickname
            identity.unionid = person.unionid or identity.unionid
            identity.agreed_at = at
            identity.save(update_fields=["nickname", "unionid", "agreed_at"])
    return identity


def bind_wechat(*, identity: WechatIdentity, member: Member, at: datetime) -> WechatIdentity:
    """Let an identity log a member in from now on. A repeat is a no-op. Raises WechatTaken."""
    try:
        with transaction.atomic():
            locked = WechatIdentity.objects.select_for_update(of=("self",)).get(pk=identity.pk)
            if locked.member_id == member.pk:
                return locked
            if locked.member_id is not None or not Member.objects.filter(pk=member.pk, is_active=True).exists():
                raise WechatTaken
            locked.member, locked.bound_at = member, at
            locked.save(update_fields=["member", "bound_at"])
    except IntegrityError as error:
        raise WechatTaken from error
    return locked


def unbind_wechat(*, member: Member) -> None:
    """Let WeChat log this member in no more. Raises LastWayIn where the member has no phone. A repeat is a no-op."""
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        if locked.phone is None:
            raise LastWayIn
        WechatIdentity.objects.filter(member=locked).update(member=None, bound_at=None)


def join_by_wechat(
    *, identity: WechatIdentity, referrer: Member | None, touch: Touch | None, at: datetime
) -> tuple[Member, bool]:
    """Return the identity's member, who joins now, without a phone, where there is none yet; and whether it joined."""
    with transaction.atomic():
        locked = WechatIdentity.objects.select_for_update(of=("self",)).select_related("member").get(pk=identity.pk)
        if locked.member is not None:
            return locked.member, False
        member = register_member(phone=None, nickname=locked.nickname, referrer=referrer, at=at, touch=touch)
        locked.member, locked.bound_at = member, at
        locked.save(update_fields=["member", "bound_at"])
    return member, True


def sign_page(*, url: str, at: datetime) -> dict[str, Any]:
    """Return what `wx.config` needs on one of our own pages. Raises WechatError."""
    return wechat.signed_page(url=url, at=at)


def _nickname(text: str) -> str:
    try:
        return clean_line(text[:NICKNAME_MAX], NICKNAME_MAX)
    except ValueError:
        return ""
