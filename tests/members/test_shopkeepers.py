"""Becoming a shopkeeper: asked for, decided by somebody else, told as it was written."""

from typing import Any

import pytest

from members.commands import (
    PolicyRefused,
    PolicyTerms,
    ShopkeeperRefused,
    apply_as_shopkeeper,
    approve_shopkeeper,
    publish_policy,
    refuse_shopkeeper,
    reinstate_shopkeeper,
    suspend_shopkeeper,
)
from members.models import Consent, Member, RelationPolicy, Shopkeeper
from members.queries import is_shopkeeper
from service.models import Message
from tests.factories import AT, a_member, later
from tests.members.shopkeepers import a_shopkeeper, shop_of
from tests.payouts.people import person
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Member:
    return person("审核", staff=True)


def refused(act: Any, refusal_reason: str, **values: Any) -> None:
    with nothing_changes(), pytest.raises(ShopkeeperRefused) as refusal:
        act(**values)
    assert refusal.value.reason == refusal_reason


def applied(member: Member | None = None) -> Shopkeeper:
    return apply_as_shopkeeper(member=member or a_member(), statement="卖茶十年", agreed=True, at=AT)


def test_an_application_signs_the_agreement_in_force() -> None:
    member = a_member()
    refused(apply_as_shopkeeper, "not_agreed", member=member, statement="", agreed=False, at=AT)
    shop = applied(member)
    assert (shop.state, shop.applied_at) == ("applied", AT)
    consent = Consent.objects.get(member=member)
    assert (consent.text.kind, consent.text.version, consent.is_given) == ("shopkeeper", 1, True)
    with nothing_changes():
        assert apply_as_shopkeeper(member=member, statement="又一次", agreed=True, at=later(days=1)) == shop
    assert not is_shopkeeper(member_id=member.pk)


@pytest.mark.parametrize("statement", ["长" * 201, "\x00"])
def test_a_statement_is_short(statement: str) -> None:
    refused(apply_as_shopkeeper, "bad_statement", member=a_member(), statement=statement, agreed=True, at=AT)


def test_who_cannot_apply(operator: Member) -> None:
    refused(apply_as_shopkeeper, "staff", member=operator, statement="", agreed=True, at=AT)
    refused(apply_as_shopkeeper, "already", member=a_shopkeeper(), statement="", agreed=True, at=AT)
    paused = a_shopkeeper()
    suspend_shopkeeper(shopkeeper=shop_of(paused), reason="核实中", by=operator, at=AT)
    refused(apply_as_shopkeeper, "suspended", member=paused, statement="", agreed=True, at=AT)


def test_an_approval_opens_the_shop_and_is_told(operator: Member) -> None:
    shop = approve_shopkeeper(shopkeeper=applied(), by=operator, at=later(days=1))
    assert (shop.state, shop.approved_at, shop.decided_by) == ("approved", later(days=1), operator)
    assert is_shopkeeper(member_id=shop.pk)
    assert Message.objects.get(wording="shopkeeper_approved").member_id == shop.pk


def test_who_was_refused_reads_why_and_asks_again(operator: Member) -> None:
    shop = refuse_shopkeeper(shopkeeper=applied(), reason="请写明卖过什么", by=operator, at=later(days=1))
    assert Message.objects.get(wording="shopkeeper_refused").words == {"reason": "请写明卖过什么"}
    again = apply_as_shopkeeper(member=shop.member, statement="卖过茶", agreed=True, at=later(days=2))
    assert (again.state, again.statement, again.applied_at) == ("applied", "卖过茶", later(days=2))
    assert approve_shopkeeper(shopkeeper=again, by=operator, at=later(days=3)).approved_at == later(days=3)


def test_a_suspended_shopkeeper_comes_back_as_of_the_first_day(operator: Member) -> None:
    shop = shop_of(a_shopkeeper())
    suspend_shopkeeper(shopkeeper=shop, reason="虚假宣传", by=operator, at=later(days=1))
    assert not is_shopkeeper(member_id=shop.pk)
    back = reinstate_shopkeeper(shopkeeper=shop, by=operator, at=later(days=2))
    assert (back.approved_at, back.reason) == (AT, "")
    assert is_shopkeeper(member_id=shop.pk)
    assert list(Message.objects.order_by("id").values_list("wording", flat=True)) == [
        "shopkeeper_approved",
        "shopkeeper_suspended",
        "shopkeeper_approved",
    ]


# Act, and the states from which it is not taken.
WRONG = [
    (approve_shopkeeper, ("approved", "refused", "suspended")),
    (refuse_shopkeeper, ("approved", "refused", "suspended")),
    (suspend_shopkeeper, ("applied", "refused", "suspended")),
    (reinstate_shopkeeper, ("applied", "approved", "refused")),
]


@pytest.mark.parametrize(("act", "states"), WRONG, ids=[act.__name__ for act, _ in WRONG])
def test_a_decision_is_taken_from_its_own_state_alone(act: Any, states: tuple[str, ...], operator: Member) -> None:
    shop = applied()
    why = {} if act in (approve_shopkeeper, reinstate_shopkeeper) else {"reason": "不合适"}
    for state in states:
        Shopkeeper.objects.filter(pk=shop.pk).update(state=state, approved_at=AT, decided_at=AT, reason="旧")
        refused(act, "wrong_state", shopkeeper=shop, by=operator, at=later(days=1), **why)


def test_nobody_decides_about_oneself_or_without_a_reason(operator: Member) -> None:
    shop = applied()
    refused(approve_shopkeeper, "oneself", shopkeeper=shop, by=shop.member, at=AT)
    for reason in ("", "  ", "长" * 201):
        refused(refuse_shopkeeper, "bad_reason", shopkeeper=shop, reason=reason, by=operator, at=AT)


def terms(**changes: Any) -> PolicyTerms:
    usual = {"touch_days": 30, "protection_days": 15, "lock_days": 90, "order_lock_days": 180, "cooling_off_days": 7}
    return PolicyTerms(**(usual | changes))


WRONG_TERMS = [
    ({"touch_days": 0}, "bad_days"),
    ({"touch_days": True}, "bad_days"),
    ({"lock_days": 0, "protection_days": 0}, "bad_days"),
    ({"protection_days": -1}, "bad_days"),
    ({"cooling_off_days": 3_651}, "bad_days"),
    ({"cooling_off_days": "7"}, "bad_days"),
    ({"protection_days": 91}, "lock_short"),
    ({"order_lock_days": 89}, "order_short"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG_TERMS, ids=range(len(WRONG_TERMS)))
def test_terms_that_make_no_sense(changes: dict[str, Any], reason: str) -> None:
    with nothing_changes(), pytest.raises(PolicyRefused) as refusal:
        publish_policy(terms=terms(**changes), by=None, at=AT)
    assert refusal.value.reason == reason


def test_versions_follow_each_other(operator: Member) -> None:
    made = publish_policy(terms=terms(lock_days=60), by=operator, at=AT, starts_at=later(days=7))
    assert (made.version, made.starts_at, made.created_by) == (2, later(days=7), operator)
    for days, reason in ((-1, "in_the_past"), (7, "not_last"), (1, "not_last")):
        with nothing_changes(), pytest.raises(PolicyRefused) as refusal:
            publish_policy(terms=terms(), by=operator, at=AT, starts_at=later(days=days))
        assert refusal.value.reason == reason
    assert RelationPolicy.objects.count() == 2
