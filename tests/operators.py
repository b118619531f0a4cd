"""Operators for tests, with the rights of their groups."""

from typing import Any

from django.test import Client

from mall.core import clock
from mall.core.rights import ensure_groups
from mall.core.totp import new_secret
from members.commands.staff import keep_device
from members.models import Member
from members.second_factor import SESSION_KEY
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
    keep_device(member=member, secret=new_secret(), at=clock.now())
    return Member.objects.get(pk=member.pk)


def as_(member: Member) -> Client:
    """Return a browser in which this member is signed in, an operator with the second factor shown just now."""
    client = Client()
    sign_in(client, member)
    client.get("/offline")  # the first page of a day is written down
    return client


def sign_in(client: Client, member: Member) -> None:
    """Sign a member in, with the second factor shown just now."""
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = int(clock.now().timestamp())
    session.save()


def text(answer: Any) -> str:
    """Return the page, as it was rendered."""
    return str(answer.content.decode())
