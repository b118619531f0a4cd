"""One reward, read and explained."""

from datetime import datetime

from django.utils.translation import gettext as _

from ledger.models import JournalEntry
from linkage import seed_tasks
from linkage.models import Position, Reward
from linkage.settlement.plans import plans_by_version
from members.models import Member

from .formula import clause_for, formula
from .shapes import Explanation
from .story import Story
from .way import Way, status_of


def explain_reward(*, reward_id: int, member_id: int | None, at: datetime) -> Explanation | None:
    """Explain a reward to the member who got it, or, without `member_id`, to an operator. None where it is not his."""
    found = Reward.objects.select_related("order__order").filter(pk=reward_id)
    reward = (found.filter(member_id=member_id) if member_id is not None else found).first()
    if reward is None:
        return None
    plan = plans_by_version([reward.order.plan_version]).get(reward.order.plan_version)
    if plan is None:
        raise LookupError(
            f"reward {reward_id} was settled under version {reward.order.plan_version}, which has no plan"
        )
    buyer = reward.order.member_id
    people = {buyer, reward.seed_id, *reward.via, *([reward.member_id] if reward.member_id else [])}
    names = dict(Member.objects.filter(pk__in=people).values_list("pk", "nickname"))
    referrers = dict(
        Position.objects.filter(member_id__in=[buyer, reward.seed_id]).values_list("member_id", "referrer_id")
    )
    tasks = seed_tasks.tasks_by_member(member_ids=[reward.seed_id], at=at)[reward.seed_id] if reward.held_fen else []
    line = reward.order.order.lines.order_by("pk").first()
    entry = (
        JournalEntry.objects.filter(kind="reward", reference=str(reward.order_id)).values_list("pk", flat=True).first()
    )
    goods = line.product_name if line else _("礼包")
    story = Story(reward, plan, names=names, referrers=referrers, viewer=member_id, goods=goods)
    way = Way(reward, plan, seed=story.who(reward.seed_id), tasks=tasks)
    clause, clause_text = clause_for(plan, reward)
    return Explanation(
        reward=reward,
        status=status_of(reward),
        pieces=tuple(story.pieces()),
        version=reward.order.plan_version,
        clause=clause,
        clause_text=clause_text,
        terms=tuple(formula(reward, plan)),
        parts=tuple(way.parts()),
        steps=tuple(way.steps()),
        tasks=tuple(tasks),
        entry_id=entry,
    )
