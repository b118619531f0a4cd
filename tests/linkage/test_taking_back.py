"""When a reward was taken back stands beside it, however it came to it."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linkage.models import Reward
from tests.linkage.stories import Mall, three_generations

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("settled_between", [True, False], ids=["later", "in the same batch"])
def test_a_reward_that_is_taken_back_keeps_when_its_order_was_refunded(settled_between: bool) -> None:
    mall = Mall()
    three_generations(mall)
    mall.join("cat", "ann")
    mall.buy("cat", "o-cat")
    if settled_between:
        mall.settle()
    mall.pass_time(hours=5)
    mall.refund("o-cat")
    refunded_at = mall.at
    mall.settle()

    taken_back = Reward.objects.filter(order__order__number="o-cat").select_related("order")
    assert taken_back
    for reward in taken_back:
        assert reward.reversed
        assert reward.reversed_at == reward.order.refunded_at == refunded_at
    others = Reward.objects.exclude(order__order__number="o-cat")
    assert set(others.values_list("reversed", "reversed_at")) == {(False, None)}
    mall.prove()


@pytest.mark.django_db(transaction=True)
def test_what_was_taken_back_before_gets_its_time_from_its_order() -> None:
    mall = Mall()
    three_generations(mall)
    mall.refund("o-ann")
    mall.settle()
    known = list(Reward.objects.order_by("pk").values_list("pk", "reversed_at"))
    assert {at is None for _pk, at in known} == {True, False}

    MigrationExecutor(connection).migrate([("linkage", "0004_titles_by_day")])
    MigrationExecutor(connection).migrate([("linkage", "0005_reversed_at")])

    assert list(Reward.objects.order_by("pk").values_list("pk", "reversed_at")) == known
