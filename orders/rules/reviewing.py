"""Who may review what and until when, what a review may hold, and how stars add up."""

from collections.abc import Iterable
from datetime import datetime, timedelta

STARS = (1, 2, 3, 4, 5)
GOOD_STARS, FAIR_STARS, POOR_STARS = (4, 5), (3,), (1, 2)
TEXT_MAX = 500
REPLY_MAX = 300
TAGS_MAX = 5
PHOTOS_MAX = 9
REVIEW_DAYS = 90
FOLLOW_UP_DAYS = 180
REVIEWABLE_STATES = ("received", "completed")

# What a buyer may tick. A tag is kept as it reads; more of them come from nowhere.
TAGS = (
    "品质很好",
    "包装用心",
    "发货很快",
    "新鲜",
    "口味好",
    "性价比高",
    "送礼合适",
    "会再买",
    "包装破损",
    "与描述不符",
)


def is_reviewable(*, state: str, received_at: datetime | None, at: datetime) -> bool:
    """Say whether what came with an order in this state may be reviewed: received, and not longer ago than 90 days."""
    return state in REVIEWABLE_STATES and received_at is not None and at < review_until(received_at)


def review_until(received_at: datetime) -> datetime:
    """Return until when goods received then can be reviewed (that instant is outside)."""
    return received_at + timedelta(days=REVIEW_DAYS)


def follow_up_until(reviewed_at: datetime) -> datetime:
    """Return until when a review written then can be followed up (that instant is outside)."""
    return reviewed_at + timedelta(days=FOLLOW_UP_DAYS)


def held_words(text: str, words: Iterable[str]) -> tuple[str, ...]:
    """Return those of `words` that stand in a text, whatever their case and whatever spaces were put between."""
    squeezed = "".join(text.casefold().split())
    return tuple(word for word in words if "".join(word.casefold().split()) in squeezed)


def average_tenths(counts: Iterable[int]) -> int:
    """Return the average in tenths of a star, rounded half up, from how many gave one star to five; 0 of none.

    `average_tenths([0, 0, 0, 1, 1])` is 45.
    """
    numbers = list(counts)
    total = sum(numbers)
    weighted = sum(star * number for star, number in zip(STARS, numbers, strict=True))
    return (20 * weighted + total) // (2 * total) if total else 0


def good_percent(counts: Iterable[int]) -> int:
    """Return how many in a hundred gave four stars or five, rounded down; 0 of none."""
    numbers = list(counts)
    total = sum(numbers)
    return 100 * sum(numbers[star - 1] for star in GOOD_STARS) // total if total else 0
