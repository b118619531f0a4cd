"""What a plan says, in clauses that a member can read before buying: in Chinese, or as whoever asks translates them."""

from __future__ import annotations

from collections.abc import Callable

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

# What gives a text in the reader's language. The rules speak Chinese; whoever asks may translate, and the functions
# here call it `_`, so that the texts are collected.
Say = Callable[[str], str]


def summary_zh(plan: Plan) -> list[str]:
    """Return the plan as numbered clauses (第一条 …) in plain Chinese, one sentence group each."""
    return [f"第{_numeral(number)}条　{clause}" for number, clause in enumerate(clauses(plan, str), start=1)]


def clauses(plan: Plan, _: Say) -> list[str]:
    """Return what the plan says, clause by clause, without numbers, in the language that `_` gives."""
    return [
        _gift_pack(plan, _),
        _ranks(plan, _),
        _direct_reward(plan, _),
        _see_point_reward(plan, _),
        _peer_bonus(plan, _),
        _peer_share(plan, _),
        _further_packs(plan, _),
        _promotion(plan, _),
        _holds(plan, _),
        _cooling_off(plan, _),
        _(
            "退货：礼包整单退货后，该单产生的全部奖励收回；可提现余额不足的部分记为追缴欠款，从以后转为可提现的收入中先行抵扣。"
            "头衔与团队归属不变。"
        ),
        _limit(plan, _),
    ]


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
    """Return what the seed user has to do, in Chinese, as it stands in a list of tasks."""
    return task_words(task, str)


def task_words(task: TaskTerms, _: Say) -> str:
    """Return what the seed user has to do, in the language that `_` gives."""
    if task.kind == GOODS_RECEIVED:
        return _("确认收货")
    if task.kind == PROFILE_COMPLETED:
        return _("完善资料")
    if task.kind == DAYS_VISITED:
        return _("累计访问 %(days)s 天") % {"days": task.n}
    if task.kind == FIRST_REFERRAL:
        return _("首次成功推荐")
    if task.min_fen:
        return _("再次购买满 %(amount)s") % {"amount": _yuan(task.min_fen)}
    return _("再次购买")


def _gift_pack(plan: Plan, _: Say) -> str:
    text = _("礼包：每份售价 %(price)s，只按此价出售；单独下单，退货时整单退回。")
    return text % {"price": _yuan(plan.pack_price_fen)}


def _ranks(plan: Plan, _: Say) -> str:
    text = _(
        "头衔：购买礼包即成为代理；直接推荐 %(count)s 名有效代理，即升为合伙人并自立团队。"
        "推荐的人退货后人数不足的，暂按代理计奖，补足后恢复。"
    )
    return text % {"count": plan.promotion_referrals}


def _direct_reward(plan: Plan, _: Say) -> str:
    agent, partner = _yuan(plan.direct_agent_fen), _yuan(plan.direct_partner_fen)
    if not plan.direct_agent_fen and not plan.direct_partner_fen:
        return _("直推奖：本方案首份礼包不设直推奖。")
    if agent == partner:
        who = _("推荐人得 %(amount)s") % {"amount": agent}
    else:
        amounts = {"agent": agent, "partner": partner}
        who = _("推荐人为代理的得 %(agent)s，为合伙人的得 %(partner)s") % amounts
    if plan.unranked_referrer == "forfeit":
        otherwise = _("推荐人当时没有有效礼包的，不发放")
    else:
        otherwise = _("推荐人当时没有有效礼包的，由推荐线上方最近一位有有效礼包的代理或合伙人获得")
    return _("直推奖：好友购买首份礼包，%(who)s；%(otherwise)s。") % {"who": who, "otherwise": otherwise}


def _see_point_reward(plan: Plan, _: Say) -> str:
    if not plan.see_point_fen:
        return _("见点奖：本方案首份礼包不设见点奖。")
    text = _("见点奖：团队新增一名代理，团队合伙人得 %(amount)s；团队合伙人当时不具备合伙人资格的，该笔计入帮扶基金。")
    return text % {"amount": _yuan(plan.see_point_fen)}


def _peer_bonus(plan: Plan, _: Say) -> str:
    if not plan.peer_bonus_fen:
        return _("平级奖：本方案不设平级奖。")
    if plan.peer_to == "referrer":
        otherwise = _("推荐人不具备合伙人资格的，不发放")
    else:
        otherwise = _("推荐人不具备合伙人资格的，由其原团队合伙人获得，后者也不具备资格的，不发放")
    text = _("平级奖：直接推荐的代理升为合伙人时，推荐人一次性得 %(amount)s；%(otherwise)s。")
    return text % {"amount": _yuan(plan.peer_bonus_fen), "otherwise": otherwise}


def _peer_share(plan: Plan, _: Say) -> str:
    if not plan.peer_rate_bps:
        return _("平级分润：本方案不设平级分润。")
    text = _(
        "平级分润：直接推荐的合伙人每得一笔见点奖，推荐人具备合伙人资格的，另得该笔的 %(rate)s，"
        "不足一分舍去；只计一代。"
    )
    return text % {"rate": _percent(plan.peer_rate_bps)}


def _further_packs(plan: Plan, _: Say) -> str:
    if not plan.repeat_direct_fen and not plan.repeat_see_point_fen:
        return _("复购：已有有效礼包后再购买，以及同一单中第二份起的礼包，不产生直推奖和见点奖。")
    text = _("复购：已有有效礼包后再购买，以及同一单中第二份起的礼包，每份直推奖 %(direct)s、见点奖 %(see_point)s。")
    return text % {"direct": _yuan(plan.repeat_direct_fen), "see_point": _yuan(plan.repeat_see_point_fen)}


def _promotion(plan: Plan, _: Say) -> str:
    if plan.on_promotion == "stay":
        return _("升级：代理升为合伙人时脱离原团队，其推荐线下方原有的代理仍留在原团队（留人）。")
    return _("升级：代理升为合伙人时脱离原团队，其推荐线下方的代理随其转入新团队，其他合伙人及其下方除外（带走）。")


def _holds(plan: Plan, _: Say) -> str:
    if not plan.hold_bps:
        return _("冻结：本方案不冻结奖励。")
    words = {
        "rate": _percent(plan.hold_bps),
        "tasks": _("、").join(task_words(task, _) for task in plan.seed_tasks),
        "days": plan.hold_days,
    }
    if plan.on_hold_expiry == "fund":
        text = _(
            "冻结：合伙人每笔奖励的 %(rate)s 先行冻结，种子用户完成任务（%(tasks)s）后解冻；"
            "付款后 %(days)s 天内仍未完成的，到期转入帮扶基金。"
        )
    else:
        text = _(
            "冻结：合伙人每笔奖励的 %(rate)s 先行冻结，种子用户完成任务（%(tasks)s）后解冻；"
            "付款后 %(days)s 天内仍未完成的，到期解冻归本人。"
        )
    return text % words


def _cooling_off(plan: Plan, _: Say) -> str:
    if not plan.cooling_off_days:
        return _("冷静期：本方案不设冷静期，确认收货后奖励即转为可提现。")
    text = _("冷静期：确认收货后 %(days)s 天内奖励待结算，期满转为可提现。")
    return text % {"days": plan.cooling_off_days}


def _limit(plan: Plan, _: Say) -> str:
    further = further_worst_case_fen(plan)
    words = {
        "first": _yuan(worst_case_fen(plan)),
        "further": _yuan(further),
        "rate": _percent(plan.payout_max_bps),
        "limit": _yuan(payout_limit_fen(plan)),
    }
    if further:
        text = _(
            "上限：首份礼包的奖励合计最多 %(first)s，后续礼包每份最多 %(further)s，"
            "不超过售价的 %(rate)s，即 %(limit)s。"
        )
    else:
        text = _("上限：首份礼包的奖励合计最多 %(first)s，不超过售价的 %(rate)s，即 %(limit)s。")
    return text % words


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
