"""Promoted orders: whose, what they brought, and what after-sale does to them."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.queries.promoted import PAGE, Span, promoted_orders
from ledger.models import AccountKind, Posting, account_id
from linkage.models import Reward
from tests.linkage.stories import Mall, three_generations

from .conftest import See


def page(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get(f"/agent/orders/{query}")
    assert response.status_code == status
    return response.content.decode().partition("<main")[2].partition("<aside")[0]


def many(mall: Mall, number: int) -> None:
    for place in range(number):
        mall.join(f"s{place}", "zoe")
        mall.buy(f"s{place}", f"o-s{place}")
    mall.settle()


def test_every_order_that_brought_something_is_there_once(mall: Mall, see: See) -> None:
    three_generations(mall)
    many(mall, PAGE + 5)
    zoe = mall.members["zoe"]
    client, path, seen = see("zoe"), "", []
    while True:
        body = page(client, path)
        seen += re.findall(r'class="muted number">([^<]+)<', body)
        more = re.search(r'href="(\?[^"]+)" rel="next"', body)
        if more is None:
            break
        path = unescape(more[1])
    wanted = Reward.objects.filter(member=zoe).values_list("order__order__number", flat=True).distinct()
    assert sorted(seen) == sorted(wanted)
    assert len(seen) == len(set(seen)) > PAGE


def test_what_is_kept_of_all_orders_is_what_the_ledger_paid(mall: Mall) -> None:
    three_generations(mall)
    many(mall, 3)
    mall.refund("o-s0")
    mall.settle()
    for name, member in mall.members.items():
        kept = sum(row.kept_fen for row in promoted_orders(member=member, span=Span()).orders)
        own = [account_id(kind, member.pk) for kind in (AccountKind.PENDING, AccountKind.HELD, AccountKind.AVAILABLE)]
        assert kept == -sum(Posting.objects.filter(account_id__in=own).values_list("amount_fen", flat=True)), name


def test_a_buyer_is_masked_and_a_return_is_flagged(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.refund("o-bob")
    mall.settle()
    body = page(see("ann"))
    assert "买家 b**" in body
    assert "bob" not in body.replace("o-bob", "")
    assert "已扣回" in body
    reward = Reward.objects.get(member=mall.members["ann"])
    assert f"/agent/earnings/{reward.pk}/" in body


def test_days_are_those_of_shanghai_and_both_included(mall: Mall, see: See) -> None:
    three_generations(mall)
    paid = timezone.localtime(Reward.objects.get(member=mall.members["ann"]).order.paid_at).date()
    assert "o-bob" in page(see("ann"), f"?first={paid}&last={paid}")
    assert "这段时间没有推广订单" in page(see("ann"), f"?first={paid.year + 1}-01-01")
    assert "o-bob" in page(see("ann"), f"?last={paid}&after=nonsense")


@pytest.mark.parametrize(
    "query", ["?first=x", "?first=2026-02-30", "?first=2026-11-02&last=2026-11-01", "?last=0001-01-01"]
)
def test_days_that_are_none_are_told(mall: Mall, see: See, query: str) -> None:
    three_generations(mall)
    assert 'role="alert"' in page(see("ann"), query, status=422)


def test_who_promoted_nothing_is_led_on(mall: Mall, see: See) -> None:
    three_generations(mall)
    assert "还没有推广订单" in page(see("bob"))
    assert Client().get("/agent/orders/").status_code == 302


def test_a_page_costs_the_same_however_many_orders_there_are(mall: Mall, see: See) -> None:
    three_generations(mall)
    client = see("zoe")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client)
        return len(queries)

    count()
    few = count()
    many(mall, 9)
    assert count() == few <= 14
