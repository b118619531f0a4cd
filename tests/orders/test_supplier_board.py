"""The front page of a supplier: how promises were kept, worked out from the orders that left."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from mall.core import clock
from mall.core.ids import SHANGHAI
from orders.models import Order
from orders.queries import supplier_board
from orders.queries.supplier_board import Left
from suppliers.models import Sku
from tests.factories import a_seat, a_shipped_order, a_sku

pytestmark = pytest.mark.django_db


def left_at(sku: Sku, day: date, *, late: bool, hours: int) -> None:
    """An order that left at noon of a day, so many hours after its payment."""
    shipped_at = datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=12)
    due_at = shipped_at + timedelta(minutes=-1 if late else 0)
    order = a_shipped_order(sku=sku)
    Order.objects.filter(pk=order.pk).update(
        shipped_at=shipped_at, due_at=due_at, paid_at=shipped_at - timedelta(hours=hours)
    )


def test_what_left_is_counted_by_the_day_in_shanghai_and_summed_by_periods() -> None:
    sku, first = a_sku(), date(2026, 10, 30)
    for number, late, hours in ((0, False, 10), (0, True, 50), (1, False, 12), (2, True, 30)):
        left_at(sku, first + timedelta(days=number), late=late, hours=hours)
    left_at(a_sku(), first, late=True, hours=99)
    left = supplier_board.left_by_day(supplier=sku.product.supplier, since=first, until=first + timedelta(days=3))
    assert left == {
        first: Left(2, 1, 1, timedelta(hours=60)),
        first + timedelta(days=1): Left(1, 1, 0, timedelta(hours=12)),
        first + timedelta(days=2): Left(1, 0, 1, timedelta(hours=30)),
    }
    october = supplier_board.promises(left, since=date(2026, 10, 1), until=date(2026, 11, 1))
    assert (october.shipped, october.in_time, october.in_time_bps, october.minutes) == (3, 2, 6666, 1440)
    november = supplier_board.promises(left, since=date(2026, 11, 1), until=date(2026, 12, 1))
    assert (november.shipped, november.in_time_bps, november.minutes) == (1, 0, 1800)
    nothing = supplier_board.promises(left, since=date(2026, 12, 1), until=date(2027, 1, 1))
    assert (nothing.in_time_bps, nothing.minutes) == (None, None)


def test_the_front_page_shows_the_month_beside_the_last_and_a_cell_for_each_day() -> None:
    sku = a_sku()
    today = clock.now().astimezone(SHANGHAI).date()
    before = today.replace(day=1) - timedelta(days=1)
    left_at(sku, today, late=True, hours=30)
    left_at(sku, before, late=False, hours=12)
    client = Client()
    client.force_login(a_seat(sku.product.supplier), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("supplier:index"))
    kept = {row["label"]: (row["value"], row["before"]) for row in page.context["kept"]}
    assert (kept["准时发货"], kept["付款到出库"]) == (("0.0%", "100.0%"), ("30.0 小时", "12.0 小时"))
    assert len(page.context["strip"]) == 30
    assert page.context["strip"][-1] == {"tone": "bad", "words": f"{today:%m-%d} 发出 1 单，超时 1 单"}
