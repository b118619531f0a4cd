"""V-3 and V-5: stock at a glance, purchases from the suggestion to the shelf, and nothing of another supplier."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mall.core import clock
from mall.core.ids import SHANGHAI
from members.models import Member
from suppliers.commands import (
    RestockRefused,
    cancel_restock,
    order_restock,
    receive_restock,
    release_stock,
    reserve_stock,
    set_stock_plan,
)
from suppliers.models import Restock, RestockState, Sku, StockMovement, Supplier
from suppliers.queries import daily_demand, miscounted_skus, stock_lines, stock_out_bps
from tests.factories import AT, a_seat, a_sku, a_supplier, later
from tests.operators import as_
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db
PAGES = "supplier:suppliers_sku"
TODAY = AT.astimezone(SHANGHAI).date()


@pytest.fixture
def supplier() -> Supplier:
    return a_supplier()


@pytest.fixture
def keeper(supplier: Supplier) -> Member:
    return a_seat(supplier)


@pytest.fixture
def sku(supplier: Supplier) -> Sku:
    return a_sku(supplier=supplier, on_hand=200)


@pytest.fixture
def desk(keeper: Member) -> Client:
    return as_(keeper)


def sold(sku: Sku, pieces: int, *, days: int, at: Any = AT) -> None:
    """So many pieces were ordered on each of the last days."""
    for day in range(1, days + 1):
        reserve_stock(items=[(sku.pk, pieces)], reference=f"HJ{sku.pk}-{day}", at=at - timedelta(days=day))


def ordered(supplier: Supplier, by: Member, sku: Sku, quantity: int, *, days: int = 5) -> Restock:
    return order_restock(
        supplier=supplier, items={sku.pk: quantity}, expected_date=TODAY + timedelta(days=days), by=by, at=AT
    )


def test_demand_is_what_was_reserved_and_not_given_back(sku: Sku) -> None:
    reserve_stock(items=[(sku.pk, 5)], reference="A", at=later(days=-1))
    reserve_stock(items=[(sku.pk, 2)], reference="B", at=later(days=-1))
    release_stock(items=[(sku.pk, 2)], reference="B", at=later(days=-1))
    reserve_stock(items=[(sku.pk, 9)], reference="C", at=AT)
    assert daily_demand(sku_ids=[sku.pk], today=TODAY)[sku.pk][-2:] == [0, 5]


def test_a_sku_says_how_long_it_lasts_and_what_to_buy(supplier: Supplier, sku: Sku) -> None:
    sold(sku, 2, days=56)
    set_stock_plan(sku=sku, safety=100, lead_days=9, cover_days=21, case_size=12)
    (line,) = stock_lines(supplier=supplier, at=AT)
    assert (line.available, line.forecast.per_day_milli, line.cover_tenths) == (88, 2_000, 440)
    assert line.stock_out == TODAY + timedelta(days=44)
    assert line.status == "below_safety"
    assert (line.suggestion.wanted, line.suggestion.missing, line.suggestion.quantity) == (60, 72, 72)


def test_what_runs_out_stands_first_and_what_comes_in_time_bridges(supplier: Supplier, keeper: Member) -> None:
    calm, soon = a_sku(supplier=supplier, on_hand=60), a_sku(supplier=supplier, on_hand=20)
    sold(calm, 1, days=50)
    sold(soon, 1, days=14)
    states = {line.sku: line.status for line in stock_lines(supplier=supplier, at=AT)}
    assert states[soon] in ("normal", "slow")
    reserve_stock(items=[(soon.pk, 5)], reference="big", at=later(days=-2))
    states = {line.sku: line.status for line in stock_lines(supplier=supplier, at=AT)}
    assert states[soon] == "out_soon"
    ordered(supplier, keeper, soon, 50, days=1)
    states = {line.sku: line.status for line in stock_lines(supplier=supplier, at=AT)}
    assert states[soon] == "bridged"


def test_a_purchase_is_inbound_until_it_is_received_piece_by_piece(
    supplier: Supplier, keeper: Member, sku: Sku
) -> None:
    restock = ordered(supplier, keeper, sku, 30)
    (line,) = stock_lines(supplier=supplier, at=AT)
    assert (line.inbound, line.arrives) == (30, TODAY + timedelta(days=5))
    part = restock.lines.get()
    receive_restock(restock=restock, items={part.pk: 10}, by=keeper, at=AT)
    (line,) = stock_lines(supplier=supplier, at=AT)
    assert (line.sku.on_hand, line.inbound) == (210, 20)
    receive_restock(restock=restock, items={part.pk: 20}, by=keeper, at=AT)
    assert Restock.objects.get().state == RestockState.RECEIVED
    assert Sku.objects.get(pk=sku.pk).on_hand == 230
    assert not miscounted_skus().exists()
    movement = StockMovement.objects.latest("pk")
    assert (movement.kind, movement.by, movement.reason) == ("received", keeper, "采购到货")


@pytest.mark.parametrize("pieces", [0, 31, -1])
def test_no_more_comes_in_than_is_under_way(supplier: Supplier, keeper: Member, sku: Sku, pieces: int) -> None:
    restock = ordered(supplier, keeper, sku, 30)
    line, foreign = restock.lines.get(), ordered(supplier, keeper, a_sku(supplier=supplier), 5).lines.get()
    with nothing_changes():
        for items in ({line.pk: pieces}, {foreign.pk: 1}, {}):
            with pytest.raises(RestockRefused):
                receive_restock(restock=restock, items=items, by=keeper, at=AT)


def test_a_purchase_that_is_over_stays_so(supplier: Supplier, keeper: Member, sku: Sku) -> None:
    restock = ordered(supplier, keeper, sku, 30)
    cancel_restock(restock=restock, at=AT)
    with nothing_changes():
        with pytest.raises(RestockRefused):
            cancel_restock(restock=restock, at=AT)
        with pytest.raises(RestockRefused):
            receive_restock(restock=restock, items={restock.lines.get().pk: 1}, by=keeper, at=AT)
    (line,) = stock_lines(supplier=supplier, at=AT)
    assert line.inbound == 0


def test_nobody_orders_another_suppliers_goods(supplier: Supplier, keeper: Member, sku: Sku, foreign: Sku) -> None:
    with nothing_changes():
        for items in ({foreign.pk: 1}, {sku.pk: 0}, {sku.pk: 9_999_999}, {}):
            with pytest.raises(RestockRefused):
                order_restock(supplier=supplier, items=items, expected_date=TODAY, by=keeper, at=AT)


@pytest.fixture(autouse=True)
def foreign(db: None) -> Sku:
    return a_sku(supplier=a_supplier("别家"))


def test_the_share_of_days_without_stock_is_counted_backwards(supplier: Supplier) -> None:
    sku = a_sku(supplier=supplier, on_hand=2)
    reserve_stock(items=[(sku.pk, 2)], reference="X", at=later(days=2))
    found = stock_out_bps(supplier=supplier, since=TODAY, until=TODAY + timedelta(days=4), at=later(days=3))
    assert found == 5_000
    assert stock_out_bps(supplier=a_supplier(), since=TODAY, until=TODAY, at=AT) is None


def test_from_the_board_to_the_shelf(desk: Client, supplier: Supplier, sku: Sku) -> None:
    sold(sku, 6, days=30, at=clock.now())
    page = desk.get(reverse(f"{PAGES}_board")).content.decode()
    assert sku.product.name in page
    assert "为什么建议" in page
    assert "别家" not in page
    plan = {"safety": "10", "lead_days": "9", "cover_days": "21", "case_size": "12"}
    assert desk.post(reverse(f"{PAGES}_plan", args=[sku.pk]), plan).status_code == 302
    day = (clock.now().astimezone(SHANGHAI).date() + timedelta(days=9)).isoformat()
    given = {"expected_date": day, "note": "", f"sku_{sku.pk}": "120"}
    assert desk.post(f"{reverse(f'{PAGES}_restock')}?sku={sku.pk}", given).status_code == 302
    restock = Restock.objects.get()
    assert restock.number in desk.get(reverse("supplier:suppliers_restock_changelist")).content.decode()
    came = {f"line_{restock.lines.get().pk}": "120"}
    assert desk.post(reverse(f"{PAGES}_receive", args=[restock.number]), came).status_code == 302
    assert Sku.objects.get(pk=sku.pk).on_hand == 320


@pytest.mark.parametrize(
    "given",
    [
        {"expected_date": "2020-01-01"},
        {"expected_date": "2999-01-01"},
        {"expected_date": "x"},
        {"pieces": "-1"},
        {"pieces": "1.5"},
        {"pieces": ""},
    ],
)
def test_an_odd_purchase_is_refused(desk: Client, sku: Sku, given: dict[str, str]) -> None:
    day = (clock.now().astimezone(SHANGHAI).date() + timedelta(days=9)).isoformat()
    form = {"expected_date": day, "pieces": "5", "note": ""} | given
    form[f"sku_{sku.pk}"] = form.pop("pieces")
    with nothing_changes():
        assert desk.post(f"{reverse(f'{PAGES}_restock')}?sku={sku.pk}", form).status_code == 200


def test_nothing_of_another_supplier_is_opened(desk: Client, foreign: Sku) -> None:
    other = foreign.product.supplier
    by, day = a_seat(other), date(2027, 1, 1)
    restock = order_restock(supplier=other, items={foreign.pk: 3}, expected_date=day, by=by, at=AT)
    with nothing_changes():
        for name, arg in (("plan", foreign.pk), ("receive", restock.number), ("call_off", restock.number)):
            address = reverse(f"{PAGES}_{name}", args=[arg])
            assert desk.get(address).status_code == 404
            assert desk.post(address, {"safety": "1"}).status_code == 404
    assert restock.number not in desk.get(reverse("supplier:suppliers_restock_changelist")).content.decode()


def test_the_board_asks_a_fixed_number_of_queries(
    desk: Client, supplier: Supplier, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        a_sku(supplier=supplier)
    with django_assert_max_num_queries(20):
        desk.get(reverse(f"{PAGES}_board"))
