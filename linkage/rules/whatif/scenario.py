"""An invented tree: who joins when, whom by, who returns the pack, who does the tasks; the same for the same seed."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import asdict, dataclass
from random import Random
from typing import Any

from linkage.rules.engine import DAY
from linkage.rules.plan import BPS

from .course import Course

SIZE_MIN, SIZE_MAX = 10, 1_000_000
DAYS_MIN, DAYS_MAX = 30, 730
SHAPES = ("random", "popular", "even", "chain")

RECEIVED_AFTER, TASKS_AFTER, REFUND_SOON, REFUND_LATE, PAYDAY = 3, 5, 6, 18, 30


class ScenarioError(ValueError):
    """The scenario is out of bounds; `field` is the one at fault."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field} {sentence}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Scenario:
    """`size` members join evenly over `days` and buy one pack each; `refer_bps` of them bring others along, by
    `shape`: anybody by chance, rather whoever has many already, all alike, or one long line. Half of the refunds come
    before the cooling-off is over, half after it. Everybody withdraws all they have every thirtieth day."""

    size: int = 1_000
    seed: int = 1
    shape: str = "random"
    refer_bps: int = 3_000
    refund_bps: int = 500
    tasks_bps: int = 6_000
    days: int = 120

    def __post_init__(self) -> None:
        bounds = {
            "size": (SIZE_MIN, SIZE_MAX),
            "seed": (0, 2**31 - 1),
            "refer_bps": (1, BPS),
            "refund_bps": (0, BPS),
            "tasks_bps": (0, BPS),
            "days": (DAYS_MIN, DAYS_MAX),
        }
        for field, (least, most) in bounds.items():
            value = getattr(self, field)
            if type(value) is not int or not least <= value <= most:
                raise ScenarioError(field, f"must be a whole number from {least} to {most}.")
        if self.shape not in SHAPES:
            raise ScenarioError("shape", f"must be one of {', '.join(SHAPES)}.")

    @property
    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Cast:
    """Of each member: the referrer (-1: none), and whether it returns its pack and does its tasks."""

    referrers: array[int]
    returns: bytearray
    diligent: bytearray


def play(course: Course, scenario: Scenario, *, tell: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Play a scenario through the rules. `tell` hears after every day how many of how many are over; what it raises
    ends the play."""
    cast = _cast(scenario)
    size, days = scenario.size, scenario.days
    book = course.book
    for day in range(days):
        at = day * DAY

        def cohort(before: int, day: int = day) -> range:
            joined = day - before
            return range(size * joined // days, size * (joined + 1) // days) if joined >= 0 else range(0)

        for member in cohort(RECEIVED_AFTER):
            book.receive(at, member)
        for member in cohort(TASKS_AFTER):
            if cast.diligent[member]:
                book.tasks_done(at, member)
        for before, which in ((REFUND_SOON, 1), (REFUND_LATE, 2)):
            for member in cohort(before):
                if cast.returns[member] == which:
                    course.refund(at, member)
        for member in cohort(0):
            referrer = cast.referrers[member]
            book.join(at, member, None if referrer < 0 else referrer)
            course.order(at, member, member, 1, course.version)
        book.tick(at + DAY - 1)
        if day % PAYDAY == PAYDAY - 1:
            course.pay_everybody(at + DAY - 1)
        course.day_ends(day + 1, last=day == days - 1)
        tell(day + 1, days)


def _cast(scenario: Scenario) -> _Cast:
    chance = Random(scenario.seed)
    size = scenario.size
    referrers = array("i", bytes(4 * size))
    returns, diligent = bytearray(size), bytearray(size)
    # Whoever joins brings by chance others along; the first ones always do, so that there is somebody to come by.
    referring = array("i")
    each = -(-BPS // scenario.refer_bps)

    def falls(bps: int) -> bool:
        return chance.getrandbits(24) * BPS >> 24 < bps

    for member in range(size):
        referrers[member] = _referrer(scenario.shape, chance, referrers, referring, member, each)
        if falls(scenario.refer_bps) or not referring:
            referring.append(member)
        if falls(scenario.refund_bps):
            returns[member] = 1 + chance.getrandbits(1)
        diligent[member] = falls(scenario.tasks_bps)
    return _Cast(referrers, returns, diligent)


def _referrer(shape: str, chance: Random, referrers: array[int], referring: array[int], member: int, each: int) -> int:
    if not referring:
        return -1
    if shape == "chain":
        return referring[-1]
    if shape == "even":
        return referring[min((member - 1) // each, len(referring) - 1)]
    if shape == "popular":
        # Whoever brought somebody picked at random has many already.
        known = referrers[chance.getrandbits(32) * member >> 32]
        if known >= 0 and chance.getrandbits(1):
            return known
    return referring[chance.getrandbits(32) * len(referring) >> 32]
