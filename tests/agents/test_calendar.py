"""The calendar of what becomes available, against the ledger and against what happens when the day comes."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agents.queries.calendar import calendar, day_items
from agents.queries.periods import Period, day_of, month_of
from linkage.commands import request_withdrawal
from linkage.models import Reward
from mall.core import clock
from mall.core.money import yuan
from tests.linkage.stories import Mall, three_generations
from tests.payouts.people import payable

from .conftest import See


def page(client: Client, query: str = "", status: int = 200) -> str:
    response = client.get(f"/agent/calendar/{query}")
    assert response.status_code == status
    body = response.content.decode().partition("<main")[2].partition("<aside")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def received(mall: Mall) -> None:
    three_generations(mall)
    for number in ("o-bob", "o-y1"):
        mall.receive(number)
    mall.settle()


def months(mall: Mall, name: str, count: int = 3) -> list[Period]:
    found = [month_of(mall.at)]
    while len(found) < count:
        found.append(month_of(found[-1].end))
    return found


def test_what_is_announced_for_a_day_is_what_arrives(mall: Mall) -> None:
    received(mall)
    ann = mall.members["ann"]
    due = Reward.objects.get(member=ann).order.matures_at
    assert due is not None
    day = timezone.localtime(due).date()
    before = calendar(member=ann, period=month_of(due), at=mall.at)
    assert [(one.date, one.available_fen) for one in before.busy_days] == [(day, 10_000)]
    assert before.coming_fen == 10_000
    mall.pass_time(days=8)
    mall.settle()
    assert mall.balances("ann").available_fen == 10_000
    after = calendar(member=ann, period=month_of(due), at=mall.at)
    assert [(one.date, one.available_fen) for one in after.busy_days] == [(day, 10_000)]
    assert after.coming_fen == 0


def test_all_that_is_pending_and_held_stands_somewhere(mall: Mall) -> None:
    received(mall)
    for name, member in mall.members.items():
        pages = [calendar(member=member, period=period, at=mall.at) for period in months(mall, name)]
        dated = sum(one.coming_fen for one in pages)
        held = sum(day.forfeiting_fen + day.sums.get("thawing", 0) for one in pages for day in one.busy_days)
        balances = mall.balances(name)
        assert dated + pages[0].waiting_fen == balances.pending_fen, name
        assert held == balances.held_fen, name


def test_holds_say_where_they_go(mall: Mall, see: See) -> None:
    received(mall)
    zoe = mall.members["zoe"]
    expires = Reward.objects.filter(member=zoe, hold=1).order_by("order__holds_expire_at")[0].order.holds_expire_at
    assert expires is not None
    day = timezone.localtime(expires)
    text = page(see("zoe"), f"?month={day:%Y-%m}&day={day.day}")
    assert "任务未完成则转入帮扶基金" in text
    assert "¥30.00" in text
    items, has_more = day_items(member=zoe, day=day_of(expires))
    assert not has_more
    assert all(item.reward_id for item in items)


def test_orders_on_their_way_wait_for_their_receipt(mall: Mall, see: See) -> None:
    three_generations(mall)
    text = page(see("ann"))
    assert "还没有日期" in text
    assert "收货后 7 天" in text
    assert "b**" in text


def test_withdrawals_stand_on_the_way_and_then_on_their_day(mall: Mall, see: See) -> None:
    received(mall)
    mall.pass_time(days=8)
    mall.settle()
    payable(mall.members["ann"])
    request_withdrawal(member=mall.members["ann"], amount_fen=5_000, at=mall.at)
    month = timezone.localtime(mall.at).strftime("%Y-%m")
    assert "待初审" in page(see("ann"), f"?month={month}")


def test_home_says_what_arrives_tomorrow(mall: Mall, see: See) -> None:
    three_generations(mall)
    mall.at = clock.now().replace(microsecond=0) - timedelta(days=6)
    mall.receive("o-bob")
    mall.settle()
    due = Reward.objects.get(member=mall.members["ann"]).order.matures_at
    assert due is not None
    assert (timezone.localtime(due).date() - timezone.localtime(clock.now()).date()).days == 1
    body = see("ann").get("/agent/").content.decode()
    assert f'明天 <b class="jade number">{yuan(10_000)}</b> 到账' in body
    assert "/agent/calendar/" in body


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=x", "?month=1999-01", "?month=2099-12", "?month=%00"])
def test_a_month_that_is_none_is_not_there(mall: Mall, see: See, query: str) -> None:
    three_generations(mall)
    page(see("ann"), query, status=404)


@pytest.mark.parametrize("day", ["0", "32", "x", "-1", "1e1", "%EF%BC%91", "999999"])
def test_a_day_that_is_none_is_ignored(mall: Mall, see: See, day: str) -> None:
    three_generations(mall)
    assert "这一天没有安排" not in page(see("ann"), f"?day={day}")


def test_the_calendar_costs_the_same_however_much_there_is(mall: Mall, see: See) -> None:
    received(mall)
    client = see("zoe")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(client, "?day=9")
        return len(queries)

    count()
    few = count()
    for number in range(8):
        mall.join(f"s{number}", "zoe")
        mall.buy(f"s{number}", f"o-s{number}")
    mall.settle()
    for number in range(4):
        mall.receive(f"o-s{number}")
    mall.settle()
    assert count() == few <= 26
