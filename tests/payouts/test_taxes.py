"""Taxes against tables that were worked out by hand."""

from itertools import pairwise

import pytest

from mall.core.money import BPS
from payouts.rules import (
    CUMULATIVE,
    CUMULATIVE_RATES,
    PER_PAYMENT,
    PER_PAYMENT_RATES,
    Breakdown,
    Earlier,
    Month,
    earlier_of,
    work_out,
)

NOTHING = Earlier()


def tax(kind: str, amount_fen: int, earlier: Earlier = NOTHING, *, fee_bps: int = 0) -> Breakdown:
    return work_out(amount_fen=amount_fen, fee_bps=fee_bps, tax_kind=kind, tax_bps=0, earlier=earlier)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1, 0),
        (80_000, 0),
        (80_001, 0),
        (80_005, 1),
        (80_100, 20),
        (400_000, 64_000),
        (400_001, 64_000),
        (500_000, 80_000),
        (2_500_000, 400_000),
        (2_500_100, 400_024),
        (6_250_000, 1_300_000),
        (6_250_100, 1_300_032),
        (10_000_000, 2_500_000),
    ],
)
def test_a_single_payment_is_taxed_as_its_table_says(amount: int, expected: int) -> None:
    """800 → 0, 800.01 → 0.00, 4,000 → 640, 4,000.01 → 640.00, 25,000 → 4,000, 25,001 → 4,000.24, 62,500 → 13,000,
    100,000 → 25,000 yuan."""
    assert tax(PER_PAYMENT, amount).tax_fen == expected


def test_payments_of_one_month_count_as_one() -> None:
    """Three times 800 yuan is 2,400 yuan: (2,400 - 800) × 20 % = 320 yuan, not nothing."""
    paid = withheld = 0
    for _ in range(3):
        parts = tax(PER_PAYMENT, 80_000, Earlier(month_income_fen=paid, month_tax_fen=withheld))
        paid, withheld = paid + 80_000, withheld + parts.tax_fen
    assert withheld == 32_000 == tax(PER_PAYMENT, 240_000).tax_fen


def test_what_cannot_be_withheld_from_a_small_payment_stays_due() -> None:
    """10,000 yuan under no tax, then 100 yuan: (10,100 - 20 %) × 20 % = 1,616 yuan is due, 99.40 can be withheld."""
    parts = tax(PER_PAYMENT, 10_000, Earlier(month_income_fen=1_000_000), fee_bps=60)
    assert (parts.fee_fen, parts.tax_fen, parts.net_fen) == (60, 9_940, 0)
    assert ("capped", 9_940) in [(line.name, line.amount_fen) for line in parts.lines]
    following = tax(PER_PAYMENT, 1_000_000, Earlier(month_income_fen=1_010_000, month_tax_fen=9_940))
    assert following.tax_fen == tax(PER_PAYMENT, 2_010_000).tax_fen - 9_940


def test_a_tax_that_was_withheld_too_much_is_never_given_back_by_a_negative_one() -> None:
    assert tax(PER_PAYMENT, 1_000, Earlier(month_income_fen=50_000, month_tax_fen=9_000)).tax_fen == 0
    assert tax(CUMULATIVE, 1_000, Earlier(year_income_fen=50_000, year_tax_fen=9_000)).tax_fen == 0


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (625_000, 0),  # 6,250 - 1,250 - 5,000 = 0
        (625_100, 2),  # 0.80 yuan × 3 %
        (1_000_000, 9_000),  # 10,000 - 2,000 - 5,000 = 3,000 × 3 %
        (5_125_000, 108_000),  # 36,000 × 3 %
        (5_125_100, 108_008),  # 36,000.80 × 10 % - 2,520
        (18_625_000, 1_188_000),  # 144,000 × 10 % - 2,520
        (18_625_100, 1_188_016),  # 144,000.80 × 20 % - 16,920
        (38_125_000, 4_308_000),  # 300,000 × 20 % - 16,920
        (53_125_000, 7_308_000),  # 420,000 × 25 % - 31,920
        (83_125_000, 14_508_000),  # 660,000 × 30 % - 52,920
        (120_625_000, 25_008_000),  # 960,000 × 35 % - 85,920
        (120_625_100, 25_008_036),  # 960,000.80 × 45 % - 181,920
    ],
)
def test_a_first_month_is_taxed_as_the_table_of_cumulative_withholding_says(amount: int, expected: int) -> None:
    assert tax(CUMULATIVE, amount).tax_fen == expected


def test_a_year_of_cumulative_withholding_adds_up() -> None:
    """20,000 yuan a month: (20,000 - 4,000 - 5,000) = 11,000 more each month; 330 in January to March, the year 10 %
    of 132,000 less 2,520 = 10,680."""
    months: list[Month] = []
    withheld = []
    for month in range(1, 13):
        parts = tax(CUMULATIVE, 2_000_000, earlier_of(months, month=month))
        withheld.append(parts.tax_fen)
        months.append(Month(month, 2_000_000, parts.tax_fen))
    assert withheld[:4] == [33_000, 33_000, 33_000, 89_000]
    assert withheld[4:] == [110_000] * 8
    assert sum(withheld) == 1_068_000


def test_a_month_without_income_breaks_the_row() -> None:
    months = [Month(1, 700_000, 0), Month(2, 700_000, 0), Month(4, 700_000, 0)]
    assert earlier_of(months, month=3).months == 3
    assert earlier_of(months, month=5) == Earlier(
        month_income_fen=0, month_tax_fen=0, year_income_fen=2_100_000, year_tax_fen=0, months=2
    )
    assert earlier_of([], month=7) == Earlier()
    assert earlier_of([Month(7, 500, 5)], month=7) == Earlier(500, 5, 500, 5, 1)


def test_the_working_is_told_line_by_line() -> None:
    parts = tax(CUMULATIVE, 2_000_000, Earlier(year_income_fen=6_000_000, year_tax_fen=99_000, months=4), fee_bps=60)
    assert [(line.name, line.amount_fen, line.bps, line.count) for line in parts.lines] == [
        ("income", 2_000_000, None, None),
        ("year_before", 6_000_000, None, None),
        ("year_income", 8_000_000, None, None),
        ("costs", 1_600_000, 2_000, None),
        ("monthly_deduction", 2_000_000, None, 4),
        ("taxable", 4_400_000, None, None),
        ("at_rate", 440_000, 1_000, None),
        ("quick_deduction", 252_000, None, None),
        ("due", 188_000, None, None),
        ("withheld", 99_000, None, None),
        ("tax", 89_000, None, None),
    ]
    assert (parts.fee_fen, parts.tax_fen, parts.net_fen) == (12_000, 89_000, 1_899_000)


@pytest.mark.parametrize("rates", [PER_PAYMENT_RATES, CUMULATIVE_RATES])
def test_quick_deductions_join_the_brackets_without_a_step(rates: tuple[tuple[int | None, int, int], ...]) -> None:
    for (upto, bps, quick), (_, next_bps, next_quick) in pairwise(rates):
        assert upto is not None
        assert upto * bps // BPS - quick == upto * next_bps // BPS - next_quick


@pytest.mark.parametrize("kind", [PER_PAYMENT, CUMULATIVE])
def test_no_tax_is_negative_and_nothing_is_lost(kind: str) -> None:
    last = 0
    for amount in range(1, 30_000_000, 77_777):
        parts = tax(kind, amount, fee_bps=60)
        assert parts.amount_fen == parts.fee_fen + parts.tax_fen + parts.net_fen
        assert min(parts.tax_fen, parts.net_fen) >= 0
        assert parts.tax_fen >= last
        last = parts.tax_fen
