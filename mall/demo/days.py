"""The days of the demo: the last one ends now, and people are awake when it is day in Shanghai."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import accumulate, pairwise

from mall.core.ids import SHANGHAI

DAYS = 120
SLOTS = 10_000
_DAY = 86_400
# How much happens in each hour in Shanghai, from midnight on.
_HOURS = (8, 3, 2, 1, 1, 2, 10, 26, 40, 56, 66, 62, 70, 60, 52, 50, 50, 48, 52, 66, 84, 90, 66, 30)


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A point of the story: a day, one of its 10,000 slots, and minutes after it."""

    day: int
    slot: int = 0
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """120 days of 24 hours, the last of which ends at `now`.

    A slot is the longer the quieter the hour is. So the story runs in the same order, and stands at the same point of
    every period of whole days, at whatever hour it is told.
    """

    now: datetime

    @property
    def start(self) -> datetime:
        return self.now - timedelta(days=DAYS)

    def at(self, moment: Moment) -> datetime:
        """Return the instant of a moment, in whole seconds."""
        local = self.start.astimezone(SHANGHAI)
        seconds = _offset(local.hour * 3600 + local.minute * 60 + local.second, moment.slot)
        return self.start + timedelta(days=moment.day, seconds=seconds, minutes=moment.minutes)

    def date(self, day: int) -> date:
        """Return the date in Shanghai on which a day begins: another one for every day."""
        return (self.start + timedelta(days=day)).astimezone(SHANGHAI).date()


@cache
def _pieces(first: int) -> tuple[list[int], list[int]]:
    """Return where the hours of a day that begins `first` seconds after midnight begin, and their summed weights."""
    cuts = [0, *range(3600 - first % 3600, _DAY, 3600), _DAY]
    weights = [(end - cut) * _HOURS[(first + cut) // 3600 % 24] for cut, end in pairwise(cuts)]
    return cuts, list(accumulate(weights, initial=0))


@cache
def _offset(first: int, slot: int) -> int:
    cuts, sums = _pieces(first)
    wanted = sums[-1] * slot // SLOTS
    piece = min(bisect_right(sums, wanted), len(cuts) - 1) - 1
    return cuts[piece] + (wanted - sums[piece]) * (cuts[piece + 1] - cuts[piece]) // (sums[piece + 1] - sums[piece])


def is_past(instant: datetime, *, now: datetime, hours: int = 0) -> bool:
    """Say whether what happens so many hours after an instant of the story is over, counted in whole days.

    Hours are longer or shorter by the hour at which the story is told, days are not: so the answer is always the same.
    """
    return instant + timedelta(days=-(-hours // 24)) < now
