"""Lists as operators work with them: views of their own, columns, a period, a search that understands, files."""

import csv
import io
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mall.core.models import ListExport, SavedView
from mall.core.rights import PLANS, RELEASE, REVIEW, SERVICE
from members.models import Member
from tests.factories import AT, a_member, a_paid_order, later
from tests.operators import as_, operator, text
from tests.snapshots import nothing_changes

pytestmark = pytest.mark.django_db

ORDERS = "/ops/orders/order/"


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def table_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body(answer).decode("utf-8-sig"))))


def sheet_of(answer: Any) -> list[list[str]]:
    """Read a workbook as a spreadsheet does, each cell as (type, text)."""
    with zipfile.ZipFile(io.BytesIO(body(answer))) as book:
        assert book.testzip() is None
        for name in book.namelist():
            ElementTree.fromstring(book.read(name))
        root = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    return [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{space}row")]


@pytest.fixture
def buyer() -> Member:
    member = a_member(nickname="=HYPERLINK(1)")
    Member.objects.filter(pk=member.pk).update(phone="+8613912347788")
    return Member.objects.get(pk=member.pk)


@pytest.mark.parametrize("term", ["7788", "13912347788", "+86 139 1234 7788", "=HYPER"])
def test_a_search_knows_the_tail_of_a_phone_a_phone_and_a_nickname(buyer: Member, term: str) -> None:
    mine, other = a_paid_order(member=buyer), a_paid_order()
    page = text(as_(operator("小林", SERVICE)).get(ORDERS, {"q": term}))
    assert mine.number in page
    assert other.number not in page


def test_a_search_knows_the_number_of_an_order_and_of_what_was_paid_together(buyer: Member) -> None:
    mine, other = a_paid_order(member=buyer), a_paid_order()
    client = as_(operator("小林", SERVICE))
    for term in (mine.number, mine.number.lower(), mine.purchase.number):
        page = text(client.get(ORDERS, {"q": term}))
        assert mine.number in page
        assert other.number not in page


@pytest.mark.parametrize("term", ["'; DROP TABLE orders_order; --", "%", "\x00", "x" * 5_000, "９９９９"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(buyer: Member, term: str) -> None:
    order = a_paid_order(member=buyer)
    answer = as_(operator("小林", SERVICE)).get(ORDERS, {"q": term})
    assert answer.status_code == 200
    assert (order.number in text(answer)) == (term == "\x00")


def test_a_period_takes_both_its_days_by_the_malls_own_clock() -> None:
    # AT is noon in Shanghai; an hour before midnight there belongs to that day still.
    early, late = a_paid_order(at=AT), a_paid_order(at=later(hours=11, minutes=30))
    after = a_paid_order(at=later(hours=12))
    page = text(as_(operator("小林", SERVICE)).get(ORDERS, {"since": "2026-11-01", "until": "2026-11-01"}))
    assert early.number in page
    assert late.number in page
    assert after.number not in page
    odd = as_(operator("小林", SERVICE)).get(ORDERS, {"since": "yesterday", "until": "2026-13-45"})
    assert early.number in text(odd)


def test_a_view_is_kept_with_its_count_for_its_owner_alone_and_forgotten(buyer: Member) -> None:
    a_paid_order(member=buyer), a_paid_order(member=buyer), a_paid_order()
    mine, other = as_(operator("小林", SERVICE)), as_(operator("阿秋", SERVICE))
    data = {"name": "老客 7788", "query": "q=7788&p=3&state__exact=paid"}
    assert mine.post(f"{ORDERS}views/", data)["Location"] == f"{ORDERS}?q=7788&state__exact=paid"
    page = text(mine.get(ORDERS))
    assert '老客 7788<span class="ops-count">2</span>' in page
    assert "老客 7788" not in text(other.get(ORDERS))
    other.post(f"{ORDERS}views/", {"forget": "老客 7788"})
    assert SavedView.objects.count() == 1
    mine.post(f"{ORDERS}views/", {"forget": "老客 7788"})
    assert SavedView.objects.count() == 0


def test_a_view_that_leads_elsewhere_or_has_no_name_is_not_kept() -> None:
    client = as_(operator("小林", SERVICE))
    assert client.post(f"{ORDERS}views/", {"name": " ", "query": "q=1"}).status_code == 302
    assert SavedView.objects.count() == 0
    for n in range(9):
        client.post(f"{ORDERS}views/", {"name": f"视图{n}", "query": "//evil.example"})
    assert SavedView.objects.count() == 8
    assert client.get(f"{ORDERS}views/").status_code == 405
    assert client.get(ORDERS).status_code == 200


def test_a_view_whose_filter_is_gone_is_shown_without_a_number() -> None:
    client = as_(operator("小林", SERVICE))
    client.post(f"{ORDERS}views/", {"name": "旧视图", "query": "no_such_column__exact=1"})
    assert '旧视图<span class="ops-count">?</span>' in text(client.get(ORDERS))


def test_columns_are_chosen_by_each_and_the_first_one_stays() -> None:
    order = a_paid_order()
    mine, other = as_(operator("小林", SERVICE)), as_(operator("阿秋", SERVICE))
    mine.post(f"{ORDERS}columns/", {"column": ["total_yuan", "no_such_column"]})
    page = text(mine.get(ORDERS))
    assert order.number in page
    assert "field-total_yuan" in page
    assert "field-supplier_name" not in page
    assert "field-supplier_name" in text(other.get(ORDERS))
    mine.post(f"{ORDERS}columns/", {"column": ["buyer", "supplier_name", "goods", "total_yuan", "state_chip"]})
    assert "field-supplier_name" in text(mine.get(ORDERS))


def test_a_file_has_the_rows_of_the_filters_people_masked_and_no_formula(buyer: Member) -> None:
    mine = a_paid_order(member=buyer)
    a_paid_order()
    client = as_(operator("小林", SERVICE))
    answer = client.post(f"{ORDERS}export/?q=7788", {"file_kind": "csv", "reason": ""})
    head, *rows = table_of(answer)
    assert head[0] == "订单号"
    assert [row[0] for row in rows] == [mine.number]
    assert rows[0][3] == "'=**"
    assert rows[0][4] == "139****7788"
    assert rows[0][7] == "68.00"
    record = ListExport.objects.get()
    assert (record.by_name, record.page, record.query, record.row_count) == ("小林", "ops.orders.order", "q=7788", 1)
    assert "no-store" in answer["Cache-Control"]


def test_a_workbook_holds_the_same_and_a_text_that_looks_like_a_formula_is_a_text(buyer: Member) -> None:
    mine = a_paid_order(member=buyer)
    client = as_(operator("林岚", PLANS))
    data = {"file_kind": "xlsx", "unmasked": "on", "reason": "税务局来函，核对买家"}
    _head, row = sheet_of(client.post(f"{ORDERS}export/", data))
    assert row[0] == mine.number
    assert row[3] == "'=HYPERLINK(1)"
    assert row[4] == "'+8613912347788"
    assert ListExport.objects.get().unmasked


def test_what_is_personal_takes_a_reason_and_the_right(buyer: Member) -> None:
    a_paid_order(member=buyer)
    client = as_(operator("林岚", PLANS))
    with nothing_changes():
        asked = client.post(f"{ORDERS}export/", {"file_kind": "csv", "unmasked": "on"})
    assert "请写明用途" in text(asked)
    assert not ListExport.objects.exists()
    without = as_(operator("小林", SERVICE)).post(
        f"{ORDERS}export/", {"file_kind": "csv", "unmasked": "on", "reason": "想看"}
    )
    assert table_of(without)[1][4] == "139****7788"
    assert not ListExport.objects.get().unmasked


def test_who_may_not_export_or_not_see_gets_nothing() -> None:
    a_paid_order()
    for client in (as_(operator("新同事")), as_(a_member())):
        for method in (client.get, client.post):
            assert method(f"{ORDERS}export/").status_code in (302, 403)
    assert not ListExport.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "/ops/orders/order/",
        "/ops/orders/refund/",
        "/ops/orders/aftersale/",
        "/ops/members/member/",
        "/ops/linkage/reward/",
        "/ops/suppliers/product/",
        "/ops/payouts/withdrawal/",
        "/ops/ledger/journalentry/",
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_that_offers_a_file_gives_one(address: str, kind: str) -> None:
    a_paid_order()
    client = as_(operator("林岚", PLANS))
    assert f'href="{address}export/?' in text(client.get(address, follow=True))
    assert client.get(f"{address}export/").status_code == 200
    answer = client.post(f"{address}export/", {"file_kind": kind})
    rows = table_of(answer) if kind == "csv" else sheet_of(answer)
    assert len(rows[0]) > 4
    assert ListExport.objects.get().row_count == len(rows) - 1


def test_a_file_asks_a_fixed_number_of_questions_for_each_two_thousand_rows() -> None:
    member = a_member()
    for n in range(12):
        a_paid_order(member=member, at=AT + timedelta(minutes=n))
    client = as_(operator("小林", SERVICE))
    counts = []
    for query in ("since=2030-01-01", ""):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            table = table_of(client.post(f"{ORDERS}export/?{query}", {"file_kind": "csv"}))
        counts.append((len(table), len(asked)))
    (few, fewer), (many, more) = counts
    assert (few, many) == (1, 13)
    assert more - fewer <= 3


def test_exports_are_seen_on_their_own_page() -> None:
    a_paid_order()
    client = as_(operator("陈立", RELEASE, REVIEW))
    body(client.post(f"{ORDERS}export/", {"file_kind": "csv", "reason": "月底对账"}))
    page = text(client.get("/ops/core/listexport/"))
    assert "月底对账" in page
    assert "已遮挡" in page
