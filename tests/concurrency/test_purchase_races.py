"""Real threads that buy at several suppliers, within limits, and fill one cart; they broke without locks."""

from typing import Any

import pytest

from members.models import Address, Member
from orders.commands import OrderRefused, Refusal, add_to_cart, cancel_purchase, merge_carts, place_purchase
from orders.models import CartItem, Order, Purchase
from orders.rules import UNPAID_MAX
from orders.rules.cart import CartOwner
from suppliers.models import Product, Sku, StockMovement
from suppliers.queries import miscounted_skus
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member, a_sku, an_address

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = range(5)


def place(member: Member, address: Address, items: list[tuple[int, int]], key: str) -> Purchase:
    return place_purchase(member=member, items=items, address=address, notes="", idempotency_key=key, at=AT)


def stock(sku: Sku) -> tuple[int, int]:
    return Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk)


def test_two_hundred_buyers_of_fifty_units_at_two_suppliers_get_exactly_fifty() -> None:
    first, second = a_sku(on_hand=50), a_sku(on_hand=50)
    buyers = [a_member() for _ in range(200)]
    addresses = [an_address(buyer) for buyer in buyers]

    def buy(number: int) -> list[Any]:
        results: list[Any] = []
        for index in range(number, 200, 20):
            items = [(first.pk, 1), (second.pk, 1)]
            try:
                results.append(place(buyers[index], addresses[index], items if index % 2 else items[::-1], "k"))
            except OrderRefused as refusal:
                results.append(refusal)
        return results

    results = [result for thread in at_once(buy, 20) for result in thread]

    assert sum(isinstance(result, Purchase) for result in results) == 50
    assert {refusal.reason for refusal in results if isinstance(refusal, OrderRefused)} == {Refusal.OUT_OF_STOCK}
    assert (Purchase.objects.count(), Order.objects.count()) == (50, 100)
    assert StockMovement.objects.filter(kind="reserved").count() == 100
    assert (stock(first), stock(second)) == ((50, 50), (50, 50))
    assert not miscounted_skus().exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_one_checkout_sent_from_eight_tabs_is_one_purchase(_round: int) -> None:
    member, first, second = a_member(), a_sku(), a_sku()
    address = an_address(member)

    placed = at_once(lambda number: place(member, address, [(first.pk, 2), (second.pk, 1)], "k"), 8)

    assert len({purchase.pk for purchase in placed}) == 1
    assert (Purchase.objects.count(), Order.objects.count()) == (1, 2)
    assert (stock(first), stock(second)) == ((50, 2), (50, 1))


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_limit_for_each_member_holds_in_eight_tabs(_round: int) -> None:
    member, sku = a_member(), a_sku()
    Product.objects.filter(pk=sku.product_id).update(limit_per_member=3)
    address = an_address(member)

    results = at_once(lambda number: place(member, address, [(sku.pk, 1)], f"k{number}"), 8, refusals=(OrderRefused,))

    assert sum(isinstance(result, Purchase) for result in results) == 3
    assert stock(sku) == (50, 3)


@pytest.mark.parametrize("_round", ROUNDS)
def test_nobody_hoards_stock_from_many_tabs(_round: int) -> None:
    member, sku = a_member(), a_sku()
    address = an_address(member)
    for number in range(UNPAID_MAX - 2):
        place(member, address, [(sku.pk, 1)], f"before {number}")

    at_once(lambda number: place(member, address, [(sku.pk, 1)], f"k{number}"), 8, refusals=(OrderRefused,))

    assert Purchase.objects.count() == UNPAID_MAX


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_purchase_cancelled_eight_times_gives_its_stock_back_once(_round: int) -> None:
    member, first, second = a_member(), a_sku(), a_sku()
    purchase = place(member, an_address(member), [(first.pk, 2), (second.pk, 1)], "k")

    at_once(lambda number: cancel_purchase(purchase=purchase, reason="", at=AT), 8)

    assert (stock(first), stock(second)) == ((50, 0), (50, 0))
    assert StockMovement.objects.filter(kind="released").count() == 2
    assert not miscounted_skus().exists()


@pytest.mark.parametrize("_round", ROUNDS)
def test_eight_taps_on_one_product_add_up(_round: int) -> None:
    owner, sku = CartOwner(a_member().pk), a_sku()
    at_once(lambda number: add_to_cart(owner=owner, sku_id=sku.pk, quantity=1, at=AT), 8)
    assert CartItem.objects.get().quantity == 8


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_guests_cart_merged_eight_times_is_merged_once(_round: int) -> None:
    member, sku = a_member(), a_sku()
    add_to_cart(owner=CartOwner(None, "g" * 64), sku_id=sku.pk, quantity=2, at=AT)
    add_to_cart(owner=CartOwner(member.pk), sku_id=sku.pk, quantity=1, at=AT)
    at_once(lambda number: merge_carts(guest_hash="g" * 64, member=member, at=AT), 8)
    assert CartItem.objects.get().quantity == 3
