"""The payout queue at /ops/: who sees what, who decides, and what each page says."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linkage import commands as linkage
from mall.core.rights import PLANS, RELEASE, REVIEW, SERVICE
from members.models import Member
from payouts.commands import Quote, approve_withdrawal, keep_quote
from payouts.models import Payee, PayoutAccount, PayoutHold, PayoutPolicy, Withdrawal, WithdrawalState
from payouts.queries import policy_in_force
from payouts.rules import breakdown
from tests.linkage.stories import Mall
from tests.operators import as_, operator, sign_in, superuser, text
from tests.payouts.people import AT, asked, asked_by_wechat, payable, person
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

LIST = "/ops/payouts/withdrawal/"


def page_of(withdrawal: Withdrawal, act: str = "change") -> str:
    return reverse(f"ops:payouts_withdrawal_{act}", args=[withdrawal.pk])


@pytest.fixture
def agent() -> Member:
    member = person("周敏")
    Member.objects.filter(pk=member.pk).update(phone="+8613800001234")
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def reviewer() -> Member:
    return operator("苏敏", REVIEW)


@pytest.fixture
def releaser() -> Member:
    return operator("陈立", RELEASE)


def test_the_queue_opens_at_what_waits_for_the_first_pair_of_eyes(agent, reviewer):
    withdrawal = asked(agent)
    answer = as_(reviewer).get(LIST, follow=True)
    assert answer.redirect_chain == [("?state__exact=requested", 302)]
    page = text(answer)
    assert withdrawal.number in page
    assert "周**" in page
    assert "138****1234" in page
    assert "13800001234" not in page
    for words in ("待初审", "待复核", "打款中", "已完成", "已驳回", "¥500.00", "¥3.00", "¥497.00"):
        assert words in page
    assert "1 笔，提现额 ¥500.00，实付 ¥497.00" in page


def test_the_queue_is_found_by_number_by_tail_of_the_phone_and_by_nickname(agent, reviewer):
    mine, others = asked(agent), asked(person("别人"))
    for words in (mine.number, "1234", "周敏"):
        page = text(as_(reviewer).get(LIST, {"q": words}))
        assert mine.number in page
        assert others.number not in page


def test_the_queue_asks_a_fixed_number_of_questions(agent, reviewer, django_assert_max_num_queries):
    client = as_(reviewer)
    address = f"{LIST}?state__exact=requested"
    asked(agent)
    client.get(address)
    with django_assert_max_num_queries(40) as first:
        client.get(address)
    count = len(first)
    for name in "甲乙丙丁戊己":
        asked(person(name))
    with django_assert_max_num_queries(count):
        client.get(address)


def test_an_empty_tab_says_so(reviewer):
    assert "没有符合条件的记录" in text(as_(reviewer).get(LIST, {"state__exact": "paid"}))


@pytest.mark.django_db(transaction=True)
def test_one_approves_on_a_page_of_its_own_and_another_releases(agent, reviewer, releaser, live_server, settings):
    settings.SANDBOX_URL = f"{live_server.url}/sandbox"
    withdrawal = asked(agent)
    first = as_(reviewer)
    assert "须由另一位同事复核" in text(first.get(page_of(withdrawal, "approve")))
    answer = first.post(page_of(withdrawal, "approve"), follow=True)
    assert "已初审通过，等另一位同事复核打款" in text(answer)
    withdrawal.refresh_from_db()
    assert (withdrawal.state, withdrawal.approved_by) == (WithdrawalState.APPROVED, reviewer)

    answer = as_(releaser).post(page_of(withdrawal, "release"), follow=True)
    assert "已打款 ¥497.00" in text(answer)
    withdrawal.refresh_from_db()
    assert (withdrawal.state, withdrawal.released_by) == (WithdrawalState.PAID, releaser)


def test_looking_at_the_page_of_an_act_changes_nothing(agent, reviewer, releaser):
    withdrawal = asked(agent)
    first, second = as_(reviewer), as_(releaser)
    with nothing_changes():
        for client, act in ((first, "approve"), (second, "release"), (first, "reject")):
            assert client.get(page_of(withdrawal, act)).status_code == 200


def test_an_act_without_its_token_is_refused(agent, reviewer):
    withdrawal = asked(agent)
    strict = Client(enforce_csrf_checks=True)
    sign_in(strict, reviewer)
    with nothing_changes():
        assert strict.post(page_of(withdrawal, "approve")).status_code == 403


def test_who_approved_sees_a_locked_button_and_why(agent):
    both = operator("一人两权", REVIEW, RELEASE)
    withdrawal = asked(agent)
    client = as_(both)
    client.post(page_of(withdrawal, "approve"))
    page = text(client.get(page_of(withdrawal)))
    assert "你已初审这笔提现，须由另一位同事复核" in page
    assert page_of(withdrawal, "release") not in page
    assert "你已初审" in text(client.get(LIST, {"state__exact": "approved"}))


@pytest.mark.parametrize("is_superuser", [False, True])
def test_four_eyes_hold_whatever_rights_one_has(agent, is_superuser):
    one = superuser() if is_superuser else operator("一人两权", REVIEW, RELEASE)
    withdrawal = asked(agent)
    client = as_(one)
    client.post(page_of(withdrawal, "approve"))
    with nothing_changes():
        for answer in (client.get(page_of(withdrawal, "release")), client.post(page_of(withdrawal, "release"))):
            assert "你已初审这笔提现，须由另一位同事复核" in text(answer)
            assert "复核通过，打款" not in text(answer), "no button"


def test_nobody_decides_on_their_own(releaser):
    boss = superuser()
    withdrawal = asked(boss)
    client = as_(boss)
    assert "这是你本人的提现" in text(client.get(page_of(withdrawal)))
    with nothing_changes():
        for act, data in (("approve", {}), ("reject", {"reason": "不行"})):
            for answer in (client.get(page_of(withdrawal, act)), client.post(page_of(withdrawal, act), data)):
                assert "这是你本人的提现，须由其他同事处理" in text(answer)
                assert "可重新申请" not in text(answer), "no form"


def test_each_group_does_its_own_half(agent, reviewer, releaser):
    withdrawal = asked(agent)
    first, second, service = as_(reviewer), as_(releaser), as_(operator("客服", SERVICE))
    with nothing_changes():
        assert second.post(page_of(withdrawal, "approve")).status_code == 403
        assert first.post(page_of(withdrawal, "release")).status_code == 403
        for act in ("approve", "release", "reject"):
            assert service.post(page_of(withdrawal, act), {"reason": "不行"}).status_code == 403
    assert "你没有初审权限" in text(service.get(page_of(withdrawal)))


def test_members_and_staff_without_a_group_see_nothing(agent):
    withdrawal = asked(agent)
    assert as_(agent).get(page_of(withdrawal)).status_code == 302
    nobody = as_(operator("新同事"))
    assert nobody.get(page_of(withdrawal)).status_code == 403
    assert nobody.get(LIST).status_code == 403
    assert "你的账号还没有任何权限" in text(nobody.get("/ops/"))


def test_a_rejection_needs_a_reason_and_is_kept_as_written(agent, reviewer):
    withdrawal = asked(agent)
    client = as_(reviewer)
    with nothing_changes():
        assert "请填写驳回原因" in text(client.post(page_of(withdrawal, "reject"), {"reason": "  "}))
    client.post(page_of(withdrawal, "reject"), {"reason": "收款账户与实名不一致"})
    withdrawal.refresh_from_db()
    assert (withdrawal.state, withdrawal.reason) == (WithdrawalState.REJECTED, "收款账户与实名不一致")
    assert "收款账户与实名不一致" in text(client.get(page_of(withdrawal)))


def test_what_was_decided_already_gives_a_clear_message(agent, reviewer):
    withdrawal = asked(agent)
    client = as_(reviewer)
    client.post(page_of(withdrawal, "approve"))
    with nothing_changes():
        assert "这笔提现现在是“待复核”" in text(client.post(page_of(withdrawal, "approve")))


def test_an_unknown_outcome_stays_under_way_and_the_page_says_what_happens_next(agent, reviewer, releaser, settings):
    withdrawal = asked(agent)
    as_(reviewer).post(page_of(withdrawal, "approve"))
    settings.SANDBOX_URL = "http://127.0.0.1:9"
    answer = as_(releaser).post(page_of(withdrawal, "release"), follow=True)
    withdrawal.refresh_from_db()
    assert withdrawal.state == WithdrawalState.SENDING
    assert "结果未知" in text(answer)
    assert "不会重复打款" in text(as_(releaser).get(page_of(withdrawal)))


def test_the_record_shows_where_the_money_comes_from():
    mall = Mall()
    for name, referrer in (("周敏", None), ("陈立", "周敏")):
        mall.join(name, referrer)
        mall.buy(name, f"HJ-{name}")
        mall.receive(f"HJ-{name}")
    linkage.settle_waiting(at=mall.at)
    mall.pass_time(days=8)
    linkage.advance_shards(at=mall.at)
    mall.payable("周敏")
    withdrawal = linkage.request_withdrawal(member=mall.members["周敏"], amount_fen=5_000, at=mall.at)
    page = text(as_(operator("苏敏", REVIEW)).get(page_of(withdrawal)))
    assert "可提现" in page
    assert "冷静期满" in page
    assert "HJ-陈立" in page
    assert "¥100.00" in page
    assert "代理" in page


def test_an_unknown_withdrawal_is_not_found(reviewer):
    assert as_(reviewer).get(f"{LIST}999999/change/").status_code == 404
    assert as_(reviewer).get(f"{LIST}nonsense/change/").status_code == 404


# The account, the checks, the working


def test_the_record_shows_account_name_tax_and_what_to_check(agent, reviewer):
    withdrawal = asked_by_wechat(agent)
    payable(person("别人"))
    page = text(as_(reviewer).get(page_of(withdrawal)))
    for words in ("微信零钱", "林**", "小**", "实名", "户名一致", "没有别的会员用过", "72 小时内未变更", "个税算法"):
        assert words in page
    assert "林小满" not in page
    listed = text(as_(reviewer).get(LIST, {"state__exact": "requested"}))
    assert "微信零钱" in listed
    assert "林小满" not in listed


def test_the_record_warns_of_an_account_that_others_named_and_of_one_that_went(agent, reviewer):
    account = payable(agent)
    payable(person("同卡"))
    withdrawal = asked(agent)
    parts = breakdown(amount_fen=50_000, fee_bps=60, tax_bps=0)
    payee = Payee.objects.get(member=agent, is_current=True)
    keep_quote(number=withdrawal.number, quote=Quote(policy_in_force(at=AT), parts, account, payee))
    PayoutAccount.objects.filter(pk=account.pk).update(removed_at=AT)
    page = text(as_(reviewer).get(page_of(withdrawal)))
    assert "另有 1 位会员登记过这个账户" in page
    assert "会员已移除" in page


def test_the_working_of_the_tax_stands_on_the_record(agent, reviewer):
    withdrawal = asked(agent)
    Withdrawal.objects.filter(pk=withdrawal.pk).update(
        working=[["income", 50_000, None, None], ["fixed_deduction", 80_000, None, None], ["tax", 0, None, None]]
    )
    page = text(as_(reviewer).get(page_of(withdrawal)))
    assert "减除费用（固定）" in page
    assert "¥800.00" in page


# Transfers by hand


def test_a_transfer_by_hand_is_written_down_once_with_its_reference(agent, reviewer, releaser, settings):
    settings.PAYOUT_GATEWAY = ""
    first, second = asked(agent), asked(agent)
    for withdrawal in (first, second):
        approve_withdrawal(number=withdrawal.number, by=reviewer, at=AT)
        Withdrawal.objects.filter(pk=withdrawal.pk).update(state="sending", released_by=releaser, released_at=AT)
    client, other = as_(releaser), as_(reviewer)
    assert "登记打款结果" in text(client.get(page_of(first)))
    with nothing_changes():
        for sent in ({}, {"reference": "A1", "reason": "也没打成"}):
            assert "只填一个" in text(client.post(page_of(first, "record"), sent))
        assert other.post(page_of(first, "record"), {"reference": "A1"}).status_code == 403
    client.post(page_of(first, "record"), {"reference": "ICBC 2026-1"})
    first.refresh_from_db()
    assert (first.state, first.provider_ref) == ("paid", "ICBC 2026-1")
    with nothing_changes():
        assert "已登记在另一笔提现上" in text(client.post(page_of(second, "record"), {"reference": "ICBC 2026-1"}))
    client.post(page_of(second, "record"), {"reason": "户名不符"})
    second.refresh_from_db()
    assert (second.state, second.reason) == ("rejected", "未能打款：户名不符")


def test_where_a_gateway_carries_the_money_nobody_writes_outcomes_by_hand(agent, reviewer, releaser):
    withdrawal = asked(agent)
    approve_withdrawal(number=withdrawal.number, by=reviewer, at=AT)
    Withdrawal.objects.filter(pk=withdrawal.pk).update(state="sending", released_by=releaser, released_at=AT)
    client = as_(releaser)
    with nothing_changes():
        assert "以渠道为准" in text(client.post(page_of(withdrawal, "record"), {"reference": "A1"}))


def test_a_transfer_that_waits_can_be_recalled_from_its_record(agent, reviewer, releaser):
    withdrawal = asked_by_wechat(agent)
    approve_withdrawal(number=withdrawal.number, by=reviewer, at=AT)
    row = Withdrawal.objects.filter(pk=withdrawal.pk)
    row.update(state="sending", released_by=releaser, released_at=AT)
    row.update(state="confirming", waiting_at=AT, confirm_by=AT + timedelta(hours=24))
    other = as_(reviewer)
    page = text(as_(releaser).get(page_of(withdrawal)))
    assert "撤回转账" in page
    assert "会员确认收款" in page
    assert "待会员确认收款" in text(as_(releaser).get(LIST, {"state__exact": "confirming"}))
    assert "会员会看到原文" in text(as_(releaser).get(page_of(withdrawal, "recall")))
    with nothing_changes():
        assert other.post(page_of(withdrawal, "recall"), {"reason": "不"}).status_code == 403


# Holds

HOLDS = "/ops/payouts/payouthold/"


def test_a_hold_is_placed_from_the_record_and_released_with_a_reason(agent, reviewer, releaser):
    withdrawal = asked(agent)
    client = as_(reviewer)
    page = text(client.get(page_of(withdrawal)))
    assert "暂停这位会员的提现" in page
    place = f"{HOLDS}place/?member={agent.public_id}&withdrawal={withdrawal.pk}"
    with nothing_changes():
        assert "ops-error" in text(client.post(place, {"reason": "设备异常"}))
    answer = client.post(place, {"reason": "设备异常", "words": "正在核对"}, follow=True)
    assert "的提现已暂停" in text(answer)
    hold = PayoutHold.objects.get()
    assert (hold.member, hold.placed_by, hold.words) == (agent, reviewer, "正在核对")
    assert "设备异常" in text(client.get(page_of(withdrawal)))
    approve_withdrawal(number=withdrawal.number, by=reviewer, at=AT)
    other = as_(releaser)
    assert "已暂停，解除之后才能打款" in text(other.get(page_of(withdrawal)))
    with nothing_changes():
        assert "解除之后才能打款" in text(other.post(page_of(withdrawal, "release")))
        assert "已经暂停" in text(other.post(place, {"reason": "再", "words": "再"}))
    assert "设备异常" in text(other.get(HOLDS))
    other.post(f"{HOLDS}{hold.pk}/release/", {"reason": "核实无误"})
    hold.refresh_from_db()
    assert (hold.released_by, hold.release_reason) == (releaser, "核实无误")
    with nothing_changes():
        assert "没有暂停" in text(other.post(f"{HOLDS}{hold.pk}/release/", {"reason": "再"}))


def test_a_hold_names_a_member_and_never_oneself(agent, reviewer):
    client, other = as_(reviewer), as_(operator("客服", SERVICE))
    sent = {"reason": "设备异常", "words": "正在核对"}
    with nothing_changes():
        assert "没有这位会员" in text(client.post(f"{HOLDS}place/", sent | {"public_id": "nobody"}))
        assert "不能处理自己的提现" in text(client.post(f"{HOLDS}place/", sent | {"public_id": reviewer.public_id}))
        assert other.post(f"{HOLDS}place/", sent).status_code == 403
        assert client.get(f"{HOLDS}999999/release/").status_code == 404
    client.post(f"{HOLDS}place/", sent | {"public_id": agent.public_id})
    assert PayoutHold.objects.get().member == agent


# Policies

POLICY = "/ops/payouts/payoutpolicy/new/"
TERMS = {
    "starts_at": "2099-01-01 00:00",
    "min_fen": "50",
    "fee_bps": "0.60",
    "tax_kind": "cumulative",
    "tax_bps": "",
    "day_count_max": "3",
    "day_fen_max": "20000",
    "one_at_a_time": "on",
}


@pytest.fixture
def planner() -> Member:
    return operator("方案", PLANS)


def test_a_policy_is_set_on_a_form_and_stands_in_the_list(planner, reviewer):
    client, other = as_(planner), as_(reviewer)
    assert "现行版本" in text(client.get(POLICY))
    answer = client.post(POLICY, TERMS, follow=True)
    assert "付款政策 v2 将于" in text(answer)
    policy = PayoutPolicy.objects.get(version=2)
    assert (policy.min_fen, policy.fee_bps, policy.tax_kind, policy.tax_bps) == (5_000, 60, "cumulative", 0)
    assert (policy.day_count_max, policy.day_fen_max, policy.one_at_a_time) == (3, 2_000_000, True)
    assert policy.set_by == planner
    page = text(client.get("/ops/payouts/payoutpolicy/"))
    for words in ("劳务报酬，按年累计预扣", "每天最多 3 笔", "同时只能一笔", "方案"):
        assert words in page
    with nothing_changes():
        assert other.post(POLICY, TERMS).status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"starts_at": "2020-01-01 00:00"},
        {"starts_at": "soon"},
        {"min_fen": "0"},
        {"min_fen": "-1"},
        {"min_fen": "1e3"},
        {"min_fen": ""},
        {"fee_bps": "100"},
        {"fee_bps": "0.601"},
        {"tax_kind": "none"},
        {"tax_bps": "3"},
        {"tax_kind": "flat", "tax_bps": "99.5"},
        {"day_count_max": "0"},
        {"day_fen_max": "49.99"},
    ],
)
def test_a_policy_that_cannot_be_is_refused(planner, change):
    client = as_(planner)
    with nothing_changes():
        page = text(client.post(POLICY, TERMS | change))
    assert "ops-error" in page or "ops-notice-bad" in page
