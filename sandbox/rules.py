"""How often a notice is sent again, and what a charge may be asked for."""

from datetime import datetime, timedelta

# After the first try, as real providers do it, only sooner done with.
RESEND_AFTER_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 3600, 10800, 21600)
AMOUNT_MAX = 10**10
CURRENCY = "CNY"


def next_try_at(tries: int, at: datetime) -> datetime | None:
    """Return when a notice that was sent `tries` times is sent again; none when the tries are used up."""
    if tries > len(RESEND_AFTER_SECONDS):
        return None
    return at + timedelta(seconds=RESEND_AFTER_SECONDS[tries - 1])
