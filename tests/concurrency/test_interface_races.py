"""Real threads and commits at the suppliers' interface: the same request at once is done once, a count is set once."""

from typing import Any

import pytest

from integration.models import ApiAnswer
from orders.models import Parcel
from suppliers.models import Sku
from suppliers.queries import miscounted_skus
from tests.concurrency.threads import at_once
from tests.factories import a_paid_order, a_sku
from tests.integration.callers import Caller

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_request_that_is_sent_again_before_it_is_answered_ships_once() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    order = a_paid_order(sku=sku, quantity=8)
    body = {
        "carrier": "顺丰速运",
        "tracking_number": "SF1234567890",
        "items": [{"code": sku.code, "quantity": 2}],
    }

    def act(_number: int) -> Any:
        return caller.post(f"orders/{order.number}/parcels", body, once="the-very-same-request")

    answers = at_once(act, 4)
    assert [answer.status_code for answer in answers] == [201] * 4
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert sorted("Idempotent-Replayed" in answer.headers for answer in answers) == [False, True, True, True]
    assert Parcel.objects.filter(order=order).count() == 1
    assert ApiAnswer.objects.count() == 1
    assert Sku.objects.get(pk=sku.pk).on_hand == 48


def test_of_many_who_expect_the_same_count_one_sets_it() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier, on_hand=50)

    def act(number: int) -> Any:
        return caller.post(f"stock/{sku.code}", {"set": 60 + number, "expected": 50, "reason": "盘点"})

    answers = at_once(act, 6)
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * 5]
    kept = next(answer.json()["on_hand"] for answer in answers if answer.status_code == 200)
    assert {answer.json()["on_hand"] for answer in answers} == {kept}
    assert Sku.objects.get(pk=sku.pk).on_hand == kept
    assert not miscounted_skus().exists()
