"""Whose customer somebody becomes, by logging in or paying after a touch, and for how long (see docs/relations.md).

Every write holds the customer's row, so that of two at once the second sees what the first did. A paid order comes with
the snapshot that was written when it was placed: what changed since moves neither it nor, by way of it, the customer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from mall.core.events import publish
from members import queries
from members.events import AdviserBound
from members.models import AdviserRelation, BindReason, Member, RelationEnd, RelationPolicy, Touch
from members.queries.advisers import FIRST_POLICY, FIRST_VERSION, PARTED, RELATION, TAKEOVER, TOUCH

LAPSES_AT_ONCE = 1_000
# What binds or extends when it is paid.
_BINDING = (RELATION, TOUCH, TAKEOVER)


def keep_first_policy() -> RelationPolicy:
    """Return the terms that a new mall starts with, as a row."""
    return RelationPolicy.objects.get_or_create(version=FIRST_VERSION, defaults=FIRST_POLICY)[0]


def claim_touches(*, member: Member, touch_ids: Sequence[int]) -> int:
    """Say whose the touches were that a visitor made before logging in. One that is somebody's already stays theirs."""
    touches = Touch.objects.filter(pk__in=touch_ids, member=None).exclude(owner=member)
    return touches.update(member=member) if touch_ids else 0


def bind_on_login(*, member: Member, at: datetime) -> AdviserRelation | None:
    """Give who just logged in the adviser that the newest touch leads to, if there is none at present.

    A login takes nobody over. Returns the new relation; none where nothing changed.
    """
    if _touch_that_binds(member, at) is None:
        return None
    with transaction.atomic():
        customer = locked_customer(member.pk)
        touch = _touch_that_binds(customer, at)
        if touch is None or standing_relation(customer, at=at) is not None:
            return None
        return bind(customer=customer, adviser_id=touch.owner_id, reason=BindReason.LOGIN, touch_id=touch.pk, at=at)


def note_paid_order(
    *,
    customer_id: int,
    adviser_id: int | None,
    reason: str,
    touch_id: int | None,
    policy_version: int | None,
    placed_at: datetime,
    at: datetime,
) -> AdviserRelation | None:
    """Bind a customer who paid, or extend what stands, by the snapshot of the order.

    Whoever chose or left an adviser between placing and paying stays where they went. The caller's transaction may hold
    the locks of the purchase; the customer's row comes after them. A repeat changes nothing. Returns the relation that
    was bound or extended.
    """
    if adviser_id is None or reason not in _BINDING:
        return None
    with transaction.atomic():
        customer = locked_customer(customer_id)
        policy = _policy(policy_version, at)
        until = at + timedelta(days=policy.order_lock_days)
        standing = standing_relation(customer, at=at)
        if standing is not None and standing.adviser_id == adviser_id:
            return _extend(standing, until=until, at=at)
        if standing is not None and not (reason == TAKEOVER and _was_open(standing, placed_at)):
            return None
        if _parted_since(customer, placed_at) or not may_bind(customer=customer, adviser_id=adviser_id, at=at):
            return None
        if standing is not None:
            end_relation(standing, RelationEnd.TAKEOVER, at=at)
        bound = BindReason.TAKEOVER if standing is not None else BindReason.ORDER
        relation = bind(customer=customer, adviser_id=adviser_id, reason=bound, touch_id=touch_id, at=at, policy=policy)
        return relation and _extend(relation, until=until, at=at)


def end_lapsed_relations(*, at: datetime) -> int:
    """Write down which relations are over because their time is; returns how many. They stood no longer before."""
    ended = 0
    while True:
        due = AdviserRelation.objects.filter(ended_at=None, until__lte=at).order_by("until")
        ids = list(due.values_list("pk", flat=True)[:LAPSES_AT_ONCE])
        # An order that was paid meanwhile has moved `until`: the row is looked at again under its lock.
        ended += AdviserRelation.objects.filter(pk__in=ids, ended_at=None, until__lte=at).update(
            ended_at=F("until"), end_reason=RelationEnd.LAPSED
        )
        if len(ids) < LAPSES_AT_ONCE:
            return ended


def end_relations_of(*, member_id: int, at: datetime) -> None:
    """End what stands of somebody who closes the account, as customer and as adviser. In the caller's transaction."""
    for own in ({"customer_id": member_id}, {"adviser_id": member_id}):
        standing = AdviserRelation.objects.filter(ended_at=None, **own)
        standing.filter(until__lte=at).update(ended_at=F("until"), end_reason=RelationEnd.LAPSED)
        standing.filter(since__lte=at).update(ended_at=at, end_reason=RelationEnd.CLOSED)


def locked_customer(member_id: int) -> Member:
    """Return a customer under its lock, which every change of the adviser takes first."""
    return Member.objects.select_for_update(no_key=True).get(pk=member_id)


def standing_relation(customer: Member, *, at: datetime) -> AdviserRelation | None:
    """Return the relation of a locked customer that stands; one whose time is over is ended."""
    relation = AdviserRelation.objects.filter(customer=customer, ended_at=None).first()
    if relation is not None and relation.until <= at:
        end_relation(relation, RelationEnd.LAPSED, at=relation.until)
        return None
    return relation


def end_relation(relation: AdviserRelation, reason: str, *, at: datetime) -> None:
    """End a relation of a locked customer."""
    relation.ended_at, relation.end_reason = max(at, relation.since), reason
    relation.save(update_fields=["ended_at", "end_reason"])


def may_bind(*, customer: Member, adviser_id: int, at: datetime) -> bool:
    """Say whether somebody may become the adviser of a customer: an open shopkeeper, not oneself, not of staff or of
    another shopkeeper, and not of one's own adviser."""
    if adviser_id == customer.pk or customer.is_staff or not customer.is_active:
        return False
    if queries.is_shopkeeper(member_id=customer.pk) or not queries.is_shopkeeper(member_id=adviser_id):
        return False
    mutual = AdviserRelation.objects.filter(customer_id=adviser_id, adviser_id=customer.pk, ended_at=None, until__gt=at)
    return not mutual.exists()


def bind(
    *,
    customer: Member,
    adviser_id: int,
    reason: str,
    at: datetime,
    touch_id: int | None = None,
    policy: RelationPolicy | None = None,
) -> AdviserRelation | None:
    """Write the relation of a locked customer who has none, and tell of it. None where the two may not be bound."""
    if not may_bind(customer=customer, adviser_id=adviser_id, at=at):
        return None
    terms = policy or _policy(None, at)
    relation = AdviserRelation.objects.create(
        customer=customer,
        adviser_id=adviser_id,
        reason=reason,
        touch_id=touch_id,
        policy=terms,
        since=at,
        protected_until=at + timedelta(days=terms.protection_days),
        until=at + timedelta(days=terms.lock_days),
    )
    publish(
        AdviserBound(
            relation_id=relation.pk,
            customer_id=customer.pk,
            adviser_id=adviser_id,
            reason=reason,
            until=relation.until,
            at=at,
        )
    )
    return relation


def _touch_that_binds(member: Member, at: datetime) -> Touch | None:
    """Return the touch by which a member without an adviser gets one now."""
    if member.is_staff or queries.is_shopkeeper(member_id=member.pk):
        return None
    if queries.relation_of(customer_id=member.pk, at=at) is not None:
        return None
    oldest = at - timedelta(days=queries.relation_policy(at=at).touch_days)
    return queries.newest_touch(member_id=member.pk, after=oldest, at=at)


def _policy(version: int | None, at: datetime) -> RelationPolicy:
    """Return the terms of a version, or those in force, as a row."""
    if version is not None and version != FIRST_VERSION:
        return RelationPolicy.objects.get(version=version)
    policy = keep_first_policy() if version is not None else queries.relation_policy(at=at)
    return keep_first_policy() if policy._state.adding else policy


def _extend(relation: AdviserRelation, *, until: datetime, at: datetime) -> AdviserRelation:
    relation.until = max(relation.until, until)
    relation.last_order_at = max(relation.last_order_at or at, at)
    relation.save(update_fields=["until", "last_order_at"])
    return relation


def _was_open(relation: AdviserRelation, placed_at: datetime) -> bool:
    """Say whether a relation stood, and was not protected, when the order that takes over was placed."""
    return relation.since < placed_at and relation.protected_until <= placed_at


def _parted_since(customer: Member, placed_at: datetime) -> bool:
    return AdviserRelation.objects.filter(customer=customer, end_reason__in=PARTED, ended_at__gt=placed_at).exists()
