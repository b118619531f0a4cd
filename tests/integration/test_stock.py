"""Stock by the interface: set and adjusted for a reason, only if it is what was expected, many at once line by line."""

from typing import Any

import pytest

from suppliers.models import MovementKind, Sku, StockMovement
from tests.factories import a_paid_order, a_sku
from tests.snapshots import nothing_changes

from .callers import Caller, is_problem
from .test_orders import USED

pytestmark = pytest.mark.django_db


def test_the_list_goes_through_all_codes() -> None:
    caller = Caller()
    skus = sorted((a_sku(supplier=caller.supplier, on_hand=10) for _ in range(3)), key=lambda sku: sku.code)
    a_paid_order(sku=skus[0], quantity=2)
    a_sku()
    first = caller.get("stock", limit=2).json()
    rest = caller.get("stock", limit=2, cursor=first["next_cursor"]).json()
    assert [line["code"] for line in first["stock"] + rest["stock"]] == [sku.code for sku in skus]
    assert rest["next_cursor"] is None
    assert first["stock"][0] == {
        "code": skus[0].code,
        "product": skus[0].product.name,
        "spec": "250 克",
        "on_hand": 10,
        "reserved": 2,
        "available": 8,
        "on_shelf": True,
    }
    assert caller.get(f"stock/{skus[0].code}").json() == first["stock"][0]


def test_stock_is_set_where_it_is_what_was_expected() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier, on_hand=50)
    address = f"stock/{sku.code}"
    answer = caller.post(address, {"set": 47, "expected": 50, "reason": "盘点"})
    assert answer.json()["on_hand"] == 47
    movement = StockMovement.objects.filter(sku=sku).latest("id")
    assert (movement.kind, movement.on_hand_delta, movement.reason, movement.by) == (
        MovementKind.ADJUSTED,
        -3,
        "盘点",
        caller.owner,
    )
    with nothing_changes(without=USED):
        moved = caller.post(address, {"set": 60, "expected": 50, "reason": "盘点"})
        assert is_problem(moved, 409, "stock_moved")
        assert (moved.json()["on_hand"], moved.json()["reserved"]) == (47, 0)
        assert is_problem(caller.post(address, {"adjust": 1, "expected": 50, "reason": "x"}), 409, "stock_moved")
    assert caller.post(address, {"adjust": 3, "reason": "找到了"}).json()["on_hand"] == 50


def test_what_is_promised_to_buyers_stays() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier, on_hand=5)
    a_paid_order(sku=sku, quantity=4)
    with nothing_changes(without=USED):
        answer = caller.post(f"stock/{sku.code}", {"set": 3, "expected": 5, "reason": "盘点"})
        assert is_problem(answer, 409, "out_of_stock")


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "x"},
        {"set": 1, "adjust": 1, "expected": 1, "reason": "x"},
        {"set": 1, "reason": "x"},
        {"set": -1, "expected": 1, "reason": "x"},
        {"adjust": 0, "reason": "x"},
        {"adjust": 1.5, "reason": "x"},
        {"adjust": 10**30, "reason": "x"},
        {"adjust": 1, "reason": ""},
        {"adjust": 1, "reason": "\u200b"},
        {"adjust": 1, "reason": "x\u0000"},
        {"adjust": 1, "reason": "x" * 81},
        {"adjust": 1, "reason": "x", "on_hand": 9},
        [],
        "x",
    ],
)
def test_a_correction_that_is_wrong_changes_nothing(body: Any) -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    with nothing_changes(without=USED):
        assert is_problem(caller.post(f"stock/{sku.code}", body), 422, "invalid_request")


def test_many_are_corrected_line_by_line_and_once() -> None:
    caller, theirs = Caller(), Caller()
    good, moved, promised = (a_sku(supplier=caller.supplier, on_hand=10) for _ in range(3))
    foreign = a_sku(supplier=theirs.supplier, on_hand=10)
    a_paid_order(sku=promised, quantity=8)
    body = {
        "lines": [
            {"code": good.code, "set": 12, "expected": 10, "reason": "盘点"},
            {"code": moved.code, "set": 12, "expected": 9, "reason": "盘点"},
            {"code": promised.code, "adjust": -5, "reason": "破损"},
            {"code": foreign.code, "adjust": 1, "reason": "x"},
            {"code": good.code, "adjust": 1, "reason": "x"},
            {"code": "x", "reason": "x"},
        ]
    }
    answer = caller.post("stock", body, once="a-bulk-request-1")
    lines = answer.json()["lines"]
    assert [(line["status"], line.get("problem")) for line in lines] == [
        ("done", None),
        ("refused", "stock_moved"),
        ("refused", "out_of_stock"),
        ("refused", "not_found"),
        ("refused", "invalid_request"),
        ("refused", "invalid_request"),
    ]
    assert lines[0]["on_hand"] == 12
    assert lines[1]["on_hand"] == 10
    counts = dict(Sku.objects.values_list("code", "on_hand"))
    assert [counts[sku.code] for sku in (good, moved, promised, foreign)] == [12, 10, 10, 10]
    with nothing_changes(without=USED):
        assert caller.post("stock", body, once="a-bulk-request-1").json() == answer.json()


def test_at_most_two_hundred_lines_are_taken() -> None:
    caller = Caller()
    sku = a_sku(supplier=caller.supplier)
    line = {"code": sku.code, "adjust": 1, "reason": "x"}
    with nothing_changes(without=USED):
        assert is_problem(caller.post("stock", {"lines": [line] * 201}), 422, "invalid_request")
        assert is_problem(caller.post("stock", {"lines": []}), 422, "invalid_request")
    assert len(caller.post("stock", {"lines": [line] * 200}).json()["lines"]) == 200


def test_reading_is_not_writing() -> None:
    reader = Caller(scopes=["stock:read", "orders:read"])
    sku = a_sku(supplier=reader.supplier)
    with nothing_changes(without=USED):
        for address in ("stock", f"stock/{sku.code}"):
            assert is_problem(reader.post(address, {"adjust": 1, "reason": "x"}), 403, "scope_missing")
