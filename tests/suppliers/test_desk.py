"""`/supplier/`: a supplier sees, edits and ships what is its own, and reaches nothing of another by any way."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from mall.core.admin import ops_site, supplier_site
from mall.menu import supplier_menu
from members.models import Member
from orders.commands import refund_order
from orders.models import Order, OrderState, Parcel
from orders.queries import supplier_paid_between
from suppliers.commands import add_freight_template, add_qualification, reserve_stock
from suppliers.models import Product, Sku, StockMovement, Supplier
from suppliers.rules import Fees
from tests.factories import (
    AT,
    a_gift_pack,
    a_member,
    a_paid_order,
    a_placed_order,
    a_seat,
    a_shipped_order,
    a_sku,
    a_supplier,
    fresh,
    gift_pack_terms,
    later,
)
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db


class Desk:
    """One supplier with a product, an order to ship, and a signed-in user."""

    def __init__(self, name: str) -> None:
        self.supplier: Supplier = a_supplier(name)
        self.member: Member = a_seat(self.supplier)
        self.sku: Sku = a_sku(supplier=self.supplier)
        Product.objects.filter(pk=self.sku.product_id).update(name=f"{name}的茶")
        Sku.objects.filter(pk=self.sku.pk).update(code=f"CODE-{name}", spec=f"{name}装")
        self.order: Order = a_paid_order(sku=self.sku)
        Order.objects.filter(pk=self.order.pk).update(recipient_name=f"{name}的客人")
        self.paper = add_qualification(supplier=self.supplier, kind="business", title=f"{name}的执照")
        self.template = add_freight_template(supplier=self.supplier, name=f"{name}运费", fees=Fees(1, 800, 1, 200))
        self.client = Client(raise_request_exception=False)
        self.client.force_login(self.member, backend="django.contrib.auth.backends.ModelBackend")
        # The first page of a day is written down as a visit.
        self.client.get("/supplier/")

    def get(self, page: str, /, *args: Any, **query: str) -> Any:
        return self.client.get(reverse(f"supplier:{page}", args=args), query)

    def post(self, page: str, /, *args: Any, **data: Any) -> Any:
        return self.client.post(reverse(f"supplier:{page}", args=args), data)


@pytest.fixture
def mine() -> Desk:
    return Desk("甲家")


@pytest.fixture
def theirs() -> Desk:
    return Desk("乙家")


def product_form(sku: Sku, **changes: Any) -> dict[str, Any]:
    product = sku.product
    fields = {
        "name": "新名字",
        "subtitle": "",
        "label": "茶",
        "category": product.category_id,
        "origin": "",
        "detail": "# 工艺\n手工炒制",
        "position": "0",
        "is_published": "on",
        "returnable": "on",
        "media-TOTAL_FORMS": "0",
        "media-INITIAL_FORMS": "0",
        "skus-TOTAL_FORMS": "1",
        "skus-INITIAL_FORMS": "1",
        "skus-0-id": sku.pk,
        "skus-0-product": product.pk,
        "skus-0-code": "NEW-1",
        "skus-0-spec_values": "一斤",
        "skus-0-supply_price_fen": "40.00",
        "skus-0-list_price_fen": "99",
        "skus-0-sale_price_fen": "68.50",
        "skus-0-is_active": "on",
    }
    return fields | changes


def test_a_supplier_sees_its_own_rows(mine: Desk) -> None:
    names = ("product", "sku", "stockmovement", "qualification", "freighttemplate")
    for page in (f"suppliers_{name}_changelist" for name in names):
        answer = mine.get(page)
        assert answer.status_code == 200
        assert "甲家" in answer.content.decode()
    orders = mine.get("orders_order_changelist", part="to_ship").content.decode()
    assert mine.order.number in orders
    assert "甲家的客人" not in orders
    assert mine.client.get("/supplier/").status_code == 200


@pytest.mark.parametrize("name", ["suppliers_sku_stock", "orders_order_ship"])
def test_no_act_is_done_to_a_row_of_another_supplier(mine: Desk, theirs: Desk, name: str) -> None:
    pk = theirs.sku.pk if "sku" in name else theirs.order.pk
    given = {"kind": "adjusted", "quantity": "-1", "reason": "x", "carrier": "顺丰速运", "tracking_number": "SF123456"}
    with nothing_changes():
        assert mine.get(name, pk).status_code == 404
        assert mine.post(name, pk, **given).status_code == 404


def test_autocomplete_and_bulk_actions_reach_nothing(mine: Desk, theirs: Desk) -> None:
    with nothing_changes():
        for app, model, field in (
            ("suppliers", "sku", "product"),
            ("suppliers", "product", "supplier"),
            ("suppliers", "product", "category"),
            ("orders", "order", "member"),
        ):
            answer = mine.get("autocomplete", app_label=app, model_name=model, field_name=field, term="乙")
            assert answer.status_code in (200, 403, 404)
            assert "乙家" not in answer.content.decode()
        mine.post(
            "suppliers_product_changelist",
            action="delete_selected",
            _selected_action=theirs.sku.product_id,
            post="yes",
        )


@pytest.mark.parametrize(
    "query",
    [
        {"product__supplier__name__startswith": "乙"},
        {"supplier": "1"},
        {"member__phone__startswith": "+86"},
        {"_connector": "OR"},
        {"e": "1"},
        {"o": "password"},
        {"p": "-1"},
    ],
)
def test_no_filter_in_the_address_reaches_further(mine: Desk, theirs: Desk, query: dict[str, str]) -> None:
    for page in ("suppliers_product_changelist", "suppliers_sku_changelist", "orders_order_changelist"):
        answer = mine.get(page, **query)
        assert answer.status_code < 500
        assert "乙家" not in answer.content.decode()


def test_a_product_is_added_for_the_own_supplier_whatever_the_form_says(mine: Desk, theirs: Desk) -> None:
    form = product_form(
        mine.sku,
        supplier=theirs.supplier.pk,
        slug="stolen",
        sales_count="9999",
        hue="1",
        **{"skus-INITIAL_FORMS": "0", "skus-0-id": "", "skus-0-product": "", "skus-0-is_gift_pack": "on"},
        **{"skus-0-on_hand": "1000", "skus-0-reserved": "5"},
    )
    assert mine.post("suppliers_product_add", **form).status_code == 302
    product = Product.objects.get(name="新名字")
    assert (product.supplier, product.sales_count) == (mine.supplier, 0)
    assert product.slug != "stolen"
    assert product.detail == [{"title": "工艺", "text": "手工炒制"}]
    sku = product.skus.get()
    assert (sku.supply_price_fen, sku.list_price_fen, sku.sale_price_fen) == (4_000, 9_900, 6_850)
    assert (sku.on_hand, sku.reserved, sku.is_gift_pack) == (0, 0, False)


def test_a_hidden_id_of_another_suppliers_sku_is_refused(mine: Desk, theirs: Desk) -> None:
    with nothing_changes():
        answer = mine.post(
            "suppliers_product_change",
            mine.sku.product_id,
            **product_form(mine.sku, **{"skus-0-id": theirs.sku.pk, "skus-0-product": theirs.sku.product_id}),
        )
        assert answer.status_code < 500


def test_editing_a_price_does_not_lose_stock_that_moves_meanwhile(mine: Desk) -> None:
    sku = mine.sku
    before = Sku.objects.get(pk=sku.pk)
    desk = supplier_site._registry[Sku]
    stale = Sku.objects.get(pk=sku.pk)
    reserve_stock(items=[(sku.pk, 5)], reference="HJ9", at=AT)
    stale.spec = "半斤"

    class Form:
        changed_data = ("spec", "spec_shown")

    desk.save_model(None, stale, Form(), True)

    after = Sku.objects.get(pk=sku.pk)
    assert (after.spec, after.reserved) == ("半斤", before.reserved + 5)


@pytest.mark.parametrize("price", ["", "0", "-1", "1e3", "1.234", "NaN", "一百", "99999999999"])
def test_an_odd_price_is_refused(mine: Desk, price: str) -> None:
    with nothing_changes():
        answer = mine.post(
            "suppliers_product_change",
            mine.sku.product_id,
            **product_form(mine.sku, **{"skus-0-sale_price_fen": price}),
        )
        assert answer.status_code == 200


def test_a_gift_pack_keeps_having_no_price_of_its_own(mine: Desk) -> None:
    pack = a_gift_pack(supplier=mine.supplier)
    form = product_form(pack, **{"skus-0-sale_price_fen": "1.00"})
    assert mine.post("suppliers_product_change", pack.product_id, **form).status_code == 302
    pack.refresh_from_db()
    assert (pack.sale_price_fen, pack.is_gift_pack, pack.spec) == (None, True, "一斤")


@pytest.mark.parametrize(
    ("kind", "quantity", "on_hand"), [("received", "7", 57), ("adjusted", "-3", 47), ("adjusted", "3", 53)]
)
def test_stock_is_changed_for_a_reason(mine: Desk, kind: str, quantity: str, on_hand: int) -> None:
    assert mine.get("suppliers_sku_stock", mine.sku.pk).status_code == 200
    answer = mine.post("suppliers_sku_stock", mine.sku.pk, kind=kind, quantity=quantity, reason="盘点")
    assert answer.status_code == 302
    assert Sku.objects.get(pk=mine.sku.pk).on_hand == on_hand
    movement = StockMovement.objects.latest("id")
    assert (movement.reason, movement.by) == ("盘点", mine.member)


@pytest.mark.parametrize(
    ("kind", "quantity", "reason"),
    [
        ("received", "-1", "x"),
        ("received", "0", "x"),
        ("adjusted", "0", "x"),
        ("adjusted", "-50", "x"),
        ("adjusted", "1.5", "x"),
        ("adjusted", "1", ""),
        ("adjusted", "9999999", "x"),
        ("consumed", "1", "x"),
    ],
)
def test_an_odd_change_of_stock_is_refused(mine: Desk, kind: str, quantity: str, reason: str) -> None:
    with nothing_changes():
        answer = mine.post("suppliers_sku_stock", mine.sku.pk, kind=kind, quantity=quantity, reason=reason)
        assert answer.status_code == 200


def test_a_supplier_ships_from_its_desk(mine: Desk) -> None:
    page = mine.get("orders_order_ship", mine.order.pk)
    assert page.status_code == 200
    assert mine.order.recipient_phone.removeprefix("+86") not in page.content.decode()
    parcel = {"carrier": "顺丰速运", "tracking_number": "SF1234567890", f"line_{mine.order.lines.get().pk}": "1"}
    answer = mine.post("orders_order_ship", mine.order.pk, **parcel)
    assert answer.status_code == 302
    assert fresh(mine.order).state == OrderState.SHIPPED
    assert Parcel.objects.get().shipped_by == mine.member
    with nothing_changes():
        again = mine.post("orders_order_ship", mine.order.pk, **parcel)
        assert again.status_code == 200


@pytest.mark.parametrize(("carrier", "number"), [("飞鸽", "SF123456"), ("顺丰速运", ""), ("顺丰速运", "<b>123456")])
def test_an_odd_parcel_is_refused(mine: Desk, carrier: str, number: str) -> None:
    with nothing_changes():
        assert mine.post("orders_order_ship", mine.order.pk, carrier=carrier, tracking_number=number).status_code == 200


def test_orders_are_shown_from_payment_on_and_addresses_while_a_parcel_is_under_way(mine: Desk) -> None:
    unpaid = a_placed_order(sku=mine.sku)
    received = a_shipped_order(sku=mine.sku)
    Order.objects.filter(pk=received.pk).update(state="received", received_at=AT, recipient_address="隐藏的地址")
    assert unpaid.number not in mine.get("orders_order_changelist").content.decode()
    assert "隐藏的地址" not in mine.get("orders_order_change", received.pk).content.decode()
    assert received.recipient_phone[3:] not in mine.get("orders_order_change", received.pk).content.decode()


def test_who_has_no_seat_and_whose_supplier_is_paused_stay_outside(mine: Desk) -> None:
    stranger = Client()
    stranger.force_login(a_member(), backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.get("/supplier/suppliers/product/").status_code == 302
    Supplier.objects.update(is_active=False)
    assert mine.get("suppliers_product_changelist").status_code == 302


def test_a_suppliers_user_does_not_get_into_the_operators_site(mine: Desk) -> None:
    assert mine.client.get("/ops/").status_code == 302
    assert ops_site.name == "ops"


def test_gift_packs_are_flagged_by_operators_only(mine: Desk) -> None:
    gift_pack_terms()
    form = product_form(mine.sku, **{"skus-0-is_gift_pack": "on"})
    mine.post("suppliers_product_change", mine.sku.product_id, **form)
    assert not Sku.objects.get(pk=mine.sku.pk).is_gift_pack


def test_the_front_page_counts_what_waits_for_the_own_supplier(mine: Desk, theirs: Desk) -> None:
    a_paid_order(sku=theirs.sku)
    a_shipped_order(sku=mine.sku)
    figures = mine.client.get("/supplier/").context["figures"]
    labels = ["待发货", "快超时", "要补货", "售后待处理", "本月供货额", "质量分"]
    assert [figure["label"] for figure in figures] == labels
    assert (figures[0]["value"], figures[3]["value"]) == (1, 0)
    assert mine.client.get(figures[0]["address"]).status_code == 200


def test_a_supplier_earns_with_orders_that_were_not_refunded(mine: Desk, theirs: Desk) -> None:
    a_paid_order(sku=mine.sku, quantity=2, at=later(hours=2))
    refund_order(order=a_paid_order(sku=mine.sku, at=later(hours=1)), reason="", at=later(hours=1))
    a_placed_order(sku=mine.sku)
    for since, until, expected in (
        (AT, later(hours=3), (2, 12_000)),
        (later(hours=1), later(hours=3), (1, 8_000)),
        (later(hours=3), later(hours=4), (0, 0)),
    ):
        assert supplier_paid_between(supplier=mine.supplier, since=since, until=until) == expected


def test_one_item_of_the_menu_is_open(mine: Desk) -> None:
    for name in ("index", "suppliers_sku_changelist", "suppliers_restock_changelist", "suppliers_sku_board"):
        address = reverse(f"supplier:{name}")
        request = RequestFactory().get(address)
        request.user = mine.member
        items = [item for group in supplier_menu(request) for item in group["items"]]
        assert [item["link"] for item in items if item["active"]] == [address]


def test_an_order_is_found_by_its_number_by_the_beginning_of_it_and_by_a_parcel() -> None:
    mine, other = Desk("甲家"), Desk("乙家")
    order = a_shipped_order(sku=mine.sku)
    foreign = a_shipped_order(sku=other.sku)
    for term in (order.number, order.number.lower(), order.number[:-3], "SF1234567890"):
        page = mine.client.get("/supplier/orders/order/", {"part": "all", "q": term}).content.decode()
        assert order.number in page, term
        assert foreign.number not in page, term
    assert order.number not in mine.client.get(f"/supplier/orders/order/?part=all&q={foreign.number}").content.decode()
    assert order.number not in mine.client.get("/supplier/orders/order/?part=all&q=HJ9").content.decode()
