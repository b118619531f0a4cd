"""Real threads that accept one quote, ask once, and quote what is being accepted."""

from typing import Any

import pytest

from orders.commands import OrderRefused, cancel_purchase
from orders.commands.enterprise import EnterpriseRefused, accept_quote, ask_suppliers
from orders.models import EnterpriseRequest, Order, OrderLine, Purchase
from suppliers.models import Sku
from suppliers.queries import miscounted_skus
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member, a_sku
from tests.orders.enterprise import ASKING, address_of, asked, fresh, quoted

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(4)


def accept(request: EnterpriseRequest, key: str) -> Purchase:
    return accept_quote(
        member=request.member,
        number=request.number,
        address=address_of(request.member),
        note="",
        idempotency_key=key,
        at=AT,
    )


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_quote_accepted_in_two_windows_is_one_purchase(_round: int) -> None:
    sku = a_sku(on_hand=500)
    request = quoted(asked(sku), 6_000)
    results = at_once(lambda number: accept(request, f"k{number}"), 2, refusals=(OrderRefused,))
    assert sum(isinstance(result, Purchase) for result in results) == 1
    assert sum(isinstance(result, OrderRefused) for result in results) == 1
    assert Order.objects.filter(quote_number=request.number).count() == 1
    assert Sku.objects.get(pk=sku.pk).reserved == 100
    assert not miscounted_skus().exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_acceptance_sent_eight_times_is_one_purchase(_round: int) -> None:
    request = quoted(asked(a_sku(on_hand=500)), 6_000)
    results = at_once(lambda number: accept(request, "same"), 8)
    assert len({purchase.pk for purchase in results}) == 1
    assert Purchase.objects.count() == 1


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_page_sent_eight_times_asks_once(_round: int) -> None:
    member, skus = a_member(), (a_sku(), a_sku())
    items = [(sku.pk, 5) for sku in skus]
    results = at_once(
        lambda number: ask_suppliers(member=member, asking=ASKING, items=items, idempotency_key="k", at=AT), 8
    )
    assert len({tuple(request.pk for request in found) for found in results}) == 1
    assert EnterpriseRequest.objects.count() == 2


@pytest.mark.parametrize("_round", ROUNDS)
def test_what_is_accepted_costs_what_one_quote_said_while_another_one_comes(_round: int) -> None:
    request = quoted(asked(a_sku(on_hand=500)), 6_000)

    def act(number: int) -> Any:
        return accept(request, "k") if number else quoted(request, 5_500)

    at_once(act, 2, refusals=(OrderRefused, EnterpriseRefused))
    line = OrderLine.objects.get(order__quote_number=request.number)
    assert line.unit_price_fen == request.lines.get().unit_price_fen
    assert fresh(request).state == "accepted"


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_purchase_that_is_cancelled_while_another_is_wanted_leaves_one_order_or_none(_round: int) -> None:
    sku = a_sku(on_hand=500)
    request = quoted(asked(sku), 6_000)
    first = accept(request, "first")

    def act(number: int) -> Any:
        return accept(request, "second") if number else cancel_purchase(purchase=first, reason="", at=AT)

    at_once(act, 2, refusals=(OrderRefused,))
    standing = Order.objects.filter(quote_number=request.number).exclude(state="cancelled").count()
    assert standing == (1 if fresh(request).state == "accepted" else 0)
    assert Sku.objects.get(pk=sku.pk).reserved == 100 * standing
    assert not miscounted_skus().exists()
