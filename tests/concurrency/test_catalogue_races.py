"""Real threads and commits against one SKU that people wait for, one word, one product's documents."""

from typing import Any

import pytest

from mall.core import events
from suppliers.commands import add_favourite, ask_arrival, index_product, note_view, receive_stock, refresh_product
from suppliers.events import StockArrived
from suppliers.models import Favourite, Product, ProductView, SearchDocument
from tests.concurrency.threads import at_once
from tests.factories import AT, a_member, a_sku

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_waits_hears_once_however_often_stock_arrives_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen failing without the condition that a notice still waits, which the arrival marks in one statement."""
    heard: list[StockArrived] = []
    listeners = {**events._subscriptions(), StockArrived: (heard.append,)}
    monkeypatch.setattr(events, "_subscriptions", lambda: listeners)
    sku = a_sku(on_hand=0)
    members = [a_member() for _ in range(5)]
    for member in members:
        ask_arrival(member=member, sku=sku, at=AT)
    at_once(lambda _number: receive_stock(sku=sku, quantity=1, at=AT), 6)
    told = sorted(member_id for event in heard for member_id in event.member_ids)
    assert told == sorted(member.pk for member in members)
    sku.refresh_from_db()
    assert sku.on_hand == 6


def test_the_same_favourite_and_view_at_once_are_one_row() -> None:
    member, product = a_member(), a_sku().product

    def keep(_number: int) -> None:
        add_favourite(member=member, product=product, at=AT)
        note_view(member=member, product=product, at=AT)

    at_once(keep, 6)
    assert (Favourite.objects.count(), ProductView.objects.count()) == (1, 1)


def test_products_with_the_same_words_are_written_at_once_without_waiting_for_each_other_for_ever() -> None:
    products: list[Any] = [a_sku().product for _ in range(6)]
    for number, product in enumerate(products):
        words = ["岩茶", "乌龙", "送礼", "红茶", "绿茶", "花茶"]
        Product.objects.filter(pk=product.pk).update(keywords=" ".join(words[number:] + words[:number]))

    def write(number: int) -> None:
        for product in (products[number], products[-number - 1]):
            refresh_product(product_id=product.pk)
            index_product(product=Product.objects.get(pk=product.pk))

    at_once(write, 6)
    assert SearchDocument.objects.count() == 6
