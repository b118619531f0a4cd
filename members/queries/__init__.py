"""What is asked about members."""

from django.db.models import Count, QuerySet
from django.db.models.functions import Right

from members.models import Address, DayVisit, Member, SmsMessage, Touch
from members.rules import is_referral_code

from .account import (
    SessionRow,
    export_by_token,
    may_enter_by_wechat,
    newest_export,
    own_sessions,
    waiting_closing,
    waiting_phone_change,
    wechat_identity,
    wechat_of,
    wechat_openid,
)
from .advisers import (
    Attribution,
    attribution_words,
    contest_counts,
    customer_count,
    is_shopkeeper,
    newest_touch,
    open_contest,
    order_attribution,
    own_contests,
    relation_history,
    relation_of,
    relation_policy,
    shopkeeper_counts,
    shopkeeper_of,
)
from .consents import (
    TextInForce,
    allows_marketing,
    consent_history,
    has_signed,
    newest_consents,
    personalises,
    text_in_force,
    texts_in_force,
)
from .phones import phone_as_kept

__all__ = [
    "Attribution",
    "SessionRow",
    "TextInForce",
    "address_of",
    "addresses",
    "allows_marketing",
    "attribution_words",
    "consent_history",
    "contest_counts",
    "customer_count",
    "days_visited",
    "default_address",
    "export_by_token",
    "has_signed",
    "is_shopkeeper",
    "may_enter_by_wechat",
    "member_by_phone",
    "members_by_tail_or_name",
    "names_of",
    "newest_consents",
    "newest_export",
    "newest_touch",
    "open_contest",
    "order_attribution",
    "outbox",
    "own_contests",
    "own_sessions",
    "personalises",
    "phone_as_kept",
    "recruits",
    "referral_owner",
    "relation_history",
    "relation_of",
    "relation_policy",
    "shopkeeper_counts",
    "shopkeeper_of",
    "standing_touch",
    "text_in_force",
    "texts_in_force",
    "touches_by_channel",
    "waiting_closing",
    "waiting_phone_change",
    "wechat_identity",
    "wechat_of",
    "wechat_openid",
]


def member_by_phone(*, phone: str) -> Member | None:
    """Return the member with this phone (`+86…`)."""
    return Member.objects.filter(phone=phone).first()


def members_by_tail_or_name(*, tail: str = "", name: str = "", limit: int) -> list[int]:
    """Return up to `limit` members by the last four digits of their phone, or by how their nickname begins: ids, for a
    query of the caller that finds its own among them."""
    if tail:
        by_tail = Member.objects.annotate(tail=Right("phone", 4)).filter(phone__isnull=False, tail=tail)
        return list(by_tail.values_list("pk", flat=True)[:limit])
    by_name = Member.objects.filter(nickname__startswith=name).exclude(nickname="")
    return list(by_name.values_list("pk", flat=True)[:limit])


def referral_owner(*, code: str) -> Member | None:
    """Return whose referral code this is; none for malformed, unknown and switched-off members' codes."""
    if not is_referral_code(code):
        return None
    return Member.objects.filter(referral_code=code, is_active=True).first()


def addresses(*, member: Member) -> QuerySet[Address]:
    """Return a member's addresses, the default first."""
    return Address.objects.filter(member=member, deleted_at=None).order_by("-is_default", "-id")


def address_of(*, member: Member, address_id: int) -> Address | None:
    """Return one of the member's own addresses that are not deleted."""
    return Address.objects.filter(member=member, deleted_at=None, pk=address_id).first()


def default_address(*, member: Member) -> Address | None:
    """Return where the member's goods go unless told otherwise."""
    return addresses(member=member).first()


def days_visited(*, member: Member) -> int:
    """Return on how many dates the member was here."""
    return DayVisit.objects.filter(member=member).count()


def recruits(*, member: Member) -> QuerySet[Member]:
    """Return whom the member brought in, newest first."""
    return Member.objects.filter(referrer=member).order_by("-joined_at", "-id")


def standing_touch(*, touch_id: int | None) -> Touch | None:
    """Return a touch with its owner, as long as the owner is not switched off."""
    if touch_id is None:
        return None
    return Touch.objects.select_related("owner").filter(pk=touch_id, owner__is_active=True).first()


def touches_by_channel(*, owner: Member) -> dict[str, int]:
    """Return how many came through each channel of a sharer's links, the busiest first."""
    counted = Touch.objects.filter(owner=owner).values_list("channel").annotate(count=Count("id"))
    return dict(counted.order_by("-count", "channel"))


def outbox() -> QuerySet[SmsMessage]:
    """Return the messages of the demo's outbox, newest first."""
    return SmsMessage.objects.order_by("-at", "-id")


def names_of(member_ids: list[int]) -> dict[int, str]:
    """Return what operators call these members."""
    return {member.pk: str(member) for member in Member.objects.filter(pk__in=member_ids)}
