"""What the law asks of a plan, in words: the three forms of pyramid selling, the red lines, and what a plan does of
each. Not legal advice; the page says so.

The wording has a version: whoever publishes a plan has acknowledged it in its present wording.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Gauge:
    """One figure against the red lines that it has, if any; `share` says that figure and lines are basis points."""

    name: str
    title: str
    figure: int
    lines: tuple[int, ...]
    tone: str
    words: str
    share: bool = False


def gauges_of(figures: dict[str, Any], plan: Plan | None) -> list[Gauge]:
    """Return the figures of `linkage.counting.counted` against the red lines of the law and of the plan itself."""
    paid = figures["reward_fen"] + figures["commission_fen"]
    people = figures["participants"]
    limit = (plan.payout_max_bps,) if plan is not None else ()
    return [
        _against(
            "levels",
            "层级",
            figures["levels_max"],
            (LEVELS_MAX,),
            f"有头衔的人上下相连最多几层；第 {LEVELS_MAX} 层以下还有 {figures['beyond_levels']:,} 人。"
            "三级以上是立案追诉的条件之一。",
        ),
        _against(
            "participants",
            "参与人数",
            people,
            (HEADS_MAX, HEADS_GRAVE),
            f"有头衔的会员总数。{HEADS_MAX} 人以上且三级以上应予立案追诉，{HEADS_GRAVE} 人以上属情节严重。",
        ),
        _against(
            "below",
            "一人之下最多",
            figures["below_max"],
            (HEADS_MAX, HEADS_GRAVE),
            f"一个人的推荐线下方有头衔的人数；{figures['below_many']:,} 人之下不少于 {HEADS_MAX} 人，"
            f"其中 {figures['below_grave']:,} 人之下不少于 {HEADS_GRAVE} 人。",
        ),
        _against(
            "team",
            "最大的团队",
            figures["team_max"],
            (HEADS_MAX, HEADS_GRAVE),
            f"一位团队合伙人名下的代理；{figures['teams_many']:,} 个团队不少于 {HEADS_MAX} 人。",
        ),
        _against(
            "packs",
            "礼包奖励占给付",
            _bps(figures["reward_fen"], paid),
            (5_000,),
            f"给会员的钱里，来自礼包的 {_yuan(figures['reward_fen'])}，"
            f"来自零售佣金的 {_yuan(figures['commission_fen'])}。"
            "超过一半来自入门商品，难以说明收入来自零售。",
            share=True,
        ),
        _against(
            "payout",
            "拨出率",
            _bps(figures["reward_fen"], figures["pack_sales_fen"]),
            limit,
            f"礼包奖励 {_yuan(figures['reward_fen'])} ÷ 礼包销售额 {_yuan(figures['pack_sales_fen'])}；"
            "红线是方案自己的上限。",
            share=True,
        ),
        _against(
            "others",
            "因他人发展而付",
            _bps(figures["others_fen"], figures["reward_fen"]),
            (0,),
            f"见点奖和平级分润 {_yuan(figures['others_fen'])}：获得人没有推荐这位买家。"
            "条例不允许按间接发展的人数或业绩计酬。",
            share=True,
        ),
        _against(
            "idle",
            "没有零售成交的代理",
            _bps(people - figures["sellers"], people),
            (5_000,),
            f"{people - figures['sellers']:,} / {people:,} 人名下没有一单零售；大多数人只买不卖，是拉人头的特征。",
            share=True,
        ),
    ]


def _against(name: str, title: str, figure: int, lines: tuple[int, ...], words: str, *, share: bool = False) -> Gauge:
    """Numbers of people and levels reach a line by being as many (以上 includes the number), shares by passing it."""
    tone = FINE
    if lines and (figure > lines[0] if share else figure >= lines[0]):
        tone = CROSSED
    elif lines and figure * 10 >= lines[0] * 8 and figure:
        tone = NEAR
    return Gauge(name, title, figure, lines, tone, words, share)


def _bps(part: int, whole: int) -> int:
    return part * 10_000 // whole if whole > 0 else 0
