"""What a customer does about an adviser, and what an operator decides."""

from datetime import datetime
from typing import Any

import pytest

from members.commands import (
    AdviserRefused,
    bind_on_login,
    change_adviser,
    contest_adviser,
    decide_contest,
    leave_adviser,
    request_closing,
)
from members.commands.closing import close_due_accounts
from members.models import AdviserRelation, Member, RelationContest, Shopkeeper
from members.queries import relation_of
from service.models import Message
from tests.factories import AT, a_member, later
from tests.members.shopkeepers import a_shopkeeper, a_touch
from tests.payouts.people import person
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser() -> Member:
    return a_shopkeeper("甲")


@pytest.fixture
def customer(adviser: Member) -> Member:
    member = a_member(nickname="客")
    a_touch(adviser, member)
    assert bind_on_login(member=member, at=AT)
    return member


def adviser_of(customer: Member, *, at: datetime) -> Member | None:
    relation = relation_of(customer_id=customer.pk, at=at)
    return relation.adviser if relation else None


def refused(act: Any, reason: str, **values: Any) -> None:
    with nothing_changes(), pytest.raises(AdviserRefused) as refusal:
        act(**values)
    assert refusal.value.reason == reason


def test_a_code_is_read_as_people_type_it(customer: Member, adviser: Member) -> None:
    other = a_shopkeeper("乙")
    change_adviser(member=customer, code=f" {other.referral_code.lower()} ", at=later(days=1))
    assert adviser_of(customer, at=later(days=1)) == other
    before, now = AdviserRelation.objects.order_by("id")
    assert (before.adviser, before.end_reason, before.ended_at) == (adviser, "changed", later(days=1))
    assert (now.reason, now.ended_at) == ("chosen", None)


def test_whom_one_cannot_choose(customer: Member, adviser: Member) -> None:
    codes = {
        "NOTHING2": "unknown_code",
        "\x00": "unknown_code",
        "": "unknown_code",
        "ABCD" * 99: "unknown_code",
        customer.referral_code: "oneself",
        adviser.referral_code: "same",
        a_member().referral_code: "not_open",
    }
    for code, reason in codes.items():
        refused(change_adviser, reason, member=customer, code=code, at=later(days=1))
    refused(change_adviser, "shopkeeper", member=a_shopkeeper(), code=adviser.referral_code, at=AT)
    refused(change_adviser, "shopkeeper", member=person("员", staff=True), code=adviser.referral_code, at=AT)


def test_changes_are_counted(customer: Member) -> None:
    for hour in (1, 2, 3):
        change_adviser(member=customer, code=a_shopkeeper().referral_code, at=later(hours=hour))
    other = a_shopkeeper()
    refused(change_adviser, "too_often", member=customer, code=other.referral_code, at=later(hours=4))
    assert change_adviser(member=customer, code=other.referral_code, at=later(hours=26))


def test_leaving_twice_changes_nothing(customer: Member) -> None:
    assert leave_adviser(member=customer, at=later(days=1)) is True
    assert adviser_of(customer, at=later(days=1)) is None
    with nothing_changes():
        assert leave_adviser(member=customer, at=later(days=2)) is False
    refused(contest_adviser, "no_adviser", member=customer, words="没有来过", at=later(days=3))


@pytest.mark.parametrize("words", ["", "   ", "\u202e\u2066", "长" * 301, "\x00"])
def test_a_contest_has_a_reason(customer: Member, words: str) -> None:
    refused(contest_adviser, "bad_words", member=customer, words=words, at=later(days=1))


def a_contest(customer: Member) -> RelationContest:
    return contest_adviser(member=customer, words="没有打开过这个链接", at=later(days=1))


def test_one_contest_at_a_time(customer: Member) -> None:
    a_contest(customer)
    refused(contest_adviser, "already_open", member=customer, words="再说一次", at=later(days=1))


def test_a_contest_that_is_upheld_ends_the_relation_and_is_told(customer: Member) -> None:
    operator = person("裁", staff=True)
    decide_contest(contest=a_contest(customer), upheld=True, answer="查无此次访问", by=operator, at=later(days=2))
    relation = AdviserRelation.objects.get()
    assert (relation.end_reason, relation.ended_at) == ("operator", later(days=2))
    message = Message.objects.get(wording="contest_upheld")
    assert (message.member, message.words, message.path) == (customer, {"answer": "查无此次访问"}, "/me/adviser/")


def test_another_shopkeeper_may_take_the_place(customer: Member) -> None:
    other, operator = a_shopkeeper("乙"), person("裁", staff=True)
    contest = a_contest(customer)
    values = {"contest": contest, "upheld": True, "answer": "应归乙", "by": operator, "at": later(days=2)}
    refused(decide_contest, "unknown_code", **values, code="NOTHING2")
    refused(decide_contest, "not_open", **values, code=a_member().referral_code)
    decide_contest(**values, code=other.referral_code)
    assert adviser_of(customer, at=later(days=2)) == other


def test_a_contest_that_is_refused_changes_no_relation(customer: Member, adviser: Member) -> None:
    contest = a_contest(customer)
    operator = person("裁", staff=True)
    decide_contest(contest=contest, upheld=False, answer="确有访问", by=operator, at=later(days=2))
    assert adviser_of(customer, at=later(days=2)) == adviser
    refused(decide_contest, "decided", contest=contest, upheld=True, answer="反悔", by=operator, at=later(days=3))
    assert Message.objects.filter(wording="contest_refused", member=customer).count() == 1


def test_nobody_decides_their_own_case(customer: Member, adviser: Member) -> None:
    contest = a_contest(customer)
    for own in (customer, adviser):
        refused(decide_contest, "own_case", contest=contest, upheld=True, answer="对", by=own, at=later(days=2))
    refused(decide_contest, "bad_words", contest=contest, upheld=True, answer=" ", by=person("裁"), at=later(days=2))


def test_what_was_left_meanwhile_is_not_ended_again(customer: Member) -> None:
    contest = a_contest(customer)
    leave_adviser(member=customer, at=later(days=1, hours=1))
    decide_contest(contest=contest, upheld=True, answer="已解除", by=person("裁", staff=True), at=later(days=2))
    assert AdviserRelation.objects.get().end_reason == "left"


@pytest.mark.parametrize("closes", ["customer", "adviser"])
def test_a_closed_account_has_no_relation_any_more(customer: Member, adviser: Member, closes: str) -> None:
    contest = a_contest(customer)
    request_closing(member={"customer": customer, "adviser": adviser}[closes], gives_up_rewards=True, at=later(days=2))
    assert close_due_accounts(at=later(days=10)) == 1
    relation = AdviserRelation.objects.get()
    assert (relation.end_reason, relation.ended_at) == ("closed", later(days=10))
    contest.refresh_from_db()
    assert contest.words == ("" if closes == "customer" else "没有打开过这个链接")
    shop = Shopkeeper.objects.get()
    assert shop.state == ("approved" if closes == "customer" else "suspended")
    assert shop.statement == ("卖茶十年" if closes == "customer" else "")
