"""Periods and shares of suppliers' statements."""

from datetime import date

import pytest

from remittance.rules import HALF, MONTH, last_ended, payable_fen, signed_share_fen


@pytest.mark.parametrize(
    ("kind", "today", "start", "end"),
    [
        (MONTH, date(2026, 12, 1), date(2026, 11, 1), date(2026, 12, 1)),
        (MONTH, date(2026, 12, 31), date(2026, 11, 1), date(2026, 12, 1)),
        (MONTH, date(2027, 1, 1), date(2026, 12, 1), date(2027, 1, 1)),
        (HALF, date(2026, 12, 1), date(2026, 11, 16), date(2026, 12, 1)),
        (HALF, date(2026, 12, 15), date(2026, 11, 16), date(2026, 12, 1)),
        (HALF, date(2026, 12, 16), date(2026, 12, 1), date(2026, 12, 16)),
        (HALF, date(2026, 3, 1), date(2026, 2, 16), date(2026, 3, 1)),
    ],
)
def test_a_period_is_over_when_the_next_one_begins(kind: str, today: date, start: date, end: date) -> None:
    assert last_ended(kind, today) == (start, end)


def test_a_share_is_rounded_towards_zero_on_both_sides() -> None:
    assert [signed_share_fen(amount, 200) for amount in (0, 49, 50, 149, -49, -50, -149)] == [0, 0, 1, 2, 0, -1, -2]


def test_what_is_payable_adds_up() -> None:
    assert payable_fen(carried=-100, supply=5_264_000, refund=126_400, other=100, fee=105_280, commission=210_680) == (
        4_821_640
    )
