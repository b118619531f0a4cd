"""Plans, rewards and the support fund at /ops/: what is read, what is refused, and what is written."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from ledger.models import AccountKind
from ledger.queries import balance_fen, member_balances
from linkage import commands
from linkage.admin.plan_form import PlanForm, starting_point
from linkage.models import EventKind, LinkageEvent, PlanVersion, Reward
from linkage.rules.compliance import TEXT_VERSION
from mall.core import clock
from mall.core.rights import PLANS, REVIEW
from members.models import Member
from suppliers.models import GiftPackTerms
from tests.linkage.stories import Mall
from tests.operators import as_, operator, text
from tests.plans import drafted, simulated
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

PLAN_LIST = "/ops/linkage/planversion/"
DRAFT = f"{PLAN_LIST}draft/"
COMPLIANCE = "/ops/compliance/"
FUND = "/ops/linkage/fund/"
GRANT = f"{FUND}grant/"


@pytest.fixture
def planner() -> Member:
    return operator("林岚", PLANS)


def filled(**changes: Any) -> dict[str, Any]:
    """Return the form of a draft as a browser sends it: the usual plan, with changes."""
    form = PlanForm(initial=starting_point(None))
    sent = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].prepare_value(value) for name, value in sent.items() if value is not None}
    return {**shown, "save": "", **changes}


def story() -> Mall:
    """周敏 brought 陈立 and 苏婉 and became partner; 何琳 came after that."""
    mall = Mall()
    for name, referrer in (("周敏", None), ("陈立", "周敏"), ("苏婉", "周敏"), ("何琳", "周敏"), ("林岚", "陈立")):
        mall.join(name, referrer)
    for name in ("周敏", "陈立", "苏婉", "何琳"):
        mall.buy(name, f"HJ-{name}")
        mall.receive(f"HJ-{name}")
    commands.settle_waiting(at=mall.at)
    return mall


# Plans


def test_a_draft_is_written_from_yuan_and_percent_exactly(planner):
    answer = as_(planner).post(DRAFT, filled(name="冬季方案", direct_agent_fen="105.50", hold_bps="12.5"), follow=True)
    draft = PlanVersion.objects.get()
    assert draft.published_at is None
    assert (draft.name, draft.created_by) == ("冬季方案", planner)
    assert draft.plan is not None
    assert (draft.plan.direct_agent_fen, draft.plan.hold_bps) == (10_550, 1_250)
    page = text(answer)
    assert "草稿 v1 已保存" in page
    assert "第一条" in page
    assert "推荐人为代理的得 ¥105.50" in page
    assert "最坏一份" in page


def test_the_next_draft_starts_from_the_plan_in_force_and_shows_what_changes(planner):
    Mall(pack_price_fen=59_900)
    client = as_(planner)
    assert 'value="599.00"' in text(client.get(DRAFT))
    client.post(DRAFT, filled(pack_price_fen="599", hold_days="45"))
    page = text(client.get(f"{PLAN_LIST}2/change/"))
    assert "与 v1 相比" in page
    assert "合伙人：新的冻结" in page
    assert "改 1 项" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"direct_agent_fen": "300"},
            (
                "首份礼包最多可能发放 ¥490.00",
                "代理直推奖 ¥300.00",
                "平级奖 ¥40.00",
                "见点奖 ¥150.00",
                "超过上限 ¥299.40",
            ),
        ),
        ({"repeat_direct_fen": "400"}, ("后续礼包每份最多可能发放 ¥400.00", "超过上限 ¥299.40")),
        ({"pack_price_fen": "1e5"}, ("请填最多两位小数的数字",)),
        ({"pack_price_fen": "0"}, ("这个数超出允许的范围",)),
        ({"pack_price_fen": "-1"}, ("请填最多两位小数的数字",)),
        ({"direct_agent_fen": "0.001"}, ("请填最多两位小数的数字",)),
        ({"direct_agent_fen": "99999999999"}, ("请填最多两位小数的数字",)),
        ({"hold_bps": "100.01"}, ("这个数超出允许的范围",)),
        ({"promotion_referrals": "0"}, ("确保该值大于或等于1",)),
        ({"promotion_referrals": "2.5"}, ("输入整数",)),
        ({"hold_days": "99999999"}, ("这个数超出允许的范围",)),
        ({"on_promotion": "elsewhere"}, ("选择一个有效的选项",)),
        ({"tasks": []}, ("至少选一项任务",)),
        ({"tasks": ["days_visited"]}, ("请填天数",)),
        ({"name": ""}, ("必填",)),
    ],
)
def test_a_plan_that_is_unsafe_or_malformed_is_refused_in_chinese_and_nothing_is_written(planner, changes, words):
    client = as_(planner)
    with nothing_changes():
        page = text(client.post(DRAFT, filled(**changes)))
    for word in words:
        assert word in page


def test_reading_a_draft_first_writes_nothing(planner):
    client = as_(planner)
    sent = filled(direct_agent_fen="105.50")
    del sent["save"]
    with nothing_changes():
        page = text(client.post(DRAFT, sent | {"read": ""}))
    assert "¥295.50" in page
    assert "第三条" in page


def handed_over(planner: Member, **changes: Any) -> Any:
    """Return a browser of the author, whose draft v1 is simulated, acknowledged and submitted."""
    client = as_(planner)
    client.post(DRAFT, filled(**changes))
    simulated(PlanVersion.objects.get(version=1), at=clock.now())
    client.post(f"{COMPLIANCE}?plan=1", {"text_version": TEXT_VERSION, "read": "on"})
    client.post(reverse("ops:linkage_planversion_submit", args=[1]))
    return client


def test_a_draft_is_published_by_a_second_person_and_sells_gift_packs_from_then_on(planner):
    author = handed_over(planner)
    publish = reverse("ops:linkage_planversion_publish", args=[1])
    with nothing_changes():
        assert "须由另一位同事发布" in text(author.get(f"{PLAN_LIST}1/change/"))
        assert "不能发布自己起草的方案" in text(author.post(publish, {"starts_at": ""}))
    checker = operator("陆复核", PLANS)
    client = as_(checker)
    assert "待复核" in text(client.get(PLAN_LIST))
    assert "发布后不能修改或撤回" in text(client.get(publish))
    assert "已发布" in text(client.post(publish, {"starts_at": ""}, follow=True))
    version = PlanVersion.objects.get()
    assert (version.created_by, version.published_by) == (planner, checker)
    assert GiftPackTerms.objects.get().price_fen == 49_900
    assert "生效中" in text(client.get(PLAN_LIST))
    with nothing_changes():
        assert "这个版本已经发布" in text(client.post(publish, {"starts_at": ""}))


@pytest.mark.parametrize(("start", "words"), [("2020-01-01 00:00", "不能早于现在"), ("soon", "样子填写")])
def test_a_start_that_is_past_or_no_time_is_refused(planner, start, words):
    handed_over(planner)
    checker = as_(operator("陆复核", PLANS))
    with nothing_changes():
        assert words in text(checker.post(reverse("ops:linkage_planversion_publish", args=[1]), {"starts_at": start}))


def test_a_later_start_waits(planner):
    handed_over(planner)
    checker = as_(operator("陆复核", PLANS))
    checker.post(reverse("ops:linkage_planversion_publish", args=[1]), {"starts_at": "2099-01-01 00:00"})
    assert "待生效" in text(checker.get(PLAN_LIST))


def test_a_submitted_draft_is_given_back_with_a_reason_edited_and_handed_over_again(planner):
    author = handed_over(planner)
    checker = as_(operator("陆复核", PLANS))
    edit = f"{PLAN_LIST}1/edit/"
    with nothing_changes():
        assert "请先取回" in text(author.post(edit, filled(hold_days="31")))
        assert "请填写退回原因" in text(checker.post(f"{PLAN_LIST}1/return/", {"reason": ""}))
    checker.post(f"{PLAN_LIST}1/return/", {"reason": "冻结太短"})
    assert "退回：冻结太短" in text(author.get(f"{PLAN_LIST}1/change/"))
    assert "之前的试算和确认不再算数" in text(author.post(edit, filled(hold_days="45"), follow=True))
    with nothing_changes():
        assert "改动之前的试算不算数" in text(author.post(f"{PLAN_LIST}1/submit/"))
    simulated(PlanVersion.objects.get(), at=clock.now())
    with nothing_changes():
        assert "改动之前的确认不算数" in text(author.post(f"{PLAN_LIST}1/submit/"))
    author.post(f"{COMPLIANCE}?plan=1", {"text_version": TEXT_VERSION, "read": "on"})
    author.post(f"{PLAN_LIST}1/submit/")
    author.post(f"{PLAN_LIST}1/recall/")
    assert PlanVersion.objects.get().submitted_at is None


def test_nobody_edits_or_submits_the_draft_of_another(planner):
    as_(planner).post(DRAFT, filled())
    other = as_(operator("林渡", PLANS))
    assert "只有起草人能这样做" in text(other.get(f"{PLAN_LIST}1/change/"))
    with nothing_changes():
        assert "只有起草人能这样做" in text(other.post(f"{PLAN_LIST}1/edit/", filled(hold_days="31")))
        assert "只有起草人能这样做" in text(other.post(f"{PLAN_LIST}1/submit/"))


def test_switching_off_is_a_draft_without_parameters_for_two_people(planner):
    client = as_(planner)
    client.post(f"{PLAN_LIST}switch-off/")
    assert PlanVersion.objects.get().params is None
    client.post(f"{PLAN_LIST}1/submit/")
    client.post(reverse("ops:linkage_planversion_publish", args=[1]), {"starts_at": ""})
    assert PlanVersion.objects.get().published_at is None
    as_(operator("陆复核", PLANS)).post(reverse("ops:linkage_planversion_publish", args=[1]), {"starts_at": ""})
    assert "2+1 关闭" in text(client.get(PLAN_LIST))
    assert GiftPackTerms.objects.get().price_fen is None


def test_only_the_group_of_plans_drafts_publishes_and_grants():
    reviewer = as_(operator("苏敏", REVIEW))
    Mall()
    draft = drafted({})
    with nothing_changes():
        assert reviewer.get(PLAN_LIST).status_code == 200
        assert reviewer.post(DRAFT, filled()).status_code == 403
        assert reviewer.post(f"{PLAN_LIST}switch-off/").status_code == 403
        publish = reverse("ops:linkage_planversion_publish", args=[draft.version])
        assert reviewer.post(publish, {"starts_at": ""}).status_code == 403
        assert reviewer.post(GRANT, {}).status_code == 403


# What settlement made


def test_rewards_lead_to_their_order_and_to_what_explains_them(planner):
    story()
    client = as_(planner)
    reward = Reward.objects.select_related("order__order").filter(member__nickname="周敏").first()
    assert reward is not None
    listed = text(client.get("/ops/linkage/reward/"))
    assert reward.order.order.number in listed
    page = text(client.get(reverse("ops:linkage_reward_change", args=[reward.pk])))
    assert "怎么算的" in page
    assert reverse("ops:orders_order_change", args=[reward.order_id]) in page
    assert reverse("ops:ledger_journalentry_changelist") in page


def test_holds_are_listed_by_when_they_expire(planner):
    mall = story()
    mall.buy("林岚", "HJ-林岚")
    commands.settle_waiting(at=mall.at)
    page = text(as_(planner).get("/ops/linkage/reward/", {"part": "holds"}))
    assert "HJ-何琳" in page
    assert "HJ-周敏" not in page


@pytest.mark.parametrize(
    "address",
    [
        "/ops/linkage/reward/",
        "/ops/linkage/settledorder/",
        "/ops/linkage/position/",
        "/ops/linkage/linkageevent/",
        "/ops/linkage/linkageevent/?settled=waiting",
    ],
)
def test_a_list_asks_as_much_for_many_rows_as_for_few(planner, address, django_assert_max_num_queries):
    client = as_(planner)
    mall = story()
    client.get(address)
    with django_assert_max_num_queries(30) as first:
        client.get(address)
    count = len(first)
    for number in range(5):
        mall.join(f"新人{number}", "何琳")
        mall.buy(f"新人{number}", f"HJ-新人{number}")
    commands.settle_waiting(at=mall.at)
    with django_assert_max_num_queries(count):
        client.get(address)


def test_an_event_is_found_by_its_order_and_a_refused_one_says_why_in_chinese(planner):
    mall = story()
    mall.buy("林岚", "HJ-林岚")
    LinkageEvent.objects.filter(kind=EventKind.ORDER, number=None).update(refusal="the member is unknown")
    client = as_(planner)
    page = text(client.get("/ops/linkage/linkageevent/", {"q": "HJ-林岚"}))
    assert "没有这个会员" in page
    assert "HJ-何琳" not in page


# The support fund


def with_a_fund() -> Mall:
    """Holds that expired went to the fund."""
    mall = story()
    mall.pass_time(days=40)
    commands.advance_shards(at=mall.at)
    assert balance_fen(kind=AccountKind.SUPPORT_FUND) > 0
    return mall


def sent(**changes: str) -> dict[str, str]:
    return {"member": "陈立", "amount_fen": "1.50", "reason": "雨季受灾", "once": "abc", **changes}


def test_a_grant_moves_money_from_the_fund_to_a_member(planner):
    with_a_fund()
    before = balance_fen(kind=AccountKind.SUPPORT_FUND)
    member = Member.objects.get(public_id="陈立")
    available = member_balances(holder_id=member.pk).available_fen
    client = as_(planner)
    answer = client.post(GRANT, sent(), follow=True)
    assert "已向 陈立 发放 ¥1.50" in text(answer)
    assert balance_fen(kind=AccountKind.SUPPORT_FUND) == before - 150
    assert member_balances(holder_id=member.pk).available_fen == available + 150
    event = LinkageEvent.objects.get(kind=EventKind.GRANT)
    assert (event.by_id, event.note) == (planner.pk, "雨季受灾")
    page = text(client.get(FUND))
    assert "雨季受灾" in page
    assert "帮扶发放" in page


def test_a_grant_form_that_is_sent_twice_grants_once(planner):
    with_a_fund()
    client = as_(planner)
    client.post(GRANT, sent())
    with nothing_changes():
        assert "这张表单已经提交过" in text(client.post(GRANT, sent()))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"member": "nobody"}, "没有这个会员"),
        ({"amount_fen": "0"}, "金额必须大于 0"),
        ({"amount_fen": "1.005"}, "请填最多两位小数的数字"),
        ({"amount_fen": "99999"}, "帮扶基金余额不足"),
        ({"reason": "  "}, "请填写发放原因"),
    ],
)
def test_a_grant_that_cannot_be_made_says_why_and_writes_nothing(planner, changes, words):
    with_a_fund()
    commands.advance_shards(at=clock.now() + timedelta(days=1))
    client = as_(planner)
    with nothing_changes():
        assert words in text(client.post(GRANT, sent(**changes)))


def test_an_operator_grants_nothing_to_themselves(planner):
    with_a_fund()
    client = as_(planner)
    with nothing_changes():
        assert "不能发放给自己" in text(client.post(GRANT, sent(member=planner.public_id)))
