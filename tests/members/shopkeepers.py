"""Shopkeepers and touches for tests, made by the commands that the mall itself uses."""

from datetime import datetime
from uuid import uuid4

from members.commands import apply_as_shopkeeper, approve_shopkeeper, record_touch
from members.models import Member, Shopkeeper, Touch
from tests.factories import AT, a_member
from tests.payouts.people import person


def a_shopkeeper(nickname: str = "林溪", *, at: datetime = AT) -> Member:
    return open_shop(a_member(nickname=nickname, at=at), at=at)


def open_shop(member: Member, *, at: datetime = AT) -> Member:
    """Let a member apply and an operator approve it."""
    applied = apply_as_shopkeeper(member=member, statement="卖茶十年", agreed=True, at=at)
    approve_shopkeeper(shopkeeper=applied, by=person("审核", staff=True), at=at)
    return member


def shop_of(member: Member) -> Shopkeeper:
    return Shopkeeper.objects.get(pk=member.pk)


def a_touch(owner: Member, member: Member | None, *, at: datetime = AT) -> Touch:
    return record_touch(owner=owner, member=member, visitor_hash=uuid4().hex, channel="qr", target_path="/", at=at)
