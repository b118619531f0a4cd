"""When a provider is asked about a payment of which no notice came, and how long what it opened can be used."""

from datetime import datetime, timedelta

# After a payment was begun. When the last one brought nothing, the payment is closed.
ASK_AFTER_SECONDS = (30, 120, 600, 3_600)
# A provider that does not close a payment is told again this often, this long after another.
CLOSE_AGAIN = timedelta(minutes=10)
CLOSE_TRIES_MAX = 24
# WeChat's address for other browsers is good for five minutes.
OPENED_FOR = timedelta(minutes=4)


def next_ask_at(created_at: datetime, asks: int) -> datetime | None:
    """Return when a payment is asked about that was asked about `asks` times; none when that was the last time."""
    if asks >= len(ASK_AFTER_SECONDS):
        return None
    return created_at + timedelta(seconds=ASK_AFTER_SECONDS[asks])


def next_close_at(at: datetime, asks: int) -> datetime | None:
    """Return when a provider that did not close a payment at `at` is told again; none when it was told often enough."""
    return at + CLOSE_AGAIN if asks < CLOSE_TRIES_MAX else None
