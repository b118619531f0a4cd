"""Real threads and commits about one customer: whose customer it becomes."""

from datetime import timedelta
from typing import Any

import pytest

from members.commands import (
    AdviserRefused,
    ShopkeeperRefused,
    bind_on_login,
    change_adviser,
    end_lapsed_relations,
    leave_adviser,
    note_paid_order,
    refuse_shopkeeper,
)
from members.commands.shopkeeping import apply_as_shopkeeper, approve_shopkeeper
from members.models import AdviserRelation, Member, Shopkeeper
from members.queries import order_attribution, relation_of
from orders.models import Order
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member, a_placed_order, later, pay
from tests.members.shopkeepers import a_shopkeeper, a_touch
from tests.payouts.people import person

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)


def paid(customer: Member, adviser: Member, *, at: Any) -> AdviserRelation | None:
    return note_paid_order(
        customer_id=customer.pk,
        adviser_id=adviser.pk,
        reason="touch",
        touch_id=None,
        policy_version=1,
        placed_at=at,
        at=at,
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_logins_at_once_bind_once(_round: int) -> None:
    customer = a_member()
    for _ in range(3):
        a_touch(a_shopkeeper(), customer)
    bound = at_once(lambda number: bind_on_login(member=customer, at=later(seconds=1)), 8)
    assert len([relation for relation in bound if relation is not None]) == 1
    assert AdviserRelation.objects.filter(customer=customer).count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_orders_of_two_shopkeepers_paid_at_once_bind_one(_round: int) -> None:
    customer, advisers = a_member(), [a_shopkeeper(), a_shopkeeper()]
    at_once(lambda number: paid(customer, advisers[number % 2], at=later(seconds=1)), 8)
    relation = AdviserRelation.objects.get(customer=customer)
    assert relation.adviser in advisers
    assert relation.until == later(days=180, seconds=1)


@pytest.mark.parametrize("_round", ROUNDS)
def test_paying_while_the_adviser_is_changed(_round: int) -> None:
    customer, adviser, other = a_member(), a_shopkeeper(), a_shopkeeper()
    a_touch(adviser, customer)
    bind_on_login(member=customer, at=AT)
    order = a_placed_order(member=customer, at=later(hours=1))

    def act(number: int) -> Any:
        if number == 0:
            return pay(order, at=later(hours=1, minutes=1))
        return change_adviser(member=customer, code=other.referral_code, at=later(hours=1, minutes=1))

    at_once(act, 2)
    relation = relation_of(customer_id=customer.pk, at=later(hours=2))
    assert relation is not None
    assert relation.adviser == other
    kept = Order.objects.get(pk=order.pk)
    assert (kept.adviser, kept.adviser_reason, kept.state) == (adviser, "relation", "paid")


@pytest.mark.parametrize("_round", ROUNDS)
def test_changing_and_leaving_at_once_leave_one_or_none(_round: int) -> None:
    customer, adviser = a_member(), a_shopkeeper()
    others = [a_shopkeeper() for _ in range(3)]
    a_touch(adviser, customer)
    bind_on_login(member=customer, at=AT)

    def act(number: int) -> Any:
        if number % 2:
            return leave_adviser(member=customer, at=later(hours=1))
        return change_adviser(member=customer, code=others[number // 2].referral_code, at=later(hours=1))

    at_once(act, 6, refusals=(AdviserRefused,))
    assert AdviserRelation.objects.filter(customer=customer, ended_at=None).count() <= 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_order_paid_while_its_relation_lapses_keeps_the_adviser(_round: int) -> None:
    customer, adviser = a_member(), a_shopkeeper()
    a_touch(adviser, customer)
    bind_on_login(member=customer, at=AT)
    at = later(days=90)
    before = order_attribution(member=customer, at=at - timedelta(seconds=1))
    assert before.adviser_id == adviser.pk

    def act(number: int) -> Any:
        if number:
            return end_lapsed_relations(at=at)
        return note_paid_order(
            customer_id=customer.pk,
            adviser_id=before.adviser_id,
            reason=before.reason,
            touch_id=before.touch_id,
            policy_version=1,
            placed_at=at - timedelta(seconds=1),
            at=at,
        )

    at_once(act, 2)
    relation = relation_of(customer_id=customer.pk, at=later(days=91))
    assert relation is not None
    assert (relation.adviser, relation.until) == (adviser, later(days=270))


@pytest.mark.parametrize("_round", ROUNDS)
def test_two_operators_decide_once(_round: int) -> None:
    shop = apply_as_shopkeeper(member=a_member(), statement="", agreed=True, at=AT)
    operators = [person("审", staff=True) for _ in range(6)]

    def act(number: int) -> Any:
        if number % 2:
            return refuse_shopkeeper(shopkeeper=shop, reason="不合适", by=operators[number], at=AT)
        return approve_shopkeeper(shopkeeper=shop, by=operators[number], at=AT)

    decided = at_once(act, 6, refusals=(ShopkeeperRefused,))
    assert len([result for result in decided if isinstance(result, Shopkeeper)]) == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_applications_at_once_are_one(_round: int) -> None:
    member = a_member()
    at_once(lambda number: apply_as_shopkeeper(member=member, statement="", agreed=True, at=AT), 6)
    assert Shopkeeper.objects.filter(member=member).count() == 1
