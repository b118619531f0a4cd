"""Prices and stock of ten thousand SKUs by one table: read, looked at, and done."""

import time
from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from bench import databases
from bench.population import MEASURED_AT
from bench.results import Result, ceiling
from bench.run import Run
from mall.core.workbook import read_table, written
from members.commands import register_member
from suppliers.commands import (
    add_category,
    add_product,
    change_goods,
    check_goods,
    keep_sheet,
    open_supplier,
    seat_member,
)
from suppliers.commands.goods_sheet import HEAD
from suppliers.models import MovementKind, PriceChange, SheetKind, Sku, StockMovement, Supplier
from suppliers.queries import goods_rows, miscounted_skus

SKUS = 10_000
PER_PRODUCT = 20
SECONDS_MAX = 60


def measure(run: Run) -> Iterator[Result]:
    database = databases.copy(databases.EMPTY, "mall_bench_goods_sheet")
    databases.use(database)
    skus = run.size(SKUS)
    supplier = _goods(skus)
    databases.settle_down(database)
    by = register_member(phone="+8613700000001", nickname="仓管", referrer=None, at=MEASURED_AT)
    seat_member(supplier=supplier, member=by)
    rows = [
        [row[0], row[3], row[4], row[5] + 1, row[6], row[6] + 5] for row in goods_rows(supplier=supplier, limit=skus)
    ]
    file = SimpleUploadedFile("goods.xlsx", written(title="goods", head=HEAD, rows=rows))
    began = time.perf_counter()
    read = read_table(file, head=HEAD)
    sheet = keep_sheet(supplier=supplier, kind=SheetKind.GOODS, name=file.name or "", rows=read, by=by, at=MEASURED_AT)
    check_goods(supplier=supplier, rows=read)
    looked = time.perf_counter()
    change_goods(sheet=sheet, by=by, at=MEASURED_AT)
    done = time.perf_counter()
    assert PriceChange.objects.count() == skus
    assert not miscounted_skus().exists()
    run.tell(f"{skus} SKUs: read and looked at in {looked - began:.1f} s, done in {done - looked:.1f} s")
    yield ceiling(f"prices and stock of {skus} SKUs by a table", "s", [done - began], SECONDS_MAX)
    databases.drop(database)


def _goods(skus: int) -> Supplier:
    """A supplier with so many SKUs on the shelf, fifty pieces of each."""
    supplier = open_supplier(name="表格供应商", seal="表", slug="sheet", hue=30)
    category = add_category(name="表格", slug="sheet")
    for start in range(0, skus, PER_PRODUCT):
        product = add_product(supplier=supplier, category=category, name=f"商品 {start}", slug=f"sheet-{start}")
        made = Sku.objects.bulk_create(
            Sku(
                product=product,
                code=f"SHEET-{start + n}",
                spec=f"{n}",
                supply_price_fen=4_000,
                list_price_fen=9_900,
                sale_price_fen=6_800,
                on_hand=50,
            )
            for n in range(min(PER_PRODUCT, skus - start))
        )
        StockMovement.objects.bulk_create(
            StockMovement(sku=sku, kind=MovementKind.RECEIVED, on_hand_delta=50, at=MEASURED_AT) for sku in made
        )
    return supplier
