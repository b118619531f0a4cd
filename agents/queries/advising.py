"""What a customer is shown of an adviser: who, until when, why, and what that person gets from their orders."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet, Sum

from linkage.models import Commission
from members.models import AdviserRelation, Member, RelationContest, RelationPolicy, ShopkeeperState
from members.queries import (
    is_shopkeeper,
    open_contest,
    own_contests,
    relation_history,
    relation_of,
    relation_policy,
)

EARNED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Earned:
    """What the adviser got from the customer's orders, so far and still to come; `lines` are the newest, whoever got
    them."""

    total_fen: int
    waiting_fen: int
    lines: list[Commission]


@dataclass(frozen=True, slots=True)
class AdviserPage:
    """The standing relation, if there is one, and those before it. Shopkeepers and staff have none."""

    relation: AdviserRelation | None
    may_have_one: bool
    policy: RelationPolicy
    before: list[AdviserRelation]
    waiting: RelationContest | None
    decided: list[RelationContest]
    is_protected: bool
    earned: Earned

    @property
    def is_paused(self) -> bool:
        """Say whether the adviser earns nothing at present."""
        shopkeeper = getattr(self.relation.adviser, "shopkeeper", None) if self.relation is not None else None
        return shopkeeper is not None and shopkeeper.state != ShopkeeperState.APPROVED


def adviser_page(*, member: Member, at: datetime) -> AdviserPage:
    """Return what /me/adviser/ shows a member."""
    relation = relation_of(customer_id=member.pk, at=at)
    history = relation_history(customer_id=member.pk)
    contests = own_contests(customer_id=member.pk)
    return AdviserPage(
        relation=relation,
        may_have_one=not member.is_staff and not is_shopkeeper(member_id=member.pk),
        policy=relation_policy(at=at),
        before=[one for one in history if relation is None or one.pk != relation.pk],
        waiting=open_contest(relation=relation) if relation is not None else None,
        decided=[one for one in contests if one.decided_at is not None],
        is_protected=relation is not None and relation.protected_until > at,
        earned=_earned(member, relation),
    )


def _earned(member: Member, relation: AdviserRelation | None) -> Earned:
    own = Commission.objects.filter(order__member=member)
    adviser = own.filter(member_id=relation.adviser_id) if relation is not None else own.none()
    newest = own.select_related("order", "line", "member").order_by("-paid_at", "-line")
    return Earned(_sum(adviser), _sum(adviser.filter(matured=False)), list(newest[:EARNED_SHOWN]))


def _sum(commissions: QuerySet[Commission]) -> int:
    return commissions.aggregate(fen=Sum("amount_fen"))["fen"] or 0
