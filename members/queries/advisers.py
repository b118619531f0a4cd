"""Whose customer somebody is, and to which shopkeeper an order belongs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy

from members.models import AdviserRelation, Member, RelationPolicy, Shopkeeper, ShopkeeperState, Touch

FIRST_POLICY = {
    "version": 1,
    "starts_at": datetime(1970, 1, 1, tzinfo=UTC),
    "touch_days": 30,
    "protection_days": 15,
    "lock_days": 90,
    "order_lock_days": 180,
    "cooling_off_days": 7,
    "own_purchases": False,
}

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
    in_force = RelationPolicy.objects.filter(starts_at__lte=at).order_by("-starts_at").first()
    return in_force or RelationPolicy(**FIRST_POLICY)


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
    """Return the newest touch of a member by a link of a shopkeeper other than itself, after an instant."""
    touches = Touch.objects.filter(
        Q(owner__shopkeeper__state=ShopkeeperState.APPROVED),
        member_id=member_id,
        owner__is_active=True,
        at__gt=after,
        at__lte=at,
    )
    return touches.exclude(owner_id=member_id).order_by("-at", "-id").first()


def order_attribution(*, member: Member, at: datetime) -> Attribution:
    """Return to which shopkeeper an order that `member` places now belongs: its own where that is allowed, else whoever
    a later touch leads to once the protection is over, else the adviser, else whoever the newest touch leads to.

    Nothing is bound by asking. A change of the adviser later moves no order.
    """
    policy = relation_policy(at=at)
    if member.is_staff:
        return Attribution(STAFF, policy)
    if is_shopkeeper(member_id=member.pk):
        # A shopkeeper's own purchase belongs to nobody else, or two shopkeepers would buy by way of each other.
        return Attribution(OWN, policy, member.pk) if policy.own_purchases else Attribution(OWN_NOT_ALLOWED, policy)
    oldest = at - timedelta(days=policy.touch_days)
    relation = relation_of(customer_id=member.pk, at=at)
    if relation is None:
        touch = newest_touch(member_id=member.pk, after=oldest, at=at)
        return (
            Attribution(NOBODY, policy) if touch is None else Attribution(TOUCH, policy, touch.owner_id, None, touch.pk)
        )
    if relation.protected_until <= at:
        later = newest_touch(member_id=member.pk, after=max(oldest, relation.protected_until), at=at)
        if later is not None and later.owner_id != relation.adviser_id:
            return Attribution(TAKEOVER, policy, later.owner_id, None, later.pk)
    if not is_shopkeeper(member_id=relation.adviser_id):
        return Attribution(NOT_OPEN, policy, None, relation.pk, relation.touch_id)
    return Attribution(RELATION, policy, relation.adviser_id, relation.pk, relation.touch_id)
