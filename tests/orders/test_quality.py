"""V-9: a supplier's quality in figures, each with the rows that make it; and what runs out, on the front page."""

import html
import re
from datetime import date, timedelta
from typing import Any

import pytest

from mall.core.seats import Role
from orders.commands.after_sale import open_case
from orders.commands.reviewing import reply_to_review, write_review
from orders.models import Order
from orders.queries import quality
from suppliers.commands import add_qualification
from suppliers.models import Product
from tests.factories import AT, a_member, a_paid_order, a_received_order, a_shipped_order, a_sku, later
from tests.operators import text
from tests.suppliers.firms import ONLY_ONE, Firm

pytestmark = pytest.mark.django_db

NOW = later(days=40)
TODAY = date(2026, 12, 11)


@pytest.fixture(autouse=True)
def standing(monkeypatch: Any) -> None:
    monkeypatch.setattr("mall.core.clock._standing", NOW)


@pytest.fixture
def mine() -> Firm:
    """Ten lines that arrived in the last 30 days, one case and one low review; before them one line with nothing."""
    firm = Firm("甲家", whole=False)
    firm.sku = a_sku(supplier=firm.supplier, on_hand=500)
    a_received_order(sku=firm.sku, at=AT)
    for day in range(20, 30):
        a_received_order(sku=firm.sku, at=later(days=day))
    shipped = a_shipped_order(sku=firm.sku, at=later(days=31))
    buyer = Order.objects.get(pk=shipped.pk).member
    open_case(member=buyer, line=shipped.lines.get(), note="破了", photos=(), at=later(days=32), **ONLY_ONE)
    a_review(firm, stars=1, days=33)
    a_review(firm, stars=5, days=33)
    return firm


def a_review(firm: Firm, *, stars: int, days: int) -> Any:
    buyer = a_member()
    order = a_received_order(sku=firm.sku, member=buyer, at=later(days=days))
    said = {
        "stars": stars,
        "tags": [],
        "text": f"给 {stars} 星",
        "is_anonymous": False,
        "at": later(days=days, hours=1),
    }
    return write_review(member=buyer, line_id=order.lines.get().pk, photos=(), **said)


def page(firm: Firm, path: str = "", **query: str) -> str:
    return text(firm.client.get(f"/supplier/quality/{path}", query))


def test_complaints_are_counted_against_what_arrived_in_the_same_days(mine: Firm) -> None:
    now, before = (quality.quality(supplier=mine.supplier, since=s, until=u) for s, u in quality.periods(TODAY))
    assert (now.delivered, now.cases, now.low) == (12, 1, 1)
    assert now.complaint_tenths == 2 * 10_000 // 12
    assert (before.delivered, before.complaints, before.complaint_tenths) == (1, 0, 0)
    assert quality.Quality(0, 1, 0, 0, 0).complaint_tenths is None


def test_each_figure_leads_to_exactly_its_rows(mine: Firm) -> None:
    shown = page(mine)
    assert "166.6" in shown
    assert "前 30 天 0.0" in shown
    for of, count in (("delivered", 12), ("cases", 1), ("low", 1), ("shipped", 13), ("late", 0)):
        rows = page(mine, "rows/", of=of, period="now")
        assert f"共 {count} 条" in rows, of
        assert rows.count("<tr>") == 1 + max(count, 1), of
    assert "共 1 条" in page(mine, "rows/", of="delivered", period="before")
    assert mine.client.get("/supplier/quality/rows/", {"of": "everything"}).status_code == 404


def test_a_reply_takes_a_review_off_what_waits(mine: Firm) -> None:
    rows = page(mine, "rows/", of="unanswered")
    assert rows.index("给 1 星") < rows.index("给 5 星")
    review = quality.unanswered_reviews(supplier=mine.supplier).first()
    reply_to_review(review=review, text="抱歉，已补发", by=mine.owner, at=NOW)
    assert "给 1 星" not in page(mine, "rows/", of="unanswered")


def test_what_left_late_is_named(mine: Firm) -> None:
    late = a_paid_order(sku=mine.sku, at=later(days=20))
    Order.objects.filter(pk=late.pk).update(shipped_at=later(days=35), state="shipped")
    assert "92.8%" in page(mine)
    rows = page(mine, "rows/", of="late")
    assert late.number in rows
    assert "超时" in rows


def test_a_quiet_supplier_has_dashes_and_no_division_by_nothing() -> None:
    shown = page(Firm("新家", whole=False))
    assert "—" in shown
    assert "还没有上传过证照" in shown


def test_the_page_asks_as_much_for_many_papers_as_for_few(mine: Firm, django_assert_max_num_queries: Any) -> None:
    def add(number: int) -> None:
        product = Product.objects.get(pk=mine.sku.product_id)
        add_qualification(
            supplier=mine.supplier, product=product, kind="inspection", title=f"报告 {number}", valid_until=TODAY
        )

    add(0)
    page(mine)
    with django_assert_max_num_queries(40) as first:
        page(mine)
    for number in range(1, 9):
        add(number)
        a_review(mine, stars=2, days=34)
    with django_assert_max_num_queries(len(first)):
        assert "报告 8" in page(mine)


def test_only_owner_and_service_open_it(mine: Firm) -> None:
    for role, status in ((Role.SERVICE, 200), (Role.WAREHOUSE, 403), (Role.FINANCE, 403)):
        for path in ("/supplier/quality/", "/supplier/quality/rows/?of=cases"):
            assert mine.seat(role).get(path).status_code == status, (role, path)


def test_the_front_page_warns_of_what_runs_out_and_is_quiet_once_a_successor_waits(mine: Firm) -> None:
    assert "证照" not in text(mine.client.get("/supplier/")).split("desk-cards")[0].split("ops-page")[1]
    until = TODAY + timedelta(days=12)
    paper = add_qualification(supplier=mine.supplier, kind="food", title="许可证", valid_until=until)
    add_qualification(supplier=mine.supplier, kind="organic", title="有机", valid_until=TODAY - timedelta(days=1))
    front = text(mine.client.get("/supplier/"))
    assert "1 份证照已过期，1 份证照 30 天内到期" in front
    assert "/supplier/quality/" in front
    assert "还有 12 天" in page(mine)
    type(paper).objects.create(
        supplier=mine.supplier, kind="food", title="新证", state="waiting", replaces=paper, submitted_at=NOW
    )
    front = text(mine.client.get("/supplier/"))
    assert "1 份证照已过期。" in front
    assert "30 天内到期" not in front


def test_a_figures_rows_turn_their_pages_and_stay_the_same_figure(mine: Firm, monkeypatch: Any) -> None:
    monkeypatch.setattr("orders.admin.quality.PER_PAGE", 5)
    first = page(mine, "rows/", of="delivered", period="now")
    onward = re.search(r'href="(\?[^"]+)">下一页', first)
    assert onward is not None
    last = text(mine.client.get("/supplier/quality/rows/" + html.unescape(onward[1]).replace("page=2", "page=3")))
    assert "3 / 3" in last
    assert "共 12 条" in last
    assert "下一页" not in last
