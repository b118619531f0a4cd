"""O-6: catalogues of other platforms become drafts: looked at first, all of it or nothing, and nothing twice."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from mall.core.own_supplier import rows_of as own_rows_of
from mall.core.seats import Role
from suppliers import tasks
from suppliers.catalogues import SOURCES, Listing, TableRefused, guessed, read_rows
from suppliers.commands import (
    ImportRefused,
    add_category,
    check_import,
    importing,
    keep_sheet,
    run_import,
    set_commission,
    set_mapping,
    start_import,
    submit_product,
)
from suppliers.models import Category, ImportedProduct, ImportMapping, Product, Sheet, Sku, StockMovement
from suppliers.queries import miscounted_skus
from tests.factories import AT, a_sku, later
from tests.operators import as_, operator
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm
from tests.suppliers.test_desk import Desk

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parent / "samples"
FILES = {"taobao": "taobao.csv", "jd": "jd.xlsx", "shopify": "shopify.csv"}
PAGES = "supplier:suppliers_product"


@pytest.fixture
def mine() -> Desk:
    return Desk("甲家")


@pytest.fixture
def tea() -> Category:
    return add_category(name="茶", slug="tea-only")


def upload(source: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"../{FILES[source]}", (SAMPLES / FILES[source]).read_bytes())


def listings(source: str) -> list[Listing]:
    table = SOURCES[source].table(read_rows(upload(source)))
    return SOURCES[source].listings(
        [row for row in table.rows if not row.formulas], guessed(SOURCES[source].fields, table.head)
    )


def a_sheet(desk: Desk, source: str, category: Category, *, file: SimpleUploadedFile | None = None) -> Sheet:
    """Keep a file whose words all lead to one category, with the columns that are guessed."""
    table = SOURCES[source].table(read_rows(file or upload(source)))
    columns = guessed(SOURCES[source].fields, table.head)
    sheet = keep_sheet(
        supplier=desk.supplier,
        kind="import",
        name=FILES[source],
        rows=table.rows,
        reading={"source": source, "head": list(table.head)},
        by=desk.member,
        at=AT,
    )
    words = {row.values.get(columns.get("category", ""), "") for row in table.rows}
    set_mapping(sheet=sheet, columns=columns, categories=dict.fromkeys(words, category.pk), supply_bps=6_000, at=AT)
    return sheet


def done(sheet: Sheet) -> list[tuple[str, str]]:
    assert start_import(sheet=sheet, at=AT)
    report = run_import(sheet_id=sheet.pk, at=later(minutes=1))
    assert report is not None
    return [(row.subject, row.status) for row in report]


def shopify(*rows: dict[str, str]) -> SimpleUploadedFile:
    """A file in Shopify's newer words."""
    head = ["URL handle", "Title", "Price", "SKU", "Inventory quantity", "Type", "Option1 name", "Option1 value"]
    out = io.StringIO()
    writer = csv.DictWriter(out, head)
    writer.writeheader()
    writer.writerows(rows)
    return SimpleUploadedFile("products.csv", out.getvalue().encode())


def good(**changes: str) -> dict[str, str]:
    return {"URL handle": "a", "Title": "茶", "Price": "9.90", "SKU": "A-1", "Type": "T", **changes}


def test_a_file_of_taobao_is_read_with_its_specs_and_their_names() -> None:
    plain, varied, _free = listings("taobao")
    assert (plain.external_id, plain.name, plain.category, plain.subtitle) == (
        "611000000001",
        "武夷岩茶 肉桂 250克",
        "50012343",
        "岩骨花香",
    )
    (only,) = plain.variants
    assert (only.code, only.price, only.stock, only.weight_g, only.barcode) == (
        "YC-RG-250",
        "128.00",
        "60",
        350,
        "6901234567892",
    )
    assert varied.axes == ("颜色", "尺码")
    assert [(one.code, one.values, one.price, one.stock) for one in varied.variants] == [
        ("CF-01-W-M", ("米白", "M"), "199.00", "30"),
        ("CF-01-W-L", ("米白", "L"), "199.00", "40"),
        ("CF-01-Q-L", ("天青", "L"), "219.00", "20"),
    ]


def test_a_file_of_jd_has_the_skus_of_a_product_together() -> None:
    rice, fungus = listings("jd")
    assert (rice.external_id, rice.axes, rice.subtitle) == ("10020000001", ("尺码",), "当季新米")
    assert [(one.key, one.code, one.values, one.price, one.list_price, one.supply_price) for one in rice.variants] == [
        ("10030000001", "DM-5", ("5kg",), "69.9", "89", "45.5"),
        ("10030000002", "DM-10", ("10kg",), "129", "159", "88"),
    ]
    assert [one.weight_g for one in rice.variants] == [5_200, 10_300]
    assert fungus.axes == ("颜色", "尺码")


def test_a_file_of_shopify_is_read_by_its_handles() -> None:
    apron, stone = listings("shopify")
    assert (apron.external_id, apron.axes, apron.category) == ("linen-apron", ("颜色", "尺码"), "Kitchen")
    assert [(one.code, one.values, one.stock, one.barcode) for one in apron.variants] == [
        ("APR-B-M", ("米色", "M"), "12", "6901234567816"),
        ("APR-B-L", ("米色", "L"), "-2", ""),
    ]
    assert (stone.axes, stone.variants[0].values) == (("规格",), ("默认",))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "列名"),
        (b"\xff\xfe\x00", "编码"),
        (b"PK\x03\x04broken", "打不开"),
        ("姓名,电话\n张三,13900000000\n".encode("gb18030"), "列名"),
        (b'"' + b"x" * 200_000, "打不开"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_words(mine: Desk, content: bytes, words: str) -> None:
    with pytest.raises(TableRefused, match=words):
        SOURCES["shopify"].table(read_rows(SimpleUploadedFile("x.csv", content)))


def test_drafts_are_made_with_specs_prices_and_stock_and_nothing_of_markup_that_runs(mine: Desk, tea: Category) -> None:
    sheet = a_sheet(mine, "taobao", tea)
    with nothing_changes():
        report = check_import(sheet=sheet)
    assert [(row.number, row.status) for row in report] == [(4, "good"), (5, "good"), (6, "bad")]
    assert report[1].text == "新建草稿：3 个规格，¥199.00 起"
    assert "售价“0”" in report[2].text
    assert done(sheet) == [("武夷岩茶 肉桂 250克", "done"), ("棉麻茶服 男女款", "done"), ("手工紫砂壶", "bad")]
    plain, varied = Product.objects.filter(imported__isnull=False).order_by("pk")
    assert (plain.is_published, plain.review, plain.category) == (False, "draft", tea)
    assert plain.detail == [{"title": "", "html": "<p>正岩产区</p>"}]
    assert (plain.lowest_price_fen, varied.spec_names) == (12_800, ["颜色", "尺码"])
    sku = Sku.objects.get(code="CF-01-Q-L")
    assert (sku.sale_price_fen, sku.supply_price_fen, sku.list_price_fen) == (21_900, 13_140, 21_900)
    assert (sku.spec, sku.on_hand, sku.weight_g) == ("天青 · L", 20, 600)
    movement = StockMovement.objects.get(sku=sku)
    assert (movement.kind, movement.on_hand_delta, movement.by) == ("received", 20, mine.member)
    assert not miscounted_skus().exists()
    assert plain.search is not None


def test_the_same_file_again_makes_nothing_twice(mine: Desk, tea: Category) -> None:
    for source in FILES:
        done(a_sheet(mine, source, tea))
    again = [a_sheet(mine, source, tea) for source in FILES]
    with nothing_changes(without=("suppliers_sheet",)):
        for sheet in again:
            assert {row.status for row in check_import(sheet=sheet)} <= {"skipped", "bad"}
            with pytest.raises(ImportRefused, match="没有可以导入"):
                start_import(sheet=sheet, at=AT)
    first = ImportedProduct.objects.earliest("id")
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportedProduct.objects.create(
            supplier=first.supplier,
            source=first.source,
            external_id=first.external_id,
            product=mine.sku.product,
            imported_at=AT,
        )


def test_a_run_that_is_repeated_only_reports(mine: Desk, tea: Category) -> None:
    sheet = a_sheet(mine, "jd", tea)
    assert run_import(sheet_id=sheet.pk, at=AT) is None
    done(sheet)
    with nothing_changes():
        report = run_import(sheet_id=sheet.pk, at=later(days=1))
        assert not start_import(sheet=sheet, at=AT)
    assert report is not None
    assert [row.status for row in report] == ["done", "bad", "bad"]
    assert ["高于售价" in report[1].text, "公式" in report[2].text] == [True, True]


def test_a_draft_is_brought_up_to_the_file_and_stock_stays_the_malls(mine: Desk, tea: Category) -> None:
    done(a_sheet(mine, "shopify", tea, file=shopify(good(**{"Inventory quantity": "5"}))))
    changed = shopify(
        good(Title="新茶", Price="12", **{"Inventory quantity": "99", "Option1 value": "默认"}),
        {"URL handle": "a", "Price": "20", "SKU": "A-2", "Option1 value": "大", "Inventory quantity": "3"},
    )
    sheet = a_sheet(mine, "shopify", tea, file=changed)
    (row,) = check_import(sheet=sheet)
    assert row.text == "更新草稿：名称、价格、新规格"
    done(sheet)
    product = ImportedProduct.objects.get().product
    assert (product.name, product.lowest_price_fen) == ("新茶", 1_200)
    assert list(product.skus.order_by("pk").values_list("code", "sale_price_fen", "on_hand")) == [
        ("A-1", 1_200, 5),
        ("A-2", 2_000, 3),
    ]


def test_what_is_reviewed_or_sold_is_left_alone(mine: Desk, tea: Category) -> None:
    done(a_sheet(mine, "shopify", tea, file=shopify(good())))
    product = ImportedProduct.objects.get().product
    Product.objects.filter(pk=product.pk).update(image="goods/x.webp")
    submit_product(product=Product.objects.get(pk=product.pk), by=mine.member, at=AT)
    (row,) = check_import(sheet=a_sheet(mine, "shopify", tea, file=shopify(good(Price="99"))))
    assert (row.status, "不改动" in row.text) == ("skipped", True)


def test_a_price_that_the_drafts_commission_eats_up_is_refused(mine: Desk, tea: Category) -> None:
    done(a_sheet(mine, "shopify", tea, file=shopify(good())))
    set_commission(product=ImportedProduct.objects.get().product, commission_bps=4_000)
    sheet = a_sheet(mine, "shopify", tea, file=shopify(good(Price="9.00")))
    set_mapping(
        sheet=sheet, columns=sheet.reading["columns"], categories={"T": tea.pk, "": tea.pk}, supply_bps=7_000, at=AT
    )
    (row,) = check_import(sheet=sheet)
    assert (row.status, "佣金" in row.text) == ("bad", True)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([good(Price="1.234")], "售价“1.234”"),
        ([good(Price="-5")], "售价“-5”"),
        ([good(Title="茶" * 61)], "名称最多 60 个字"),
        ([good(Title="")], "没有名称"),
        ([good(Type="没对应的")], "还没有对应"),
        ([good(SKU="X" * 41)], "太长"),
        ([good(**{"Option1 value": "很" * 21})], "超过 20 个字"),
        ([good(), good(Price="8")], "重复了"),
        ([good(Price="")], "没有规格和价格"),
        ([{**good(), "URL handle": "x" * 65}], "编号"),
    ],
)
def test_a_product_that_cannot_be_read_is_refused_with_its_reason_and_keeps_none_back(
    mine: Desk, tea: Category, rows: list[dict[str, str]], words: str
) -> None:
    other = {"URL handle": "other", "Title": "好茶", "Price": "5", "SKU": "B-1", "Type": "T"}
    sheet = a_sheet(mine, "shopify", tea, file=shopify(*rows, other))
    set_mapping(sheet=sheet, columns=sheet.reading["columns"], categories={"T": tea.pk}, supply_bps=6_000, at=AT)
    report = {row.subject: row for row in check_import(sheet=sheet)}
    bad = next(row for row in report.values() if row.status == "bad")
    assert words in bad.text
    assert report["好茶"].status == "good"
    done(sheet)
    assert ImportedProduct.objects.get().external_id == "other"


def test_a_code_that_another_has_gets_an_ending(mine: Desk, tea: Category) -> None:
    a_sku()
    taken = Sku.objects.latest("pk").code
    done(a_sheet(mine, "shopify", tea, file=shopify(good(SKU=taken))))
    made = ImportedProduct.objects.get().product.skus.get()
    assert made.code.startswith(f"{taken}-")


def test_when_it_goes_wrong_half_way_nothing_was_done(mine: Desk, tea: Category, monkeypatch: Any) -> None:
    sheet = a_sheet(mine, "shopify", tea)
    start_import(sheet=sheet, at=AT)
    monkeypatch.setattr(importing, "AT_ONCE", 1)

    def tell(done: int, _of: int) -> None:
        if done == 2:
            raise RuntimeError("the worker is gone")

    with nothing_changes(without=("suppliers_sheet",)), pytest.raises(RuntimeError):
        run_import(sheet_id=sheet.pk, at=AT, tell=tell)
    sheet.refresh_from_db()
    assert (sheet.started_at, sheet.applied_at) == (None, None)
    assert "什么都没有改动" in sheet.trouble
    assert len(done(sheet)) == 2


def test_from_the_file_to_the_drafts_on_pages(
    mine: Desk, tea: Category, django_capture_on_commit_callbacks: Any
) -> None:
    imports = reverse(f"{PAGES}_imports")
    with nothing_changes():
        assert "请选择文件" in mine.client.post(imports, {"source": "taobao"}).content.decode()
        assert "列名" in mine.client.post(imports, {"source": "jd", "file": upload("shopify")}).content.decode()
    to_map = mine.client.post(imports, {"source": "taobao", "file": upload("taobao")})
    sheet = Sheet.objects.get(kind="import")
    assert to_map["Location"] == reverse(f"{PAGES}_import_map", args=[sheet.pk])
    page = mine.client.get(to_map["Location"]).content.decode()
    assert "50012343（1 行）" in page
    form = {"supply_bps": "60", "column_name": "宝贝名称", "column_price": "宝贝价格", "column_external_id": "数字ID"}
    form |= {"column_category": "宝贝类目", "column_sku_props": "销售属性组合", "column_aliases": "销售属性别名"}
    form |= {"column_own_values": "自定义属性值", "column_code": "商家编码", "category_0": str(tea.pk)}
    with nothing_changes():
        assert "请选择在哪一列" in mine.client.post(to_map["Location"], {**form, "column_name": ""}).content.decode()
        assert mine.client.post(to_map["Location"], {**form, "supply_bps": "0"}).status_code == 200
        assert mine.client.post(to_map["Location"], {**form, "category_0": "999999"}).status_code == 200
    assert mine.client.post(to_map["Location"], form).status_code == 302
    here = reverse(f"{PAGES}_import_sheet", args=[sheet.pk])
    report = mine.client.get(here).content.decode()
    assert "新建草稿" in report
    assert "还没有对应到商城的分类" in report
    with django_capture_on_commit_callbacks() as rings:
        assert mine.client.post(here).status_code == 302
    assert len(rings) == 1
    running = mine.client.get(here)
    assert running["Refresh"] == "2"
    assert "正在导入" in running.content.decode()
    assert tasks.sweep_imports() == 1
    tasks.import_sheet(sheet.pk)
    assert "已完成" in mine.client.get(here).content.decode()
    kept = ImportMapping.objects.get()
    assert (kept.columns["name"], kept.supply_bps, list(kept.categories.values())) == ("宝贝名称", 6_000, [tea.pk])
    # The next file of this platform is read the same way without asking.
    mine.client.post(imports, {"source": "taobao", "file": upload("taobao")})
    again = reverse(f"{PAGES}_import_map", args=[Sheet.objects.latest("pk").pk])
    assert f'<option value="{tea.pk}" selected>' in mine.client.get(again).content.decode()


def test_only_the_owner_imports_and_only_into_the_own_catalogue(mine: Desk, tea: Category) -> None:
    firm = Firm("乙家", whole=False)
    sheet = a_sheet(mine, "shopify", tea)
    addresses = [reverse(f"{PAGES}_import_map", args=[sheet.pk]), reverse(f"{PAGES}_import_sheet", args=[sheet.pk])]
    finance = firm.seat(Role.FINANCE)
    with nothing_changes():
        for address in addresses:
            assert firm.client.get(address).status_code == firm.client.post(address).status_code == 404
            assert finance.get(address).status_code == 403
        assert finance.post(reverse(f"{PAGES}_imports")).status_code == 403
    done(sheet)
    with own_rows_of(firm.supplier.pk):
        assert not ImportedProduct.objects.exists()
        assert not ImportMapping.objects.exists()


def test_an_operator_imports_for_a_supplier(mine: Desk, tea: Category) -> None:
    base = f"/ops/suppliers/supplier/{mine.supplier.pk}"
    ops = as_(operator("林岚", "operator_service"))
    assert f"{base}/imports/" in ops.get(f"{base}/change/").content.decode()
    answer = ops.post(f"{base}/imports/", {"source": "shopify", "file": upload("shopify")})
    sheet = Sheet.objects.get(kind="import")
    assert (sheet.supplier, answer["Location"]) == (mine.supplier, f"{base}/imports/{sheet.pk}/map/")
    assert ops.get(answer["Location"]).status_code == 200
    other = Firm("乙家", whole=False).supplier
    assert ops.get(f"/ops/suppliers/supplier/{other.pk}/imports/{sheet.pk}/map/").status_code == 404
    onlooker = as_(operator("旁观", "operator_review"))
    with nothing_changes():
        assert onlooker.get(f"{base}/imports/").status_code == 403


def test_a_product_without_a_handle_is_no_variant_of_the_one_above(mine: Desk, tea: Category) -> None:
    rows = [good(), good(**{"URL handle": "", "Title": "", "SKU": "A-2", "Option1 value": "B"})]
    rows.append(good(**{"URL handle": "", "Title": "杯", "SKU": "B-1"}))
    sheet = a_sheet(mine, "shopify", tea, file=shopify(*rows))
    report = [(row.subject, row.status, row.text) for row in check_import(sheet=sheet)]
    assert report[0][1:] == ("good", "新建草稿：2 个规格，¥9.90 起")
    assert report[1] == ("杯", "bad", "没有商品在原平台的编号，分不清是不是导入过")
