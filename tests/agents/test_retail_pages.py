"""What a shopkeeper sees of retail commission: earned, lost in part, and explained; and nothing of ranks."""

import re
from datetime import datetime, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from agents.queries.statements import moves_of, statement_months, worth
from ledger.queries import member_balances
from linkage.models import Commission
from mall.core import clock
from mall.core.money import yuan
from members.models import Member
from orders.models import Order
from payouts.models import PayoutHold
from tests.factories import a_member, fresh
from tests.linkage.retail import a_sale, a_shopkeeper, an_earning_sku, commission_of, receive, settle
from tests.linkage.stories import Mall
from tests.orders.after_sale import call_off

from .conftest import See, browser_of
from .figures import prove_figures
from .test_pages import busy
from .traces import fen_of, prove_every_commission

RANK_WORDS = ["代理", "合伙人", "直推", "见点", "种子", "礼包", "帮扶", "冻结"]


def words(client: Client, path: str, status: int = 200) -> str:
    response = client.get(f"/agent/{path}")
    assert response.status_code == status, path
    body = response.content.decode().partition("<main")[2].partition("<aside")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def called_off(order: Order, quantity: int, at: datetime) -> None:
    call_off(fresh(order), quantity, at=at)
    settle(at)


@pytest.fixture
def began(db: None) -> datetime:
    return clock.now().replace(microsecond=0) - timedelta(days=20)


@pytest.fixture
def lin(began: datetime) -> Member:
    """A shopkeeper of whose four orders one has matured, one waits, one lost a part and one all of it."""
    member = a_shopkeeper(at=began)
    matured = a_sale(member, at=began)
    receive(matured, began + timedelta(days=1))
    waiting = a_sale(member, sku=an_earning_sku(price_fen=9_900, bps=500), at=clock.now() - timedelta(days=3))
    receive(waiting, clock.now().replace(microsecond=0) - timedelta(days=2))
    at = clock.now().replace(microsecond=0) - timedelta(hours=5)
    part = a_sale(member, sku=an_earning_sku(price_fen=333, bps=1_234), quantity=3, at=at)
    called_off(part, 1, at + timedelta(hours=1))
    gone = a_sale(member, sku=an_earning_sku(price_fen=5_000), at=at)
    called_off(gone, 1, at + timedelta(hours=2))
    settle(clock.now())
    return member


def lines_of(client: Client, query: str = "") -> list[int]:
    body = client.get(f"/agent/earnings/{query}").content.decode()
    return [fen_of(amount) for amount in re.findall(r'<b class="big number [a-z]+">([+−]?¥[0-9,.]+)</b>', body)]


def test_earnings_are_the_ledger_to_the_fen(lin: Member) -> None:
    client = browser_of(lin)
    balances = member_balances(holder_id=lin.pk)
    assert balances.pending_fen == 495 + 82
    assert balances.available_fen == 816
    amounts = lines_of(client)
    assert sorted(amounts) == sorted([816, 495, 123, -41, 600, -600])
    assert sum(amounts) == balances.pending_fen + balances.available_fen
    assert sum(lines_of(client, "?status=reversed")) == -641
    assert lines_of(client, "?status=settled") == [816]
    assert lines_of(client, "?status=pending") == [495]
    assert lines_of(client, "?status=estimated") == [123]
    assert lines_of(client, "?status=held") == []
    assert "零售 ¥20.34" in words(client, "earnings/")
    month = timezone.localtime(clock.now()).strftime("%Y-%m")
    assert lines_of(client, f"?month={month}")


def test_every_formula_gives_its_amount(lin: Member) -> None:
    assert prove_every_commission() == 4


def test_the_page_says_why_the_order_was_mine_and_what_went_back(lin: Member) -> None:
    part = Commission.objects.get(first_fen=123)
    text = words(browser_of(lin), f"earnings/c/{part.pk}/")
    assert "只有这一级" in text
    assert "12.34%" in text
    assert "退款 · 扣回 ¥0.41" in text
    assert "锁客期内，归专属顾问" in text
    assert "客户关系规则 v1" in text
    assert "阿** 购买了" in text
    assert "等待确认收货" in text
    gone = Commission.objects.get(first_fen=600)
    assert "佣金全部扣回" in words(browser_of(lin), f"earnings/c/{gone.pk}/")


def test_the_commission_of_another_is_not_there(lin: Member) -> None:
    stranger = browser_of(a_member())
    for commission in Commission.objects.all():
        words(stranger, f"earnings/c/{commission.pk}/", status=404)
    words(browser_of(lin), "earnings/c/999999999/", status=404)
    assert Client().get("/agent/earnings/c/1/").status_code == 302


def test_home_calendar_orders_and_statements_take_it_in(lin: Member) -> None:
    client = browser_of(lin)
    balances = member_balances(holder_id=lin.pk)
    home = words(client, "").replace(" ", "")
    for fen in (balances.available_fen, balances.pending_fen, 82):
        assert yuan(fen) in home
    waiting = commission_of(Order.objects.get(commissions__first_fen=495))
    assert waiting.matures_at is not None
    due = timezone.localtime(waiting.matures_at)
    calendar = words(client, f"calendar/?month={due:%Y-%m}&day={due.day}")
    assert "零售佣金" in calendar
    assert "¥4.95" in calendar
    assert "收货后 7 天" in words(client, "calendar/")
    orders = words(client, "orders/")
    assert orders.count("买家 阿**") == 4
    assert "+¥0.82" in orders
    months = statement_months(member=lin, at=clock.now())
    assert months[0].closing_fen == worth(moves_of(balances))


def test_a_shopkeeper_without_a_title_reads_nothing_of_ranks(mall: Mall, see: See) -> None:
    mall.join("kai")
    kai = mall.members["kai"]
    assert any(word in words(see("kai"), "") for word in RANK_WORDS)
    shop = a_shopkeeper(at=clock.now())
    assert not [word for word in RANK_WORDS if word in words(browser_of(shop), "")]
    assert kai.pk != shop.pk


def test_a_hold_of_payouts_says_why_and_that_nothing_is_lost(lin: Member) -> None:
    client = browser_of(lin)
    words(client, "frozen/", status=404)
    PayoutHold.objects.create(
        member=lin, reason="同一设备", words="我们在核实几笔订单", placed_by=a_member(), placed_at=clock.now()
    )
    text = words(client, "frozen/")
    assert "我们在核实几笔订单" in text
    assert "同一设备" not in text
    assert yuan(816) in text
    assert not [word for word in ("帮扶", "种子") if word in text]
    assert "提现已暂停" in words(client, "")


def test_every_figure_of_a_shopkeeper_is_the_ledgers(lin: Member) -> None:
    prove_figures(lin)


def test_every_figure_of_partners_and_agents_is_the_ledgers(mall: Mall) -> None:
    busy(mall, 8)
    mall.pass_time(days=31)
    mall.settle()
    mall.join("late", "zoe")
    mall.buy("late", "o-late")
    mall.settle()
    mall.receive("o-late")
    mall.settle()
    for name in ("zoe", "ann"):
        prove_figures(mall.members[name])
