"""Fen as people read them, shares and splits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mall.core.money import share_fen, split_fen, yuan


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (0, "¥0.00"),
        (1, "¥0.01"),
        (105, "¥1.05"),
        (99_999, "¥999.99"),
        (123_450, "¥1,234.50"),
        (-5, "−¥0.05"),
        (-123_456_789, "−¥1,234,567.89"),
    ],
)
def test_fen_are_read_as_yuan(fen, text):
    assert yuan(fen) == text


@pytest.mark.parametrize(
    ("amount", "bps", "share"), [(0, 10_000, 0), (9_999, 1, 0), (10_000, 1, 1), (333, 3_333, 110), (777, 10_000, 777)]
)
def test_a_share_is_rounded_down(amount, bps, share):
    assert share_fen(amount, bps) == share


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (10, [3, 3, 1], [4, 4, 2]),
        (1, [1, 2], [0, 1]),
        (7, [0, 1], [0, 7]),
        (0, [5, 5], [0, 0]),
        (5, [1], [5]),
    ],
)
def test_what_is_missing_goes_to_the_largest_remainders_the_first_of_equals(total, weights, parts):
    assert split_fen(total, weights) == parts


@pytest.mark.parametrize(("total", "weights"), [(1, [0, 0]), (1, [2, -1]), (-1, [1]), (1, [-1, 3])])
def test_a_split_without_sense_is_refused(total, weights):
    with pytest.raises(ValueError, match="a split needs a total of at least zero"):
        split_fen(total, weights)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_the_parts_add_up_and_none_is_a_fen_off(total, weights):
    parts = split_fen(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    assert all(abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True))
