from datetime import UTC, datetime, timedelta

import pytest

from orders.models import OrderState, PaymentState, PurchaseState, RefundState
from orders.rules import (
    ORDER_CHANGES,
    PAYMENT_CHANGES,
    PURCHASE_CHANGES,
    REFUND_CHANGES,
    auto_receive_at,
    is_quantity,
    is_refundable,
    pay_until,
    sources,
)
from orders.rules.shipping import city_of

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_every_state_has_its_line_in_the_tables() -> None:
    assert set(PURCHASE_CHANGES) == set(PurchaseState.values)
    assert set(ORDER_CHANGES) == set(OrderState.values)
    assert set(PAYMENT_CHANGES) == set(PaymentState.values)
    assert set(REFUND_CHANGES) == set(RefundState.values)


@pytest.mark.parametrize("changes", [PURCHASE_CHANGES, ORDER_CHANGES, PAYMENT_CHANGES, REFUND_CHANGES])
def test_every_step_leads_to_a_state_of_the_table(changes: dict[str, frozenset[str]]) -> None:
    assert {target for targets in changes.values() for target in targets} <= set(changes)


def test_only_a_paid_order_ships_and_a_cancelled_one_is_final() -> None:
    assert sources(ORDER_CHANGES, "shipped") == ("paid",)
    assert sources(ORDER_CHANGES, "paid") == ("placed",)
    assert not ORDER_CHANGES["cancelled"]
    assert not ORDER_CHANGES["refunded"]


def test_an_order_is_to_be_paid_in_half_an_hour_and_received_in_ten_days() -> None:
    assert pay_until(AT) == AT + timedelta(minutes=30)
    assert auto_receive_at(AT) == AT + timedelta(days=10)


@pytest.mark.parametrize(
    "value", [0, -1, 100, 10**9, 2**63, 1.5, 1.0, True, "1", "１", None, float("nan"), float("inf")]
)
def test_no_other_quantity_than_1_to_99(value: object) -> None:
    assert not is_quantity(value)


@pytest.mark.parametrize("value", [1, 99])
def test_1_and_99_are_quantities(value: int) -> None:
    assert is_quantity(value)


@pytest.mark.parametrize(
    ("state", "packs", "days", "refundable"),
    [
        ("placed", 1, None, False),
        ("cancelled", 1, None, False),
        ("refunded", 1, None, False),
        ("paid", 0, None, True),
        ("shipped", 0, None, True),
        ("received", 0, 6.99, True),
        ("received", 0, 7, False),
        ("completed", 0, 7, False),
        ("received", 1, 30, True),
        ("completed", 1, 400, True),
    ],
)
def test_gift_packs_go_back_at_any_time_and_other_goods_until_cooled_off(
    state: str, packs: int, days: float | None, refundable: bool
) -> None:
    received_at = None if days is None else AT - timedelta(days=days)
    assert is_refundable(state=state, packs=packs, received_at=received_at, cooling_off_days=7, at=AT) == refundable


@pytest.mark.parametrize(
    ("address", "city"),
    [
        ("黑龙江省哈尔滨市道里区 中央大街 1 号", "哈尔滨市"),
        ("北京市朝阳区 望京街道", "北京市"),
        ("内蒙古自治区锡林郭勒盟二连浩特市 1 号", "锡林郭勒盟"),
        ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市 2 号", "伊犁哈萨克自治州"),
        ("广西壮族自治区南宁市青秀区 3 号", "南宁市"),
        ("香港特别行政区中西区 皇后大道", "香港特别行政"),
        ("somewhere else", "somewh"),
        ("", ""),
    ],
)
def test_the_city_of_an_address_is_what_one_says_for_it(address: str, city: str) -> None:
    assert city_of(address) == city
