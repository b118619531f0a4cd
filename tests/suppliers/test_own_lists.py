"""A supplier's lists with views, columns, periods and files: the supplier's alone, and by role."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mall.core.admin import supplier_site
from mall.core.models import ListExport, SavedView
from mall.core.own_supplier import rows_of
from mall.core.rights import RELEASE
from mall.core.seats import PAGES, Role
from orders.models import Order
from suppliers.models import Product, SupplierUser
from tests.factories import a_paid_order, a_sku, later
from tests.operators import as_, operator
from tests.snapshots import nothing_changes

from .firms import Firm, text_of
from .test_isolation import EXPORTED

pytestmark = pytest.mark.django_db

ORDERS = "/supplier/orders/order/"
WHY = {"file_kind": "csv", "reason": "月底对账"}


def address(page: str) -> str:
    return f"/supplier/{page.replace('_', '/', 1)}/"


def table_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text_of(answer).lstrip("\ufeff"))))


def asking(captured: CaptureQueriesContext) -> list[str]:
    """What was asked, but for the time of the demo."""
    return [one["sql"] for one in captured.captured_queries if "core_democlock" not in one["sql"]]


@pytest.fixture
def mine() -> Firm:
    return Firm("甲家", whole=False)


@pytest.mark.parametrize("page", sorted(EXPORTED))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_gives_a_file_of_own_rows_and_writes_down_who_and_why(page: str, kind: str) -> None:
    firm, theirs = Firm("甲家"), a_sku()
    Product.objects.filter(pk=theirs.product_id).update(name="乙家的茶")
    a_paid_order(sku=theirs)
    assert f'href="{address(page)}export/?' in firm.client.get(address(page), follow=True).content.decode()
    assert "月底" not in firm.client.get(f"{address(page)}export/").content.decode()
    before = ListExport.objects.count()
    answer = firm.client.post(f"{address(page)}export/", {**WHY, "file_kind": kind})
    body = text_of(answer)
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert "甲家" in body or page not in ("suppliers_product", "suppliers_restock")
    assert "乙家" not in body
    record = ListExport.objects.order_by("pk").last()
    assert record is not None
    assert ListExport.objects.count() == before + 1
    assert (record.supplier_id, record.by_id, record.reason) == (firm.supplier.pk, firm.owner.pk, "月底对账")
    with rows_of(firm.supplier.pk):
        model = next(one for one in supplier_site._registry if f"{one._meta.app_label}_{one._meta.model_name}" == page)
        assert record.row_count == model._default_manager.count() > 0


def test_a_file_without_a_purpose_is_not_made(mine: Firm) -> None:
    for reason in ("", "  "):
        page = mine.client.post(f"{ORDERS}export/", {"file_kind": "csv", "reason": reason})
        assert "请写明用途" in page.content.decode()
    assert not ListExport.objects.exists()


def test_people_stand_masked_in_a_file_whatever_is_sent_and_nothing_runs_as_a_formula(mine: Firm) -> None:
    sku = a_sku(supplier=mine.supplier)
    Product.objects.filter(pk=sku.product_id).update(name="=HYPERLINK(1)")
    order = a_paid_order(sku=sku)
    Order.objects.filter(pk=order.pk).update(
        recipient_name="张三丰", recipient_phone="+8613912347788", recipient_address="浙江省杭州市西湖区 文三路 1 号"
    )
    line = order.lines.get()
    line.product_name = "=HYPERLINK(1)"
    line.save(update_fields=["product_name"])
    head, row = table_of(mine.client.post(f"{ORDERS}export/", {**WHY, "unmasked": "on"}))
    cells = dict(zip(head, row, strict=True))
    assert cells["收货人"] == "张**"
    assert cells["收货电话"] == "139****7788"
    assert "文三路" not in cells["收货地址"]
    assert cells["商品"].startswith("'=HYPERLINK")
    assert not ListExport.objects.get().unmasked


def test_the_table_of_roles_says_who_takes_a_file_away() -> None:
    firm = Firm("甲家")
    for page in EXPORTED:
        for role in Role:
            client = firm.seat(role)
            may = role in PAGES[page]["export"]
            before = ListExport.objects.count()
            status = client.post(f"{address(page)}export/", WHY).status_code
            assert (status, ListExport.objects.count() - before) == ((200, 1) if may else (403, 0)), (page, role)
            SupplierUser.objects.filter(member__nickname=f"{role}").delete()


def test_who_does_not_see_what_is_paid_has_it_in_no_file() -> None:
    firm = Firm("甲家")
    for page, column in (("orders_order", "供货金额（元）"), ("suppliers_sku", "供货价（元）")):
        assert column in table_of(firm.client.post(f"{address(page)}export/", WHY))[0]
        assert column not in table_of(firm.seat(Role.WAREHOUSE).post(f"{address(page)}export/", WHY))[0]
        SupplierUser.objects.filter(role=Role.WAREHOUSE).delete()


def test_a_view_has_its_count_is_its_owners_and_stays_with_the_supplier(mine: Firm) -> None:
    sku = a_sku(supplier=mine.supplier)
    first, second = a_paid_order(sku=sku), a_paid_order(sku=sku, at=later(days=2))
    data = {"name": "十一月一日", "query": "until=2026-11-01&part=all"}
    mine.client.post(f"{ORDERS}views/", data)
    mine.client.post(f"{ORDERS}columns/", {"column": ["goods"], "query": ""})
    page = mine.client.get(ORDERS, {"part": "all", "until": "2026-11-01"}).content.decode()
    assert '十一月一日<span class="ops-count">1</span>' in page
    assert first.number in page
    assert second.number not in page
    assert "field-recipient" not in page
    assert "十一月一日" not in mine.seat(Role.SERVICE).get(ORDERS).content.decode()
    # Somebody who moves to another supplier leaves views behind, and may use their names again.
    other = Firm("乙家", whole=False)
    SupplierUser.objects.filter(member=mine.owner).update(supplier=other.supplier)
    moved = mine.client.get(ORDERS, {"part": "all"}).content.decode()
    assert "十一月一日" not in moved
    assert mine.client.post(f"{ORDERS}views/", data).status_code == 302
    mine.client.post(f"{ORDERS}views/", {"forget": "十一月一日"})
    assert list(SavedView.objects.exclude(name="").values_list("supplier_id", flat=True)) == [mine.supplier.pk]


def test_the_database_keeps_views_and_exports_apart(mine: Firm) -> None:
    theirs = Firm("乙家")
    theirs.client.post(f"{ORDERS}views/", {"name": "甲", "query": ""})
    with rows_of(mine.supplier.pk):
        assert not SavedView.objects.exists()
        assert not ListExport.objects.exists()
    with rows_of(theirs.supplier.pk):
        assert SavedView.objects.count() == 1
        assert ListExport.objects.count() == 1


def test_an_address_that_no_list_answers_makes_no_file(mine: Firm) -> None:
    with nothing_changes():
        for query in ("supplier__id__exact=x", "nonsense=1", "id__exact=" + "9" * 40, "part=%00"):
            assert mine.client.post(f"{ORDERS}export/?{query}", WHY).status_code < 500
            assert mine.client.get(f"{ORDERS}export/?{query}").status_code < 500
    broken = {"name": "坏", "query": "no_such_column__exact=1"}
    mine.client.post(f"{ORDERS}views/", broken)
    page = mine.client.get(ORDERS, {"part": "all"})
    assert '坏<span class="ops-count">?</span>' in page.content.decode()


def test_the_owner_and_operators_read_what_was_taken_away() -> None:
    firm = Firm("甲家")
    text_of(firm.client.post(f"{ORDERS}export/", {**WHY, "reason": "给会计"}))
    assert "给会计" in firm.client.get("/supplier/core/listexport/").content.decode()
    assert firm.seat(Role.FINANCE).get("/supplier/core/listexport/").status_code == 403
    assert "给会计" in as_(operator("陈立", RELEASE)).get("/ops/core/listexport/").content.decode()


def test_lists_ask_as_much_for_many_rows_as_for_one(mine: Firm) -> None:
    sku = a_sku(supplier=mine.supplier)
    a_paid_order(sku=sku)
    for page in ("orders_order", "suppliers_stockmovement", "suppliers_restock", "suppliers_sku"):
        mine.client.get(address(page))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            mine.client.get(ORDERS, {"part": "all"})
        with CaptureQueriesContext(connection) as exported:
            mine.client.post(f"{ORDERS}export/", WHY)
        counts.append([len(asking(one)) for one in (asked, exported)])
        for n in range(5):
            a_paid_order(sku=sku, at=later(minutes=n))
    assert counts[0] == counts[1]
