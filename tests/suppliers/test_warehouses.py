"""V-3: places of a supplier. What a SKU has stays one number that orders reserve; places say where it lies."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import Member
from suppliers.commands import (
    OutOfStock,
    WarehouseRefused,
    adjust_stock,
    consume_stock,
    default_warehouse,
    move_stock,
    on_hand_at,
    open_warehouse,
    receive_stock,
    reserve_stock,
)
from suppliers.models import Sku, StockMovement, Supplier, Warehouse, WarehouseStock
from suppliers.queries import miscounted_skus, overfull_skus
from tests.factories import AT, a_seat, a_sku, a_supplier
from tests.operators import as_
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db
PAGES = "supplier:suppliers_sku"


@pytest.fixture
def supplier() -> Supplier:
    return a_supplier()


@pytest.fixture
def sku(supplier: Supplier) -> Sku:
    return a_sku(supplier=supplier, on_hand=50)


@pytest.fixture
def keeper(supplier: Supplier) -> Member:
    return a_seat(supplier)


@pytest.fixture
def desk(keeper: Member) -> Client:
    return as_(keeper)


@pytest.fixture
def main(supplier: Supplier) -> Warehouse:
    return default_warehouse(supplier=supplier)


@pytest.fixture
def second(supplier: Supplier) -> Warehouse:
    return open_warehouse(supplier=supplier, name="二号仓")


def places(sku: Sku, *warehouses: Warehouse) -> list[int]:
    fresh = Sku.objects.get(pk=sku.pk)
    return [on_hand_at(sku=fresh, warehouse=warehouse) for warehouse in warehouses]


def moved(sku: Sku, source: Warehouse, target: Warehouse, quantity: int, by: Member) -> None:
    move_stock(sku=sku, source=source, target=target, quantity=quantity, reason="分仓", by=by, at=AT)


def test_everything_lies_in_the_default_place_until_it_is_moved(
    sku: Sku, main: Warehouse, second: Warehouse, keeper: Member
) -> None:
    assert places(sku, main, second) == [50, 0]
    moved(sku, main, second, 20, keeper)
    assert places(sku, main, second) == [30, 20]
    assert Sku.objects.get(pk=sku.pk).on_hand == 50
    assert not miscounted_skus().exists()
    latest = StockMovement.objects.order_by("-pk")[:2]
    assert [(row.kind, row.warehouse, row.on_hand_delta, row.by) for row in latest] == [
        ("moved", second, 20, keeper),
        ("moved", main, -20, keeper),
    ]
    moved(sku, second, main, 20, keeper)
    assert places(sku, main, second) == [50, 0]


@pytest.mark.parametrize("quantity", [0, -1, 51])
def test_no_more_is_moved_than_lies_there(
    sku: Sku, main: Warehouse, second: Warehouse, keeper: Member, quantity: int
) -> None:
    with nothing_changes():
        with pytest.raises(WarehouseRefused):
            moved(sku, main, second, quantity, keeper)
        with pytest.raises(WarehouseRefused):
            moved(sku, second, main, 1, keeper)
        with pytest.raises(WarehouseRefused):
            moved(sku, main, main, 1, keeper)


def test_nothing_is_moved_to_anothers_place(sku: Sku, main: Warehouse, keeper: Member) -> None:
    foreign = open_warehouse(supplier=a_supplier(), name="别家仓")
    with nothing_changes(), pytest.raises(WarehouseRefused):
        moved(sku, main, foreign, 1, keeper)


def test_shipping_takes_from_the_default_place_first_and_then_from_others(
    sku: Sku, supplier: Supplier, main: Warehouse, second: Warehouse, keeper: Member
) -> None:
    third = open_warehouse(supplier=supplier, name="三号仓")
    moved(sku, main, second, 20, keeper)
    moved(sku, main, third, 20, keeper)
    for number, (pieces, left) in enumerate(((8, [2, 20, 20]), (12, [0, 10, 20]), (25, [0, 0, 5]), (5, [0, 0, 0]))):
        reserve_stock(items=[(sku.pk, pieces)], reference=f"HJ{number}", at=AT)
        consume_stock(items=[(sku.pk, pieces)], reference=f"HJ{number}", at=AT)
        assert places(sku, main, second, third) == left
    assert not overfull_skus().exists()


def test_goods_come_into_a_place_and_a_correction_hits_it(
    sku: Sku, main: Warehouse, second: Warehouse, keeper: Member
) -> None:
    receive_stock(sku=sku, quantity=7, at=AT, by=keeper, reason="到货", warehouse=second)
    assert places(sku, main, second) == [50, 7]
    adjust_stock(sku=sku, on_hand_delta=-3, reason="盘点", by=keeper, at=AT, warehouse=second)
    assert places(sku, main, second) == [50, 4]
    adjust_stock(sku=sku, on_hand_delta=-4, reason="盘点", by=keeper, at=AT)
    assert places(sku, main, second) == [46, 4]
    with nothing_changes(), pytest.raises(OutOfStock):
        adjust_stock(sku=sku, on_hand_delta=-5, reason="盘点", by=keeper, at=AT, warehouse=second)
    assert not miscounted_skus().exists()


def test_the_same_arrival_again_puts_nothing_in_a_place_twice(sku: Sku, second: Warehouse, keeper: Member) -> None:
    for _ in range(2):
        receive_stock(sku=sku, quantity=7, at=AT, by=keeper, reference="CG1", warehouse=second)
    assert places(sku, second) == [7]


@pytest.mark.parametrize("name", ["", " ", "二号仓", "默认仓", "长" * 21])
def test_an_odd_name_is_refused(supplier: Supplier, second: Warehouse, name: str) -> None:
    with nothing_changes(), pytest.raises(WarehouseRefused):
        open_warehouse(supplier=supplier, name=name)


def test_places_are_kept_on_their_pages(desk: Client, supplier: Supplier, sku: Sku) -> None:
    assert "默认仓" in desk.get(reverse(f"{PAGES}_warehouses")).content.decode()
    assert desk.post(reverse(f"{PAGES}_open_warehouse"), {"name": "二号仓"}).status_code == 302
    main, second = Warehouse.objects.order_by("pk")
    form: dict[str, Any] = {"source": main.pk, "target": second.pk, "quantity": 12, "reason": "分仓"}
    assert desk.post(reverse(f"{PAGES}_move", args=[sku.pk]), form).status_code == 302
    assert places(sku, main, second) == [38, 12]
    assert WarehouseStock.objects.get().on_hand == 12
    stock = {"kind": "received", "quantity": "3", "reason": "到货", "warehouse": second.pk}
    assert desk.post(reverse(f"{PAGES}_stock", args=[sku.pk]), stock).status_code == 302
    assert places(sku, main, second) == [38, 15]
    page = desk.get(reverse(f"{PAGES}_board"), {"warehouse": second.pk}).content.decode()
    assert "二号仓" in page


def test_another_suppliers_sku_and_place_are_out_of_reach(desk: Client, sku: Sku, second: Warehouse) -> None:
    other = a_supplier()
    foreign, place = a_sku(supplier=other), open_warehouse(supplier=other, name="别家仓")
    with nothing_changes():
        assert desk.post(reverse(f"{PAGES}_move", args=[foreign.pk]), {"quantity": 1}).status_code == 404
        form = {"source": second.pk, "target": place.pk, "quantity": 1, "reason": "x"}
        assert desk.post(reverse(f"{PAGES}_move", args=[sku.pk]), form).status_code == 200
        stock = {"kind": "received", "quantity": "3", "reason": "到货", "warehouse": place.pk}
        assert desk.post(reverse(f"{PAGES}_stock", args=[sku.pk]), stock).status_code == 200
    assert "别家仓" not in desk.get(reverse(f"{PAGES}_warehouses")).content.decode()
