"""Appeals: opened from what is doubted, answered and decided by operators, doubted once more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from agents.commands import (
    AppealRefused,
    answer_appeal,
    assign_appeal,
    decide_appeal,
    note_on_appeal,
    open_appeal,
    reopen_appeal,
    write_in_appeal,
)
from agents.models import Appeal, AppealPhoto, AppealPost, AppealState, Doubt, Outcome, Speaker
from agents.queries.appeals import AppealSubject, appeal_subject
from agents.rules import after_working_days
from linkage.commands import request_withdrawal
from mall.core import clock
from mall.core.rights import PLANS, REVIEW
from members.models import Member
from service.models import Message
from tests.core.test_photos import drawn
from tests.factories import a_member, a_paid_order
from tests.linkage import retail
from tests.linkage.stories import Mall, three_generations
from tests.operators import as_, operator
from tests.pages.reading import markup
from tests.payouts.people import payable
from tests.snapshots import nothing_changes

from .conftest import See

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 27, 7, tzinfo=UTC)  # a Friday, 15:00 in Shanghai


@pytest.fixture
def ann(mall: Mall) -> Member:
    three_generations(mall)
    return mall.members["ann"]


def about(ann: Member) -> AppealSubject:
    reward = ann.rewards.earliest("pk")
    found = appeal_subject(member=ann, key=f"reward-{reward.pk}")
    assert found is not None
    return found


def an_appeal(ann: Member, *, at: datetime = NOW, key: str = "k") -> Appeal:
    return open_appeal(
        member=ann, subject=about(ann), doubt=Doubt.AMOUNT, text="应该是 120 元", idempotency_key=key, at=at
    )


def a_decision(appeal: Appeal, by: Member, *, at: datetime = NOW) -> Appeal:
    return decide_appeal(appeal=appeal, by=by, outcome=Outcome.DISMISSED, reason="按规则第 3 条", at=at)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (NOW, datetime(2026, 12, 1, 7, tzinfo=UTC)),
        (datetime(2026, 11, 28, 7, tzinfo=UTC), datetime(2026, 12, 1, 7, tzinfo=UTC)),
        (datetime(2026, 11, 29, 18, tzinfo=UTC), datetime(2026, 12, 1, 18, tzinfo=UTC)),
        (datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 26, 7, tzinfo=UTC)),
    ],
    ids=["friday", "saturday", "monday before dawn in Shanghai", "tuesday"],
)
def test_two_working_days_leave_weekends_out(at: datetime, due: datetime) -> None:
    assert after_working_days(at, 2) == due


def test_an_appeal_is_opened_from_the_page_of_a_reward_with_words_and_photos(ann: Member, see: See) -> None:
    browser = see("ann")
    reward = ann.rewards.earliest("pk")
    assert (
        f"/agent/appeals/new/?about=reward-{reward.pk}" in browser.get(f"/agent/earnings/{reward.pk}/").content.decode()
    )
    address = f"/agent/appeals/new/?about=reward-{reward.pk}"
    markup(browser.get(address))
    data: dict[str, Any] = {"doubt": "amount", "text": "应该是 120 元\u202e", "key": "k1"}
    for _ in range(2):
        sent = data | {"photos": SimpleUploadedFile("a.jpg", drawn(), content_type="image/jpeg")}
        answer = browser.post(address, sent)
        assert answer.status_code == 302
    appeal = Appeal.objects.get()
    assert answer["Location"] == f"/agent/appeals/{appeal.number}/"
    page = browser.get(answer["Location"])
    markup(page)
    assert "应该是 120 元" in page.content.decode()
    photo = AppealPhoto.objects.get()
    assert browser.get(f"/agent/appeals/{appeal.number}/photos/{photo.pk}").status_code == 200
    assert see("bob").get(f"/agent/appeals/{appeal.number}/photos/{photo.pk}").status_code == 404
    assert appeal.number in browser.get("/agent/appeals/").content.decode()
    again = browser.get(address)
    assert again.status_code == 302, "the open one is shown instead"
    with nothing_changes():
        assert browser.post(address, data | {"key": "k2"}).status_code == 400


@pytest.mark.parametrize("text", ["", "   ", "字" * 1001, "x\x00"])
def test_an_appeal_without_fitting_words_is_none(ann: Member, see: See, text: str) -> None:
    browser, address = see("ann"), f"/agent/appeals/new/?about=reward-{ann.rewards.earliest('pk').pk}"
    browser.get(address)
    with nothing_changes():
        answer = browser.post(address, {"doubt": "amount", "text": text, "key": "k"})
    assert answer.status_code == 400


def test_only_the_own_can_be_doubted(mall: Mall, ann: Member, see: See) -> None:
    zoes = mall.members["zoe"].rewards.earliest("pk")
    seller = retail.a_shopkeeper()
    order = retail.a_sale(seller)
    commission = retail.commission_of(order)
    assert appeal_subject(member=seller, key=f"commission-{commission.pk}") is not None
    strange = [
        f"reward-{zoes.pk}", f"commission-{commission.pk}", f"order-{order.number}", "reward-0", "reward-x", "",
        "reward-99999999999999999999", "withdrawal-TX1", "member-1", "order-\x00",
    ]  # fmt: skip
    for key in strange:
        assert appeal_subject(member=ann, key=key) is None, key
        assert see("ann").get("/agent/appeals/new/", {"about": key}).status_code == 404, key
    appeal = an_appeal(ann)
    for path in ("", "again/"):
        assert see("bob").post(f"/agent/appeals/{appeal.number}/{path}", {"text": "我也要"}).status_code == 404
    assert see("bob").get(f"/agent/appeals/{appeal.number}/").status_code == 404
    assert Client().get("/agent/appeals/").status_code == 302


def test_a_withdrawal_and_an_order_without_anything_can_be_doubted(mall: Mall, ann: Member, see: See) -> None:
    mall.receive("o-bob")
    mall.pass_time(days=8)
    mall.settle()
    payable(ann, at=mall.at)
    asked = request_withdrawal(member=ann, amount_fen=5_000, at=mall.at)
    assert f"about=withdrawal-{asked.number}" in see("ann").get(f"/agent/withdrawals/{asked.number}/").content.decode()
    order = a_paid_order(member=a_member(referrer=ann))
    for key, label in ((f"withdrawal-{asked.number}", "提现 ¥50.00"), (f"order-{order.number}", "没有收益")):
        found = appeal_subject(member=ann, key=key)
        assert found is not None
        assert label in found.label
        opened = open_appeal(member=ann, subject=found, doubt=Doubt.OTHER, text="疑问", idempotency_key=key, at=mall.at)
        markup(see("ann").get(f"/agent/appeals/{opened.number}/"))


def test_one_thing_has_one_open_appeal_and_a_decided_one_rests_a_month(ann: Member) -> None:
    appeal = an_appeal(ann)
    with nothing_changes(), pytest.raises(AppealRefused, match="在处理"):
        an_appeal(ann, key="k2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.create(
            number="SS1", member=ann, subject="reward", subject_id=appeal.subject_id, label="x", doubt="other",
            opened_at=NOW, due_at=NOW, last_at=NOW, idempotency_key="k3",
        )  # fmt: skip
    a_decision(appeal, operator("林岚", PLANS))
    with nothing_changes(), pytest.raises(AppealRefused, match="已经答复"):
        an_appeal(ann, key="k2", at=NOW + timedelta(days=10))
    assert an_appeal(ann, key="k2", at=NOW + timedelta(days=31)).pk != appeal.pk


def test_a_decision_is_told_with_its_reason_and_can_be_doubted_once_within_a_week(ann: Member, see: See) -> None:
    first, second = operator("林岚", PLANS), operator("周宁", PLANS)
    appeal = an_appeal(ann)
    answer_appeal(appeal=appeal, by=first, text="请发一下截图", at=NOW)
    write_in_appeal(appeal=appeal, member=ann, text="已补充", at=NOW)
    write_in_appeal(appeal=appeal, member=ann, text="已补充", at=NOW)
    note_on_appeal(appeal=appeal, by=first, text="核对了流水", at=NOW)
    decided = a_decision(appeal, first)
    assert (decided.state, decided.outcome, decided.assignee) == (AppealState.DECIDED, Outcome.DISMISSED, first)
    told = Message.objects.filter(member=ann, wording__in=["appeal_answered", "appeal_decided"])
    assert [row.path for row in told] == [f"/agent/appeals/{appeal.number}/"] * 2
    page = see("ann").get(f"/agent/appeals/{appeal.number}/").content.decode()
    assert "按规则第 3 条" in page
    assert "核对了流水" not in page
    with nothing_changes(), pytest.raises(AppealRefused):
        write_in_appeal(appeal=appeal, member=ann, text="还有", at=NOW)
    with nothing_changes(), pytest.raises(AppealRefused, match="超过 7 天"):
        reopen_appeal(appeal=appeal, member=ann, text="不同意", at=NOW + timedelta(days=7, seconds=1))
    again = reopen_appeal(appeal=appeal, member=ann, text="不同意", at=NOW + timedelta(days=3))
    assert (again.state, again.outcome, again.due_at) == ("open", "", datetime(2026, 12, 2, 7, tzinfo=UTC))
    with nothing_changes(), pytest.raises(AppealRefused, match="另一位同事"):
        a_decision(appeal, first)
    a_decision(appeal, second, at=NOW + timedelta(days=4))
    with nothing_changes(), pytest.raises(AppealRefused, match="只能再申诉一次"):
        reopen_appeal(appeal=appeal, member=ann, text="仍不同意", at=NOW + timedelta(days=4))
    said = AppealPost.objects.filter(appeal=appeal).values_list("speaker", flat=True)
    assert list(said) == ["member", "operator", "member", "note", "decision", "member", "decision"]


def test_nobody_decides_on_their_own_and_nothing_twice(ann: Member) -> None:
    appeal = an_appeal(ann)
    with nothing_changes(), pytest.raises(AppealRefused, match="自己的"):
        a_decision(appeal, ann)
    by = operator("林岚", PLANS)
    a_decision(appeal, by)
    for act in (
        lambda: a_decision(appeal, by),
        lambda: answer_appeal(appeal=appeal, by=by, text="x", at=NOW),
        lambda: assign_appeal(appeal=appeal, to=by),
    ):
        with nothing_changes(), pytest.raises(AppealRefused):
            act()


def test_operators_work_the_queue_by_deadline(ann: Member) -> None:
    late = an_appeal(ann, at=NOW - timedelta(days=20))
    desk = as_(operator("林岚", PLANS))
    page = desk.get("/ops/agents/appeal/?state__exact=open").content.decode()
    assert late.number in page
    assert "已超时" in page
    assert desk.get(f"/ops/agents/appeal/{late.pk}/change/").status_code == 200
    for act, data in (
        ("take", {}),
        ("note", {"text": "看了流水"}),
        ("answer", {"text": "请稍等"}),
        ("decide", {"outcome": "upheld", "text": "漏算，已由帮扶基金补发"}),
    ):
        assert desk.post(f"/ops/agents/appeal/{late.pk}/{act}/", data).status_code == 302, act
    late.refresh_from_db()
    assert (late.outcome, late.posts.count()) == (Outcome.UPHELD, 4)
    assert late.posts.filter(speaker=Speaker.DECISION, outcome=Outcome.UPHELD).exists()
    assert desk.post(f"/ops/agents/appeal/{late.pk}/decide/", {"outcome": "upheld", "text": "再"}).status_code == 200
    assert desk.get("/ops/agents/appeal/999/change/").status_code == 404


def test_who_may_only_look_decides_nothing(ann: Member) -> None:
    appeal = an_appeal(ann)
    looker = as_(operator("看客", REVIEW))
    assert looker.get(f"/ops/agents/appeal/{appeal.pk}/change/").status_code == 200
    with nothing_changes():
        for act in ("take", "note", "answer", "decide"):
            sent = {"text": "x", "outcome": "upheld"}
            assert looker.post(f"/ops/agents/appeal/{appeal.pk}/{act}/", sent).status_code == 403, act
    kind = ContentType.objects.get_for_model(Appeal)
    assert Permission.objects.filter(content_type=kind, codename="decide_appeal").exists()


def test_too_many_in_a_day_are_refused(mall: Mall, ann: Member) -> None:
    at = clock.now()
    for number in range(6):
        order = a_paid_order(member=a_member(referrer=ann))
        found = appeal_subject(member=ann, key=f"order-{order.number}")
        assert found is not None
        act = {"member": ann, "subject": found, "doubt": Doubt.MISSING, "text": "x", "idempotency_key": str(number)}
        if number < 5:
            open_appeal(**act, at=at)
        else:
            with nothing_changes(), pytest.raises(AppealRefused, match="明天再来"):
                open_appeal(**act, at=at)
