"""Real threads and commits: files of one platform at once, and a sample that several people send."""

import pytest

from agents.commands import SampleRefused, agree_sample, ask_sample, put_in_shop, send_sample
from mall.core.workbook import TableRow
from suppliers.commands import add_category, keep_sheet, run_import, set_mapping, start_import
from suppliers.models import ImportedProduct, Product, Sheet, Sku, StockMovement
from suppliers.queries import miscounted_skus
from tests.agents.shops import a_good, a_shopkeeper
from tests.concurrency.threads import at_once
from tests.factories import AT, an_address
from tests.suppliers.test_desk import Desk

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = ("Handle", "Title", "Price", "SKU", "Inventory quantity")


def a_sheet(desk: Desk, category_id: int, products: int) -> Sheet:
    rows = [
        TableRow(n, {"Handle": f"h{n}", "Title": f"茶 {n}", "Price": "9.90", "SKU": f"S{n}", "Inventory quantity": "5"})
        for n in range(products)
    ]
    reading = {"source": "shopify", "head": list(HEAD)}
    sheet = keep_sheet(
        supplier=desk.supplier, kind="import", name="x.csv", rows=rows, reading=reading, by=desk.member, at=AT
    )
    columns = {"external_id": "Handle", "name": "Title", "price": "Price", "code": "SKU", "stock": "Inventory quantity"}
    set_mapping(sheet=sheet, columns=columns, categories={"": category_id}, supply_bps=7_000, at=AT)
    start_import(sheet=sheet, at=AT)
    return sheet


def test_files_with_the_same_goods_run_by_several_workers_make_each_draft_once() -> None:
    desk, category = Desk("甲家"), add_category(name="茶", slug="t")
    sheets = [a_sheet(desk, category.pk, 30) for _ in range(3)]
    at_once(lambda number: run_import(sheet_id=sheets[number % 3].pk, at=AT), 9)
    assert Product.objects.filter(imported__isnull=False).count() == ImportedProduct.objects.count() == 30
    assert Sku.objects.filter(code__startswith="S", product__imported__isnull=False).count() == 30
    assert StockMovement.objects.filter(sku__product__imported__isnull=False).count() == 30
    assert not Sheet.objects.filter(applied_at=None).exists()
    assert not miscounted_skus().exists()


def test_a_sample_that_several_people_send_leaves_the_stock_once() -> None:
    keeper, good = a_shopkeeper(), a_good(bps=500, on_hand=9)
    put_in_shop(owner=keeper, slug=good.product.slug, at=AT)
    sample = ask_sample(member=keeper, slug=good.product.slug, address=an_address(keeper), words="试喝", at=AT)
    agree_sample(request=sample, by=None, at=AT)

    def act(number: int) -> None:
        waybill = {"carrier": "顺丰速运", "tracking_number": f"SF{number:08d}"}
        send_sample(request=sample, sku=good, by=None, at=AT, **waybill)

    at_once(act, 6, refusals=(SampleRefused,))
    assert Sku.objects.get(pk=good.pk).on_hand == 8
