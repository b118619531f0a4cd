import pytest

from suppliers import queries
from suppliers.commands import (
    OutOfStock,
    StockConflict,
    adjust_stock,
    consume_stock,
    receive_stock,
    release_stock,
    reserve_stock,
    return_stock,
)
from suppliers.models import MovementKind, Sku, StockMovement
from tests.factories import AT, a_gift_pack, a_member, a_sku, gift_pack_terms, later
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


def stock(sku: Sku) -> tuple[int, int]:
    return Sku.objects.values_list("on_hand", "reserved").get(pk=sku.pk)


def test_stock_is_reserved_then_consumed_and_counts_as_sold() -> None:
    sku = a_sku(on_hand=5)
    reserve_stock(items=[(sku.pk, 3)], reference="HJ1", at=AT)
    assert stock(sku) == (5, 3)
    consume_stock(items=[(sku.pk, 3)], reference="HJ1", at=AT)
    assert stock(sku) == (2, 0)
    sku.product.refresh_from_db()
    assert sku.product.sales_count == 3


def test_released_stock_can_be_reserved_again() -> None:
    sku = a_sku(on_hand=3)
    reserve_stock(items=[(sku.pk, 3)], reference="HJ1", at=AT)
    release_stock(items=[(sku.pk, 3)], reference="HJ1", at=AT)
    reserve_stock(items=[(sku.pk, 3)], reference="HJ2", at=AT)
    assert stock(sku) == (3, 3)


@pytest.mark.parametrize("move", [reserve_stock, release_stock, consume_stock, return_stock])
def test_a_movement_of_one_order_happens_once(move) -> None:
    sku = a_sku(on_hand=9)
    if move in (release_stock, consume_stock):
        reserve_stock(items=[(sku.pk, 8)], reference="HJ1", at=AT)
    move(items=[(sku.pk, 2)], reference="HJ1", at=AT)
    with nothing_changes():
        move(items=[(sku.pk, 2)], reference="HJ1", at=AT)


def test_more_than_there_is_cannot_be_reserved() -> None:
    plenty, short = a_sku(on_hand=9), a_sku(on_hand=2)
    with nothing_changes(), pytest.raises(OutOfStock) as shortage:
        reserve_stock(items=[(plenty.pk, 1), (short.pk, 3)], reference="HJ1", at=AT)
    assert (shortage.value.sku_id, shortage.value.available) == (short.pk, 2)


def test_lines_of_one_sku_add_up() -> None:
    sku = a_sku(on_hand=3)
    with nothing_changes(), pytest.raises(OutOfStock):
        reserve_stock(items=[(sku.pk, 2), (sku.pk, 2)], reference="HJ1", at=AT)


@pytest.mark.parametrize("move", [release_stock, consume_stock])
def test_what_nobody_reserved_is_not_taken_out(move) -> None:
    sku = a_sku(on_hand=5)
    with nothing_changes(), pytest.raises(StockConflict):
        move(items=[(sku.pk, 1)], reference="HJ1", at=AT)


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_is_positive(quantity: int) -> None:
    sku = a_sku()
    with nothing_changes(), pytest.raises(ValueError, match="positive"):
        reserve_stock(items=[(sku.pk, quantity)], reference="HJ1", at=AT)


def test_an_adjustment_has_a_reason_and_leaves_what_is_reserved() -> None:
    sku, by = a_sku(on_hand=5), a_member()
    reserve_stock(items=[(sku.pk, 4)], reference="HJ1", at=AT)
    with nothing_changes():
        with pytest.raises(OutOfStock):
            adjust_stock(sku=sku, on_hand_delta=-2, reason="盘亏", by=by, at=AT)
        with pytest.raises(ValueError, match="reason"):
            adjust_stock(sku=sku, on_hand_delta=-1, reason=" ", by=by, at=AT)
    adjust_stock(sku=sku, on_hand_delta=-1, reason="盘亏", by=by, at=AT)
    assert stock(sku) == (4, 4)
    movement = StockMovement.objects.get(kind=MovementKind.ADJUSTED)
    assert (movement.on_hand_delta, movement.reason, movement.by) == (-1, "盘亏", by)


def test_stock_is_the_sum_of_its_movements() -> None:
    sku, by = a_sku(on_hand=5), a_member()
    receive_stock(sku=sku, quantity=7, at=AT)
    reserve_stock(items=[(sku.pk, 4)], reference="HJ1", at=AT)
    consume_stock(items=[(sku.pk, 4)], reference="HJ1", at=AT)
    return_stock(items=[(sku.pk, 1)], reference="HJ1", at=AT)
    adjust_stock(sku=sku, on_hand_delta=-2, reason="损耗", by=by, at=AT)
    assert stock(sku) == (7, 0)
    assert not queries.miscounted_skus().exists()
    Sku.objects.filter(pk=sku.pk).update(on_hand=8)
    assert queries.miscounted_skus().get() == sku


def test_a_gift_pack_costs_what_the_terms_in_force_say() -> None:
    sku = a_gift_pack()
    assert queries.offer_of(sku_id=sku.pk, at=AT).price_fen is None
    gift_pack_terms(price_fen=49_900, starts_at=AT)
    gift_pack_terms(price_fen=59_900, starts_at=later(days=10))
    gift_pack_terms(price_fen=None, starts_at=later(days=20))
    prices = [queries.offer_of(sku_id=sku.pk, at=later(days=days)).price_fen for days in (-1, 0, 9, 10, 20)]
    assert prices == [None, 49_900, 49_900, 59_900, None]


def test_of_two_terms_that_start_together_the_later_row_counts() -> None:
    gift_pack_terms(price_fen=49_900, starts_at=AT)
    gift_pack_terms(price_fen=39_900, starts_at=AT)
    assert queries.gift_pack_terms(at=AT).price_fen == 39_900


@pytest.mark.parametrize(("supply_price_fen", "price_fen"), [(20_900, 49_900), (20_901, None)])
def test_a_gift_pack_that_its_price_does_not_cover_is_not_for_sale(
    supply_price_fen: int, price_fen: int | None
) -> None:
    sku = a_gift_pack(supply_price_fen=supply_price_fen)
    gift_pack_terms(price_fen=49_900, worst_case_fen=29_000)
    assert queries.offer_of(sku_id=sku.pk, at=AT).price_fen == price_fen


def test_the_shelf_shows_published_products_of_active_suppliers(django_assert_num_queries) -> None:
    shown, hidden = a_sku(), a_sku(is_published=False)
    paused = a_sku()
    paused.product.supplier.is_active = False
    paused.product.supplier.save()
    for _ in range(3):
        a_sku()
    with django_assert_num_queries(2):
        cards = queries.shelf(at=AT)
    products = [card.product for card in cards]
    assert shown.product in products
    assert hidden.product not in products
    assert paused.product not in products
    assert queries.offer_of(sku_id=paused.pk, at=AT) is None
