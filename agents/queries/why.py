"""Why there was nothing: for an order, or for somebody by the tail of the phone, among the people of one's own.

Whoever is not among them is not found, and what is not found is answered as what does not exist: one query decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from agents.models import DayOfQuestions
from agents.rules import QUESTIONS_A_DAY_MAX
from linkage.queries import Cause, RewardStatus, Verdict, order_verdict, status_of
from mall.core.ids import SHANGHAI
from mall.core.names import masked_name, masked_phone
from members.models import AdviserRelation, Member, Touch
from orders.models import Order, OrderState

PEOPLE_MAX = 5
# So many orders of one person are looked at; of several people the newest of each.
ORDERS_MAX = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: an order's number, or the last four digits of a phone."""

    number: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """What came out for one order."""

    order: Order
    goods: str
    is_own: bool
    verdict: Verdict

    @property
    def statuses(self) -> list[tuple[int, str, int, RewardStatus]]:
        """The rewards that there are: id, kind, amount and how far each has come."""
        return [
            (reward.pk, reward.get_kind_display(), reward.amount_fen, status_of(reward))
            for reward in self.verdict.rewards
        ]

    @property
    def can_appeal(self) -> bool:
        return self.verdict.cause not in (Cause.EARNED, Cause.TAKEN_BACK, Cause.NOT_PAID, Cause.CANCELLED, Cause.OWN)


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One person, masked, with the newest orders; without any where nothing was bought."""

    name: str
    masked: str
    joined_at: datetime
    orders: list[OrderAnswer]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything that was found; nothing at all reads the same whatever the reason."""

    people: list[PersonAnswer]
    has_more: bool = False


def question_of(text: str) -> Question | None:
    """Return what was asked, or None where it is neither an order's number nor four digits."""
    plain = re.sub(r"\s", "", text).upper()
    if re.fullmatch(r"[0-9]{4}", plain):
        return Question(tail=plain)
    if re.fullmatch(r"[A-Z0-9_-]{6,40}", plain):
        return Question(number=plain)
    return None


def answer(*, member: Member, question: Question) -> Answer:
    """Run the rules on what was asked, among the member's own orders, customers, recruits and visitors."""
    if question.number:
        order = order_in_sight(member=member, number=question.number)
        if order is None:
            return Answer([])
        return Answer([_person(order.member, member, [order])])
    people = list(_with_tail(member, question.tail)[: PEOPLE_MAX + 1])
    shown = people[:PEOPLE_MAX]
    each = ORDERS_MAX if len(shown) == 1 else 1
    return Answer([_person(one, member, _newest_orders(one, each)) for one in shown], len(people) > PEOPLE_MAX)


def order_in_sight(*, member: Member, number: str) -> Order | None:
    """Return an order of somebody whom the member may ask about, or of the member itself."""
    buyer = OuterRef("member_id")
    seen = (
        Q(member=member)
        | Q(adviser=member)
        | Q(member__referrer=member)
        | Exists(Touch.objects.filter(owner=member, member_id=buyer))
        | Exists(AdviserRelation.objects.filter(adviser=member, customer_id=buyer))
    )
    orders = Order.objects.filter(seen, number=number).select_related("member", "adviser_relation")
    return orders.prefetch_related("lines__sku__product").first()


def questions_left(*, member: Member, at: datetime) -> int:
    """Return how many questions the member has left today."""
    today = at.astimezone(SHANGHAI).date()
    asked = DayOfQuestions.objects.filter(member=member, date=today).values_list("asked", flat=True).first() or 0
    return QUESTIONS_A_DAY_MAX - asked


def _with_tail(member: Member, tail: str) -> list[Member]:
    """Return those of the member's people whose phone ends so, the latest first."""
    own = (
        Member.objects.filter(referrer=member)
        .values("pk")
        .union(
            Touch.objects.filter(owner=member, member__isnull=False).values("member_id"),
            AdviserRelation.objects.filter(adviser=member).values("customer_id"),
            Order.objects.filter(adviser=member).values("member_id"),
        )
    )
    found = Member.objects.filter(pk__in=own, phone__endswith=tail).exclude(pk=member.pk)
    return list(found.order_by("-joined_at", "-pk")[: PEOPLE_MAX + 1])


def _newest_orders(buyer: Member, count: int) -> list[Order]:
    orders = Order.objects.filter(member=buyer).exclude(state=OrderState.CANCELLED)
    orders = orders.select_related("member", "adviser_relation").prefetch_related("lines__sku__product")
    return list(orders.order_by("-placed_at", "-pk")[:count])


def _person(buyer: Member, member: Member, orders: list[Order]) -> PersonAnswer:
    return PersonAnswer(
        name=masked_name(buyer.nickname),
        masked=masked_phone(buyer.phone) if buyer.phone else "",
        joined_at=buyer.joined_at,
        orders=[_order(order, member) for order in orders],
    )


def _order(order: Order, member: Member) -> OrderAnswer:
    line = next(iter(order.lines.all()), None)
    return OrderAnswer(
        order=order,
        goods=line.product_name if line is not None else "",
        is_own=order.member_id == member.pk,
        verdict=order_verdict(order=order, member_id=member.pk),
    )
