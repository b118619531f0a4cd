"""V-4: shipping many by a table. Every row is looked at first, every parcel is whole, nothing is shipped twice."""

import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mall.core import clock
from mall.core.workbook import read_table
from members.models import Member
from orders.commands import (
    OrderRefused,
    check_shipping,
    place_order,
    refund_order,
    reveal_recipients,
    ship_order,
    ship_sheet,
)
from orders.commands.batch_shipping import HEAD
from orders.models import Order, OrderState, Parcel, RecipientReveal, RevealWay
from orders.queries import fulfilment
from suppliers.commands import BAD, DONE, GOOD, SKIPPED, keep_sheet, rows_of
from suppliers.models import Product, Sheet, Sku, Supplier
from tests.factories import (
    AT,
    a_member,
    a_paid_order,
    a_seat,
    a_shipped_order,
    a_sku,
    a_supplier,
    an_address,
    fresh,
    later,
    pay,
)
from tests.operators import as_, operator
from tests.orders.sheets import a_workbook
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

SF = "顺丰速运"
ORDER_PAGES = "supplier:orders_order"


@pytest.fixture
def supplier() -> Supplier:
    return a_supplier()


@pytest.fixture
def packer(supplier: Supplier) -> Member:
    return a_seat(supplier)


@pytest.fixture
def desk(packer: Member) -> Client:
    return as_(packer)


def code(order: Order, place: int = 0) -> str:
    return list(order.lines.order_by("pk"))[place].sku.code


def two_lines(supplier: Supplier, quantity: int = 2) -> Order:
    """A paid order of two SKUs."""
    buyer = a_member()
    skus = [a_sku(supplier=supplier) for _ in range(2)]
    items = [(sku.pk, quantity) for sku in skus]
    order = place_order(
        member=buyer, items=items, address=an_address(buyer), note="", idempotency_key=f"k{skus[0].pk}", at=AT
    )
    pay(order)
    return fresh(order)


def kept(supplier: Supplier, by: Member, *rows: Any) -> Sheet:
    found = read_table(a_workbook(*rows), head=HEAD)
    return keep_sheet(supplier=supplier, kind="shipping", name="发货.xlsx", rows=found, by=by, at=AT)


def statuses(report: Any) -> list[tuple[int, str]]:
    return [(row.number, row.status) for row in report]


def test_good_rows_are_shipped_and_bad_ones_named(supplier: Supplier, packer: Member) -> None:
    orders = [a_paid_order(sku=a_sku(supplier=supplier), quantity=2) for _ in range(2)]
    foreign = a_paid_order()
    sheet = kept(
        supplier,
        packer,
        (orders[0].number, code(orders[0]), 2, SF, "SF1000001"),
        (orders[1].number, "", "", "中通快递", 78000001234),
        (foreign.number, code(foreign), 1, SF, "SF1000002"),
        (orders[0].number, "", "", "", ""),
        ("HJ0000", "", "", SF, "SF1000003"),
    )
    with nothing_changes():
        report = check_shipping(supplier=supplier, rows=rows_of(sheet))
    assert statuses(report) == [(2, GOOD), (3, GOOD), (4, BAD), (5, SKIPPED), (6, BAD)]
    assert "没有这个订单号" in report[2].text

    report = ship_sheet(sheet=sheet, by=packer, at=AT)
    assert statuses(report) == [(2, DONE), (3, DONE), (4, BAD), (5, SKIPPED), (6, BAD)]
    assert [fresh(order).state for order in (*orders, foreign)] == [OrderState.SHIPPED] * 2 + [OrderState.PAID]
    assert set(Parcel.objects.values_list("carrier", "tracking_number", "shipped_by")) == {
        (SF, "SF1000001", packer.pk),
        ("中通快递", "78000001234", packer.pk),
    }
    assert Sku.objects.get(code=code(orders[0])).on_hand == 48


def test_the_same_file_again_ships_nothing_twice(supplier: Supplier, packer: Member) -> None:
    order = two_lines(supplier)
    rows = [(order.number, code(order, 0), 1, SF, "SF2000001"), (order.number, code(order, 1), 2, SF, "SF2000002")]
    ship_sheet(sheet=kept(supplier, packer, *rows), by=packer, at=AT)
    assert Parcel.objects.filter(order=order).count() == 2
    again = kept(supplier, packer, *rows)
    with nothing_changes(without=("suppliers_sheet",)):
        report = ship_sheet(sheet=again, by=packer, at=later(hours=1))
    assert statuses(report) == [(2, DONE), (3, DONE)]
    assert "没有重复发货" in report[0].text


def test_one_order_goes_in_several_parcels_and_stays_paid_to_the_last(supplier: Supplier, packer: Member) -> None:
    order = two_lines(supplier)
    first, second = code(order, 0), code(order, 1)
    sheet = kept(
        supplier,
        packer,
        (order.number, first, 1, SF, "SF3000001"),
        (order.number, second, 1, SF, "SF3000001"),
        (order.number, first, 1, SF, "SF3000002"),
    )
    ship_sheet(sheet=sheet, by=packer, at=AT)
    assert fresh(order).state == OrderState.PAID
    assert [sorted(p.lines.values_list("quantity", flat=True)) for p in order.parcels.order_by("pk")] == [[1, 1], [1]]
    ship_sheet(sheet=kept(supplier, packer, (order.number, "", "", SF, "SF3000003")), by=packer, at=AT)
    assert fresh(order).state == OrderState.SHIPPED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"quantity": 3}, "待发只有 2 件"),
        ({"quantity": 0}, "大于 0"),
        ({"quantity": -1}, "大于 0"),
        ({"quantity": 1.5}, "大于 0"),
        ({"quantity": "两"}, "大于 0"),
        ({"quantity": "٣"}, "大于 0"),
        ({"quantity": "=1+1"}, "公式"),
        ({"number": "=1+1"}, "公式"),
        ({"code": "SKU-NONE"}, "没有这个商品编码"),
        ({"carrier": "飞鸽"}, "快递公司应为"),
        ({"carrier": ""}, "快递公司应为"),
        ({"waybill": "短"}, "6 到 40 位"),
        ({"waybill": "<b>123456"}, "6 到 40 位"),
        ({"waybill": "1" * 600}, "6 到 40 位"),
        ({"code": "", "quantity": 1}, "也填商品编码"),
    ],
)
def test_an_odd_row_is_named_and_ships_nothing(
    supplier: Supplier, packer: Member, given: dict[str, Any], said: str
) -> None:
    order = a_paid_order(sku=a_sku(supplier=supplier), quantity=2)
    row = {"number": order.number, "code": code(order), "quantity": 1, "carrier": SF, "waybill": "SF4000001"} | given
    sheet = kept(supplier, packer, tuple(row.values()))
    with nothing_changes(without=("suppliers_sheet",)):
        (report,) = ship_sheet(sheet=sheet, by=packer, at=AT)
    assert report.status == BAD
    assert said in report.text


def test_a_parcel_with_one_bad_row_is_not_shipped_at_all(supplier: Supplier, packer: Member) -> None:
    order = two_lines(supplier)
    sheet = kept(
        supplier,
        packer,
        (order.number, code(order, 0), 1, SF, "SF5000001"),
        (order.number, code(order, 1), 9, SF, "SF5000001"),
    )
    with nothing_changes(without=("suppliers_sheet",)):
        report = ship_sheet(sheet=sheet, by=packer, at=AT)
    assert [row.status for row in report] == [BAD, BAD]
    assert "第 3 行" in report[0].text


def test_rows_together_ask_for_no_more_than_is_left(supplier: Supplier, packer: Member) -> None:
    order = a_paid_order(sku=a_sku(supplier=supplier), quantity=3)
    rows = [(order.number, code(order), 2, SF, f"SF600000{n}") for n in range(2)]
    report = ship_sheet(sheet=kept(supplier, packer, *rows), by=packer, at=AT)
    assert [row.status for row in report] == [DONE, BAD]
    assert order.lines.get().shipped_quantity == 2


def test_a_waybill_that_was_dragged_down_is_refused(supplier: Supplier, packer: Member) -> None:
    orders = [a_paid_order(sku=a_sku(supplier=supplier)) for _ in range(2)]
    Order.objects.filter(pk=orders[1].pk).update(recipient_address="四川省成都市武侯区 别处 1 号")
    rows = [(order.number, "", "", SF, "SF7000001") for order in orders]
    with nothing_changes(without=("suppliers_sheet",)):
        report = ship_sheet(sheet=kept(supplier, packer, *rows), by=packer, at=AT)
    assert [row.status for row in report] == [BAD, BAD]
    assert orders[1].number in report[0].text


def test_two_orders_to_one_door_may_share_a_box(supplier: Supplier, packer: Member) -> None:
    orders = [a_paid_order(sku=a_sku(supplier=supplier)) for _ in range(2)]
    rows = [(order.number, "", "", SF, "SF7100001") for order in orders]
    report = ship_sheet(sheet=kept(supplier, packer, *rows), by=packer, at=AT)
    assert [row.status for row in report] == [DONE, DONE]


def test_what_was_refunded_between_looking_and_confirming_is_not_shipped(supplier: Supplier, packer: Member) -> None:
    orders = [a_paid_order(sku=a_sku(supplier=supplier)) for _ in range(2)]
    sheet = kept(supplier, packer, *[(order.number, "", "", SF, f"SF800000{n}") for n, order in enumerate(orders)])
    refund_order(order=orders[0], reason="", at=AT)
    report = ship_sheet(sheet=sheet, by=packer, at=AT)
    assert [row.status for row in report] == [BAD, DONE]
    assert [fresh(order).state for order in orders] == [OrderState.REFUNDED, OrderState.SHIPPED]


def test_a_file_is_uploaded_looked_at_and_confirmed(desk: Client, supplier: Supplier) -> None:
    order = a_paid_order(sku=a_sku(supplier=supplier), at=clock.now())
    assert "批量发货" in desk.get(reverse(f"{ORDER_PAGES}_batch")).content.decode()
    file = a_workbook((order.number, "", "", SF, "SF9000001"), ("错的", "", "", SF, "SF9000002"))
    answer = desk.post(reverse(f"{ORDER_PAGES}_batch"), {"file": file})
    assert answer.status_code == 302
    assert fresh(order).state == OrderState.PAID
    page = desk.get(answer["Location"]).content.decode()
    assert "将发出 1 件" in page
    assert "没有这个订单号" in page
    for _ in range(2):
        assert desk.post(answer["Location"]).status_code == 302
    assert Parcel.objects.filter(order=order).count() == 1
    assert fresh(order).state == OrderState.SHIPPED
    assert "已执行" in desk.get(reverse(f"{ORDER_PAGES}_batch")).content.decode()


def test_an_odd_file_is_refused_on_the_page(desk: Client) -> None:
    with nothing_changes():
        answer = desk.post(reverse(f"{ORDER_PAGES}_batch"), {"file": a_workbook(head=("随便",))})
        assert "缺少这些列" in answer.content.decode()
        assert "请选择文件" in desk.post(reverse(f"{ORDER_PAGES}_batch")).content.decode()


def test_no_page_opens_anothers_file(desk: Client) -> None:
    other = a_supplier()
    by = a_seat(other)
    order = a_paid_order(sku=a_sku(supplier=other))
    sheet = kept(other, by, (order.number, "", "", SF, "SF9100001"))
    address = reverse(f"{ORDER_PAGES}_sheet", args=[sheet.pk])
    with nothing_changes():
        assert desk.get(address).status_code == 404
        assert desk.post(address).status_code == 404


def test_the_table_is_masked_without_a_reason_and_every_look_is_written_down(
    desk: Client, supplier: Supplier, packer: Member
) -> None:
    orders = [a_paid_order(sku=a_sku(supplier=supplier), at=clock.now()) for _ in range(2)]
    a_paid_order()
    masked = _cells(desk.post(reverse(f"{ORDER_PAGES}_table"), {"reason": ""}))
    assert {row[0] for row in masked[1:]} == {order.number for order in orders}
    assert "138****1111" in masked[1]
    assert not any("13800001111" in str(row) or "龙井路" in str(row) for row in masked)
    assert not RecipientReveal.objects.exists()

    opened = _cells(desk.post(reverse(f"{ORDER_PAGES}_table"), {"reason": "打单发货"}))
    assert "13800001111" in opened[1]
    assert set(RecipientReveal.objects.values_list("order", "seen_by", "way", "reason")) == {
        (order.pk, packer.pk, "sheet", "打单发货") for order in orders
    }
    # What was downloaded is what can be uploaded.
    filled = [list(row) for row in opened[1:]]
    for n, row in enumerate(filled):
        row[6:8] = [SF, f"SF920000{n}"]
    answer = desk.post(reverse(f"{ORDER_PAGES}_batch"), {"file": a_workbook(*filled, head=opened[0])})
    desk.post(answer["Location"])
    assert {fresh(order).state for order in orders} == {OrderState.SHIPPED}


def _cells(answer: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)]


def test_a_look_has_a_reason_and_lasts_half_an_hour(desk: Client, supplier: Supplier, packer: Member) -> None:
    order = a_paid_order(sku=a_sku(supplier=supplier), at=clock.now())
    record, reveal = (reverse(f"{ORDER_PAGES}_{name}", args=[order.pk]) for name in ("change", "reveal"))
    assert "13800001111" not in desk.get(record).content.decode()
    with nothing_changes():
        assert "请写明查看的原因" in desk.post(reveal, {"reason": " "}).content.decode()
    assert desk.post(reveal, {"reason": "联系买家"}).status_code == 302
    page = desk.get(record).content.decode()
    assert "13800001111" in page
    assert "龙井路 1 号" in page
    look = RecipientReveal.objects.get()
    assert (look.order, look.seen_by, look.reason) == (order, packer, "联系买家")
    colleague = as_(a_seat(supplier))
    assert "13800001111" not in colleague.get(record).content.decode()
    half_an_hour = later(minutes=30) - AT
    assert fulfilment.is_revealed(order=order, to=packer, at=look.at)
    assert not fulfilment.is_revealed(order=order, to=packer, at=look.at + half_an_hour)


def test_looks_are_only_added(supplier: Supplier, packer: Member) -> None:
    order = a_paid_order(sku=a_sku(supplier=supplier))
    reveal_recipients(orders=[order], by=packer, way=RevealWay.PAGE, reason="核对", at=AT)
    for change in (
        lambda: RecipientReveal.objects.update(reason="别的"),
        lambda: RecipientReveal.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
            change()
    assert RecipientReveal.objects.get().reason == "核对"


def test_nobody_looks_at_anothers_orders_or_at_those_that_arrived(supplier: Supplier, packer: Member) -> None:
    arrived = a_shipped_order(sku=a_sku(supplier=supplier))
    Order.objects.filter(pk=arrived.pk).update(state="received", received_at=AT)
    foreign = a_paid_order()
    with nothing_changes():
        for order in (foreign, fresh(arrived)):
            with pytest.raises(OrderRefused):
                reveal_recipients(orders=[order], by=packer, way=RevealWay.PAGE, reason="核对", at=AT)


def test_operators_see_who_looked(supplier: Supplier, packer: Member) -> None:
    order = a_paid_order(sku=a_sku(supplier=supplier))
    reveal_recipients(orders=[order], by=packer, way=RevealWay.PAGE, reason="核对地址", at=AT)
    page = as_(operator("沈初审", "operator_service")).get("/ops/orders/recipientreveal/").content.decode()
    assert order.number in page
    assert "核对地址" in page


def test_labels_are_printed_for_chosen_orders_and_written_down(desk: Client, supplier: Supplier) -> None:
    orders = [a_paid_order(sku=a_sku(supplier=supplier), at=clock.now()) for _ in range(2)]
    address, foreign = reverse(f"{ORDER_PAGES}_labels"), a_paid_order(at=clock.now())
    assert "13800001111" not in desk.get(address).content.decode()
    with nothing_changes():
        assert desk.post(address, {"reason": "打印面单", "orders": [foreign.pk]}).status_code == 200
        assert desk.post(address, {"reason": "", "orders": [orders[0].pk]}).status_code == 200
    page = desk.post(address, {"reason": "打印面单", "orders": [orders[0].pk]}).content.decode()
    assert "13800001111" in page
    assert orders[1].number not in page
    assert RecipientReveal.objects.get().order == orders[0]


def test_the_pick_list_sums_up_pieces_and_names_no_buyer(desk: Client, supplier: Supplier) -> None:
    sku = a_sku(supplier=supplier)
    first, second = (a_paid_order(sku=sku, quantity=n, at=clock.now()) for n in (2, 3))
    ship_order(order=second, carrier=SF, tracking_number="SF9300001", by=None, at=AT, items={second.lines.get().pk: 1})
    waiting = fulfilment.shippable(supplier=supplier, at=AT, limit=10)
    assert [(line.code, line.quantity, line.orders) for line in fulfilment.pick_list(waiting)] == [(sku.code, 4, 2)]
    page = desk.get(reverse(f"{ORDER_PAGES}_pick_list")).content.decode()
    assert first.number in page
    assert "林小禾" not in page
    assert "13800001111" not in page


def test_orders_stand_in_tabs_the_most_urgent_first(desk: Client, supplier: Supplier) -> None:
    now = clock.now()
    hours = later(hours=1) - AT
    slow, soon, late = (a_sku(supplier=supplier) for _ in range(3))
    Product.objects.filter(pk=soon.product_id).update(ship_within_hours=5)
    Product.objects.filter(pk=late.product_id).update(ship_within_hours=1)
    orders = [
        a_paid_order(sku=slow, at=now - 10 * hours),
        a_paid_order(sku=soon, at=now),
        a_paid_order(sku=late, at=now - 2 * hours),
    ]
    shipped = a_shipped_order(sku=slow, at=now - 50 * hours)

    def shown(part: str) -> list[str]:
        page = desk.get(reverse(f"{ORDER_PAGES}_changelist"), {"part": part})
        assert page.status_code == 200
        return [order.number for order in page.context["cl"].result_list]

    slow_one, soon_one, late_one = (order.number for order in orders)
    assert shown("to_ship") == [late_one, soon_one, slow_one]
    assert shown("late") == [late_one, soon_one]
    assert shown("shipped") == [shipped.number]
    assert shown("after_sale") == []
    page = desk.get(reverse(f"{ORDER_PAGES}_changelist"), {"part": "late"}).content.decode()
    assert "已超时 1 小时" in page
    assert "剩 4 小时 59 分" in page or "剩 5 小时 00 分" in page
    counts = fulfilment.part_counts(supplier=supplier, at=now)
    assert (counts["to_ship"], counts["late"], counts["after_sale"]) == (3, 2, 0)


def test_the_list_of_orders_asks_a_fixed_number_of_queries(
    desk: Client, supplier: Supplier, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        a_paid_order(sku=a_sku(supplier=supplier), at=clock.now())
    # Four of them open and close the transaction in which the database shows own rows alone.
    with django_assert_max_num_queries(26):
        desk.get(reverse(f"{ORDER_PAGES}_changelist"), {"part": "to_ship"})
