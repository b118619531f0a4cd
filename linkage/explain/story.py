"""The sentence: who bought, by whose referral, who acted as what, and what is held or was taken back."""

from __future__ import annotations

from django.utils.translation import gettext as _

from linkage.models import Hold, Rank, Reward, RewardKind
from linkage.rules.plan import Plan
from mall.core.days import day_words
from mall.core.money import yuan
from mall.core.names import masked_name

from .shapes import Piece
from .way import released_by_time
from .words import percent_zh, said


class Story:
    """One reward told to one reader; `viewer` is called 你."""

    def __init__(
        self,
        reward: Reward,
        plan: Plan,
        *,
        names: dict[int, str],
        referrers: dict[int, int | None],
        viewer: int | None,
        goods: str,
    ) -> None:
        self.reward = reward
        self.order = reward.order
        self.plan = plan
        self.names = names
        self.referrers = referrers
        self.viewer = viewer
        self.goods = goods

    def who(self, member_id: int | None) -> str:
        if member_id is None:
            return _("帮扶基金")
        return _("你") if member_id == self.viewer else masked_name(self.names.get(member_id, ""))

    def pieces(self) -> list[Piece]:
        kind = self.reward.kind
        if kind == RewardKind.DIRECT:
            pieces = self._direct()
        elif kind == RewardKind.SEE_POINT:
            pieces = self._see_point()
        elif kind == RewardKind.PEER_SHARE:
            pieces = self._peer_share()
        else:
            pieces = self._peer_bonus()
        return [*pieces, *self._hold_sentence(), *self._reversal_sentence()]

    def _bought(self) -> str:
        if self.order.packs == 1:
            return self.goods
        return _("%(goods)s %(packs)s 份") % {"goods": self.goods, "packs": self.order.packs}

    def _per_pack(self) -> str:
        further = self.order.packs - self.order.first_packs
        words = []
        if self.order.first_packs:
            words.append(_("首份 %(amount)s") % {"amount": yuan(self.reward.first_fen)})
        if further:
            words.append(_("复购每份 %(amount)s") % {"amount": yuan(self.reward.further_fen)})
        return _("、").join(words)

    def _direct(self) -> list[Piece]:
        via = self.reward.via
        words = {
            "buyer": self.who(self.order.member_id),
            "goods": self._bought(),
            "me": self.who(self.reward.member_id),
            "kind": _("直推奖"),
            "rank": str(Rank(self.reward.acting).label),
            "per_pack": self._per_pack(),
            "referrer": self.who(via[0]),
            "path": " → ".join(self.who(member_id) for member_id in via),
        }
        if len(via) == 1:
            text = _("{buyer}购买了{goods}。{me}是 TA 的推荐人，付款时身份为{rank}，按{kind}[per_pack] 计。")
        else:
            text = _(
                "{buyer}购买了{goods}。推荐人{referrer}当时没有有效礼包，{kind}沿推荐线向上（[path]），"
                "由最近一位有有效礼包的{me}（付款时身份为{rank}）获得，按[per_pack] 计。"
            )
        return _told(text, words)

    def _see_point(self) -> list[Piece]:
        via = self.reward.via
        leader = via[-1]
        words = {
            "buyer": self.who(self.order.member_id),
            "by": _("（由%(who)s推荐）") % {"who": self.who(via[0])} if len(via) > 1 else "",
            "goods": self._bought(),
            "leader": self.who(leader),
            "kind": _("见点奖"),
            "rank": str(Rank(self.reward.acting).label),
            "per_pack": self._per_pack(),
            "fund": _("帮扶基金"),
            "amount": yuan(self.reward.amount_fen),
        }
        text = _("{buyer}[by]购买了{goods}，这一单归入{leader}的团队；")
        if self.reward.member_id is None:
            text += _("{leader}付款时身份为{rank}，不具备合伙人资格，{kind} [amount] 计入{fund}。")
        else:
            text += _("{leader}是团队合伙人，付款时具备合伙人资格，按{kind}[per_pack] 计。")
        return _told(text, words)

    def _peer_share(self) -> list[Piece]:
        whole = self.reward.first_fen * self.order.first_packs
        whole += self.reward.further_fen * (self.order.packs - self.order.first_packs)
        words = {
            "buyer": self.who(self.order.member_id),
            "goods": self._bought(),
            "leader": self.who(self.reward.via[-2]),
            "me": self.who(self.reward.member_id),
            "kind": _("平级分润"),
            "whole": yuan(whole),
            "rate": percent_zh(self.plan.peer_rate_bps),
        }
        text = _(
            "{buyer}购买了{goods}，团队合伙人{leader}得见点奖 [whole]。{leader}由{me}直接推荐，{me}付款时"
            "具备合伙人资格，按{kind}另得其中的 [rate]，不足一分舍去，只计一代。"
        )
        return _told(text, words)

    def _peer_bonus(self) -> list[Piece]:
        promoted = self.reward.seed_id
        words = {
            "buyer": self.who(self.order.member_id),
            "goods": self._bought(),
            "promoted": self.who(promoted),
            "me": self.who(self.reward.member_id),
            "kind": _("平级奖"),
            "count": str(self.plan.promotion_referrals),
            "amount": yuan(self.reward.first_fen),
        }
        text = _("{buyer}购买了{goods}，{promoted}的有效直推由此满 [count] 位，升为合伙人。")
        if self.referrers.get(promoted) == self.reward.member_id:
            text += _("{promoted}由{me}直接推荐，{me}当时具备合伙人资格，得一次性{kind} [amount]。")
        else:
            text += _("推荐人不具备合伙人资格，{me}是{promoted}升级前的团队合伙人，具备资格，得一次性{kind} [amount]。")
        return _told(text, words)

    def _hold_sentence(self) -> list[Piece]:
        reward = self.reward
        words = {
            "rate": percent_zh(self.plan.hold_bps),
            "held": yuan(reward.held_fen),
            "seed": self.who(reward.seed_id),
            "day": day_words(reward.hold_ended_at),
            "fund": _("帮扶基金"),
        }
        if reward.hold == Hold.NONE or (reward.reversed and reward.hold == Hold.ACTIVE):
            return []
        if reward.hold == Hold.ACTIVE:
            return _told(_("其中 [rate]（[held]）要等种子用户{seed}完成任务后解冻。"), words)
        if reward.hold == Hold.FORFEITED:
            text = _("其中 [rate]（[held]）冻结到期，种子用户{seed}的任务未完成，已于 [day] 转入{fund}。")
            return _told(text, words)
        if released_by_time(self.reward, self.plan):
            return _told(_("其中 [rate]（[held]）冻结到期，已于 [day] 解冻。"), words)
        return _told(_("其中 [rate]（[held]）曾冻结，种子用户{seed}完成任务后已于 [day] 解冻。"), words)

    def _reversal_sentence(self) -> list[Piece]:
        if not self.reward.reversed:
            return []
        return _told(_("这一单已于 [day] 整单退货，奖励扣回。"), {"day": day_words(self.order.refunded_at)})


def _told(text: str, words: dict[str, str]) -> list[Piece]:
    return [Piece(part, strong) for part, strong in said(text, words)]
