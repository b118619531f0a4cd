"""What each signal measures: its unit, the threshold it starts with, and within which limits people may set that."""

from dataclasses import dataclass

SAME_DEVICE, SAME_NETWORK, SAME_ADDRESS = "same_device", "same_network", "same_address"
SAME_PAYER, SAME_ACCOUNT = "same_payer", "same_account"
BURST, RING, LATE_REFUND, ONE_PACK = "burst", "ring", "late_refund", "one_pack"
DUMMY_TWO, ACCOUNT_CHANGE, NO_SALES = "dummy_two", "account_change", "no_sales"

PEOPLE, ORDERS, DAYS, REWARDS = "people", "orders", "days", "rewards"

EVIDENCE_MAX = 50
HITS_AT_ONCE = 2_000
QUIET_DAYS = 30
ONE_PACK_SHARE_PERCENT = 80


@dataclass(frozen=True, slots=True)
class Measure:
    """`threshold` is what a hit needs at least; where `at_most` is set, at most. `days` is how far back it looks."""

    unit: str
    threshold: int
    low: int
    high: int
    days: int
    at_most: bool = False


MEASURES: dict[str, Measure] = {
    SAME_DEVICE: Measure(PEOPLE, 2, 2, 50, 90),
    SAME_NETWORK: Measure(PEOPLE, 5, 2, 200, 30),
    SAME_ADDRESS: Measure(PEOPLE, 3, 2, 50, 180),
    SAME_PAYER: Measure(PEOPLE, 2, 2, 50, 180),
    SAME_ACCOUNT: Measure(PEOPLE, 2, 2, 50, 365),
    BURST: Measure(PEOPLE, 10, 3, 1_000, 30),
    RING: Measure(ORDERS, 2, 2, 100, 90),
    LATE_REFUND: Measure(ORDERS, 2, 1, 100, 90),
    ONE_PACK: Measure(PEOPLE, 5, 2, 500, 180),
    DUMMY_TWO: Measure(DAYS, QUIET_DAYS, 7, 180, 365),
    ACCOUNT_CHANGE: Measure(DAYS, 7, 1, 60, 30, at_most=True),
    NO_SALES: Measure(REWARDS, 10, 1, 1_000, 180),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a signal found: whom it is about, how much it measured, and the rows that show it, as (what, id).

    `key` is the same for the same thing, however often it is found.
    """

    key: str
    member_id: int
    value: int
    evidence: tuple[tuple[str, int], ...]


def false_percent(*, false_alarms: int, confirmed: int) -> int | None:
    """Return how many of a hundred decided hits were false alarms, rounded; nothing where none was decided."""
    decided = false_alarms + confirmed
    return (200 * false_alarms + decided) // (2 * decided) if decided else None
