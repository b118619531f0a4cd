"""How far a reward has come: its status, the parts it falls into, and the steps until all of it is available."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from linkage.models import Commission, Hold, Reward, SettledOrder
from linkage.rules.plan import Plan
from linkage.seed_tasks import SeedTask
from mall.core.days import day_words
from mall.core.money import BPS, yuan

from .shapes import Part, RewardStatus, Step
from .words import percent_zh


def status_of(reward: Reward) -> RewardStatus:
    """Return how far a reward has come; its order is loaded."""
    order = reward.order
    if reward.reversed:
        return RewardStatus.REVERSED
    if reward.member_id is None:
        return RewardStatus.FUND
    if not order.matured:
        return RewardStatus.ESTIMATED if order.received_at is None else RewardStatus.PENDING
    if reward.hold == Hold.ACTIVE:
        return RewardStatus.PART_HELD
    return RewardStatus.PART_FORFEITED if reward.hold == Hold.FORFEITED else RewardStatus.SETTLED


def commission_status(commission: Commission) -> RewardStatus:
    """Return how far a commission has come; one of which nothing is left was taken back."""
    if commission.kept_fen == 0:
        return RewardStatus.REVERSED
    if commission.matured:
        return RewardStatus.SETTLED
    return RewardStatus.ESTIMATED if commission.received_at is None else RewardStatus.PENDING


def taken_back_fen(reward: Reward) -> int:
    """Return what a reversal takes from the member: what had gone to the support fund comes from there."""
    return reward.amount_fen - (reward.held_fen if reward.hold == Hold.FORFEITED else 0)


def hold_expires_at(order: SettledOrder, plan: Plan) -> datetime:
    """Return when the holds of an order end if the tasks are not done."""
    return order.paid_at + timedelta(days=plan.hold_days)


def cooled_off_at(order: SettledOrder, plan: Plan) -> datetime | None:
    """Return when the cooling-off of an order is over; None before it was received."""
    return None if order.received_at is None else order.received_at + timedelta(days=plan.cooling_off_days)


def released_by_time(reward: Reward, plan: Plan) -> bool:
    """Whether a hold was released because its days were over, and not by the seed user's tasks."""
    ended = reward.hold_ended_at
    return plan.on_hold_expiry == "release" and ended is not None and ended >= hold_expires_at(reward.order, plan)


class Way:
    """The way of one reward; `seed` is what the seed user is called."""

    def __init__(self, reward: Reward, plan: Plan, *, seed: str, tasks: Sequence[SeedTask]) -> None:
        self.reward = reward
        self.order = reward.order
        self.plan = plan
        self.seed = seed
        self.tasks = tasks

    def parts(self) -> list[Part]:
        reward, rate = self.reward, self.plan.hold_bps
        if reward.member_id is None:
            return [Part(_("计入帮扶基金"), _("不归任何会员"), reward.amount_fen)]
        if not reward.held_fen:
            return [Part(_("冷静期结束后可提现"), "", reward.amount_fen)]
        free = _("冷静期结束后可提现 %(rate)s") % {"rate": percent_zh(BPS - rate)}
        held = _("冻结 %(rate)s") % {"rate": percent_zh(rate)}
        return [
            Part(free, "", reward.amount_fen - reward.held_fen),
            Part(held, self._hold_hint(), reward.held_fen, held=True),
        ]

    def _hold_hint(self) -> str:
        reward = self.reward
        day = {"day": day_words(reward.hold_ended_at)}
        if reward.hold == Hold.FORFEITED:
            return _("到期任务未完成，%(day)s 转入帮扶基金") % day
        if reward.hold == Hold.RELEASED:
            if released_by_time(self.reward, self.plan):
                return _("到期解冻，%(day)s") % day
            return _("任务已完成，%(day)s 解冻") % day
        if reward.reversed:
            return _("整单退货，随之扣回")
        words = {
            "seed": self.seed,
            "tasks": len(self.tasks),
            "missing": sum(not task.done for task in self.tasks),
            "day": day_words(hold_expires_at(self.order, self.plan)),
        }
        if self.plan.on_hold_expiry == "fund":
            return _("等%(seed)s完成 %(tasks)s 项任务，还差 %(missing)s 项；%(day)s到期转入帮扶基金") % words
        return _("等%(seed)s完成 %(tasks)s 项任务，还差 %(missing)s 项；%(day)s到期解冻") % words

    def steps(self) -> list[Step]:
        number = _("订单 %(number)s") % {"number": self.order.order.number}
        steps = [Step("done", _("下单支付"), number, self.order.paid_at)]
        if self.reward.member_id is None:
            steps.append(Step("done", _("计入帮扶基金"), yuan(self.reward.amount_fen), self.order.paid_at))
            return [*steps, *self._reversal_step()]
        steps += self._receipt_step() + self._cooling_off_step() + self._hold_steps() + self._reversal_step()
        past = sorted((step.at, place) for place, step in enumerate(steps) if step.at is not None)
        return [steps[place] for _at, place in past] + [step for step in steps if step.at is None]

    def _receipt_step(self) -> list[Step]:
        if self.order.received_at is not None:
            return [Step("done", _("确认收货"), "", self.order.received_at)]
        if self.reward.reversed:
            return []
        return [Step("now", _("等待确认收货"), _("买家收货后开始计算冷静期"))]

    def _cooling_off_step(self) -> list[Step]:
        days = self.plan.cooling_off_days
        reward, ends = self.reward, cooled_off_at(self.order, self.plan)
        amount = reward.amount_fen - (reward.held_fen if not self._free_at(ends) else 0)
        words = {"amount": yuan(amount), "days": days}
        over = _("冷静期结束 · %(amount)s 可提现") % words
        if self.order.matured:
            return [Step("done", over, "", ends)]
        if reward.reversed:
            return []
        if ends is None:
            return [Step("next", over, _("收货后满 %(days)s 天") % words)]
        now = _("冷静期 %(days)s 天 · %(amount)s 待结算") % words
        due = _("%(day)s期满") % {"day": day_words(ends)}
        return [Step("now", now, _("期满转为可提现"), due=due)]

    def _free_at(self, instant: datetime | None) -> bool:
        """Whether the held part was free when the cooling-off ended, or is free now if that is still to come."""
        if self.reward.hold != Hold.RELEASED:
            return self.reward.hold == Hold.NONE
        ended = self.reward.hold_ended_at
        return instant is None or ended is None or ended <= instant

    def _hold_steps(self) -> list[Step]:
        reward = self.reward
        words = {
            "held": yuan(reward.held_fen),
            "seed": self.seed,
            "done": sum(task.done for task in self.tasks),
            "tasks": len(self.tasks),
            "day": day_words(hold_expires_at(self.order, self.plan)),
        }
        if reward.hold == Hold.NONE:
            return []
        ended = reward.hold_ended_at
        if reward.hold == Hold.FORFEITED:
            return [Step("bad", _("任务未完成 · %(held)s 转入帮扶基金") % words, "", ended)]
        if reward.hold == Hold.RELEASED:
            if released_by_time(self.reward, self.plan):
                return [Step("done", _("冻结到期 · %(held)s 解冻") % words, "", ended)]
            return [Step("done", _("%(seed)s完成种子任务 · %(held)s 解冻") % words, "", ended)]
        if reward.reversed:
            return []
        to_fund = self.plan.on_hold_expiry == "fund"
        end = _("解冻或转入帮扶基金") if to_fund else _("解冻")
        then = _("完成即解冻，到期转入帮扶基金") if to_fund else _("完成即解冻，到期也解冻")
        text = _("种子任务 %(done)s/%(tasks)s · 冻结 %(held)s") % words
        return [
            Step("open", text, _("由%(seed)s完成") % words, due=_("进行中")),
            Step("next", end, then, due=_("最晚 %(day)s") % words),
        ]

    def _reversal_step(self) -> list[Step]:
        reward = self.reward
        if not reward.reversed:
            return []
        if reward.member_id is None:
            note = _("从帮扶基金扣回")
        elif not self.order.matured:
            note = _("从待结算和冻结中扣回")
        else:
            note = _("从可提现和冻结中扣回，不足部分记为追缴欠款")
        text = _("整单退货 · 扣回 %(amount)s") % {"amount": yuan(taken_back_fen(reward))}
        return [Step("bad", text, note, self.order.refunded_at)]
