"""A member's messages."""

from django.db.models import Count, Q, QuerySet

from members.models import Member
from service.models import Kind, Message, MutedKind

UNREAD_MAX = 99


def messages_page(*, member: Member, kind: Kind | None = None, before: int = 0, limit: int) -> list[Message]:
    """Return messages, newest first, of a kind or of all, after the member's own message `before`."""
    rows = Message.objects.filter(member=member).order_by("-at", "-id")
    if kind is not None:
        rows = rows.filter(kind=kind)
    if before:
        last = Message.objects.filter(member=member, pk=before).values_list("at", flat=True).first()
        if last is None:
            return []
        rows = rows.filter(Q(at__lt=last) | Q(at=last, pk__lt=before))
    return list(rows[:limit])


def unread_counts(*, member: Member) -> dict[str, int]:
    """Return how many messages are unread, by kind."""
    found = _unread(member).values("kind").annotate(count=Count("pk")).values_list("kind", "count")
    return dict(found.order_by("kind"))


def unread_count(*, member: Member) -> int:
    """Return how many messages are unread, and 99 for more."""
    return _unread(member)[:UNREAD_MAX].count()


def muted_kinds(*, member: Member) -> set[str]:
    """Return the kinds that the member switched off."""
    return set(MutedKind.objects.filter(member=member).values_list("kind", flat=True))


def _unread(member: Member) -> QuerySet[Message]:
    return Message.objects.filter(member=member, read_at=None)
