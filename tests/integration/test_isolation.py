"""One supplier's key sees and changes nothing of another's: by the queries, and by PostgreSQL beneath them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from integration import queries
from integration.api import base
from integration.commands import set_webhook
from integration.models import ApiAct, ApiAnswer, ApiKey, Delivery, Webhook
from mall.core import clock
from mall.core.own_supplier import rows_of
from orders.models import Order
from suppliers.models import Sku
from tests.factories import a_sku
from tests.snapshots import nothing_changes
from tests.suppliers.firms import Firm

from .callers import Caller
from .test_orders import WAYBILL

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs() -> Firm:
    return Firm("乙家")


def leaks(caller: Caller, theirs: Firm) -> list[str]:
    """Ask and send everything that names something of theirs, and return where anything of it came back."""
    theirs.sku.refresh_from_db()
    number, code = theirs.paid.number, theirs.sku.code
    asked = {
        f"orders {state} {query}": caller.get("orders", state=state, **query)
        for state in [*queries.STATES, "all"]
        for query in ({}, {"updated_since": "2020-01-01T00:00:00Z"})
    }
    asked |= {
        "cursor": caller.get("orders", cursor=number),
        "order": caller.get(f"orders/{number}"),
        "stock": caller.get("stock"),
        "behind": caller.get("stock", cursor="!"),
        "sku": caller.get(f"stock/{code}"),
        "ship": caller.post(f"orders/{number}/parcels", WAYBILL),
        "recipients": caller.post("recipients", {"orders": [number], "reason": "x"}),
        "set": caller.post(f"stock/{code}", {"adjust": -1, "reason": "x"}),
        "many": caller.post("stock", {"lines": [{"code": code, "adjust": -1, "reason": "x"}]}),
    }
    theirs_alone = [theirs.name, "狮峰龙井", "绝密", *[mark for mark in theirs.marks if mark != number]]
    found = []
    for where, answer in asked.items():
        body = answer.content.decode()
        # Codes and numbers that were asked for may be said back; nothing else of theirs.
        told = body.replace(number, "").replace(code, "")
        if answer.status_code >= 500 or any(mark in told for mark in theirs_alone):
            found.append(f"{answer.status_code} {where}")
        if where.startswith("orders ") and number in body:
            found.append(where)
    return found


def test_another_suppliers_key_sees_and_changes_nothing(theirs: Firm) -> None:
    caller = Caller()
    with nothing_changes(without=("integration_apikey", "integration_apianswer")):
        assert leaks(caller, theirs) == []


def test_where_the_queries_forget_the_supplier_the_database_still_shows_nothing(theirs: Firm, monkeypatch: Any) -> None:
    _forget_the_supplier(monkeypatch)
    caller = Caller()
    with nothing_changes(without=("integration_apikey", "integration_apianswer")):
        assert leaks(caller, theirs) == []


def test_without_both_the_test_finds_it(theirs: Firm, monkeypatch: Any) -> None:
    @contextmanager
    def nobody(_supplier_id: int) -> Iterator[None]:
        yield

    _forget_the_supplier(monkeypatch)
    monkeypatch.setattr(base, "rows_of", nobody)
    assert {"200 order", "200 sku", "200 stock"} <= set(leaks(Caller(), theirs))


def _forget_the_supplier(monkeypatch: Any) -> None:
    """Let the queries look among everybody's rows."""
    own_orders, own_goods = queries.orders._own, queries.goods._own

    def orders(supplier: Any) -> Any:
        everybody = own_orders(supplier).model.objects.filter(paid_at__isnull=False)
        return everybody.annotate(updated_at=queries.orders._updated_at())

    def goods(supplier: Any) -> Any:
        return own_goods(supplier).model.objects.select_related("product")

    monkeypatch.setattr(queries.orders, "_own", orders)
    monkeypatch.setattr(queries.goods, "_own", goods)


def test_rows_of_the_interface_are_kept_apart_by_the_database() -> None:
    mine, other = Caller(), Caller()
    for caller in (mine, other):
        webhook, _secret = set_webhook(
            supplier=caller.supplier,
            url="https://1.1.1.1/hook",
            events=["order.to_ship"],
            by=caller.owner,
            at=clock.now(),
        )
        caller.post(f"stock/{a_sku(supplier=caller.supplier).code}", {"adjust": 1, "reason": "x"})
        Delivery.objects.create(
            webhook=webhook,
            message_id=f"msg_{webhook.pk}",
            event="ping",
            subject="x",
            body="{}",
            made_at=clock.now(),
            next_at=clock.now(),
            give_up_at=clock.now(),
        )
    with rows_of(mine.supplier.pk):
        for model in (ApiKey, ApiAnswer, Webhook):
            assert [row.supplier_id for row in model.objects.all()] == [mine.supplier.pk]
        assert {act.supplier_id for act in ApiAct.objects.all()} == {mine.supplier.pk}
        assert [row.webhook.supplier_id for row in Delivery.objects.all()] == [mine.supplier.pk]
        assert not Webhook.objects.filter(supplier=other.supplier).update(url="https://evil.example/")
        assert not Order.objects.exists()
        assert Sku.objects.count() == 1
