"""Quotes of enterprises are accepted: once, in time, at the prices of the row, as ordinary orders."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ledger.queries import findings
from orders.commands import OrderRefused, Refusal, cancel_purchase, expire_purchases, place_purchase
from orders.commands.enterprise import (
    expire_requests,
)
from orders.models import Order, RequestState
from orders.queries import Agreed, quote
from orders.queries.enterprise import order_at
from service.models import Message
from suppliers.models import Product, Sku
from suppliers.queries import miscounted_skus
from tests.factories import (
    AT,
    a_gift_pack,
    a_member,
    a_placed_order,
    a_sku,
    an_address,
    gift_pack_terms,
    later,
    pay,
)
from tests.orders.goods import a_sku_of
from tests.snapshots import nothing_changes

from .enterprise import TODAY, accepted, address_of, asked, fresh, quoted

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Sku:
    """68 yuan, list price 78, 40 of them the supplier's; 500 pieces."""
    return a_sku(on_hand=500)


def test_accepting_places_an_ordinary_order_at_the_quoted_prices_beyond_the_limits_of_persons(tea: Sku) -> None:
    Product.objects.filter(pk=tea.product_id).update(limit_per_order=2, limit_per_member=2)
    second = a_sku_of(tea.product)
    Sku.objects.filter(pk=second.pk).update(list_price_fen=2_500)
    request = quoted(asked(tea, second, quantity=50), 6_000, 2_100)
    purchase = accepted(request)
    order = purchase.orders.get()
    lines = order.lines.order_by("pk").values_list("sku", "unit_price_fen", "quantity", "amount_fen", "paid_fen")
    assert list(lines) == [(tea.pk, 6_000, 50, 300_000, 300_000), (second.pk, 2_100, 50, 105_000, 105_000)]
    assert (order.quote_number, order.goods_fen, order.supply_total_fen) == (request.number, 405_000, 250_000)
    assert (fresh(request).state, order_at(number=request.number)) == ("accepted", order)
    assert Sku.objects.get(pk=tea.pk).reserved == 50
    pay(order)
    assert not miscounted_skus().exists()
    assert list(findings()) == []


def test_a_quote_is_used_once_and_the_same_key_finds_its_purchase(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    purchase = accepted(request)
    with nothing_changes():
        assert accepted(request) == purchase
        with pytest.raises(OrderRefused) as refused:
            accepted(request, key="k3")
    assert refused.value.reason == Refusal.QUOTE_USED


def test_the_database_itself_lets_no_second_order_stand_at_one_quote(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    accepted(request)
    agreed = Agreed(number=request.number, prices={tea.pk: 6_000})
    address = address_of(request.member)
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        place_purchase(
            member=request.member,
            items=[(tea.pk, 100)],
            address=address,
            notes="",
            idempotency_key="around the row",
            at=AT,
            agreed=agreed,
        )
    assert refused.value.reason == Refusal.QUOTE_USED


def test_a_cancelled_purchase_leaves_the_quote_to_another_one_until_its_last_day(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    cancel_purchase(purchase=accepted(request), reason="买家取消", at=AT)
    assert fresh(request).state == RequestState.QUOTED
    again = accepted(request, key="k3")
    expire_purchases(at=later(minutes=31))
    assert fresh(request).state == RequestState.QUOTED
    assert Order.objects.filter(quote_number=request.number, state="cancelled").count() == 2
    third = accepted(request, key="k4", at=later(days=9))
    assert third != again
    cancel_purchase(purchase=third, reason="买家取消", at=later(days=11))
    assert fresh(request).state == RequestState.EXPIRED


def test_an_ordinary_cancellation_touches_no_request(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    accepted(request)
    cancel_purchase(purchase=a_placed_order().purchase, reason="", at=AT)
    assert fresh(request).state == RequestState.ACCEPTED


def test_a_quote_past_its_last_day_is_refused_before_any_sweep_comes_by(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000, valid_date=TODAY)
    # The first of November in Shanghai ends at 16:00 UTC.
    late, last = later(hours=12), later(hours=11, minutes=59, seconds=59)
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        accepted(request, at=late)
    assert refused.value.reason == Refusal.QUOTE_OVER
    assert accepted(request, at=last)


def test_the_sweep_ends_quotes_past_their_day_and_what_nobody_answered(tea: Sku) -> None:
    over, kept, late = quoted(asked(tea), 6_000, valid_date=TODAY), quoted(asked(tea), 6_000), asked(tea)
    taken = quoted(asked(tea), 6_000, valid_date=TODAY)
    accepted(taken)
    assert expire_requests(at=later(hours=11)) == 0
    assert expire_requests(at=later(hours=12)) == 1
    states = [fresh(request).state for request in (over, kept, late, taken)]
    assert states == ["expired", "quoted", "asked", "accepted"]
    assert expire_requests(at=later(days=21)) == 2
    assert expire_requests(at=later(days=21)) == 0
    assert Message.objects.filter(wording="enterprise_expired").count() == 3


def test_more_than_lies_in_stock_cannot_be_accepted(tea: Sku) -> None:
    request = quoted(asked(tea, quantity=501), 6_000)
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        accepted(request)
    assert refused.value.reason == Refusal.OUT_OF_STOCK
    assert fresh(request).state == RequestState.QUOTED


@pytest.mark.parametrize("column", ["supply_price_fen", "commission_bps"])
def test_a_quote_that_no_longer_covers_its_cost_is_refused(tea: Sku, column: str) -> None:
    request = quoted(asked(tea), 4_100)
    if column == "supply_price_fen":
        Sku.objects.filter(pk=tea.pk).update(supply_price_fen=4_101)
    else:
        Product.objects.filter(pk=tea.product_id).update(commission_bps=300)
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        accepted(request)
    assert refused.value.reason == Refusal.QUOTE_TOO_LOW


def test_goods_off_the_shelf_cannot_be_accepted(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    Product.objects.filter(pk=tea.product_id).update(is_published=False)
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        accepted(request)
    assert refused.value.reason == Refusal.NOT_ON_SHELF


def test_a_page_that_showed_other_prices_is_refused(tea: Sku) -> None:
    request = quoted(asked(tea), 6_000)
    seen = quote(items=[(tea.pk, 100)], at=AT, agreed=Agreed(request.number, {tea.pk: 6_000})).fingerprint
    quoted(fresh(request), 5_900, at=later(minutes=1))
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        accepted(request, seen=seen)
    assert refused.value.reason == Refusal.PRICE_CHANGED
    seen = quote(items=[(tea.pk, 100)], at=AT, agreed=Agreed(request.number, {tea.pk: 5_900})).fingerprint
    assert accepted(request, seen=seen).total_fen == 590_000


def test_agreed_prices_are_for_just_the_goods_that_were_quoted(tea: Sku) -> None:
    agreed = Agreed("QG1", {tea.pk: 6_000})
    for items in ([(a_sku().pk, 1)], [(tea.pk, 1), (a_sku().pk, 1)]):
        with pytest.raises(OrderRefused) as refused:
            quote(items=items, at=AT, agreed=agreed)
        assert refused.value.reason == Refusal.QUOTE_OTHER_GOODS
    gift_pack_terms()
    pack = a_gift_pack()
    with pytest.raises(OrderRefused) as refused:
        quote(items=[(pack.pk, 1)], at=AT, agreed=Agreed("QG1", {pack.pk: 1}))
    assert refused.value.reason == Refusal.NOT_FOR_SALE
    with pytest.raises(OrderRefused) as refused:
        quote(items=[(tea.pk, 100)], at=AT)
    assert refused.value.reason == Refusal.BAD_QUANTITY


def test_the_hash_of_the_request_knows_the_quote(tea: Sku) -> None:
    """The same goods under the same key are another purchase at agreed prices."""
    request = quoted(asked(tea, quantity=5), 6_000)
    address = address_of(request.member)
    accepted(request)
    with nothing_changes(), pytest.raises(OrderRefused) as refused:
        place_purchase(
            member=request.member, items=[(tea.pk, 5)], address=address, notes="", idempotency_key="k2", at=AT
        )
    assert refused.value.reason == Refusal.KEY_REUSED


def test_an_ordinary_purchase_asks_nothing_about_quotes(tea: Sku) -> None:
    member = a_member()
    an_address(member)
    with CaptureQueriesContext(connection) as found:
        cancel_purchase(purchase=a_placed_order(member=member, sku=tea).purchase, reason="", at=AT)
    assert len(found) > 10
    assert not [one["sql"] for one in found.captured_queries if "orders_enterprise" in one["sql"]]
