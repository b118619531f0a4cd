"""Operators for tests, with the rights of their groups."""

from typing import Any

from django.test import Client

from mall.core.rights import ensure_groups
from members.models import Member
from tests.payouts.people import person


def operator(name: str, *groups: str) -> Member:
    """Return a staff member in these groups."""
    member = _staff(name)
    made = ensure_groups()
    member.groups.set([made[group] for group in groups])
    return member


def superuser(name: str = "总管") -> Member:
    member = _staff(name)
    Member.objects.filter(pk=member.pk).update(is_superuser=True)
    return Member.objects.get(pk=member.pk)


def _staff(name: str) -> Member:
    """Operators sign in by phone, so they have one."""
    member = person(name, staff=True)
    Member.objects.filter(pk=member.pk).update(phone=f"+86137{member.pk:08d}")
    return Member.objects.get(pk=member.pk)


def as_(member: Member) -> Client:
    """Return a browser in which this member is signed in."""
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/offline")  # the first page of a day is written down
    return client


def text(answer: Any) -> str:
    """Return the page, as it was rendered."""
    return str(answer.content.decode())
