"""What may come out of asking why there is nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from linkage.models import Commission, Reward


class Cause(TextChoices):
    """The condition that failed, or what there is after all."""

    NOT_PAID = "not_paid", _("还没有付款")
    CANCELLED = "cancelled", _("订单已关闭")
    WAITING = "waiting", _("正在结算")
    REFUSED = "refused", _("结算没有通过")
    EARNED = "earned", _("有收益")
    TAKEN_BACK = "taken_back", _("已退款，收益扣回")
    OWN = "own", _("自己的订单")
    NO_PLAN = "no_plan", _("付款时没有奖励规则")
    BOUND_ELSEWHERE = "bound_elsewhere", _("推荐人不是你")
    MEMBER_BEFORE = "member_before", _("之前已是会员")
    NOT_BOUND = "not_bound", _("加入时没有记下推荐人")
    NO_PACK = "no_pack", _("你当时没有有效礼包")
    ROLLED_UP = "rolled_up", _("你当时没有有效礼包，奖励归上方")
    REPEAT = "repeat", _("复购不产生奖励")
    NONE_PLANNED = "none_planned", _("这一版规则不设这项奖励")
    NOT_ENTITLED = "not_entitled", _("不具备合伙人资格，计入帮扶基金")
    NO_COMMISSION = "no_commission", _("商品没有佣金")
    OTHER_ADVISER = "other_adviser", _("客户属于别的顾问")
    RELATION_LAPSED = "relation_lapsed", _("客户关系已到期")
    TOUCH_LAPSED = "touch_lapsed", _("来访太久")
    NOT_OPEN = "not_open", _("你当时没有开通店主")
    BUYER_SELLS = "buyer_sells", _("买家自己是店主")
    STAFF = "staff", _("运营人员的订单")
    UNKNOWN = "unknown", _("需要人工看一下")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out for one member and one order. `words` fill the sentence; `rewards` and `commissions` are what there
    is; `version` and `clause` lead to the rule."""

    cause: Cause
    words: dict[str, str] = field(default_factory=dict)
    rewards: tuple[Reward, ...] = ()
    commissions: tuple[Commission, ...] = ()
    version: int | None = None
    clause: int | None = None
