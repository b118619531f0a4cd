"""Who may do what to a withdrawal, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from linkage.models import LinkageEvent
from payouts.commands import (
    DecisionRefused,
    ImportedDecision,
    PolicyRefused,
    approve_withdrawal,
    decide_imported,
    reject_withdrawal,
    release_withdrawal,
    set_policy,
)
from payouts.models import PayoutPolicy, Withdrawal, WithdrawalState
from payouts.queries import numbers_by_state, policy_in_force, withdrawals_of
from payouts.rules import breakdown

from .people import AT, asked, person

pytestmark = pytest.mark.django_db


def everything() -> list[Any]:
    return [
        list(Withdrawal.objects.order_by("pk").values_list()),
        list(LinkageEvent.objects.filter(kind="payout").values_list()),
    ]


def refused(code: str, act: Callable[[], object]) -> None:
    before = everything()
    with pytest.raises(DecisionRefused) as refusal:
        act()
    assert refusal.value.code == code
    assert everything() == before


@pytest.mark.parametrize(
    ("amount", "fee_bps", "tax_bps", "parts"),
    [
        (43_244, 60, 0, (259, 0, 42_985)),
        (50_000, 60, 0, (300, 0, 49_700)),
        (1_000, 60, 0, (6, 0, 994)),
        (1, 9_999, 0, (0, 0, 1)),
        (10_001, 60, 333, (60, 333, 9_608)),
        (10_000, 6_000, 4_000, (6_000, 4_000, 0)),
    ],
)
def test_fee_and_tax_are_each_a_floor_of_the_gross(
    amount: int, fee_bps: int, tax_bps: int, parts: tuple[int, int, int]
) -> None:
    split = breakdown(amount_fen=amount, fee_bps=fee_bps, tax_bps=tax_bps)
    assert (split.fee_fen, split.tax_fen, split.net_fen) == parts
    assert split.fee_fen + split.tax_fen + split.net_fen == amount


def test_a_withdrawal_opens_with_its_parts() -> None:
    member = person("周舟")
    withdrawal = asked(member, 43_244)
    assert (withdrawal.state, withdrawal.fee_fen, withdrawal.net_fen) == ("requested", 259, 42_985)
    assert list(withdrawals_of(member_id=member.pk)) == [withdrawal]
    assert numbers_by_state()["requested"] == 1


def test_a_number_opens_once() -> None:
    member = person("周舟")
    withdrawal = asked(member)
    with pytest.raises(IntegrityError), transaction.atomic():
        Withdrawal.objects.create(
            number=withdrawal.number,
            member=member,
            shard=0,
            amount_fen=1,
            fee_bps=0,
            tax_bps=0,
            fee_fen=0,
            tax_fen=0,
            net_fen=1,
            requested_at=AT,
        )
    assert Withdrawal.objects.count() == 1


def test_an_operator_approves() -> None:
    su = person("苏敏", staff=True)
    withdrawal = approve_withdrawal(number=asked(person("周舟")).number, by=su, at=AT)
    assert (withdrawal.state, withdrawal.approved_by, withdrawal.approved_at) == ("approved", su, AT)


def test_approving_twice_is_refused() -> None:
    su, chen = person("苏敏", staff=True), person("陈立", staff=True)
    number = approve_withdrawal(number=asked(person("周舟")).number, by=su, at=AT).number
    refused("not_waiting", lambda: approve_withdrawal(number=number, by=chen, at=AT))
    refused("not_waiting", lambda: approve_withdrawal(number=number, by=su, at=AT))


def test_nobody_decides_on_an_own_withdrawal() -> None:
    su, chen = person("苏敏", staff=True), person("陈立", staff=True)
    number = asked(su).number
    refused("own", lambda: approve_withdrawal(number=number, by=su, at=AT))
    refused("own", lambda: reject_withdrawal(number=number, by=su, reason="不", at=AT))
    approve_withdrawal(number=number, by=chen, at=AT)
    refused("own", lambda: release_withdrawal(number=number, by=su, at=AT))


def test_who_approved_does_not_release() -> None:
    su = person("苏敏", staff=True)
    number = approve_withdrawal(number=asked(person("周舟")).number, by=su, at=AT).number
    refused("same_person", lambda: release_withdrawal(number=number, by=su, at=AT))


def test_nothing_is_released_before_it_was_approved() -> None:
    number = asked(person("周舟")).number
    refused("not_waiting", lambda: release_withdrawal(number=number, by=person("苏敏", staff=True), at=AT))


def test_an_unknown_number_is_refused() -> None:
    refused("unknown", lambda: approve_withdrawal(number="TX0", by=person("苏敏", staff=True), at=AT))


def test_a_rejection_needs_a_reason_and_tells_the_stream() -> None:
    su = person("苏敏", staff=True)
    withdrawal = asked(person("周舟"))
    refused("no_reason", lambda: reject_withdrawal(number=withdrawal.number, by=su, reason=" \n ", at=AT))
    rejected = reject_withdrawal(number=withdrawal.number, by=su, reason="  资料不全，\n请补充 ", at=AT)
    assert (rejected.state, rejected.reason, rejected.rejected_by) == ("rejected", "资料不全， 请补充", su)
    event = LinkageEvent.objects.get(kind="payout")
    assert (event.reference, event.approved, event.member_id) == (withdrawal.number, False, withdrawal.member_id)
    refused("not_waiting", lambda: approve_withdrawal(number=withdrawal.number, by=su, at=AT))
    refused("not_waiting", lambda: reject_withdrawal(number=withdrawal.number, by=su, reason="再", at=AT))


def test_an_approved_withdrawal_can_still_be_rejected() -> None:
    su = person("苏敏", staff=True)
    number = approve_withdrawal(number=asked(person("周舟")).number, by=su, at=AT).number
    assert reject_withdrawal(number=number, by=su, reason="账户有误", at=AT).state == WithdrawalState.REJECTED


def test_an_imported_decision_sends_and_publishes_nothing() -> None:
    member = person("周舟")
    first, second = asked(member), asked(member)
    decide_imported([ImportedDecision(first.number, True, AT), ImportedDecision(second.number, False, AT)])
    decide_imported([ImportedDecision(first.number, False, AT), ImportedDecision("unknown", True, AT)])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.paid_at, first.imported) == ("paid", AT, True)
    assert (second.state, second.rejected_at) == ("rejected", AT)
    assert not LinkageEvent.objects.filter(kind="payout").exists()


@pytest.mark.parametrize(
    "change",
    [
        {"state": "paid", "paid_at": AT},
        {"state": "sending"},
        {"amount_fen": 1, "fee_fen": 0, "net_fen": 1},
        {"net_fen": 60_000},
        {"state": "rejected", "rejected_at": AT},
        {"state": "unheard of"},
    ],
)
def test_the_database_refuses_what_the_commands_would(change: dict[str, Any]) -> None:
    withdrawal = asked(person("周舟"))
    before = everything()
    with pytest.raises(DatabaseError), transaction.atomic():
        Withdrawal.objects.filter(pk=withdrawal.pk).update(**change)
    assert everything() == before


def test_the_database_refuses_one_person_for_both_steps() -> None:
    su, member = person("苏敏", staff=True), person("周舟")
    withdrawal = approve_withdrawal(number=asked(member).number, by=su, at=AT)
    for somebody in (su, member):
        with pytest.raises(DatabaseError), transaction.atomic():
            Withdrawal.objects.filter(pk=withdrawal.pk).update(state="sending", released_by=somebody, released_at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Withdrawal.objects.filter(pk=withdrawal.pk).update(approved_by=member)
    with pytest.raises(DatabaseError), transaction.atomic():
        Withdrawal.objects.filter(pk=withdrawal.pk).update(state="requested", approved_by=None, approved_at=None)


def test_a_decided_withdrawal_stays_as_it_is() -> None:
    withdrawal = reject_withdrawal(number=asked(person("周舟")).number, by=person("苏敏"), reason="不", at=AT)
    for change in ({"reason": "别的"}, {"state": "requested", "reason": "", "rejected_at": None, "rejected_by": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Withdrawal.objects.filter(pk=withdrawal.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        withdrawal.delete()


# Policies


def test_a_new_mall_has_a_policy() -> None:
    policy = policy_in_force(at=AT)
    assert (policy.version, policy.min_fen, policy.fee_bps, policy.tax_bps) == (1, 1_000, 60, 0)
    PayoutPolicy.objects.all().delete()
    assert policy_in_force(at=AT).min_fen == 1_000


def test_a_policy_holds_from_its_start_on() -> None:
    later = AT + timedelta(days=1)
    policy = set_policy(starts_at=later, min_fen=5_000, fee_bps=100, tax_bps=300)
    assert policy.version == 2
    assert policy_in_force(at=later - timedelta(microseconds=1)).version == 1
    assert policy_in_force(at=later).version == 2


@pytest.mark.parametrize(
    "terms",
    [
        {"min_fen": 0, "fee_bps": 0, "tax_bps": 0},
        {"min_fen": 1, "fee_bps": -1, "tax_bps": 0},
        {"min_fen": 1, "fee_bps": 6_000, "tax_bps": 4_000},
    ],
)
def test_a_policy_that_leaves_nothing_is_refused(terms: dict[str, int]) -> None:
    with pytest.raises(PolicyRefused):
        set_policy(starts_at=AT, **terms)
    assert PayoutPolicy.objects.count() == 1
    with pytest.raises(DatabaseError), transaction.atomic():
        PayoutPolicy.objects.create(version=9, starts_at=AT, **terms)


def test_a_used_policy_never_changes() -> None:
    future = set_policy(starts_at=AT + timedelta(days=1), min_fen=5_000, fee_bps=100, tax_bps=0)
    asked(person("周舟"))
    with pytest.raises(PolicyRefused):
        set_policy(starts_at=AT, min_fen=1, fee_bps=0, tax_bps=0)
    for act in (PayoutPolicy.objects.filter(version=1).update, PayoutPolicy.objects.filter(version=1).delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(**({"min_fen": 1} if act.__name__ == "update" else {}))
    assert policy_in_force(at=AT).min_fen == 1_000
    PayoutPolicy.objects.filter(pk=future.pk).update(min_fen=6_000)
    assert PayoutPolicy.objects.get(pk=future.pk).min_fen == 6_000
