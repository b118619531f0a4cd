"""Real threads and commits against one order in after-sale. Each was seen failing without its guard."""

from typing import Any

import pytest
from django.db.models import Sum

from ledger.queries import findings
from mall.core.rights import SERVICE
from orders.commands import OrderRefused, approve_refund, ask_refund, ship_order
from orders.commands.after_sale import agree_case, cancel_case
from orders.commands.refunding import send_refund
from orders.models import AfterSale, CaseState, OrderLine, Payment, Refund, RefundRequest
from suppliers.models import Sku
from suppliers.queries import miscounted_skus
from tests.concurrency.threads import at_once
from tests.factories import AT, a_seat, fresh
from tests.operators import operator
from tests.orders.after_sale import a_case, an_order, call_off, line_of, shipped

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(3)


def refused(results: list[Any]) -> int:
    return sum(isinstance(result, OrderRefused) for result in results)


@pytest.mark.parametrize("_round", ROUNDS)
def test_thirty_two_refunds_at_once_never_give_back_more_than_was_paid(_round: int) -> None:
    order = an_order(10, price_fen=999)

    results = at_once(lambda _number: call_off(order, 1), 32, refusals=(OrderRefused,))

    assert refused(results) == 22
    payment = Payment.objects.get()
    given_back = Refund.objects.aggregate(sum=Sum("amount_fen"))["sum"]
    assert given_back == payment.refunded_fen == payment.amount_fen == fresh(order).refunded_fen == 9_990
    assert fresh(order).state == "refunded"
    assert Sku.objects.values_list("on_hand", "reserved").get() == (50, 0)
    assert not miscounted_skus().exists()
    assert list(findings()) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_parcel_and_a_refund_never_take_the_same_piece(_round: int) -> None:
    order = an_order(4)
    line = line_of(order)

    def act(number: int) -> Any:
        if number % 2:
            return call_off(order, 1)
        waybill = {"carrier": "顺丰速运", "tracking_number": f"SF{number:06d}"}
        return ship_order(order=order, by=None, at=AT, items={line.pk: 1}, **waybill)

    at_once(act, 16, refusals=(OrderRefused,))

    line = OrderLine.objects.get(pk=line.pk)
    assert line.shipped_quantity + line.called_off_quantity == 4
    assert line.refunded_quantity == line.called_off_quantity
    on_hand, reserved = Sku.objects.values_list("on_hand", "reserved").get()
    assert (on_hand, reserved) == (50 - line.shipped_quantity, 0)
    assert not miscounted_skus().exists()
    assert list(findings()) == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_agreement_and_a_cancellation_are_one_of_both(_round: int) -> None:
    order = shipped(an_order(1))
    case, seat = a_case(order, kind="refund_only"), a_seat(order.supplier)

    def act(number: int) -> Any:
        if number % 2:
            return cancel_case(case=case, member=order.member, at=AT)
        return agree_case(case=case, by=seat, at=AT)

    results = at_once(act, 8, refusals=(OrderRefused,))

    assert refused(results) == 7
    state = AfterSale.objects.get().state
    assert Refund.objects.count() == (state == CaseState.REFUNDING)


@pytest.mark.parametrize("_round", ROUNDS)
def test_sixteen_cases_at_once_are_about_no_more_pieces_than_there_are(_round: int) -> None:
    order = shipped(an_order(3))
    results = at_once(lambda _number: a_case(order), 16, refusals=(OrderRefused,))
    assert refused(results) == 13
    assert AfterSale.objects.count() == 3


@pytest.mark.parametrize("_round", ROUNDS)
def test_money_that_arrives_eight_times_is_booked_once(_round: int) -> None:
    order = an_order(2)
    call_off(order, 1)
    refund = Refund.objects.get()
    Payment.objects.update(provider="import")
    at_once(lambda _number: send_refund(number=refund.number, at=AT), 8)
    assert Refund.objects.get().state == "succeeded"
    assert AfterSale.objects.get().state == CaseState.DONE
    assert list(findings()) == []


def test_a_whole_refund_that_many_ask_for_and_many_confirm_at_once_is_one() -> None:
    order = an_order(2)
    people = [operator(f"同事{number}", SERVICE) for number in range(8)]
    total_fen = order.total_fen

    asked = at_once(
        lambda number: ask_refund(order=order, reason="协商", seen_fen=total_fen, by=people[number], at=AT),
        8,
        refusals=(OrderRefused,),
    )
    assert refused(asked) == 7
    request = RefundRequest.objects.get()
    confirmed = at_once(
        lambda number: approve_refund(request=request, by=people[number], at=AT), 8, refusals=(OrderRefused,)
    )

    assert refused(confirmed) == 7
    assert Refund.objects.get().amount_fen == total_fen
    done = RefundRequest.objects.get()
    assert done.decided_by_id != done.asked_by_id
    assert list(findings()) == []
