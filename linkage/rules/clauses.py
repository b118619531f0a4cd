"""What a plan says, in Chinese clauses that a member can read before buying."""

from __future__ import annotations

from .plan import (
    BPS,
    DAYS_VISITED,
    FIRST_REFERRAL,
    GOODS_RECEIVED,
    PROFILE_COMPLETED,
    Plan,
    TaskTerms,
    further_worst_case_fen,
    payout_limit_fen,
    worst_case_fen,
)

_NUMERALS = "零一二三四五六七八九十"


def summary_zh(plan: Plan) -> list[str]:
    """Return the plan as numbered clauses (第一条 …) in plain Chinese, one sentence group each."""
    clauses = (
        _gift_pack(plan),
        _ranks(plan),
        _direct_reward(plan),
        _see_point_reward(plan),
        _peer_bonus(plan),
        _peer_share(plan),
        _further_packs(plan),
        _promotion(plan),
        _holds(plan),
        _cooling_off(plan),
        "退货：礼包整单退货后，该单产生的全部奖励收回；可提现余额不足的部分记为追缴欠款，从以后转为可提现的收入中先行抵扣。头衔与团队归属不变。",
        _limit(plan),
    )
    return [f"第{_numeral(number)}条　{clause}" for number, clause in enumerate(clauses, start=1)]


def refusal_zh(plan: Plan) -> str | None:
    """Return why the plan must not be used, for the operator who saves it, or None."""
    worst, further, limit = worst_case_fen(plan), further_worst_case_fen(plan), payout_limit_fen(plan)
    allowed = f"超过上限 {_yuan(limit)}（售价 {_yuan(plan.pack_price_fen)} 的 {_percent(plan.payout_max_bps)}）。"
    if worst > limit:
        return (
            f"首份礼包最多可能发放 {_yuan(worst)}：取“代理直推奖 {_yuan(plan.direct_agent_fen)} 加平级奖 "
            f"{_yuan(plan.peer_bonus_fen)}”与“合伙人直推奖 {_yuan(plan.direct_partner_fen)}”中较大者，再加见点奖 "
            f"{_yuan(plan.see_point_fen)} 和平级分润 {_yuan(_share(plan.see_point_fen, plan))}，{allowed}"
        )
    if further > limit:
        return (
            f"后续礼包每份最多可能发放 {_yuan(further)}：直推奖 {_yuan(plan.repeat_direct_fen)} 加见点奖 "
            f"{_yuan(plan.repeat_see_point_fen)} 加平级分润 {_yuan(_share(plan.repeat_see_point_fen, plan))}，{allowed}"
        )
    return None


def task_zh(task: TaskTerms) -> str:
    """Return what the seed user has to do, as it stands in a list of tasks."""
    if task.kind == GOODS_RECEIVED:
        return "确认收货"
    if task.kind == PROFILE_COMPLETED:
        return "完善资料"
    if task.kind == DAYS_VISITED:
        return f"累计访问 {task.n} 天"
    if task.kind == FIRST_REFERRAL:
        return "首次成功推荐"
    if task.min_fen:
        return f"再次购买满 {_yuan(task.min_fen)}"
    return "再次购买"


def _gift_pack(plan: Plan) -> str:
    return f"礼包：每份售价 {_yuan(plan.pack_price_fen)}，只按此价出售；单独下单，退货时整单退回。"


def _ranks(plan: Plan) -> str:
    return (
        f"头衔：购买礼包即成为代理；直接推荐 {plan.promotion_referrals} 名有效代理，即升为合伙人并自立团队。"
        "推荐的人退货后人数不足的，暂按代理计奖，补足后恢复。"
    )


def _direct_reward(plan: Plan) -> str:
    agent, partner = _yuan(plan.direct_agent_fen), _yuan(plan.direct_partner_fen)
    if not plan.direct_agent_fen and not plan.direct_partner_fen:
        return "直推奖：本方案首份礼包不设直推奖。"
    who = f"推荐人得 {agent}" if agent == partner else f"推荐人为代理的得 {agent}，为合伙人的得 {partner}"
    otherwise = {
        "forfeit": "推荐人当时没有有效礼包的，不发放",
        "roll_up": "推荐人当时没有有效礼包的，由推荐线上方最近一位有有效礼包的代理或合伙人获得",
    }[plan.unranked_referrer]
    return f"直推奖：好友购买首份礼包，{who}；{otherwise}。"


def _see_point_reward(plan: Plan) -> str:
    if not plan.see_point_fen:
        return "见点奖：本方案首份礼包不设见点奖。"
    return (
        f"见点奖：团队新增一名代理，团队合伙人得 {_yuan(plan.see_point_fen)}；"
        "团队合伙人当时不具备合伙人资格的，该笔计入帮扶基金。"
    )


def _peer_bonus(plan: Plan) -> str:
    if not plan.peer_bonus_fen:
        return "平级奖：本方案不设平级奖。"
    otherwise = {
        "referrer": "推荐人不具备合伙人资格的，不发放",
        "referrer_or_leader": "推荐人不具备合伙人资格的，由其原团队合伙人获得，后者也不具备资格的，不发放",
    }[plan.peer_to]
    return f"平级奖：直接推荐的代理升为合伙人时，推荐人一次性得 {_yuan(plan.peer_bonus_fen)}；{otherwise}。"


def _peer_share(plan: Plan) -> str:
    if not plan.peer_rate_bps:
        return "平级分润：本方案不设平级分润。"
    return (
        f"平级分润：直接推荐的合伙人每得一笔见点奖，推荐人具备合伙人资格的，另得该笔的 {_percent(plan.peer_rate_bps)}，"
        "不足一分舍去；只计一代。"
    )


def _further_packs(plan: Plan) -> str:
    if not plan.repeat_direct_fen and not plan.repeat_see_point_fen:
        return "复购：已有有效礼包后再购买，以及同一单中第二份起的礼包，不产生直推奖和见点奖。"
    return (
        "复购：已有有效礼包后再购买，以及同一单中第二份起的礼包，每份直推奖 "
        f"{_yuan(plan.repeat_direct_fen)}、见点奖 {_yuan(plan.repeat_see_point_fen)}。"
    )


def _promotion(plan: Plan) -> str:
    team = {
        "stay": "其推荐线下方原有的代理仍留在原团队（留人）",
        "follow": "其推荐线下方的代理随其转入新团队，其他合伙人及其下方除外（带走）",
    }[plan.on_promotion]
    return f"升级：代理升为合伙人时脱离原团队，{team}。"


def _holds(plan: Plan) -> str:
    if not plan.hold_bps:
        return "冻结：本方案不冻结奖励。"
    tasks = "、".join(task_zh(task) for task in plan.seed_tasks)
    expiry = {"fund": "转入帮扶基金", "release": "解冻归本人"}[plan.on_hold_expiry]
    return (
        f"冻结：合伙人每笔奖励的 {_percent(plan.hold_bps)} 先行冻结，种子用户完成任务（{tasks}）后解冻；"
        f"付款后 {plan.hold_days} 天内仍未完成的，到期{expiry}。"
    )


def _cooling_off(plan: Plan) -> str:
    if not plan.cooling_off_days:
        return "冷静期：本方案不设冷静期，确认收货后奖励即转为可提现。"
    return f"冷静期：确认收货后 {plan.cooling_off_days} 天内奖励待结算，期满转为可提现。"


def _limit(plan: Plan) -> str:
    further = further_worst_case_fen(plan)
    further_clause = f"，后续礼包每份最多 {_yuan(further)}" if further else ""
    return (
        f"上限：首份礼包的奖励合计最多 {_yuan(worst_case_fen(plan))}{further_clause}，不超过售价的 "
        f"{_percent(plan.payout_max_bps)}，即 {_yuan(payout_limit_fen(plan))}。"
    )


def _share(amount_fen: int, plan: Plan) -> int:
    return amount_fen * plan.peer_rate_bps // BPS


def _yuan(fen: int) -> str:
    whole, cents = divmod(fen, 100)
    return f"¥{whole:,}.{cents:02d}"


def _percent(rate_bps: int) -> str:
    whole, hundredths = divmod(rate_bps, 100)
    return f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") + "%"


def _numeral(number: int) -> str:
    """Return a number below twenty as Chinese numerals."""
    return _NUMERALS[number] if number <= 10 else f"十{_NUMERALS[number - 10]}"
