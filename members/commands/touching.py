"""Touches: who came by whose link, and by which channel. Written once, never changed but for who the visitor became."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from members import queries
from members.models import Member, Touch

# Opening the same link again within this time is the same touch.
TOUCH_REST = timedelta(hours=1)


def follow_link(
    *, code: str, visitor: Member | None, visitor_hash: str, channel: str, target_path: str, at: datetime
) -> Touch | None:
    """Write the touch of a visit by `/r/<code>`; the same visitor's within the hour is returned as it is.

    A code of nobody, or the visitor's own, leaves no trace.
    """
    owner = queries.referral_owner(code=code)
    if owner is None or owner == visitor:
        return None
    with transaction.atomic():
        # Two taps at once are one touch.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"touch {visitor_hash}"])
        recent = Touch.objects.filter(
            owner=owner, visitor_hash=visitor_hash, target_path=target_path[:200], at__gt=at - TOUCH_REST, at__lte=at
        )
        return recent.order_by("-at", "-id").first() or record_touch(
            owner=owner, visitor_hash=visitor_hash, channel=channel, target_path=target_path, at=at, member=visitor
        )


def record_touch(
    *, owner: Member, visitor_hash: str, channel: str, target_path: str, at: datetime, member: Member | None = None
) -> Touch:
    """Write down that somebody came by way of `owner`'s link."""
    return Touch.objects.create(
        owner=owner,
        member=member,
        visitor_hash=visitor_hash,
        channel=channel[:20],
        target_path=target_path[:200],
        at=at,
    )
