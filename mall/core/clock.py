"""The one clock. Only interfaces (views, tasks, management commands) ask it; below them time is an argument."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from mall.core.models import DemoClock


def now() -> datetime:
    """Return the present instant (UTC); in the demo, plus what `manage.py advance_clock` has added."""
    present = timezone.now()
    if settings.DEMO:
        ahead = DemoClock.objects.filter(pk=DemoClock.ONLY).values_list("ahead", flat=True).first()
        if ahead:
            present += ahead
    return present


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
