"""V-5: how much will be asked for, when it runs out, what to buy: figures worked out by hand."""

import pytest

from suppliers.rules.forecasting import (
    HISTORY_DAYS,
    cover_days_tenths,
    forecast,
    stock_out_day,
    suggestion,
)


def test_steady_sales_go_on_and_the_rule_is_never_off() -> None:
    found = forecast([2] * HISTORY_DAYS)
    assert found.by_day_milli == (2_000,) * 7
    assert found.per_day_milli == 2_000
    assert found.weeks == (14, 14, 14, 14)
    assert found.error_bps == 0


def test_each_weekday_keeps_its_own_measure() -> None:
    week = [0, 0, 0, 0, 0, 7, 14]
    found = forecast(week * 12)
    assert found.by_day_milli == (0, 0, 0, 0, 0, 7_000, 14_000)
    assert found.weeks[0] == 21


def test_the_error_is_what_the_rule_missed_in_the_last_four_weeks() -> None:
    # Eight weeks of 10 a week, then four of 20: expected 10, 11.25, 12.5, 13.75 where 20 were asked for each time.
    daily = [10, 0, 0, 0, 0, 0, 0] * 8 + [20, 0, 0, 0, 0, 0, 0] * 4
    assert forecast(daily).error_bps == 3_250 * 10 // 8


def test_nothing_sold_says_nothing_of_the_error() -> None:
    found = forecast([])
    assert (found.per_day_milli, found.weeks, found.error_bps) == (0, (0, 0, 0, 0), None)
    assert stock_out_day(available=5, forecast=found, arrivals={}) is None
    assert cover_days_tenths(available=5, per_day_milli=0) is None


@pytest.mark.parametrize(
    ("available", "arrivals", "day"),
    [(0, {}, 0), (1, {}, 1), (10, {}, 5), (11, {}, 6), (10, {5: 10}, 10), (10, {6: 10}, 5), (-3, {1: 9}, 0)],
)
def test_stock_runs_out_on_a_day_unless_something_comes_in_time(
    available: int, arrivals: dict[int, int], day: int
) -> None:
    assert stock_out_day(available=available, forecast=forecast([2] * HISTORY_DAYS), arrivals=arrivals) == day


def test_what_to_buy_is_what_is_missing_in_whole_cases() -> None:
    # 21.4 a day for 9 + 21 days is 642; 108 are there: 534 are missing, 45 cases of 12.
    found = suggestion(
        per_day_milli=21_400, available=108, inbound=0, safety=0, lead_days=9, cover_days=21, case_size=12
    )
    assert (found.wanted, found.missing, found.quantity, found.cases) == (642, 534, 540, 45)


@pytest.mark.parametrize(
    ("available", "inbound", "safety", "quantity"), [(60, 0, 0, 0), (30, 30, 0, 0), (30, 0, 6, 36)]
)
def test_what_is_there_and_what_comes_is_not_bought_again(
    available: int, inbound: int, safety: int, quantity: int
) -> None:
    found = suggestion(
        per_day_milli=2_000,
        available=available,
        inbound=inbound,
        safety=safety,
        lead_days=10,
        cover_days=20,
        case_size=1,
    )
    assert found.quantity == quantity
