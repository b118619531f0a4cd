"""Periods, shares and states of suppliers' statements. Integer fen, basis points, dates in Shanghai."""

from datetime import date, timedelta

from mall.core.money import share_fen

MONTH, HALF = "month", "half"
OPEN, CONFIRMED, APPROVED, PAID, CARRIED = "open", "confirmed", "approved", "paid", "carried"
# State, then the states that can come next.
CHANGES = {
    OPEN: frozenset({CONFIRMED}),
    CONFIRMED: frozenset({APPROVED}),
    APPROVED: frozenset({CONFIRMED, PAID}),
    PAID: frozenset[str](),
    CARRIED: frozenset[str](),
}
CONFIRM_DAYS = 7
# How long a new account waits before money goes there, as a member's does.
REST = timedelta(hours=72)
FEE_BPS_MAX = 3_000
CORRECTION_FEN_MAX = 10_000_000


def last_ended(kind: str, today: date) -> tuple[date, date]:
    """Return the last period that was over when `today` began: its first day, and the first day after it."""
    first = today.replace(day=1)
    middle = today.replace(day=16)
    before = (first - timedelta(days=1)).replace(day=1)
    if kind == MONTH:
        return before, first
    if today >= middle:
        return first, middle
    return before.replace(day=16), first


def signed_share_fen(amount_fen: int, bps: int) -> int:
    """Return the share of an amount that may be negative, rounded towards zero."""
    share = share_fen(abs(amount_fen), bps)
    return share if amount_fen >= 0 else -share


def payable_fen(*, carried: int, supply: int, refund: int, other: int, fee: int, commission: int) -> int:
    """Return what a statement comes to: carried over, plus what was sold, less what went back, less what is borne."""
    return carried + supply - refund + other - fee - commission
