from typing import Any

import pytest

from linkage.rules.clauses import refusal_zh, summary_zh
from linkage.rules.plan import (
    AMOUNT_MAX,
    DEFAULT_TASKS,
    PayoutTerms,
    Plan,
    PlanError,
    PlanRefused,
    TaskTerms,
    check_plan,
    further_worst_case_fen,
    parse_plan,
    payout_limit_fen,
    plan_as_dict,
    refusal,
    worst_case_fen,
)

FULL: dict[str, Any] = {
    "name": "双十一方案",
    "pack_price_fen": 99_900,
    "promotion_referrals": 3,
    "direct_fen": {"agent": 7_001, "partner": 11_003},
    "see_point_fen": 12_345,
    "peer_bonus_fen": 4_001,
    "peer_to": "referrer_or_leader",
    "peer_rate_bps": 777,
    "repeat_fen": {"direct": 3_001, "see_point": 5_003},
    "on_promotion": "follow",
    "unranked_referrer": "roll_up",
    "hold_bps": 3_333,
    "hold_days": 45,
    "on_hold_expiry": "release",
    "cooling_off_days": 15,
    "payout_max_bps": 5_000,
    "withdrawal": {"min_fen": 5_000, "fee_bps": 100, "tax_bps": 1_600},
    "tasks": [
        {"kind": "goods_received"},
        {"kind": "days_visited", "n": 3},
        {"kind": "first_referral"},
        {"kind": "repeat_purchase", "min_fen": 9_900},
    ],
}


def test_an_empty_plan_is_the_usual_one() -> None:
    plan, terms = parse_plan({})
    assert plan == Plan()
    assert terms == PayoutTerms()
    assert (plan.pack_price_fen, plan.promotion_referrals, plan.direct_agent_fen) == (49_900, 2, 10_000)
    assert (plan.see_point_fen, plan.peer_bonus_fen, plan.hold_bps, plan.hold_days) == (15_000, 4_000, 2_000, 30)
    assert (plan.cooling_off_days, plan.payout_max_bps) == (7, 6_000)
    assert (terms.min_fen, terms.fee_bps, terms.tax_bps) == (1_000, 60, 0)
    assert plan.seed_tasks == DEFAULT_TASKS
    check_plan(plan)


def test_every_field_is_read() -> None:
    plan, terms = parse_plan(FULL)
    assert plan == Plan(
        name="双十一方案",
        pack_price_fen=99_900,
        promotion_referrals=3,
        direct_agent_fen=7_001,
        direct_partner_fen=11_003,
        see_point_fen=12_345,
        peer_bonus_fen=4_001,
        peer_to="referrer_or_leader",
        peer_rate_bps=777,
        repeat_direct_fen=3_001,
        repeat_see_point_fen=5_003,
        on_promotion="follow",
        unranked_referrer="roll_up",
        hold_bps=3_333,
        hold_days=45,
        on_hold_expiry="release",
        cooling_off_days=15,
        payout_max_bps=5_000,
        seed_tasks=(
            TaskTerms("goods_received"),
            TaskTerms("days_visited", n=3),
            TaskTerms("first_referral"),
            TaskTerms("repeat_purchase", min_fen=9_900),
        ),
    )
    assert terms == PayoutTerms(min_fen=5_000, fee_bps=100, tax_bps=1_600)


@pytest.mark.parametrize("data", [{}, FULL, {"name": "x", "tasks": [{"kind": "profile_completed"}]}])
def test_a_plan_written_out_reads_back_the_same(data: dict[str, Any]) -> None:
    plan, terms = parse_plan(data)
    assert parse_plan(plan_as_dict(plan, terms)) == (plan, terms)
    assert parse_plan(plan_as_dict(plan)) == (plan, PayoutTerms())
    assert plan_as_dict(parse_plan(FULL)[0], parse_plan(FULL)[1]) == FULL


def test_a_field_left_out_of_a_nested_one_takes_its_default() -> None:
    plan, terms = parse_plan({"direct_fen": {"partner": 1}, "repeat_fen": {}, "withdrawal": {"tax_bps": 5}})
    assert (plan.direct_agent_fen, plan.direct_partner_fen) == (10_000, 1)
    assert (plan.repeat_direct_fen, plan.repeat_see_point_fen) == (0, 0)
    assert terms == PayoutTerms(min_fen=1_000, fee_bps=60, tax_bps=5)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ([], "plan"),
        (None, "plan"),
        ({"bonus_fen": 1}, "bonus_fen"),
        ({"direct_fen": {"boss": 1}}, "direct_fen.boss"),
        ({"direct_fen.agent": 1}, "direct_fen.agent"),
        ({"direct_fen.agent": 1, "direct_fen": {"agent": 2}}, "direct_fen.agent"),
        ({"direct_fen": 10_000}, "direct_fen"),
        ({"repeat_fen": None}, "repeat_fen"),
        ({"withdrawal": []}, "withdrawal"),
        ({"name": 5}, "name"),
        ({"name": None}, "name"),
        ({"name": "n" * 101}, "name"),
        ({"name": "nul\0"}, "name"),
        ({"name": "half \ud800"}, "name"),
        ({"pack_price_fen": 0}, "pack_price_fen"),
        ({"pack_price_fen": "49900"}, "pack_price_fen"),
        ({"pack_price_fen": 49_900.0}, "pack_price_fen"),
        ({"see_point_fen": True}, "see_point_fen"),
        ({"see_point_fen": -1}, "see_point_fen"),
        ({"see_point_fen": None}, "see_point_fen"),
        ({"see_point_fen": float("nan")}, "see_point_fen"),
        ({"peer_bonus_fen": AMOUNT_MAX + 1}, "peer_bonus_fen"),
        ({"direct_fen": {"agent": 0.5}}, "direct_fen.agent"),
        ({"direct_fen": {"partner": False}}, "direct_fen.partner"),
        ({"repeat_fen": {"direct": "0"}}, "repeat_fen.direct"),
        ({"repeat_fen": {"see_point": -5}}, "repeat_fen.see_point"),
        ({"promotion_referrals": 0}, "promotion_referrals"),
        ({"promotion_referrals": 1.0}, "promotion_referrals"),
        ({"peer_rate_bps": 10_001}, "peer_rate_bps"),
        ({"hold_bps": 10_001}, "hold_bps"),
        ({"payout_max_bps": 10_001}, "payout_max_bps"),
        ({"hold_days": -1}, "hold_days"),
        ({"hold_days": 36_501}, "hold_days"),
        ({"cooling_off_days": "7"}, "cooling_off_days"),
        ({"peer_to": "leader"}, "peer_to"),
        ({"peer_to": ["referrer"]}, "peer_to"),
        ({"on_promotion": "STAY"}, "on_promotion"),
        ({"unranked_referrer": None}, "unranked_referrer"),
        ({"on_hold_expiry": 1}, "on_hold_expiry"),
        ({"withdrawal": {"min_fen": -1}}, "withdrawal.min_fen"),
        ({"withdrawal": {"fee_bps": 10_001}}, "withdrawal.fee_bps"),
        ({"withdrawal": {"fee_bps": 5_000, "tax_bps": 5_001}}, "withdrawal.tax_bps"),
        ({"withdrawal": {"max_fen": 1}}, "withdrawal.max_fen"),
        ({"tasks": []}, "tasks"),
        ({"tasks": "goods_received"}, "tasks"),
        ({"tasks": ["goods_received"]}, "tasks[0]"),
        ({"tasks": [{}]}, "tasks[0].kind"),
        ({"tasks": [{"kind": "dance"}]}, "tasks[0].kind"),
        ({"tasks": [{"kind": "goods_received"}, {"kind": "days_visited"}]}, "tasks[1].n"),
        ({"tasks": [{"kind": "days_visited", "n": 0}]}, "tasks[0].n"),
        ({"tasks": [{"kind": "repeat_purchase", "min_fen": 1.5}]}, "tasks[0].min_fen"),
        ({"tasks": [{"kind": "goods_received", "n": 1}]}, "tasks[0].n"),
        ({"tasks": [{"kind": "goods_received"}, {"kind": "goods_received"}]}, "tasks"),
    ],
)
def test_a_malformed_plan_is_refused_by_the_name_of_its_field(data: Any, field: str) -> None:
    with pytest.raises(PlanError) as caught:
        parse_plan(data)
    assert caught.value.field == field
    assert str(caught.value).startswith(f"{field} ")
    assert str(caught.value).endswith(".")


def test_the_worst_case_of_a_first_pack_takes_the_dearer_way_to_pay_directly() -> None:
    assert worst_case_fen(Plan()) == 10_000 + 4_000 + 15_000
    assert worst_case_fen(Plan(direct_partner_fen=14_001)) == 14_001 + 15_000
    assert worst_case_fen(Plan(see_point_fen=15_001, peer_rate_bps=777)) == 14_000 + 15_001 + 1_165


def test_the_worst_case_of_a_further_pack_counts_repeat_amounts() -> None:
    assert further_worst_case_fen(Plan()) == 0
    plan = Plan(repeat_direct_fen=3_001, repeat_see_point_fen=5_003, peer_rate_bps=777)
    assert further_worst_case_fen(plan) == 3_001 + 5_003 + 388


def test_a_plan_at_its_limit_is_accepted_and_one_fen_above_is_refused() -> None:
    plan = Plan(pack_price_fen=49_901, see_point_fen=15_940)
    assert payout_limit_fen(plan) == 29_940
    assert worst_case_fen(plan) == 29_940
    check_plan(plan)
    with pytest.raises(PlanRefused):
        check_plan(Plan(pack_price_fen=49_901, see_point_fen=15_941))


def test_a_refusal_spells_the_worst_case_out_in_numbers() -> None:
    plan = Plan(see_point_fen=20_000, peer_rate_bps=1_000)
    sentence = refusal(plan) or ""
    for number in ("36000", "10000", "4000", "20000", "2000", "29940", "6000", "49900"):
        assert number in sentence
    assert "¥360.00" in (refusal_zh(plan) or "")
    assert "¥299.40" in (refusal_zh(plan) or "")


def test_a_further_pack_that_pays_too_much_is_refused_too() -> None:
    plan = Plan(repeat_direct_fen=20_000, repeat_see_point_fen=10_000)
    for number in ("30000", "20000", "10000", "29940"):
        assert number in (refusal(plan) or "")
    assert "¥300.00" in (refusal_zh(plan) or "")
    with pytest.raises(PlanRefused):
        check_plan(plan)


def test_an_acceptable_plan_has_no_refusal_in_any_language() -> None:
    assert refusal(Plan()) is None
    assert refusal_zh(Plan()) is None


def test_the_summary_is_numbered_and_says_the_amounts() -> None:
    clauses = summary_zh(Plan())
    assert [clause.split("\u3000")[0] for clause in clauses[:3]] == ["第一条", "第二条", "第三条"]
    text = "\n".join(clauses)
    for words in ("¥499.00", "¥100.00", "¥150.00", "¥40.00", "20%", "30 天", "7 天", "¥290.00", "留人", "帮扶基金"):
        assert words in text
    assert all(clause.endswith("。") for clause in clauses)
    assert not any(half in text for half in ",;:()")


def test_the_summary_follows_every_choice_of_the_plan() -> None:
    plan, _ = parse_plan(FULL)
    text = "\n".join(summary_zh(plan))
    for words in (
        "¥70.01",
        "¥110.03",
        "7.77%",
        "33.33%",
        "带走",
        "推荐线上方最近一位",
        "原团队合伙人",
        "解冻归本人",
        "累计访问 3 天",
        "首次成功推荐",
        "再次购买满 ¥99.00",
        "¥30.01",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(direct_agent_fen=0, direct_partner_fen=0), "首份礼包不设直推奖"),
        (Plan(see_point_fen=0), "首份礼包不设见点奖"),
        (Plan(peer_bonus_fen=0), "不设平级奖"),
        (Plan(hold_bps=0), "不冻结奖励"),
        (Plan(cooling_off_days=0), "不设冷静期"),
        (Plan(seed_tasks=(TaskTerms("repeat_purchase"),)), "完成任务（再次购买）"),
    ],
)
def test_the_summary_says_what_a_plan_does_not_have(plan: Plan, words: str) -> None:
    assert words in "\n".join(summary_zh(plan))
