"""Why a member gets nothing from an order of gift packs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from linkage.explain.formula import clause_of
from linkage.models import EventKind, LinkageEvent, Position, Reward, RewardKind, SettledOrder
from linkage.rules.plan import Plan
from linkage.rules.verdict import EARNS, NONE_PLANNED, REPEAT, direct_verdict
from linkage.settlement.plans import plans_by_version
from members.models import Touch
from orders.models import Order

from .causes import Cause, Verdict


def pack_verdict(order: Order, member_id: int) -> Verdict:
    """Say what a member gets from a paid order of gift packs, or which condition failed first."""
    event = LinkageEvent.objects.filter(key=f"order:{order.pk}").first()
    if event is None:
        return Verdict(Cause.NO_PLAN)
    if event.refusal:
        return Verdict(Cause.REFUSED)
    if event.number is None:
        return Verdict(Cause.WAITING)
    settled = SettledOrder.objects.select_related("order").get(pk=order.pk)
    rewards = list(Reward.objects.filter(order=settled).order_by("kind"))
    for reward in rewards:
        reward.order = settled
    own = tuple(reward for reward in rewards if reward.member_id == member_id)
    if own:
        cause = Cause.TAKEN_BACK if all(reward.reversed for reward in own) else Cause.EARNED
        return Verdict(cause, rewards=own, version=settled.plan_version)
    if settled.member_id == member_id:
        return Verdict(Cause.OWN)
    plan = plans_by_version([settled.plan_version]).get(settled.plan_version)
    if plan is None:
        return Verdict(Cause.UNKNOWN)
    if order.member.referrer_id == member_id:
        return _direct_verdict(settled, rewards, plan, member_id, event.number)
    lost = next((reward for reward in rewards if _went_to_the_fund(reward, member_id)), None)
    if lost is not None:
        return _by_clause(Cause.NOT_ENTITLED, plan, settled, "见点奖")
    return binding_verdict(order, member_id)


def _direct_verdict(
    settled: SettledOrder, rewards: Iterable[Reward], plan: Plan, member_id: int, number: int
) -> Verdict:
    """Why the buyer's referrer has no direct reward, and nothing as a leader either."""
    verdict = direct_verdict(
        plan,
        packs=settled.packs,
        first_packs=settled.first_packs,
        referrer_packs=packs_before(member_id=member_id, number=number),
        referrer_is_partner=_was_partner(member_id, settled.paid_at),
    )
    direct = next((reward for reward in rewards if reward.kind == RewardKind.DIRECT), None)
    if verdict == EARNS:
        return Verdict(Cause.UNKNOWN)
    if verdict == REPEAT:
        return _by_clause(Cause.REPEAT, plan, settled, "复购")
    if verdict == NONE_PLANNED:
        return _by_clause(Cause.NONE_PLANNED, plan, settled, "直推奖")
    passed_over = direct is not None and direct.via[0] == member_id
    return _by_clause(Cause.ROLLED_UP if passed_over else Cause.NO_PACK, plan, settled, "直推奖")


def binding_verdict(order: Order, member_id: int) -> Verdict:
    """Why the buyer is not the member's recruit, although it came by the member's link or is a customer."""
    buyer = order.member
    first = (
        Touch.objects.filter(owner_id=member_id, member_id=buyer.pk).order_by("at").values_list("at", flat=True).first()
    )
    if first is not None and first > buyer.joined_at:
        return Verdict(Cause.MEMBER_BEFORE)
    return Verdict(Cause.NOT_BOUND if buyer.referrer_id is None else Cause.BOUND_ELSEWHERE)


def packs_before(*, member_id: int, number: int) -> int:
    """Return how many standing gift packs a member had before the event of that number, by the stream alone."""
    rows = LinkageEvent.objects.filter(
        member_id=member_id, number__lt=number, kind__in=[EventKind.ORDER, EventKind.REFUND]
    )
    bought: dict[int | None, int] = {}
    for kind, order_id, packs in rows.order_by("number").values_list("kind", "order_id", "packs"):
        if kind == EventKind.ORDER:
            bought[order_id] = packs or 0
        else:
            bought.pop(order_id, None)
    return sum(bought.values())


def _was_partner(member_id: int, at: datetime) -> bool:
    """Whether a member bore the title at an instant. For the direct reward only the standing packs decide whether there
    is one; the title says which amount."""
    return Position.objects.filter(member_id=member_id, partner_at__lt=at).exists()


def _went_to_the_fund(reward: Reward, member_id: int) -> bool:
    return reward.kind == RewardKind.SEE_POINT and reward.member_id is None and reward.via[-1] == member_id


def _by_clause(cause: Cause, plan: Plan, settled: SettledOrder, topic: str) -> Verdict:
    return Verdict(cause, version=settled.plan_version, clause=clause_of(plan, topic)[0])
