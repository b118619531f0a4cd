"""A plan by examples: small stories that the rules themselves settle, so that no example can promise another amount."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linkage.models import KIND_NAMES, RewardKind
from linkage.rules.engine import AGENT, PARTNER, Book, Order
from linkage.rules.plan import Plan

ME, LEADER, FRIEND = "me", "leader", "friend"
_WHO = {ME: gettext_lazy("你"), LEADER: gettext_lazy("你的团队合伙人"), None: gettext_lazy("帮扶基金")}


@dataclass(frozen=True, slots=True)
class ExampleLine:
    """What somebody gets in an example; `is_mine` for the reader."""

    who: str
    reward: str
    amount_fen: int
    held_fen: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PlanExample:
    """One story in words, and what the rules make of it."""

    title: str
    story: str
    lines: list[ExampleLine]
    note: str = ""

    @property
    def mine_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines if line.is_mine)


def plan_examples(*, plan: Plan) -> list[PlanExample]:
    """Return the usual cases under a plan: as agent, as partner, at the promotion, a repeat, a return."""
    first = _sold(plan, rank=AGENT)
    return [
        PlanExample(
            _("你是代理，好友第一次买礼包"),
            _("好友通过你的链接加入，付款买了 1 份礼包。你所在的团队有合伙人。"),
            _lines(first),
        ),
        PlanExample(
            _("你是合伙人，好友第一次买礼包"),
            _("好友通过你的链接加入，付款买了 1 份礼包，加入你的团队。"),
            _lines(_sold(plan, rank=PARTNER)),
            _("冻结的部分在好友完成种子任务后解冻。") if plan.hold_bps else "",
        ),
        PlanExample(
            _("你的第 %(count)s 位有效直推") % {"count": plan.promotion_referrals},
            _("你是代理，这位好友付款后，你的有效直推满 %(count)s 位，你升为合伙人，离开原来的团队。")
            % {"count": plan.promotion_referrals},
            _lines(_sold(plan, rank=AGENT, valid=plan.promotion_referrals - 1)),
            _("从下一单起，你按合伙人计。"),
        ),
        PlanExample(
            _("好友再买一份"),
            _("好友手里已经有有效的礼包，又买了 1 份。"),
            _lines(_sold(plan, rank=AGENT, again=True)),
        ),
        PlanExample(
            _("好友退货"),
            _("第一个例子里的好友整单退货。"),
            [ExampleLine(line.who, line.reward, -line.amount_fen, 0, line.is_mine) for line in _lines(first)],
            _("可提现不够扣的部分记为追缴欠款，从以后的收入里先抵扣；已经到账的钱不会追回。"),
        ),
    ]


def _sold(plan: Plan, *, rank: int, valid: int = 0, again: bool = False) -> Order:
    """Settle one gift pack that a friend of mine buys, or buys again."""
    book = Book({1: plan})
    leader = book.join(0, LEADER, None)
    me = book.join(0, ME, LEADER)
    book.join(0, FRIEND, ME)
    leader.rank, leader.packs, leader.valid_referrals = PARTNER, 1, plan.promotion_referrals
    me.rank, me.packs = rank, 1
    me.valid_referrals = plan.promotion_referrals if rank == PARTNER else valid
    me.leader = None if rank == PARTNER else LEADER
    if again:
        book.order(0, "first", FRIEND, 1)
    return book.order(0, "order", FRIEND, 1)


def _lines(order: Order) -> list[ExampleLine]:
    return [
        ExampleLine(
            str(_WHO[reward.member]),
            str(RewardKind(KIND_NAMES[reward.kind]).label),
            reward.amount,
            reward.held,
            reward.member == ME,
        )
        for reward in order.rewards
    ]
