"""Becoming a shopkeeper: asked for by a member, free of charge, decided by an operator who is somebody else."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from mall.core.events import publish
from mall.core.text import clean_line
from members.events import ShopkeeperDecided
from members.models import ConsentKind, Member, RelationEnd, Shopkeeper, ShopkeeperState

from .advising import end_relation, locked_customer, standing_relation
from .consenting import record_consent

STATEMENT_MAX = 200
REASON_MAX = 200
CLOSED_REASON = "账号已注销"

# From which states each decision is taken.
_DECIDED_FROM = {
    ShopkeeperState.APPROVED: (ShopkeeperState.APPLIED, ShopkeeperState.SUSPENDED),
    ShopkeeperState.REFUSED: (ShopkeeperState.APPLIED,),
    ShopkeeperState.SUSPENDED: (ShopkeeperState.APPROVED,),
}


class ShopkeeperRefusal(models.TextChoices):
    """Why it cannot be done, in words for people."""

    NOT_AGREED = "not_agreed", _("请先阅读并同意店主协议")
    STAFF = "staff", _("运营人员不能成为店主")
    ALREADY = "already", _("你已经是店主了")
    SUSPENDED = "suspended", _("你的店主资格已暂停，请看原因或联系客服")
    BAD_STATEMENT = "bad_statement", _("请用 200 字以内介绍")
    BAD_REASON = "bad_reason", _("请写明原因，200 字以内")
    WRONG_STATE = "wrong_state", _("状态已变化，请刷新页面")
    ONESELF = "oneself", _("不能处理自己的申请")


class ShopkeeperRefused(Exception):
    """It cannot be done; `reason` says why. Nothing was changed."""

    def __init__(self, reason: ShopkeeperRefusal) -> None:
        super().__init__(reason.label)
        self.reason = reason


def apply_as_shopkeeper(*, member: Member, statement: str, agreed: bool, at: datetime) -> Shopkeeper:
    """Ask to become a shopkeeper, with the agreement signed in the words in force. Whoever was refused may ask again.

    A repeat returns what waits. Raises ShopkeeperRefused.
    """
    if not agreed:
        raise ShopkeeperRefused(ShopkeeperRefusal.NOT_AGREED)
    try:
        words = clean_line(statement, STATEMENT_MAX)
    except ValueError as error:
        raise ShopkeeperRefused(ShopkeeperRefusal.BAD_STATEMENT) from error
    with transaction.atomic():
        locked = locked_customer(member.pk)
        if locked.is_staff or not locked.is_active:
            raise ShopkeeperRefused(ShopkeeperRefusal.STAFF)
        known = Shopkeeper.objects.select_for_update(no_key=True).filter(member=locked).first()
        if known is not None and known.state == ShopkeeperState.APPLIED:
            return known
        if known is not None and known.state == ShopkeeperState.APPROVED:
            raise ShopkeeperRefused(ShopkeeperRefusal.ALREADY)
        if known is not None and known.state == ShopkeeperState.SUSPENDED:
            raise ShopkeeperRefused(ShopkeeperRefusal.SUSPENDED)
        record_consent(member=locked, kind=ConsentKind.SHOPKEEPER, is_given=True, at=at)
        asked = {"state": ShopkeeperState.APPLIED, "statement": words, "applied_at": at}
        return Shopkeeper.objects.update_or_create(member=locked, defaults=asked)[0]


def approve_shopkeeper(*, shopkeeper: Shopkeeper, by: Member, at: datetime) -> Shopkeeper:
    """Let an applicant earn retail commission from now on. Whoever was its adviser is no longer.

    Raises ShopkeeperRefused.
    """
    return _decide(shopkeeper, ShopkeeperState.APPROVED, "", by, at, only_from=ShopkeeperState.APPLIED)


def refuse_shopkeeper(*, shopkeeper: Shopkeeper, reason: str, by: Member, at: datetime) -> Shopkeeper:
    """Refuse an applicant, who reads the reason as it is written here. Raises ShopkeeperRefused."""
    return _decide(shopkeeper, ShopkeeperState.REFUSED, reason, by, at)


def suspend_shopkeeper(*, shopkeeper: Shopkeeper, reason: str, by: Member, at: datetime) -> Shopkeeper:
    """Let a shopkeeper earn nothing from orders placed from now on; customers stay. Raises ShopkeeperRefused."""
    return _decide(shopkeeper, ShopkeeperState.SUSPENDED, reason, by, at)


def reinstate_shopkeeper(*, shopkeeper: Shopkeeper, by: Member, at: datetime) -> Shopkeeper:
    """Let a suspended shopkeeper earn again. Raises ShopkeeperRefused."""
    return _decide(shopkeeper, ShopkeeperState.APPROVED, "", by, at, only_from=ShopkeeperState.SUSPENDED)


def close_shopkeeper(*, member_id: int, at: datetime) -> None:
    """End the qualification of somebody whose account is closed. In the caller's transaction."""
    own = Shopkeeper.objects.filter(member_id=member_id)
    own.filter(state=ShopkeeperState.APPROVED).update(
        state=ShopkeeperState.SUSPENDED, reason=CLOSED_REASON, decided_at=at, decided_by=None
    )
    own.filter(state=ShopkeeperState.APPLIED).update(
        state=ShopkeeperState.REFUSED, reason=CLOSED_REASON, decided_at=at, decided_by=None
    )


def _decide(
    shopkeeper: Shopkeeper, state: ShopkeeperState, reason: str, by: Member, at: datetime, *, only_from: str = ""
) -> Shopkeeper:
    words = _reason(reason) if state != ShopkeeperState.APPROVED else ""
    with transaction.atomic():
        member = locked_customer(shopkeeper.pk)
        kept = Shopkeeper.objects.select_for_update(no_key=True).get(pk=shopkeeper.pk)
        if kept.state not in _DECIDED_FROM[state] or (only_from and kept.state != only_from) or not member.is_active:
            raise ShopkeeperRefused(ShopkeeperRefusal.WRONG_STATE)
        if by.pk == kept.pk:
            raise ShopkeeperRefused(ShopkeeperRefusal.ONESELF)
        kept.state, kept.reason, kept.decided_at, kept.decided_by = state, words, at, by
        if state == ShopkeeperState.APPROVED:
            kept.approved_at = kept.approved_at or at
            standing = standing_relation(member, at=at)
            if standing is not None:
                end_relation(standing, RelationEnd.OPENED, at=at)
        kept.save(update_fields=["state", "reason", "decided_at", "decided_by", "approved_at"])
        publish(ShopkeeperDecided(member_id=kept.pk, state=state, reason=words, at=at))
    return kept


def _reason(text: str) -> str:
    try:
        words = clean_line(text, REASON_MAX)
    except ValueError as error:
        raise ShopkeeperRefused(ShopkeeperRefusal.BAD_REASON) from error
    if not words:
        raise ShopkeeperRefused(ShopkeeperRefusal.BAD_REASON)
    return words
