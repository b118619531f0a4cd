"""Whose customer somebody is, and to which shopkeeper an order belongs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy

from mall.core.built import Built
from mall.core.statements import run
from members.models import (
    AdviserRelation,
    ContestState,
    Member,
    RelationContest,
    RelationEnd,
    RelationPolicy,
    Shopkeeper,
    ShopkeeperState,
    Touch,
)

FIRST_VERSION = 1
FIRST_POLICY: dict[str, Any] = {
    "starts_at": datetime(1970, 1, 1, tzinfo=UTC),
    "touch_days": 30,
    "protection_days": 15,
    "lock_days": 90,
    "order_lock_days": 180,
    "cooling_off_days": 7,
    "own_purchases": False,
}

# Whoever parted from an adviser in one of these ways is not brought back by a touch from before.
PARTED = (RelationEnd.LEFT, RelationEnd.CHANGED, RelationEnd.OPERATOR)

# Why an order belongs to whom it does, or to nobody. Each is kept on the order.
RELATION, TOUCH, TAKEOVER, OWN = "relation", "touch", "takeover", "own"
NOBODY, OWN_NOT_ALLOWED, NOT_OPEN, STAFF = "nobody", "own_refused", "not_open", "staff"
REASONS = {
    RELATION: gettext_lazy("锁客期内，归专属顾问"),
    TOUCH: gettext_lazy("经分享链接下单"),
    TAKEOVER: gettext_lazy("保护期后经新链接下单"),
    OWN: gettext_lazy("店主自购"),
    NOBODY: gettext_lazy("没有专属顾问"),
    OWN_NOT_ALLOWED: gettext_lazy("店主自购，规则不计佣金"),
    NOT_OPEN: gettext_lazy("顾问当时没有开通店主"),
    STAFF: gettext_lazy("运营人员下单，不计佣金"),
}


_STANDING = """
SELECT own.state, relation.id, relation.adviser_id, relation.protected_until, relation.touch_id, shop.state,
    adviser.is_active
FROM (SELECT %(member)s::bigint AS id) AS customer
LEFT JOIN members_shopkeeper own ON own.member_id = customer.id
LEFT JOIN members_adviserrelation relation ON relation.customer_id = customer.id AND relation.ended_at IS NULL
    AND relation.until > %(at)s::timestamptz
LEFT JOIN members_member adviser ON adviser.id = relation.adviser_id
LEFT JOIN members_shopkeeper shop ON shop.member_id = relation.adviser_id
"""
_STANDS = ("sells", "id", "adviser_id", "protected_until", "touch_id", "adviser_sells", "adviser_is_active")


@dataclass(frozen=True, slots=True)
class Attribution:
    """To which shopkeeper an order placed now belongs, and why; `adviser_id` is none where it belongs to nobody."""

    reason: str
    policy: RelationPolicy
    adviser_id: int | None = None
    relation_id: int | None = None
    touch_id: int | None = None


def attribution_words(*, reason: str) -> str:
    """Return why an order belongs to whom it does, in words; nothing for what was placed before there were advisers."""
    return str(REASONS.get(reason, ""))


def relation_policy(*, at: datetime) -> RelationPolicy:
    """Return the version in force; before all others, the one that a new mall starts with."""
    return _IN_FORCE.first(at=at) or RelationPolicy(version=FIRST_VERSION, **FIRST_POLICY)


def relation_of(*, customer_id: int, at: datetime) -> AdviserRelation | None:
    """Return the relation of a customer that stands, with its adviser."""
    standing = AdviserRelation.objects.filter(customer_id=customer_id, ended_at=None, until__gt=at)
    return standing.select_related("adviser__shopkeeper").first()


def is_shopkeeper(*, member_id: int) -> bool:
    """Say whether a member may earn retail commission at present."""
    return Shopkeeper.objects.filter(
        member_id=member_id, state=ShopkeeperState.APPROVED, member__is_active=True
    ).exists()


def newest_touch(*, member_id: int, after: datetime, at: datetime) -> Touch | None:
    """Return the newest touch of a member, after an instant, that leads to a shopkeeper who may become its adviser: not
    to itself, not to one whose adviser it is, and not from before it parted from an adviser of its own will.
    """
    return _NEWEST_TOUCH.first(member_id=member_id, after=after, at=at)


def shopkeeper_counts() -> dict[str, int]:
    """Return how many shopkeepers there are, by state."""
    return dict(Shopkeeper.objects.values_list("state").annotate(count=Count("pk")).order_by("state"))


def contest_counts() -> dict[str, int]:
    """Return how many contests there are, by state."""
    return dict(RelationContest.objects.values_list("state").annotate(count=Count("pk")).order_by("state"))


def customer_count(*, adviser_id: int, at: datetime) -> int:
    """Return how many customers a shopkeeper has at present."""
    return AdviserRelation.objects.filter(adviser_id=adviser_id, ended_at=None, until__gt=at).count()


def shopkeeper_of(*, member_id: int) -> Shopkeeper | None:
    """Return a member's qualification, or application, as a shopkeeper."""
    return Shopkeeper.objects.filter(pk=member_id).first()


def relation_history(*, customer_id: int, limit: int = 20) -> list[AdviserRelation]:
    """Return a customer's relations, newest first, with their advisers."""
    rows = AdviserRelation.objects.filter(customer_id=customer_id).select_related("adviser").order_by("-since", "-id")
    return list(rows[:limit])


def open_contest(*, relation: AdviserRelation) -> RelationContest | None:
    """Return the contest of a relation that waits."""
    return RelationContest.objects.filter(relation=relation, state=ContestState.OPEN).first()


def own_contests(*, customer_id: int, limit: int = 5) -> list[RelationContest]:
    """Return what a customer contested, newest first."""
    rows = RelationContest.objects.filter(relation__customer_id=customer_id).select_related("relation__adviser")
    return list(rows.order_by("-opened_at", "-id")[:limit])


def order_attribution(*, member: Member, at: datetime) -> Attribution:
    """Return to which shopkeeper an order that `member` places now belongs: its own where that is allowed, else whoever
    a later touch leads to once the protection is over, else the adviser, else whoever the newest touch leads to.

    Nothing is bound by asking. A change of the adviser later moves no order.
    """
    policy = relation_policy(at=at)
    if member.is_staff:
        return Attribution(STAFF, policy)
    standing = _standing(member, at)
    if standing["sells"] == ShopkeeperState.APPROVED:
        # A shopkeeper's own purchase belongs to nobody else, or two shopkeepers would buy by way of each other.
        return Attribution(OWN, policy, member.pk) if policy.own_purchases else Attribution(OWN_NOT_ALLOWED, policy)
    oldest = at - timedelta(days=policy.touch_days)
    relation_id, adviser_id = standing["id"], standing["adviser_id"]
    if relation_id is None:
        touch = newest_touch(member_id=member.pk, after=oldest, at=at)
        return (
            Attribution(NOBODY, policy) if touch is None else Attribution(TOUCH, policy, touch.owner_id, None, touch.pk)
        )
    protected_until = standing["protected_until"]
    if protected_until <= at:
        later = newest_touch(member_id=member.pk, after=max(oldest, protected_until), at=at)
        if later is not None and later.owner_id != adviser_id:
            return Attribution(TAKEOVER, policy, later.owner_id, None, later.pk)
    is_open = standing["adviser_sells"] == ShopkeeperState.APPROVED and standing["adviser_is_active"]
    if not is_open:
        return Attribution(NOT_OPEN, policy, None, relation_id, standing["touch_id"])
    return Attribution(RELATION, policy, adviser_id, relation_id, standing["touch_id"])


def _standing(member: Member, at: datetime) -> dict[str, Any]:
    """Return in one look whether a member sells, and the relation that stands."""
    with connection.cursor() as cursor:
        run(cursor, _STANDING, {"member": member.pk, "at": at}, keep=True)
        return dict(zip(_STANDS, cursor.fetchone(), strict=True))


def _newest_touch(member_id: int, after: datetime, at: datetime) -> QuerySet[Touch]:
    parted = AdviserRelation.objects.filter(customer_id=member_id, end_reason__in=PARTED, ended_at__gte=OuterRef("at"))
    mutual = AdviserRelation.objects.filter(
        customer_id=OuterRef("owner_id"), adviser_id=member_id, ended_at=None, until__gt=at
    )
    touches = Touch.objects.filter(
        ~Exists(parted),
        ~Exists(mutual),
        Q(owner__shopkeeper__state=ShopkeeperState.APPROVED),
        member_id=member_id,
        owner__is_active=True,
        at__gt=after,
        at__lte=at,
    )
    return touches.exclude(owner_id=member_id).order_by("-at", "-id")[:1]


_NEWEST_TOUCH = Built(_newest_touch, member_id=int, after=datetime, at=datetime)
_IN_FORCE = Built(lambda at: RelationPolicy.objects.filter(starts_at__lte=at).order_by("-starts_at")[:1], at=datetime)
