"""Adjustments by hand: two people, neither the member; what they do to balances, and that the replay agrees."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ledger.models import AccountKind
from ledger.queries import balance_fen
from linkage import commands
from linkage.commands import AdjustmentRefused
from linkage.models import Adjustment, AdjustmentState, EventKind, LinkageEvent
from mall.core.rights import PLANS, REVIEW
from members.models import Member
from tests.linkage.stories import START, Mall, three_generations
from tests.operators import as_, operator, text
from tests.plans import planner
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def mall() -> Mall:
    """Ann has ¥100.00 available."""
    mall = Mall()
    three_generations(mall)
    for name in ("zoe", "y1", "y2", "ann", "bob"):
        mall.receive(f"o-{name}")
    mall.pass_time(days=8)
    mall.settle()
    assert mall.balances("ann").available_fen == 10_000
    planner()
    planner("plan-checker")
    return mall


def ask(mall: Mall, amount_fen: int, *, kind: str = "adjust", name: str = "ann") -> Adjustment:
    member = mall.members[name]
    return commands.ask_adjustment(
        member=member, kind=kind, amount_fen=amount_fen, reason="补发活动奖励", by=planner(), at=mall.at
    )


def approve(mall: Mall, adjustment: Adjustment, by: Member | None = None) -> Adjustment:
    checker = by or planner("plan-checker")
    return commands.approve_adjustment(number=adjustment.number, by=checker, at=mall.at)


def owe(mall: Mall) -> None:
    """Bob's pack comes back after ann withdrew what it brought: she owes ¥100.00."""
    approve(mall, ask(mall, -10_000))
    mall.refund("o-bob")
    mall.settle()
    assert mall.balances("ann").debt_fen == 10_000


def test_a_credit_is_available_once_a_second_person_approves(mall: Mall) -> None:
    adjustment = ask(mall, 2_500)
    assert mall.balances("ann").available_fen == 10_000
    approve(mall, adjustment)
    assert mall.balances("ann").available_fen == 12_500
    assert balance_fen(kind=AccountKind.ADJUSTMENT_EXPENSE) == 2_500
    event = LinkageEvent.objects.get(kind=EventKind.ADJUST)
    assert (event.asked_by_id, event.by_id, event.note) == (planner().pk, planner("plan-checker").pk, "补发活动奖励")
    mall.prove()


def test_what_is_taken_beyond_what_is_available_becomes_debt_and_a_credit_repays_it_first(mall: Mall) -> None:
    approve(mall, ask(mall, -13_000))
    assert (mall.balances("ann").available_fen, mall.balances("ann").debt_fen) == (0, 3_000)
    assert balance_fen(kind=AccountKind.ADJUSTMENT_EXPENSE) == -13_000
    approve(mall, ask(mall, 5_000))
    assert (mall.balances("ann").available_fen, mall.balances("ann").debt_fen) == (2_000, 0)
    mall.prove()


def test_a_debt_is_forgiven_up_to_what_it_is(mall: Mall) -> None:
    owe(mall)
    with nothing_changes(), pytest.raises(AdjustmentRefused, match="不超过现在的欠款"):
        ask(mall, 10_001, kind="forgive")
    approve(mall, ask(mall, 4_000, kind="forgive"))
    assert (mall.balances("ann").available_fen, mall.balances("ann").debt_fen) == (0, 6_000)
    mall.prove()


def test_a_debt_that_was_repaid_meanwhile_is_not_forgiven_into_money(mall: Mall) -> None:
    owe(mall)
    forgiving = ask(mall, 10_000, kind="forgive")
    approve(mall, ask(mall, 9_000))
    with nothing_changes(), pytest.raises(AdjustmentRefused, match="欠款已经变少"):
        approve(mall, forgiving)
    assert mall.balances("ann").debt_fen == 1_000
    mall.prove()


def test_neither_who_asked_nor_the_member_nor_somebody_without_the_right_approves(mall: Mall) -> None:
    Member.objects.filter(pk=mall.members["ann"].pk).update(is_staff=True, is_superuser=True)
    ann = Member.objects.get(pk=mall.members["ann"].pk)
    adjustment = ask(mall, 2_500)
    stranger = operator("苏敏", REVIEW)
    mall.settle()
    with nothing_changes():
        with pytest.raises(AdjustmentRefused, match="自己申请"):
            approve(mall, adjustment, planner())
        with pytest.raises(AdjustmentRefused, match="自己的调整"):
            approve(mall, adjustment, ann)
        with pytest.raises(AdjustmentRefused, match="权限"):
            approve(mall, adjustment, stranger)
        with pytest.raises(AdjustmentRefused, match="自己的余额"):
            commands.ask_adjustment(member=ann, kind="adjust", amount_fen=1, reason="x", by=ann, at=mall.at)


def test_an_adjustment_is_decided_once(mall: Mall) -> None:
    adjustment = ask(mall, 2_500)
    commands.reject_adjustment(number=adjustment.number, reason="没有依据", by=planner("plan-checker"), at=mall.at)
    with nothing_changes(), pytest.raises(AdjustmentRefused, match="已经处理过"):
        approve(mall, adjustment)
    approved = approve(mall, ask(mall, 2_500))
    with nothing_changes(), pytest.raises(AdjustmentRefused, match="已经处理过"):
        approve(mall, approved)
    assert mall.balances("ann").available_fen == 12_500


@pytest.mark.parametrize(
    ("amount_fen", "kind", "words"), [(0, "adjust", "不能为 0"), (10**9, "adjust", "100 万"), (5, "gift", "没有这种")]
)
def test_what_cannot_be_asked_for_is_refused(mall: Mall, amount_fen: int, kind: str, words: str) -> None:
    with nothing_changes(), pytest.raises(AdjustmentRefused, match=words):
        ask(mall, amount_fen, kind=kind)


def test_a_form_sent_twice_asks_once(mall: Mall) -> None:
    number = commands.adjustment_number(at=mall.at)
    for _turn in range(2):
        commands.ask_adjustment(
            member=mall.members["ann"], kind="adjust", amount_fen=5, reason="x", by=planner(), at=mall.at, number=number
        )
    assert Adjustment.objects.count() == 1
    with pytest.raises(AdjustmentRefused, match="提交过"):
        commands.ask_adjustment(
            member=mall.members["ann"], kind="adjust", amount_fen=6, reason="x", by=planner(), at=mall.at, number=number
        )


def test_the_database_lets_nobody_adjust_alone(mall: Mall) -> None:
    adjustment = ask(mall, 2_500)
    rows = Adjustment.objects.filter(pk=adjustment.pk)
    for decided_by in (planner(), mall.members["ann"]):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state=AdjustmentState.APPROVED, decided_by=decided_by, decided_at=START)
    event = {"shard": 0, "kind": "adjust", "at": START, "member_id": 1, "amount_fen": 5}
    for people in ({}, {"by_id": 2}, {"by_id": 2, "asked_by_id": 2}, {"by_id": 1, "asked_by_id": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LinkageEvent.objects.create(key="adjust:x", **event, **people)


# Pages

PAGE = "/ops/linkage/adjustment/"


def test_an_adjustment_is_asked_for_and_approved_at_its_pages(mall: Mall) -> None:
    author, checker = as_(operator("林岚", PLANS)), as_(operator("陆复核", PLANS))
    form = {"member": "ann", "kind": "take", "amount_fen": "20.50", "reason": "重复发放", "number": "TZ1"}
    assert "已申请" in text(author.post(f"{PAGE}ask/", form, follow=True))
    adjustment = Adjustment.objects.get()
    assert (adjustment.amount_fen, adjustment.state) == (-2_050, "waiting")
    record = reverse("ops:linkage_adjustment_change", args=[adjustment.pk])
    assert "须由另一位同事复核" in text(author.get(record))
    with nothing_changes():
        assert "不能复核自己申请的调整" in text(author.post(f"{PAGE}{adjustment.pk}/approve/"))
    assert "重复发放" in text(checker.get(record))
    assert "已生效" in text(checker.post(f"{PAGE}{adjustment.pk}/approve/", follow=True))
    assert mall.balances("ann").available_fen == 10_000 - 2_050


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"member": "nobody"}, "没有这个会员"),
        ({"amount_fen": "0"}, "金额不能为 0"),
        ({"amount_fen": "-5"}, "请填最多两位小数的数字"),
        ({"reason": " "}, "请填写原因"),
        ({"kind": "forgive"}, "不超过现在的欠款"),
    ],
)
def test_a_form_that_cannot_be_asked_says_why_and_writes_nothing(mall: Mall, changes, words) -> None:
    client = as_(operator("林岚", PLANS))
    form = {"member": "ann", "kind": "credit", "amount_fen": "20", "reason": "补发", "number": "TZ1"}
    with nothing_changes():
        assert words in text(client.post(f"{PAGE}ask/", form | changes))


def test_who_has_no_right_reads_and_does_nothing(mall: Mall) -> None:
    adjustment = ask(mall, 100)
    client = as_(operator("苏敏", REVIEW))
    assert client.get(f"{PAGE}{adjustment.pk}/change/").status_code == 200
    with nothing_changes():
        for act in ("ask/", f"{adjustment.pk}/approve/", f"{adjustment.pk}/reject/"):
            assert client.post(f"{PAGE}{act}", {"reason": "x"}).status_code == 403
    assert as_(operator("新同事")).get(f"{PAGE}{adjustment.pk}/change/").status_code == 403
    assert as_(mall.members["ann"]).get(f"{PAGE}{adjustment.pk}/change/").status_code == 302
