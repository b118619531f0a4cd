"""Every reward says why it is what it is, and its formula gives its amount."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linkage.explain import Explanation, RewardStatus, explain_reward, recompute
from linkage.models import Reward, RewardKind

from .stories import Mall, three_generations

pytestmark = pytest.mark.django_db


def explained(mall: Mall, order: str, kind: RewardKind, *, viewer: str | None = None) -> Explanation:
    reward = Reward.objects.get(order__order__number=order, kind=kind)
    member_id = reward.member_id if viewer is None else mall.members[viewer].pk
    explanation = explain_reward(reward_id=reward.pk, member_id=member_id, at=mall.at)
    assert explanation is not None
    assert recompute(explanation.terms) == reward.amount_fen
    assert sum(part.amount_fen for part in explanation.parts) == reward.amount_fen
    return explanation


def prove_all(mall: Mall) -> int:
    rewards = list(Reward.objects.order_by("pk"))
    for reward in rewards:
        for viewer in {reward.member_id, None}:
            explanation = explain_reward(reward_id=reward.pk, member_id=viewer, at=mall.at)
            assert explanation is not None
            assert recompute(explanation.terms) == reward.amount_fen
            assert sum(part.amount_fen for part in explanation.parts) == reward.amount_fen
            assert "{" not in explanation.sentence
            assert "[" not in explanation.sentence
            assert f"：{explanation.clause_text.partition('：')[2]}" in f"：{explanation.clause_text}"
    return len(rewards)


def test_a_direct_reward_names_the_buyer_and_the_rank() -> None:
    mall = Mall()
    mall.join("林岚")
    mall.join("周舟", "林岚")
    mall.buy("林岚", "o1")
    mall.buy("周舟", "o2")
    mall.settle()
    explanation = explained(mall, "o2", RewardKind.DIRECT)
    assert explanation.sentence == "周**购买了礼包。你是 TA 的推荐人，付款时身份为代理，按直推奖首份 ¥100.00 计。"
    assert explanation.status == RewardStatus.ESTIMATED
    assert (explanation.version, explanation.clause) == (1, 3)
    assert [(term.sign, term.label, term.shown) for term in explanation.terms] == [
        ("", "直推奖 / 首份礼包", "¥100.00"),
        ("×", "首份礼包", "1"),
    ]
    assert [step.text for step in explanation.steps] == ["下单支付", "等待确认收货", "冷静期结束 · ¥100.00 可提现"]
    assert [piece.text for piece in explanation.pieces if piece.strong] == ["周**", "礼包", "你", "代理", "直推奖"]


def test_an_operator_reads_a_name_where_the_member_reads_you() -> None:
    mall = Mall()
    three_generations(mall)
    reward = Reward.objects.get(order__order__number="o-bob", kind=RewardKind.DIRECT)
    explanation = explain_reward(reward_id=reward.pk, member_id=None, at=mall.at)
    assert explanation is not None
    assert "你" not in explanation.sentence
    assert "a**是 TA 的推荐人" in explanation.sentence


def test_the_reward_of_somebody_else_is_not_explained() -> None:
    mall = Mall()
    three_generations(mall)
    reward = Reward.objects.get(order__order__number="o-bob", kind=RewardKind.DIRECT)
    assert explain_reward(reward_id=reward.pk, member_id=mall.members["zoe"].pk, at=mall.at) is None
    assert explain_reward(reward_id=0, member_id=mall.members["zoe"].pk, at=mall.at) is None


def test_a_held_see_point_reward_says_whom_it_waits_for_and_until_when() -> None:
    mall = Mall()
    three_generations(mall)
    explanation = explained(mall, "o-bob", RewardKind.SEE_POINT)
    assert "b**（由a**推荐）购买了礼包，这一单归入你的团队；你是团队合伙人" in explanation.sentence
    assert "其中 20%（¥30.00）要等种子用户b**完成任务后解冻。" in explanation.sentence
    rest, held = explanation.parts
    assert (rest.amount_fen, held.amount_fen, held.held) == (12_000, 3_000, True)
    assert held.hint == "等b**完成 2 项任务，还差 2 项；7月1日到期转入帮扶基金"
    assert explanation.steps[-2].text == "种子任务 0/2 · 冻结 ¥30.00"
    assert explanation.steps[-1].when == "最晚 7月1日"


def test_a_reward_is_followed_to_its_end() -> None:
    mall = Mall()
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    explanation = explained(mall, "o-bob", RewardKind.SEE_POINT)
    assert explanation.status == RewardStatus.PENDING
    assert explanation.steps[2].text == "冷静期 7 天 · ¥120.00 待结算"
    mall.pass_time(days=7)
    mall.settle()
    explanation = explained(mall, "o-bob", RewardKind.SEE_POINT)
    assert explanation.status == RewardStatus.PART_HELD
    assert explanation.steps[2].text == "冷静期结束 · ¥120.00 可提现"
    assert explanation.steps[3].text == "种子任务 1/2 · 冻结 ¥30.00"
    mall.pass_time(days=30)
    mall.settle()
    explanation = explained(mall, "o-bob", RewardKind.SEE_POINT)
    assert explanation.status == RewardStatus.PART_FORFEITED
    assert "已于 7月1日 转入帮扶基金。" in explanation.sentence
    assert explanation.steps[-1].text == "任务未完成 · ¥30.00 转入帮扶基金"
    mall.refund("o-bob")
    mall.settle()
    explanation = explained(mall, "o-bob", RewardKind.SEE_POINT)
    assert explanation.status == RewardStatus.REVERSED
    assert explanation.steps[-1].text == "整单退货 · 扣回 ¥120.00"
    assert prove_all(mall) > 0


def test_a_reward_without_an_entitled_leader_went_to_the_support_fund() -> None:
    mall = Mall()
    three_generations(mall)
    mall.refund("o-y1")
    mall.refund("o-y2")
    mall.join("eve", "ann")
    mall.buy("eve", "o-eve")
    mall.settle()
    reward = Reward.objects.get(order__order__number="o-eve", kind=RewardKind.SEE_POINT)
    assert reward.member_id is None
    explanation = explain_reward(reward_id=reward.pk, member_id=None, at=mall.at)
    assert explanation is not None
    assert explanation.status == RewardStatus.FUND
    assert "z**付款时身份为代理，不具备合伙人资格，见点奖 ¥150.00 计入帮扶基金。" in explanation.sentence
    assert recompute(explanation.terms) == 15_000


def test_a_rolled_up_direct_reward_shows_the_path() -> None:
    mall = Mall(unranked_referrer="roll_up")
    mall.join("zoe")
    mall.join("ann", "zoe")
    mall.join("bob", "ann")
    mall.buy("zoe", "o-zoe")
    mall.buy("bob", "o-bob")
    mall.settle()
    explanation = explained(mall, "o-bob", RewardKind.DIRECT)
    assert "推荐人a**当时没有有效礼包，直推奖沿推荐线向上（a** → 你）" in explanation.sentence


@pytest.mark.parametrize("peer_to", ["referrer", "referrer_or_leader"])
def test_peer_rewards_are_explained(peer_to: str) -> None:
    mall = Mall(
        peer_rate_bps=1_234, payout_max_bps=6_500, peer_to=peer_to, repeat_fen={"direct": 777, "see_point": 1_501}
    )
    three_generations(mall)
    mall.join("cat", "ann")
    mall.buy("cat", "o-cat", packs=3)
    mall.settle()
    bonus = explained(mall, "o-cat", RewardKind.PEER_BONUS)
    assert "a**的有效直推由此满 2 位，升为合伙人。a**由你直接推荐" in bonus.sentence
    mall.join("dan", "ann")
    mall.buy("dan", "o-dan", packs=2)
    mall.buy("dan", "o-dan-2", packs=2)
    mall.settle()
    share = explained(mall, "o-dan", RewardKind.PEER_SHARE)
    assert share.terms[-1].shown == "12.34%"
    assert share.reward.amount_fen == (15_000 + 1_501) * 1_234 // 10_000
    again = explained(mall, "o-dan-2", RewardKind.SEE_POINT)
    assert [term.label for term in again.terms] == ["见点奖 / 复购每份", "复购份数"]
    assert again.clause_text.startswith("复购：")
    assert prove_all(mall) > 10


def test_the_former_leader_gets_a_peer_bonus_where_the_referrer_cannot() -> None:
    mall = Mall(peer_to="referrer_or_leader")
    mall.join("zoe")
    for name in ("y1", "y2", "ann"):
        mall.join(name, "zoe")
    mall.join("bob", "ann")
    mall.join("c1", "bob")
    mall.join("c2", "bob")
    for name in ("zoe", "y1", "y2", "ann", "bob", "c1", "c2"):
        mall.buy(name, f"o-{name}")
    mall.settle()
    explanation = explained(mall, "o-c2", RewardKind.PEER_BONUS)
    assert "推荐人不具备合伙人资格，你是b**升级前的团队合伙人" in explanation.sentence


@pytest.mark.parametrize(
    "plan",
    [
        {"on_hold_expiry": "release"},
        {"hold_bps": 0},
        {"cooling_off_days": 0},
        {"hold_bps": 3_333, "direct_fen": {"agent": 9_999, "partner": 10_001}},
    ],
)
def test_under_any_plan_the_lines_give_the_amount(plan: dict[str, Any]) -> None:
    mall = Mall(**plan)
    three_generations(mall)
    mall.receive("o-bob")
    mall.settle()
    prove_all(mall)
    mall.pass_time(days=40)
    mall.settle()
    prove_all(mall)
    mall.refund("o-bob")
    mall.settle()
    assert prove_all(mall) > 0


def test_an_explanation_takes_a_fixed_number_of_queries() -> None:
    mall = Mall()
    three_generations(mall)
    counts = set()
    for reward in Reward.objects.filter(held_fen__gt=0):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            explain_reward(reward_id=reward.pk, member_id=reward.member_id, at=mall.at)
        counts.add(len(queries))
    assert max(counts) <= 11
