"""The one clock. Only interfaces (views, tasks, management commands) ask it; below them time is an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from mall.core.models import DemoClock

_standing: datetime | None = None


def now() -> datetime:
    """Return the present instant (UTC); in the demo, plus what `manage.py advance_clock` has added."""
    if _standing is not None:
        return _standing
    present = timezone.now()
    if settings.DEMO:
        ahead = DemoClock.objects.filter(pk=DemoClock.ONLY).values_list("ahead", flat=True).first()
        if ahead:
            present += ahead
    return present


def device_now() -> datetime:
    """Return the machine's own time, whatever the demo's clock says: what somebody's phone goes by."""
    return timezone.now()


def advance(by: timedelta) -> datetime:
    """Put the demo's clock forward by `by` and return the new present."""
    if not settings.DEMO:
        raise RuntimeError("only the demo's clock can be advanced")
    if by <= timedelta(0):
        raise ValueError("the clock only goes forward")
    clock, _ = DemoClock.objects.get_or_create(pk=DemoClock.ONLY)
    clock.ahead += by
    clock.save(update_fields=["ahead"])
    return now()


@contextmanager
def standing_at(instant: datetime) -> Iterator[None]:
    """Let the present be `instant` for this whole process, all its threads included: how the demo's past is written."""
    global _standing
    if not settings.DEMO:
        raise RuntimeError("only the demo's clock can stand")
    before, _standing = _standing, instant
    try:
        yield
    finally:
        _standing = before
