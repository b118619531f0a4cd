"""How much about a withdrawal asks for a second look. Pure."""

from collections.abc import Iterable

SCORE_MAX = 99
GREEN_BELOW = 20
# Several are decided at once only where each and all together are small.
GREEN_ROW_MAX_FEN = 200_000
GREEN_TOTAL_MAX_FEN = 2_000_000
GREEN_COUNT_MAX = 50
LARGE_FEN = 200_000
NEW_DAYS = 7

SHARED, CHANGED, GONE, OPEN_CASE, NEW_ACCOUNT, NEW_MEMBER, DEBT, TAKEN_BACK, LARGE, FIRST, NO_ACCOUNT = (
    *("shared", "changed", "gone", "open_case", "new_account", "new_member", "debt", "taken_back"),
    *("large", "first", "no_account"),
)
POINTS = {
    SHARED: 50,
    CHANGED: 40,
    GONE: 40,
    OPEN_CASE: 30,
    DEBT: 20,
    NEW_ACCOUNT: 20,
    NEW_MEMBER: 20,
    NO_ACCOUNT: 20,
    TAKEN_BACK: 15,
    LARGE: 10,
    FIRST: 10,
}


def score(signals: Iterable[str]) -> int:
    """Return 0 to 99: the points of all signals."""
    return min(SCORE_MAX, sum(POINTS[signal] for signal in set(signals)))


def by_weight(signals: Iterable[str]) -> list[str]:
    """Return signals, the heaviest first."""
    order = list(POINTS)
    return sorted(set(signals), key=lambda signal: (-POINTS[signal], order.index(signal)))


def tone(points: int) -> str:
    """Return good, warn or bad."""
    return "good" if points < GREEN_BELOW else "warn" if points < 50 else "bad"
