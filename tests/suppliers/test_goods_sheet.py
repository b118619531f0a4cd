"""V-2: prices and stock by a table: all of it or nothing, and new prices of what is on the shelf after a rest."""

import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agents import commands as agents
from mall.core.workbook import read_table
from members.models import Member
from service.models import Message
from suppliers.commands import (
    BAD,
    DONE,
    GOOD,
    SKIPPED,
    SheetRefused,
    apply_price_changes,
    change_goods,
    check_goods,
    consume_stock,
    keep_sheet,
    publish_product,
    reserve_stock,
    rows_of,
    set_commission,
    withdraw_price,
)
from suppliers.commands.goods_sheet import HEAD
from suppliers.models import PriceChange, PriceChangeState, Product, Sheet, Sku, StockMovement, Supplier
from suppliers.queries import miscounted_skus
from tests.agents.shops import a_shopkeeper
from tests.factories import AT, a_gift_pack, a_seat, a_sku, a_supplier, later
from tests.operators import as_
from tests.orders.sheets import a_workbook
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db
PAGES = "supplier:suppliers_product"


@pytest.fixture
def supplier() -> Supplier:
    return a_supplier()


@pytest.fixture
def keeper(supplier: Supplier) -> Member:
    return a_seat(supplier)


@pytest.fixture
def desk(keeper: Member) -> Client:
    return as_(keeper)


@pytest.fixture
def sku(supplier: Supplier) -> Sku:
    return a_sku(supplier=supplier)


@pytest.fixture
def draft(supplier: Supplier) -> Sku:
    return a_sku(supplier=supplier, is_published=False)


def kept(supplier: Supplier, by: Member, *rows: Any) -> Sheet:
    found = read_table(a_workbook(*rows, head=HEAD), head=HEAD)
    return keep_sheet(supplier=supplier, kind="goods", name="商品.xlsx", rows=found, by=by, at=AT)


def prices(sku: Sku) -> tuple[int, int, int | None]:
    fresh = Sku.objects.get(pk=sku.pk)
    return fresh.supply_price_fen, fresh.list_price_fen, fresh.sale_price_fen


def test_prices_and_stock_change_together(supplier: Supplier, keeper: Member, draft: Sku, sku: Sku) -> None:
    sheet = kept(
        supplier,
        keeper,
        (draft.code, 41, "99.90", 70, 50, 80),
        (sku.code, "", "", "", 50, 45),
        (a_sku(supplier=supplier).code, "", "", "", 50, ""),
    )
    with nothing_changes():
        report = check_goods(supplier=supplier, rows=rows_of(sheet))
    assert [row.status for row in report] == [GOOD, GOOD, SKIPPED]
    assert "售价 ¥68.00 → ¥70.00" in report[0].text
    report = change_goods(sheet=sheet, by=keeper, at=AT)
    assert [row.status for row in report] == [DONE, DONE, SKIPPED]
    assert prices(draft) == (4_100, 9_990, 7_000)
    assert Product.objects.get(pk=draft.product_id).lowest_price_fen == 7_000
    assert [Sku.objects.get(pk=one.pk).on_hand for one in (draft, sku)] == [80, 45]
    movement = StockMovement.objects.filter(sku=sku).latest("pk")
    assert (movement.kind, movement.on_hand_delta, movement.by, movement.reason) == (
        "adjusted",
        -5,
        keeper,
        "批量文件 商品.xlsx",
    )
    assert not miscounted_skus().exists()
    with nothing_changes():
        assert change_goods(sheet=sheet, by=keeper, at=later(hours=1)) == report


def test_one_bad_row_keeps_everything_back(supplier: Supplier, keeper: Member, draft: Sku, sku: Sku) -> None:
    sheet = kept(supplier, keeper, (draft.code, 41, 99, 70, 50, 80), (sku.code, "", "", "免费", "", ""))
    with nothing_changes(), pytest.raises(SheetRefused, match="1 行"):
        change_goods(sheet=sheet, by=keeper, at=AT)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"code": "NONE"}, "没有这个商品编码"),
        ({"supply": 0}, "供货价"),
        ({"list": -1}, "划线价"),
        ({"sale": "1.234"}, "售价"),
        ({"sale": "1e3"}, "售价"),
        ({"sale": "٣"}, "售价"),
        ({"sale": "99999999"}, "售价"),
        ({"sale": "=1+1"}, "公式"),
        ({"was": "", "stock": 5}, "下载时在库"),
        ({"was": 50, "stock": -1}, "新在库"),
        ({"was": 50, "stock": 1.5}, "新在库"),
        ({"was": 50, "stock": 9_999_999}, "新在库"),
        ({"was": 90, "stock": 0}, "减不了这么多"),
    ],
)
def test_an_odd_row_is_named(supplier: Supplier, keeper: Member, sku: Sku, given: dict[str, Any], said: str) -> None:
    row = {"code": sku.code, "supply": "", "list": "", "sale": "", "was": "", "stock": ""} | given
    sheet = kept(supplier, keeper, tuple(row.values()))
    (report,) = check_goods(supplier=supplier, rows=rows_of(sheet))
    assert (report.status, said in report.text) == (BAD, True), report.text


def test_another_suppliers_sku_a_pack_and_a_code_twice_are_refused(
    supplier: Supplier, keeper: Member, sku: Sku
) -> None:
    pack, foreign = a_gift_pack(supplier=supplier), a_sku()
    rows = [(code, "", "", 9, "", "") for code in (sku.code, sku.code, pack.code, foreign.code)]
    report = check_goods(supplier=supplier, rows=rows_of(kept(supplier, keeper, *rows)))
    assert [row.status for row in report] == [GOOD, BAD, BAD, BAD]


def test_a_price_that_does_not_bear_the_commission_is_refused(supplier: Supplier, keeper: Member, sku: Sku) -> None:
    set_commission(product=sku.product, commission_bps=2_000)
    sheet = kept(supplier, keeper, (sku.code, "", "", 41, "", ""))
    (report,) = check_goods(supplier=supplier, rows=rows_of(sheet))
    assert report.status == BAD
    assert "佣金" in report.text


def test_what_is_sold_while_the_table_is_filled_in_stays_sold(supplier: Supplier, keeper: Member, sku: Sku) -> None:
    sheet = kept(supplier, keeper, (sku.code, "", "", "", 50, 60))
    reserve_stock(items=[(sku.pk, 4)], reference="HJ1", at=AT)
    consume_stock(items=[(sku.pk, 4)], reference="HJ1", at=AT)
    change_goods(sheet=sheet, by=keeper, at=AT)
    assert Sku.objects.get(pk=sku.pk).on_hand == 56


def test_a_price_on_the_shelf_rests_for_a_day_and_shopkeepers_hear_at_once(
    supplier: Supplier, keeper: Member, sku: Sku
) -> None:
    owner = a_shopkeeper()
    Product.objects.filter(pk=sku.product_id).update(commission_bps=500)
    agents.put_in_shop(owner=owner, slug=sku.product.slug, at=AT)
    change_goods(sheet=kept(supplier, keeper, (sku.code, "", "", 79, "", "")), by=keeper, at=AT)
    assert prices(sku)[2] == 6_800
    message = Message.objects.get(wording="shop_price_ahead")
    assert message.member == owner
    assert (message.words["before_fen"], message.words["now_fen"]) == (6_800, 7_900)
    assert apply_price_changes(at=later(hours=23)) == 0
    assert apply_price_changes(at=later(hours=24)) == 1
    assert apply_price_changes(at=later(hours=25)) == 0
    assert prices(sku)[2] == 7_900
    assert Product.objects.get(pk=sku.product_id).lowest_price_fen == 7_900


def test_a_newer_price_takes_the_place_of_the_one_that_waits(supplier: Supplier, keeper: Member, sku: Sku) -> None:
    for hours, sale in ((0, 79), (1, 75), (2, 75), (3, 68)):
        change_goods(sheet=kept(supplier, keeper, (sku.code, "", "", sale, "", "")), by=keeper, at=later(hours=hours))
    assert list(PriceChange.objects.order_by("pk").values_list("sale_price_fen", "state")) == [
        (7_900, PriceChangeState.WITHDRAWN),
        (7_500, PriceChangeState.WAITING),
    ]
    assert withdraw_price(change=PriceChange.objects.get(state="waiting"), at=later(hours=4))
    assert apply_price_changes(at=later(days=3)) == 0
    assert prices(sku)[2] == 6_800


def test_a_price_that_no_longer_bears_the_commission_is_not_applied(
    supplier: Supplier, keeper: Member, sku: Sku
) -> None:
    change_goods(sheet=kept(supplier, keeper, (sku.code, "", "", 45, "", "")), by=keeper, at=AT)
    set_commission(product=sku.product, commission_bps=3_000)
    assert apply_price_changes(at=later(days=1)) == 1
    change = PriceChange.objects.get()
    assert (change.state, "佣金" in change.reason, prices(sku)[2]) == (PriceChangeState.REFUSED, True, 6_800)


def test_the_table_comes_back_as_it_went_out(desk: Client, supplier: Supplier, sku: Sku, draft: Sku) -> None:
    a_sku()
    answer = desk.post(reverse(f"{PAGES}_goods_table"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert {row[0] for row in rows[1:]} == {sku.code, draft.code}
    rows[1][7] = 60
    answer = desk.post(reverse(f"{PAGES}_goods"), {"file": a_workbook(*rows[1:], head=rows[0])})
    assert answer.status_code == 302
    page = desk.get(answer["Location"]).content.decode()
    assert "在库 50 → 60" in page
    assert "没有变化" in page
    desk.post(answer["Location"])
    assert Sku.objects.get(code=rows[1][0]).on_hand == 60
    assert "已执行" in desk.get(reverse(f"{PAGES}_goods")).content.decode()


def test_a_table_with_a_bad_row_cannot_be_confirmed_on_the_page(desk: Client, sku: Sku) -> None:
    file = a_workbook((sku.code, "", "", 70, 50, 60), ("NONE", "", "", 70, "", ""), head=HEAD)
    answer = desk.post(reverse(f"{PAGES}_goods"), {"file": file})
    page = desk.get(answer["Location"]).content.decode()
    assert "确认改动" not in page
    with nothing_changes():
        assert "没有做任何改动" in desk.post(answer["Location"], follow=True).content.decode()


def test_no_page_opens_anothers_table_or_price(desk: Client, supplier: Supplier) -> None:
    other = a_supplier()
    by, sku = a_seat(other), a_sku(supplier=other)
    sheet = kept(other, by, (sku.code, "", "", 70, "", ""))
    change_goods(sheet=sheet, by=by, at=AT)
    address = reverse(f"{PAGES}_goods_sheet", args=[sheet.pk])
    with nothing_changes():
        assert desk.get(address).status_code == 404
        assert desk.post(address).status_code == 404
        for given in (str(PriceChange.objects.get().pk), "x", "9" * 30, ""):
            assert desk.post(reverse(f"{PAGES}_prices"), {"change": given}).status_code == 404
    assert sku.code not in desk.get(reverse(f"{PAGES}_prices")).content.decode()


def test_a_waiting_price_is_seen_and_withdrawn_on_its_page(
    desk: Client, supplier: Supplier, keeper: Member, sku: Sku
) -> None:
    change_goods(sheet=kept(supplier, keeper, (sku.code, "", "", 79, "", "")), by=keeper, at=AT)
    page = desk.get(reverse(f"{PAGES}_prices")).content.decode()
    assert "¥68.00 → ¥79.00" in page
    assert desk.post(reverse(f"{PAGES}_prices"), {"change": PriceChange.objects.get().pk}).status_code == 302
    assert PriceChange.objects.get().state == PriceChangeState.WITHDRAWN


def test_a_product_taken_off_the_shelf_changes_its_price_at_once(supplier: Supplier, keeper: Member, sku: Sku) -> None:
    publish_product(product=sku.product, is_published=False)
    change_goods(sheet=kept(supplier, keeper, (sku.code, "", "", 79, "", "")), by=keeper, at=AT)
    assert prices(sku)[2] == 7_900
    assert not PriceChange.objects.exists()
