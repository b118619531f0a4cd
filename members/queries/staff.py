"""Operators: who they are, what they may do, whether they have a second factor, where they are signed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from mall.core.rights import CHECKS, GROUPS, RIGHTS, group_label
from mall.core.totp import TOLERANCE, code_of, step_at
from members.models import Member, MemberSession, StaffDevice


@dataclass(frozen=True, slots=True)
class Colleague:
    """An operator, with the groups that give the rights, and when the authenticator was enrolled."""

    member: Member
    groups: tuple[str, ...]
    enrolled_at: datetime | None
    sessions: int

    @property
    def labels(self) -> list[str]:
        return [group_label(name) for name in self.groups]


@dataclass(frozen=True, slots=True)
class RightRow:
    """A right, and for each group in order whether it has it."""

    name: str
    label: str
    has: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One thing that takes two people: who may begin it and who may check it. Nobody checks their own."""

    label: str
    begins: tuple[str, ...]
    checks: tuple[str, ...]

    @property
    def is_possible(self) -> bool:
        """Whether there are two different people for it."""
        return bool(self.begins and self.checks) and len({*self.begins, *self.checks}) > 1


def colleagues() -> list[Colleague]:
    """Return everybody who may sign in to `/ops/` or has a group for it, in three questions."""
    wanted = Member.objects.filter(Q(is_staff=True) | Q(groups__name__in=GROUPS)).distinct()
    rows = wanted.prefetch_related("groups").select_related("staff_device").order_by("-is_staff", "nickname", "pk")
    counted = MemberSession.objects.filter(member__in=wanted).values_list("member").annotate(Count("pk"))
    sessions = dict(counted)
    return [_colleague(row, sessions.get(row.pk, 0)) for row in rows]


def colleague(*, member_id: int) -> Colleague | None:
    """Return one of them."""
    return next((one for one in colleagues() if one.member.pk == member_id), None)


def staff_sessions(*, member: Member) -> list[MemberSession]:
    """Return where somebody is signed in, the newest first."""
    return list(MemberSession.objects.filter(member=member).order_by("-seen_at", "-pk")[:50])


def right_rows() -> list[RightRow]:
    """Return the matrix of rights and groups."""
    return [
        RightRow(code, name, tuple(code in codes for _label, codes in GROUPS.values()))
        for _app, _model, code, name in RIGHTS
    ]


def check_rows(people: Iterable[Colleague]) -> list[CheckRow]:
    """Return for everything that takes two people who may begin it and who may check it."""
    active = [one for one in people if one.member.is_staff and one.member.is_active]
    return [
        CheckRow(str(label), _holders(active, begins), _holders(active, checks)) for label, begins, checks in CHECKS
    ]


def device_of(member: Member) -> StaffDevice | None:
    """Return somebody's authenticator."""
    return StaffDevice.objects.filter(member=member).first()


def demo_codes(*, device_at: datetime) -> list[tuple[Member, str]]:
    """Return what the demo's authenticators show: the next code that would be taken. For the demo's outbox alone."""
    now = step_at(device_at)
    rows = StaffDevice.objects.select_related("member").filter(member__is_staff=True).order_by("member__phone")[:20]
    found = []
    for device in rows:
        step = max(now, device.last_step + 1)
        found.append((device.member, code_of(device.secret, step) if step <= now + TOLERANCE else ""))
    return found


def _colleague(row: Member, sessions: int) -> Colleague:
    device: StaffDevice | None = getattr(row, "staff_device", None)
    names = {group.name for group in row.groups.all()}
    groups = tuple(name for name in GROUPS if name in names)
    return Colleague(row, groups, device.enrolled_at if device else None, sessions)


def _holders(people: list[Colleague], right: str) -> tuple[str, ...]:
    return tuple(
        str(one.member)
        for one in people
        if one.member.is_superuser or any(right in GROUPS[name][1] for name in one.groups)
    )
