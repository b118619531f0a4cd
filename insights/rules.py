"""What is measured, in which unit, and what counts as better. Pure: integers in, integers out."""

from dataclasses import dataclass

GMV, ORDERS, AOV, MEMBERS, AGENTS, PARTNERS = "gmv", "orders", "aov", "members", "agents", "partners"
REPEAT, STOCK_OUT, IN_TIME, EARNINGS = "repeat", "stock_out", "in_time", "earnings"
PAYOUTS, RISKS, BIG_REFUND, EFFICIENCY = "payouts", "risks", "big_refund", "efficiency"

FEN, COUNT, BPS = "fen", "count", "bps"
# Buyers who come back are looked for in so many days; so are the averages of promises.
WINDOW_DAYS = 30


@dataclass(frozen=True, slots=True)
class Measure:
    """`unit` of a value; whether less of it is better; whether it adds up over days, so that a target is per day; the
    most that a target may be."""

    unit: str
    less: bool = False
    adds_up: bool = False
    most: int = 10_000


TARGETS: dict[str, Measure] = {
    GMV: Measure(FEN, adds_up=True, most=10**13),
    ORDERS: Measure(COUNT, adds_up=True, most=10**8),
    AOV: Measure(FEN, most=10**9),
    MEMBERS: Measure(COUNT, adds_up=True, most=10**8),
    AGENTS: Measure(COUNT, adds_up=True, most=10**8),
    PARTNERS: Measure(COUNT, adds_up=True, most=10**8),
    REPEAT: Measure(BPS),
    STOCK_OUT: Measure(BPS, less=True),
    IN_TIME: Measure(BPS),
    EARNINGS: Measure(BPS, less=True),
    PAYOUTS: Measure(COUNT, less=True, most=10**6),
    RISKS: Measure(COUNT, less=True, most=10**6),
    BIG_REFUND: Measure(FEN, less=True, most=10**9),
}
# Until somebody says otherwise, a refund of 500 yuan is a big one.
BIG_REFUND_FEN = 50_000
# What was promised, as a change in basis points; none: "more", without a number.
PROMISED: dict[str, int | None] = {
    MEMBERS: 20_000,
    AGENTS: None,
    EFFICIENCY: 3_000,
    STOCK_OUT: -5_000,
    REPEAT: 4_000,
    AOV: None,
}
CHANGE_MAX = 1_000_000


def ratio_bps(part: int, whole: int) -> int | None:
    """Return what part this is in basis points, rounded half up; none of nothing."""
    return (2 * part * 10_000 + whole) // (2 * whole) if whole > 0 else None


def change_bps(now: int | None, before: int | None) -> int | None:
    """Return by how much something changed, in basis points of what it was; none where one is not known or it was
    nothing."""
    if now is None or not before:
        return None
    return (now - before) * 10_000 // before if now >= before else -((before - now) * 10_000 // before)


def reaches(value: int, target: int, *, less: bool) -> bool:
    """Say whether a value is at its target or better."""
    return value <= target if less else value >= target


def is_better(change: int, *, less: bool) -> bool:
    return change < 0 if less else change > 0


def progress_bps(changed: int, promised: int) -> int:
    """Return how much of a promised change is reached: none below zero, and not more than the whole."""
    return max(0, min(10_000, changed * 10_000 // promised if promised > 0 else -changed * 10_000 // -promised))


def elapsed_bps(day: int, days: int) -> int:
    """Return how much of the time is over: `day` days of `days`."""
    return max(0, min(10_000, day * 10_000 // days)) if days > 0 else 10_000
