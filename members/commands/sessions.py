"""Where members are logged in: written down, seen, ended."""

from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef

from members.models import Member, MemberSession
from members.rules import device_of

GONE_AFTER = timedelta(days=1)


def see_session(*, member: Member, session_key: str, user_agent: str, at: datetime) -> None:
    """Write down that a member uses this session, new or known."""
    device = device_of(user_agent)
    MemberSession.objects.update_or_create(
        session_key=session_key,
        defaults={"member": member, "system": device.system, "browser": device.browser, "seen_at": at},
        create_defaults={
            "member": member,
            "system": device.system,
            "browser": device.browser,
            "seen_at": at,
            "started_at": at,
        },
    )


def rename_session(*, old_key: str | None, new_key: str | None) -> None:
    """Let a session that changed its key stay the same one in the list."""
    if old_key and new_key:
        MemberSession.objects.filter(session_key=old_key).update(session_key=new_key)


def end_session(*, member: Member, session_id: int) -> bool:
    """Log a member out of one session at once; returns whether it was the member's."""
    found = MemberSession.objects.filter(member=member, pk=session_id).first()
    if found is None:
        return False
    end_keys([found.session_key])
    return True


def end_other_sessions(*, member: Member, but: str | None) -> int:
    """Log a member out everywhere, but for the session with the key `but`; returns of how many."""
    keys = [key for key in session_keys(member=member) if key != but]
    end_keys(keys)
    return len(keys)


def session_keys(*, member: Member) -> list[str]:
    """Return the keys of a member's sessions."""
    return list(MemberSession.objects.filter(member=member).values_list("session_key", flat=True))


def end_keys(keys: list[str]) -> None:
    """Take these sessions away. No transaction may be open, or a reader could bring them back into the cache."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in keys:
        # The store deletes in the database first, then in the cache: who reads in between finds neither.
        store.delete(key)
    MemberSession.objects.filter(session_key__in=keys).delete()


def sweep_sessions(*, at: datetime) -> int:
    """Forget sessions that have run out; returns how many."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    gone = MemberSession.objects.filter(~Exists(alive), seen_at__lt=at - GONE_AFTER)
    return gone.delete()[0]
