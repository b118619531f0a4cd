"""Individual income tax withheld from payments for personal services, in fen, with the working line by line.

Two methods beside a flat share, as an operator's tax adviser may choose them (`docs/payouts.md`): per payment (State
Taxation Administration, announcement 2018 no. 61), where what is paid within a month counts as one payment; and
cumulative withholding (announcement 2025 no. 16), for platforms that withhold for those who work on them. Deductions
are rounded up, taxes down.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from mall.core.money import BPS, share_fen

FLAT, PER_PAYMENT, CUMULATIVE = "flat", "per_payment", "cumulative"

EXEMPT_FEN = 80_000
FIXED_UP_TO_FEN = 400_000
FIXED_DEDUCTION_FEN = 80_000
COSTS_BPS = 2_000
MONTHLY_DEDUCTION_FEN = 500_000

# Up to (fen, none: without end), rate, quick deduction (fen).
Rates = tuple[tuple[int | None, int, int], ...]
PER_PAYMENT_RATES: Rates = (
    (2_000_000, 2_000, 0),
    (5_000_000, 3_000, 200_000),
    (None, 4_000, 700_000),
)
CUMULATIVE_RATES: Rates = (
    (3_600_000, 300, 0),
    (14_400_000, 1_000, 252_000),
    (30_000_000, 2_000, 1_692_000),
    (42_000_000, 2_500, 3_192_000),
    (66_000_000, 3_000, 5_292_000),
    (96_000_000, 3_500, 8_592_000),
    (None, 4_500, 18_192_000),
)


@dataclass(frozen=True, slots=True)
class Month:
    """What was paid to somebody in one month of a year, before fee and tax, and the tax withheld of it."""

    month: int
    income_fen: int
    tax_fen: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was paid before, this month and this year; `months` counts those with income in a row, this one included."""

    month_income_fen: int = 0
    month_tax_fen: int = 0
    year_income_fen: int = 0
    year_tax_fen: int = 0
    months: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the working: what it is called, its amount, and the rate or number of months that belongs to it."""

    name: str
    amount_fen: int
    bps: int | None = None
    count: int | None = None


def earlier_of(months: Iterable[Month], *, month: int) -> Earlier:
    """Return what counts as paid before, for a payment in `month`, from the months of the same year."""
    by_month = {row.month: row for row in months if row.income_fen > 0 and row.month <= month}
    row = 1
    while month - row in by_month:
        row += 1
    this = by_month.get(month, Month(month, 0, 0))
    return Earlier(
        month_income_fen=this.income_fen,
        month_tax_fen=this.tax_fen,
        year_income_fen=sum(paid.income_fen for paid in by_month.values()),
        year_tax_fen=sum(paid.tax_fen for paid in by_month.values()),
        months=row,
    )


def tax_lines(*, kind: str, amount_fen: int, tax_bps: int, earlier: Earlier, most_fen: int) -> tuple[int, list[Line]]:
    """Return the tax to withhold from a payment, at most `most_fen`, and how it came about.

    What is due beyond `most_fen` stays due: it is withheld from the next payment that counts together with this one.
    """
    if kind == FLAT:
        tax_fen = share_fen(amount_fen, tax_bps)
        return tax_fen, [Line("flat", tax_fen, bps=tax_bps)]
    if kind == PER_PAYMENT:
        due_fen, withheld_fen, lines = _per_payment(amount_fen, earlier)
    else:
        due_fen, withheld_fen, lines = _cumulative(amount_fen, earlier)
    lines.append(Line("due", due_fen))
    if withheld_fen:
        lines.append(Line("withheld", withheld_fen))
    tax_fen = max(0, due_fen - withheld_fen)
    if tax_fen > most_fen:
        tax_fen = most_fen
        lines.append(Line("capped", tax_fen))
    lines.append(Line("tax", tax_fen))
    return tax_fen, lines


def _per_payment(amount_fen: int, earlier: Earlier) -> tuple[int, int, list[Line]]:
    income_fen = earlier.month_income_fen + amount_fen
    lines = [Line("income", amount_fen)]
    if earlier.month_income_fen:
        lines += [Line("month_before", earlier.month_income_fen), Line("month_income", income_fen)]
    if income_fen <= EXEMPT_FEN:
        return 0, earlier.month_tax_fen, [*lines, Line("exempt", EXEMPT_FEN)]
    if income_fen <= FIXED_UP_TO_FEN:
        deduction_fen = FIXED_DEDUCTION_FEN
        lines.append(Line("fixed_deduction", deduction_fen))
    else:
        deduction_fen = _rounded_up(income_fen, COSTS_BPS)
        lines.append(Line("costs", deduction_fen, bps=COSTS_BPS))
    due_fen, more = _at_rates(income_fen - deduction_fen, PER_PAYMENT_RATES)
    return due_fen, earlier.month_tax_fen, lines + more


def _cumulative(amount_fen: int, earlier: Earlier) -> tuple[int, int, list[Line]]:
    income_fen = earlier.year_income_fen + amount_fen
    costs_fen = _rounded_up(income_fen, COSTS_BPS)
    monthly_fen = MONTHLY_DEDUCTION_FEN * earlier.months
    lines = [Line("income", amount_fen)]
    if earlier.year_income_fen:
        lines += [Line("year_before", earlier.year_income_fen), Line("year_income", income_fen)]
    lines += [
        Line("costs", costs_fen, bps=COSTS_BPS),
        Line("monthly_deduction", monthly_fen, count=earlier.months),
    ]
    due_fen, more = _at_rates(max(0, income_fen - costs_fen - monthly_fen), CUMULATIVE_RATES)
    return due_fen, earlier.year_tax_fen, lines + more


def _at_rates(taxable_fen: int, rates: Rates) -> tuple[int, list[Line]]:
    lines = [Line("taxable", taxable_fen)]
    if not taxable_fen:
        return 0, lines
    _, bps, quick_fen = next(row for row in rates if row[0] is None or taxable_fen <= row[0])
    at_rate_fen = share_fen(taxable_fen, bps)
    lines.append(Line("at_rate", at_rate_fen, bps=bps))
    if quick_fen:
        lines.append(Line("quick_deduction", quick_fen))
    return at_rate_fen - quick_fen, lines


def _rounded_up(amount_fen: int, bps: int) -> int:
    return amount_fen - share_fen(amount_fen, BPS - bps)
