"""What members keep, look at and wait for, and what goes together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from mall.core import events
from suppliers.commands import (
    TooManyFavourites,
    add_favourite,
    adjust_stock,
    ask_arrival,
    consume_stock,
    forget_views,
    interest,
    note_view,
    prune_views,
    receive_stock,
    refresh_viewed_pairs,
    release_stock,
    remove_favourite,
    replace_bought_pairs,
    reserve_stock,
    return_stock,
    stop_waiting,
)
from suppliers.events import StockArrived
from suppliers.models import ArrivalNotice, Favourite, Product, ProductPair, ProductView, Sku
from suppliers.queries import (
    because_you_looked,
    favourite_ids,
    favourites,
    new_goods,
    recommended,
    related,
    viewed,
    waits_for,
)
from tests.factories import AT, a_gift_pack, a_member, a_sku, gift_pack_terms, later
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

Counted = Callable[[int], Any]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[StockArrived]:
    """What is published of stock that arrives."""
    found: list[StockArrived] = []
    listeners = {**events._subscriptions(), StockArrived: (found.append,)}
    monkeypatch.setattr(events, "_subscriptions", lambda: listeners)
    return found


def test_a_product_is_kept_once_with_the_price_it_had() -> None:
    member, sku = a_member(), a_sku(price_fen=6_800)
    add_favourite(member=member, product=sku.product, at=AT)
    Sku.objects.filter(pk=sku.pk).update(sale_price_fen=5_800)
    with nothing_changes():
        add_favourite(member=member, product=sku.product, at=later(days=1))
    (kept,) = favourites(member=member, at=AT)
    assert (kept.card.product, kept.added_at, kept.is_for_sale, kept.change_fen) == (sku.product, AT, True, -1_000)
    assert favourite_ids(member=member, product_ids=[sku.product_id, 0]) == {sku.product_id}
    remove_favourite(member=member, product=sku.product)
    with nothing_changes():
        remove_favourite(member=member, product=sku.product)
    assert favourites(member=member, at=AT) == []


def test_what_is_off_the_shelf_stays_kept_and_is_not_for_sale() -> None:
    member, sku, pack = a_member(), a_sku(), a_gift_pack()
    add_favourite(member=member, product=sku.product, at=AT)
    add_favourite(member=member, product=pack.product, at=later(hours=1))
    Product.objects.filter(pk=sku.product_id).update(is_published=False)
    assert [(kept.is_for_sale, kept.change_fen) for kept in favourites(member=member, at=AT)] == [
        (False, None),
        (False, 0),
    ]
    gift_pack_terms()
    assert favourites(member=member, limit=1, at=AT)[0].is_for_sale


def test_nobody_keeps_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    member = a_member()
    monkeypatch.setattr(interest, "FAVOURITES_MAX", 1)
    add_favourite(member=member, product=a_sku().product, at=AT)
    product = a_sku().product
    with nothing_changes(), pytest.raises(TooManyFavourites):
        add_favourite(member=member, product=product, at=AT)


def test_a_product_is_seen_once_a_day() -> None:
    member, one, other = a_member(), a_sku().product, a_sku().product
    for hours in (0, 1, 2):
        note_view(member=member, product=one, at=later(hours=hours))
    note_view(member=member, product=one, at=later(days=1))
    note_view(member=member, product=other, at=later(hours=3))
    note_view(member=member, product=one, at=AT)
    assert ProductView.objects.count() == 3
    assert [(seen.card.product, seen.at) for seen in viewed(member=member, at=AT)] == [
        (one, later(days=1)),
        (other, later(hours=3)),
    ]
    assert [seen.card.product for seen in viewed(member=member, start=1, limit=1, at=AT)] == [other]
    assert viewed(member=a_member(), at=AT) == []


def test_a_visitor_is_known_by_a_hash_alone_and_nobody_sees_without_being_somebody() -> None:
    product = a_sku().product
    note_view(visitor_hash="a" * 64, product=product, at=AT)
    note_view(visitor_hash="a" * 64, product=product, at=later(hours=1))
    assert ProductView.objects.get().member_id is None
    with nothing_changes(), pytest.raises(ValueError, match="of a member or of a visitor"):
        note_view(product=product, at=AT)


def test_views_are_forgotten_when_asked_and_after_ninety_days() -> None:
    member, one, other = a_member(), a_sku().product, a_sku().product
    note_view(member=member, product=one, at=AT - timedelta(days=91))
    note_view(member=member, product=one, at=AT - timedelta(days=90))
    note_view(member=member, product=other, at=AT)
    assert prune_views(at=AT) == 1
    assert ProductView.objects.count() == 2
    forget_views(member=member, product=one)
    assert ProductView.objects.get().product == other
    note_view(member=a_member(), product=one, at=AT)
    forget_views(member=member)
    assert ProductView.objects.get().product == one


def waiting_for(sku: Sku) -> Any:
    member = a_member()
    ask_arrival(member=member, sku=sku, at=AT)
    return member


def test_who_waits_hears_once_that_stock_is_back(heard: list[StockArrived]) -> None:
    sku = a_sku(on_hand=0)
    one, other, gone = waiting_for(sku), waiting_for(sku), waiting_for(sku)
    with nothing_changes():
        ask_arrival(member=one, sku=sku, at=later(hours=1))
    stop_waiting(member=gone, sku=sku)
    assert waits_for(member=one, sku=sku)
    receive_stock(sku=sku, quantity=3, at=later(days=1))
    (event,) = heard
    assert (event.sku_id, event.member_ids) == (sku.pk, (one.pk, other.pk))
    assert (event.product_slug, event.spec, event.arrived_at) == (sku.product.slug, sku.spec, later(days=1))
    assert not waits_for(member=one, sku=sku)
    receive_stock(sku=sku, quantity=3, at=later(days=2))
    assert len(heard) == 1
    ask_arrival(member=one, sku=sku, at=later(days=3))
    assert ArrivalNotice.objects.filter(member=one).count() == 2


def test_stock_is_back_by_every_way_it_comes(heard: list[StockArrived]) -> None:
    for come in (
        lambda sku: release_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT),
        lambda sku: adjust_stock(sku=sku, on_hand_delta=1, reason="盘点", by=None, at=AT),
        lambda sku: return_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT),
    ):
        sku = a_sku(on_hand=1)
        reserve_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT)
        waiting_for(sku)
        before = len(heard)
        come(sku)
        assert len(heard) == before + 1


def test_nobody_is_told_of_what_cannot_be_had(heard: list[StockArrived]) -> None:
    sku = a_sku(on_hand=1)
    reserve_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT)
    member = waiting_for(sku)
    consume_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT)
    Sku.objects.filter(pk=sku.pk).update(is_active=False)
    receive_stock(sku=sku, quantity=1, at=AT)
    assert heard == []
    assert waits_for(member=member, sku=sku)


def test_what_goes_with_a_product_is_bought_with_it_then_seen_then_near_it() -> None:
    first = a_sku()
    supplier = first.product.supplier
    bought, seen, near, far = a_sku(), a_sku(), a_sku(supplier=supplier), a_sku()
    sold_out, hidden = a_sku(on_hand=0, supplier=supplier), a_sku(is_published=False, supplier=supplier)
    for number in range(3):
        member = a_member()
        note_view(member=member, product=first.product, at=AT)
        note_view(member=member, product=seen.product, at=AT)
        if number:
            note_view(visitor_hash=f"{number}" * 64, product=first.product, at=AT)
    refresh_viewed_pairs(at=AT)
    replace_bought_pairs(
        pairs=[
            (first.product_id, bought.product_id, 2),
            (bought.product_id, first.product_id, 2),
            (first.product_id, first.product_id, 9),
            (first.product_id, 0, 9),
        ]
    )
    assert ProductPair.objects.count() == 4
    found = [card.product for card in related(product=first.product, limit=9, at=AT)]
    assert found[:3] == [bought.product, seen.product, near.product]
    assert far.product in found
    assert not {first.product, sold_out.product, hidden.product} & set(found)
    refresh_viewed_pairs(at=AT)
    replace_bought_pairs(pairs=[])
    assert ProductPair.objects.count() == 2


def test_because_somebody_looked_names_what_was_looked_at_last() -> None:
    member, one, other = a_member(), a_sku().product, a_sku().product
    assert because_you_looked(member=member, limit=4, at=AT) is None
    assert because_you_looked(limit=4, at=AT) is None
    note_view(member=member, product=one, at=AT)
    note_view(member=member, product=other, at=later(minutes=1))
    found = because_you_looked(member=member, limit=4, at=AT)
    assert found is not None
    assert (found.product, [card.product for card in found.cards]) == (other, [one])
    found = because_you_looked(member=member, limit=4, at=AT, without=[other.pk])
    assert found is not None
    assert found.product == one
    note_view(visitor_hash="b" * 64, product=one, at=AT)
    found = because_you_looked(visitor_hash="b" * 64, limit=4, at=AT)
    assert found is not None
    assert found.product == one


def test_what_is_recommended_to_everybody_sells_and_can_be_had() -> None:
    one, other, pack = a_sku(), a_sku(), a_gift_pack()
    a_sku(on_hand=0)
    gift_pack_terms()
    Product.objects.filter(pk=other.product_id).update(sales_count=5)
    assert [card.product for card in recommended(limit=9, at=AT)] == [other.product, one.product]
    assert [card.product for card in new_goods(limit=9, at=AT)] == [other.product, one.product]
    assert recommended(limit=9, at=AT, without=[one.product_id, other.product_id]) == []
    assert pack.product not in [card.product for card in related(product=one.product, limit=9, at=AT)]


def test_interest_is_read_in_a_fixed_number_of_queries(django_assert_num_queries: Counted) -> None:
    member = a_member()
    skus = [a_sku() for _ in range(4)]
    for sku in skus:
        add_favourite(member=member, product=sku.product, at=AT)
        note_view(member=member, product=sku.product, at=AT)
    with django_assert_num_queries(3):
        favourites(member=member, at=AT)
    with django_assert_num_queries(3):
        viewed(member=member, at=AT)
    with django_assert_num_queries(3):
        related(product=skus[0].product, limit=6, at=AT)
    with django_assert_num_queries(4):
        because_you_looked(member=member, limit=6, at=AT)


def test_what_goes_together_is_looked_for_by_index_however_many_goods_there_are() -> None:
    sku = Sku.objects.select_related("product").get(pk=a_sku().pk)
    like = {field.attname: getattr(sku.product, field.attname) for field in Product._meta.concrete_fields}
    goods = [Product(**{**like, "id": None, "slug": f"like-{n}", "position": n}) for n in range(4_000)]
    Product.objects.bulk_create(goods)
    like = {field.attname: getattr(sku, field.attname) for field in Sku._meta.concrete_fields}
    Sku.objects.bulk_create([Sku(**{**like, "id": None, "code": f"L{one.pk}", "product_id": one.pk}) for one in goods])
    plans: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = execute(sql, params, many, context)
        if sql.startswith("EXECUTE"):
            with connection.connection.cursor() as plain:
                plain.execute("EXPLAIN " + sql, params)
                plans.append("\n".join(line for (line,) in plain.fetchall()))
        return found

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE suppliers_product, suppliers_sku")
    with connection.execute_wrapper(explain):
        assert len(related(product=sku.product, limit=6, at=AT)) == 6
    assert plans
    for plan in plans:
        assert "Seq Scan on suppliers_product " not in plan
        assert "Seq Scan on suppliers_sku " not in plan


def test_a_kept_product_and_a_view_are_rows_of_one_member() -> None:
    product = a_sku().product
    one, other = a_member(), a_member()
    for member in (one, other):
        add_favourite(member=member, product=product, at=AT)
    remove_favourite(member=one, product=product)
    assert Favourite.objects.get().member == other
