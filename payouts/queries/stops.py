"""Whether payouts are stopped."""

from payouts.models import PayoutStop


def standing_stop() -> PayoutStop | None:
    """Return the stop that stands, with who placed it and who asked to lift it, or none."""
    return PayoutStop.objects.select_related("stopped_by", "lift_asked_by").filter(lifted_at=None).first()


def payouts_stopped() -> bool:
    """Say whether all payouts are stopped."""
    return PayoutStop.objects.filter(lifted_at=None).exists()


def past_stops(*, limit: int) -> list[PayoutStop]:
    """Return stops that were lifted, newest first."""
    found = PayoutStop.objects.select_related("stopped_by", "lift_asked_by", "lifted_by")
    return list(found.filter(lifted_at__isnull=False).order_by("-id")[:limit])
