"""Ten thousand SKUs of another platform's file: read, looked at, and made into drafts."""

import csv
import io
import time
from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from bench import databases
from bench.population import MEASURED_AT
from bench.results import Result, ceiling
from bench.run import Run
from members.commands import register_member
from suppliers.catalogues import SHOPIFY, guessed, read_rows
from suppliers.commands import (
    add_category,
    check_import,
    keep_sheet,
    open_supplier,
    run_import,
    set_mapping,
    start_import,
)
from suppliers.models import SheetKind, Sku
from suppliers.queries import miscounted_skus

SKUS = 10_000
PER_PRODUCT = 4
SECONDS_MAX = 60
HEAD = (
    *("Handle", "Title", "Type", "Body (HTML)", "Variant Price", "Variant SKU", "Variant Inventory Qty"),
    *("Option1 Name", "Option1 Value"),
)


def measure(run: Run) -> Iterator[Result]:
    database = databases.copy(databases.EMPTY, "mall_bench_catalogue_import")
    databases.use(database)
    skus = run.size(SKUS)
    supplier = open_supplier(name="导入供应商", seal="导", slug="import", hue=30)
    category = add_category(name="导入", slug="import")
    by = register_member(phone="+8613700000001", nickname="店长", referrer=None, at=MEASURED_AT)
    file = SimpleUploadedFile("products.csv", _file(skus))
    databases.settle_down(database)
    began = time.perf_counter()
    table = SHOPIFY.table(read_rows(file))
    sheet = keep_sheet(
        supplier=supplier,
        kind=SheetKind.IMPORT,
        name=file.name or "",
        rows=table.rows,
        reading={"source": SHOPIFY.key, "head": list(table.head)},
        by=by,
        at=MEASURED_AT,
    )
    columns = guessed(SHOPIFY.fields, table.head)
    set_mapping(sheet=sheet, columns=columns, categories={"茶": category.pk}, supply_bps=7_000, at=MEASURED_AT)
    check_import(sheet=sheet)
    looked = time.perf_counter()
    start_import(sheet=sheet, at=MEASURED_AT)
    run_import(sheet_id=sheet.pk, at=MEASURED_AT)
    done = time.perf_counter()
    assert Sku.objects.count() == skus
    assert not miscounted_skus().exists()
    run.tell(f"{skus} SKUs: read and looked at in {looked - began:.1f} s, made in {done - looked:.1f} s")
    yield ceiling(f"drafts of {skus} SKUs by another platform's file", "s", [done - began], SECONDS_MAX)
    databases.drop(database)


def _file(skus: int) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for n in range(skus):
        product, place = divmod(n, PER_PRODUCT)
        words = (f"武夷岩茶 {product}", "茶", "<p>岩骨花香</p>" * 40) if place == 0 else ("", "", "")
        writer.writerow((f"tea-{product}", *words, "68.00", f"TEA-{n}", "50", "规格", f"{place + 1} 号"))
    return out.getvalue().encode()
