"""What the law asks of a plan, in words: the three forms of pyramid selling, the red lines, and what a plan does of
each. Not legal advice; the page says so.

The wording has a version: whoever publishes a plan has acknowledged it in its present wording.
"""

from __future__ import annotations

from dataclasses import dataclass

from .plan import Plan, worst_case_fen

TEXT_VERSION = "2026-11-29"

LEVELS_MAX = 3
HEADS_MAX = 30
HEADS_GRAVE = 120

FINE, NEAR, CROSSED = "good", "warn", "bad"


@dataclass(frozen=True, slots=True)
class LegalForm:
    """One form of art. 7, what a plan does of it, and how bad that is."""

    title: str
    law: str
    does: str
    tone: str


def forms_of(plan: Plan | None) -> list[LegalForm]:
    """Return the three forms of art. 7 of 《禁止传销条例》, and what a plan (none: retail only) does of each."""
    return [_heads(plan), _entry_fee(plan), _team_pay(plan)]


def warnings_of(plan: Plan) -> list[str]:
    """Return in one sentence each what in a plan itself is near a red line or across it."""
    return [f"{form.title}：{form.does}" for form in forms_of(plan) if form.tone != FINE]


def _heads(plan: Plan | None) -> LegalForm:
    law = (
        "组织者发展人员，对被发展人员以其直接或者间接滚动发展的人员数量为依据计算和给付报酬，牟取非法利益的。（拉人头）"
    )
    if plan is None:
        return LegalForm("拉人头", law, "只有零售佣金：不因发展人员给付任何报酬。", FINE)
    parts = []
    if plan.see_point_fen:
        parts.append(f"团队每新增一名代理，团队合伙人得见点奖 {_yuan(plan.see_point_fen)}，新增的人多半由他人发展")
    if plan.peer_bonus_fen:
        parts.append(f"直推的人升为合伙人，推荐人得平级奖 {_yuan(plan.peer_bonus_fen)}")
    parts.append(f"直推满 {plan.promotion_referrals} 名有效代理升为合伙人，人数决定身份")
    return LegalForm("拉人头", law, "；".join(parts) + "。", CROSSED if plan.see_point_fen else NEAR)


def _entry_fee(plan: Plan | None) -> LegalForm:
    law = (
        "组织者发展人员，要求被发展人员交纳费用或者以认购商品等方式变相交纳费用，取得加入或者发展其他人员加入的资格，"
        "牟取非法利益的。（入门费）"
    )
    if plan is None:
        return LegalForm("入门费", law, "店主免费加入，不以购买商品为条件。", FINE)
    does = f"购买 {_yuan(plan.pack_price_fen)} 礼包才成为代理并取得奖励资格；"
    if plan.cooling_off_days:
        does += f"礼包是可整单退货的商品，收货后 {plan.cooling_off_days} 天内奖励不可提现。"
        return LegalForm("入门费", law, does, NEAR)
    return LegalForm("入门费", law, does + "没有冷静期，付出的奖励难以随退货收回。", CROSSED)


def _team_pay(plan: Plan | None) -> LegalForm:
    law = (
        "组织者发展人员，要求被发展人员发展其他人员加入，形成上下线关系，并以下线的销售业绩为依据计算和给付上线报酬，"
        "牟取非法利益的。（团队计酬）"
    )
    if plan is None:
        return LegalForm("团队计酬", law, "佣金只给卖出商品的店主本人，一级，不按他人的业绩计酬。", FINE)
    parts = []
    levels = 1
    if plan.see_point_fen or plan.repeat_see_point_fen:
        parts.append("见点奖按团队里所有人的礼包业绩计算，不限层级")
        levels = 3
    if plan.peer_rate_bps:
        parts.append(f"平级分润再取下级合伙人见点奖的 {_percent(plan.peer_rate_bps)}")
        levels = 3
    if plan.unranked_referrer == "roll_up":
        parts.append("推荐人无资格时奖励上滚给更上方的人")
        levels = max(levels, 2)
    parts.append(f"一份礼包最多付出 {_yuan(worst_case_fen(plan))}，占售价 {_percent(_worst_bps(plan))}")
    tone = CROSSED if levels >= LEVELS_MAX else (NEAR if levels > 1 else FINE)
    return LegalForm("团队计酬", law, "；".join(parts) + "。", tone)


def _worst_bps(plan: Plan) -> int:
    return worst_case_fen(plan) * 10_000 // plan.pack_price_fen


def _yuan(fen: int) -> str:
    return f"¥{fen // 100:,}.{fen % 100:02d}"


def _percent(rate_bps: int) -> str:
    return f"{rate_bps // 100}.{rate_bps % 100:02d}".rstrip("0").rstrip(".") + "%"
