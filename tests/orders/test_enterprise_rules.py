"""How low a quote may go, and what a request may become."""

import pytest

from orders.models import RequestState
from orders.rules.enterprise import (
    AGREED_QUANTITY_MAX,
    OPEN,
    REQUEST_CHANGES,
    Floor,
    is_agreed_quantity,
    price_floor,
)


@pytest.mark.parametrize(
    ("supply", "commission_bps", "fee_bps", "expected"),
    [
        (4_000, 0, 0, Floor(4_000, 0, 0)),
        (4_000, 0, 200, Floor(4_000, 80, 0)),
        (4_000, 1_000, 0, Floor(4_000, 0, 445)),
        (4_000, 1_000, 200, Floor(4_000, 80, 454)),
        (1, 5_000, 3_000, Floor(1, 1, 2)),
        (333, 1_234, 77, Floor(333, 3, 48)),
    ],
)
def test_the_floor_is_supply_price_fee_and_the_commission_on_the_floor_itself(
    supply: int, commission_bps: int, fee_bps: int, expected: Floor
) -> None:
    found = price_floor(supply_price_fen=supply, commission_bps=commission_bps, fee_bps=fee_bps)
    assert found == expected
    assert found.price_fen == found.supply_fen + found.fee_fen + found.commission_fen


@pytest.mark.parametrize("supply", [1, 7, 99, 100, 333, 1_000, 4_001, 99_999])
@pytest.mark.parametrize("commission_bps", [0, 1, 33, 999, 1_234, 4_999, 5_000])
@pytest.mark.parametrize("fee_bps", [0, 1, 60, 3_000])
def test_no_number_of_pieces_at_the_floor_costs_the_mall_anything_and_a_fen_less_does(
    supply: int, commission_bps: int, fee_bps: int
) -> None:
    def left(price: int, count: int) -> int:
        """What is left after supply price, commission (rounded down on the line) and a fee rounded up."""
        commission, fee = price * count * commission_bps // 10_000, -(-supply * fee_bps // 10_000) * count
        return price * count - supply * count - commission - fee

    floor = price_floor(supply_price_fen=supply, commission_bps=commission_bps, fee_bps=fee_bps).price_fen
    assert all(left(floor, count) >= 0 for count in (1, 2, 3, 7, 100, 9_999))
    assert left(floor - 1, 10_000) < 0


@pytest.mark.parametrize("value", [0, -1, AGREED_QUANTITY_MAX + 1, 1.0, "1", True, None])
def test_a_quantity_is_a_whole_number_up_to_9999(value: object) -> None:
    assert not is_agreed_quantity(value)
    assert is_agreed_quantity(AGREED_QUANTITY_MAX)


def test_every_state_is_in_the_table_and_what_is_over_stays_over() -> None:
    assert set(REQUEST_CHANGES) == set(RequestState.values)
    assert {state for state, after in REQUEST_CHANGES.items() if not after} == {
        *("declined", "refused", "expired", "withdrawn")
    }
    assert set(OPEN) == {"asked", "quoted"}
