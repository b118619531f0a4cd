"""Orders by the interface: what is to be shipped, where to (written down), and shipping it, whole or in parts, once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mall.core.ids import random_code
from orders.commands import confirm_receipt, place_order, refund_order
from orders.models import Order, OrderState, Parcel, RecipientReveal, RevealWay
from suppliers.models import Sku
from tests.factories import (
    AT,
    a_member,
    a_paid_order,
    a_placed_order,
    a_shipped_order,
    a_sku,
    an_address,
    fresh,
    later,
    pay,
)
from tests.snapshots import nothing_changes

from .callers import Caller, is_problem

pytestmark = pytest.mark.django_db
WAYBILL = {"carrier": "顺丰速运", "tracking_number": "SF1234567890"}
# What a request leaves even where it is refused: when the key was used.
USED = ("integration_apikey",)


def an_order_of_two(caller: Caller) -> tuple[Order, Sku, Sku]:
    """A paid order of two lines, three pieces of the first and one of the second."""
    first, second = a_sku(supplier=caller.supplier), a_sku(supplier=caller.supplier)
    buyer = a_member()
    order = place_order(
        member=buyer,
        items=[(first.pk, 3), (second.pk, 1)],
        address=an_address(buyer),
        note="放门口",
        idempotency_key=random_code(20),
        at=AT,
    )
    pay(order)
    return fresh(order), first, second


def numbers(answer: Any) -> list[str]:
    return [order["number"] for order in answer.json()["orders"]]


def test_the_list_shows_what_is_to_be_shipped_with_the_recipient_masked() -> None:
    caller = Caller()
    order, first, second = an_order_of_two(caller)
    a_placed_order(sku=first)
    a_shipped_order(sku=second)
    answer = caller.get("orders")
    assert numbers(answer) == [order.number]
    assert answer.json()["next_cursor"] is None
    shown = answer.json()["orders"][0]
    assert shown["state"] == "to_ship"
    assert shown["paid_at"] == "2026-11-01T04:00:00.000Z"
    assert shown["ship_by"] == "2026-11-03T04:00:00.000Z"
    assert shown["note"] == "放门口"
    assert shown["recipient"] == {"name": "林**", "phone": "138****1111", "address": "浙江省杭州市西湖区 ****"}
    assert [(line["code"], line["quantity"], line["to_ship"]) for line in shown["lines"]] == [
        (first.code, 3, 3),
        (second.code, 1, 1),
    ]
    assert caller.get(f"orders/{order.number}").json() == shown
    assert "龙井路" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_list_is_filtered_by_state_and_by_what_changed_since() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    waiting = a_paid_order(sku=sku)
    gone = a_shipped_order(sku=sku, at=later(days=1))
    here = confirm_receipt(order=a_shipped_order(sku=sku), at=later(days=2))
    back = a_paid_order(sku=sku)
    refund_order(order=back, at=later(days=3), reason="买家退款")
    assert numbers(caller.get("orders", state="shipped")) == [gone.number]
    assert numbers(caller.get("orders", state="received")) == [here.number]
    assert numbers(caller.get("orders", state="refunded")) == [back.number]
    assert numbers(caller.get("orders", state="all")) == [waiting.number, gone.number, here.number, back.number]
    since = later(days=2).isoformat()
    assert numbers(caller.get("orders", state="all", updated_since=since)) == [here.number, back.number]
    caller.post(f"orders/{waiting.number}/parcels", WAYBILL)
    assert waiting.number in numbers(caller.get("orders", state="all", updated_since=since))


def test_pages_follow_each_other_and_miss_nothing() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    made = [a_paid_order(sku=sku).number for _ in range(5)]
    found, cursor = [], {}
    for _ in range(3):
        answer = caller.get("orders", limit=2, **cursor).json()
        found += [order["number"] for order in answer["orders"]]
        cursor = {"cursor": answer["next_cursor"]}
    assert found == made
    assert answer["next_cursor"] is None


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"state": "placed"}, {"updated_since": "gestern"}, {"cursor": "nothing"}]
)
def test_a_question_that_makes_no_sense_is_refused(query: dict[str, Any]) -> None:
    assert is_problem(Caller().get("orders", **query), 422, "invalid_request")


def test_the_list_asks_a_fixed_number_of_questions(django_assert_num_queries: Any) -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    a_shipped_order(sku=sku)
    caller.get("orders", state="all")
    with CaptureQueriesContext(connection) as few:
        caller.get("orders", state="all")
    for _ in range(4):
        a_shipped_order(sku=sku)
    with django_assert_num_queries(len(few)):
        assert len(numbers(caller.get("orders", state="all"))) == 5


def test_an_order_is_shipped_in_two_parcels_through_the_desks_command() -> None:
    caller = Caller()
    order, first, second = an_order_of_two(caller)
    part = {**WAYBILL, "items": [{"code": first.code, "quantity": 2}]}
    answer = caller.post(f"orders/{order.number}/parcels", part)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["parcel"]["items"] == [{"code": first.code, "quantity": 2}]
    assert answer.json()["order"]["state"] == "to_ship"
    assert [line["to_ship"] for line in answer.json()["order"]["lines"]] == [1, 1]
    assert Sku.objects.get(pk=first.pk).on_hand == 48
    assert caller.get("orders").json()["orders"][0]["parcels"][0]["tracking_number"] == "SF1234567890"

    rest = caller.post(f"orders/{order.number}/parcels", {"carrier": "中通快递", "tracking_number": "ZT0000001"})
    assert rest.json()["order"]["state"] == "shipped"
    assert {item["code"]: item["quantity"] for item in rest.json()["parcel"]["items"]} == {
        first.code: 1,
        second.code: 1,
    }
    parcels = Parcel.objects.filter(order=order).order_by("id")
    assert [parcel.shipped_by for parcel in parcels] == [caller.owner, caller.owner]
    assert fresh(order).state == OrderState.SHIPPED


def test_the_same_request_again_is_answered_the_same_and_ships_nothing_more() -> None:
    caller = Caller()
    order, first, _second = an_order_of_two(caller)
    part = {**WAYBILL, "items": [{"code": first.code, "quantity": 1}]}
    address, once = f"orders/{order.number}/parcels", random_code(20)
    answer = caller.post(address, part, once=once)
    again_by = Caller(caller.supplier, owner=caller.owner)
    with nothing_changes(without=USED):
        for again in (caller.post(address, part, once=once), again_by.post(address, part, once=once)):
            assert (again.status_code, again.json()) == (201, answer.json())
            assert again.headers["Idempotent-Replayed"] == "true"
        other = {**part, "tracking_number": "SF0000000"}
        assert is_problem(caller.post(address, other, once=once), 422, "idempotency_key_reused")
        assert is_problem(caller.post(address, part), 409, "waybill_used")
        for bad in (None, "short", "x" * 65, "with space in it"):
            assert is_problem(caller.post(address, other, once=bad), 422, "idempotency_key_missing")
    assert "Idempotent-Replayed" not in answer.headers
    # Another supplier's system may happen to use the same key.
    theirs = Caller()
    their_order = a_paid_order(sku=a_sku(supplier=theirs.supplier))
    assert theirs.post(f"orders/{their_order.number}/parcels", WAYBILL, once=once).status_code == 201


def test_a_refusal_is_not_kept_so_that_the_key_may_be_used_again() -> None:
    caller = Caller()
    order, first, _second = an_order_of_two(caller)
    address, once = f"orders/{order.number}/parcels", random_code(20)
    too_many = {**WAYBILL, "items": [{"code": first.code, "quantity": 9}]}
    assert is_problem(caller.post(address, too_many, once=once), 422, "bad_packing")
    assert caller.post(address, WAYBILL, once=once).status_code == 201


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"carrier": "马车"}, "invalid_request", "#/carrier"),
        ({"tracking_number": "=1+1"}, "invalid_request", "#/tracking_number"),
        ({"tracking_number": "SF1234\n567"}, "invalid_request", "#/tracking_number"),
        ({"items": []}, "invalid_request", "#/items"),
        ({"items": [{"code": "x", "quantity": 0}]}, "invalid_request", "#/items/0/quantity"),
        ({"items": [{"code": "x", "quantity": True}]}, "invalid_request", "#/items/0/quantity"),
        ({"items": [{"code": "x", "quantity": 1}, {"code": "x", "quantity": 1}]}, "invalid_request", "#/items"),
        ({"items": [{"code": "x", "quantity": 1}]}, "bad_packing", ""),
        ({"total_fen": 1}, "invalid_request", "#/total_fen"),
        ({"state": "shipped"}, "invalid_request", "#/state"),
    ],
)
def test_a_parcel_that_is_wrong_is_refused_and_nothing_is_shipped(
    changes: dict[str, Any], code: str, pointer: str
) -> None:
    caller = Caller()
    order, _first, _second = an_order_of_two(caller)
    with nothing_changes(without=USED):
        answer = caller.post(f"orders/{order.number}/parcels", {**WAYBILL, **changes})
        assert is_problem(answer, 422, code)
    if pointer:
        assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_bodies_that_are_no_json_or_too_large_are_refused() -> None:
    caller = Caller()
    address, headers = "/api/supplier/v1/recipients", caller._headers()
    send = caller.client.post
    assert is_problem(send(address, "{", content_type="application/json", headers=headers), 400, "bad_json")
    assert is_problem(send(address, "[]", content_type="application/json", headers=headers), 422, "invalid_request")
    assert is_problem(send(address, "a=1", content_type="text/plain", headers=headers), 415, "unsupported_media_type")
    for size in (300_000, 2_000_000):
        large = '"' + "x" * size + '"'
        assert is_problem(send(address, large, content_type="application/json", headers=headers), 413, "too_large")


def test_an_order_that_is_shipped_or_refunded_is_not_shipped() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    gone, unpaid = a_shipped_order(sku=sku), a_placed_order(sku=sku)
    other = {"carrier": "中通快递", "tracking_number": "ZT0000001"}
    with nothing_changes(without=USED):
        assert is_problem(caller.post(f"orders/{gone.number}/parcels", other), 409, "wrong_state")
        assert is_problem(caller.post(f"orders/{unpaid.number}/parcels", other), 404, "not_found")
        assert is_problem(caller.get(f"orders/{unpaid.number}"), 404, "not_found")


def test_where_parcels_go_is_told_for_orders_to_ship_alone_and_each_look_is_written_down() -> None:
    caller, theirs = Caller(), Caller()
    sku = a_sku(supplier=caller.supplier)
    waiting, gone = a_paid_order(sku=sku), a_shipped_order(sku=sku)
    foreign = a_paid_order(sku=a_sku(supplier=theirs.supplier))
    asked = [waiting.number, gone.number, foreign.number, "nothing", waiting.number]
    answer = caller.post("recipients", {"orders": asked, "reason": "打印面单"}, once=None)
    assert answer.json()["recipients"] == [
        {
            "order": waiting.number,
            "status": "shown",
            "name": "林小禾",
            "phone": "13800001111",
            "address": waiting.recipient_address,
        },
        *({"order": number, "status": "not_to_ship"} for number in asked[1:4]),
    ]
    look = RecipientReveal.objects.get()
    assert (look.order, look.seen_by, look.way, look.reason) == (waiting, caller.owner, RevealWay.API, "打印面单")
    with nothing_changes(without=USED):
        for reason in ("", " ", "x" * 81):
            answer = caller.post("recipients", {"orders": [waiting.number], "reason": reason})
            assert is_problem(answer, 422, "invalid_request")
        assert is_problem(caller.post("recipients", {"orders": [], "reason": "x"}), 422, "invalid_request")
    reader = Caller(caller.supplier, owner=caller.owner, scopes=["orders:read"])
    assert is_problem(reader.post("recipients", {"orders": [waiting.number], "reason": "x"}), 403, "scope_missing")


def test_what_nobody_foresaw_is_a_problem_that_tells_nothing(monkeypatch: Any) -> None:
    caller = Caller()

    def broken(**_given: Any) -> Any:
        raise RuntimeError("password of the database")

    monkeypatch.setattr("integration.queries.orders_page", broken)
    caller.client.raise_request_exception = False
    answer = caller.get("orders")
    assert is_problem(answer, 500, "internal_error")
    assert "password" not in answer.content.decode()


def test_words_follow_the_language_and_codes_do_not() -> None:
    caller = Caller()
    headers = {**caller._headers(), "Accept-Language": "en"}
    answer = caller.client.get("/api/supplier/v1/orders/none", headers=headers)
    assert is_problem(answer, 404, "not_found")
    assert answer.json()["title"] == "There is no such thing here"


def test_an_old_order_is_not_told_as_changed_by_being_read() -> None:
    caller = Caller()
    order = a_paid_order(sku=a_sku(supplier=caller.supplier))
    first = caller.get(f"orders/{order.number}").json()["updated_at"]
    assert caller.get(f"orders/{order.number}").json()["updated_at"] == first
    assert numbers(caller.get("orders", updated_since=(AT + timedelta(seconds=1)).isoformat())) == []
