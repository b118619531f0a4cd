"""The end of an account: asked for, called off, done after seven days.

Whatever names the person goes: phone, nickname, addresses, identities, sessions. Orders and the ledger stay, under the
member's public id, because the law asks for records (see `Holding.why`).
"""

from datetime import datetime

from django.apps import apps
from django.db import transaction

from mall.core.personal import Obstacle, closing_obstacles, erase_rows
from members.gateways import SmsNotSent, sms_gateway
from members.models import AccountClosing, CodeRequest, Member, SmsMessage
from members.rules import CLOSING_REST

from .advising import end_relations_of
from .sessions import end_keys, session_keys
from .shopkeeping import close_shopkeeper


class ClosingRefused(Exception):
    """The account cannot be closed now; `obstacles` say why."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__("; ".join(str(obstacle.words) for obstacle in obstacles))
        self.obstacles = obstacles


def obstacles_of(*, member: Member, at: datetime, gives_up_rewards: bool = False) -> list[Obstacle]:
    """Return what hinders closing, leaving out what the member gives up."""
    found = closing_obstacles(member_id=member.pk, at=at)
    return [obstacle for obstacle in found if not (gives_up_rewards and obstacle.can_be_given_up)]


def request_closing(*, member: Member, gives_up_rewards: bool, at: datetime) -> AccountClosing:
    """Let the account be closed in seven days. A repeat returns the one that waits. Raises ClosingRefused."""
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        waiting = AccountClosing.objects.filter(member=locked, called_off_at=None, closed_at=None).first()
        if waiting is not None:
            return waiting
        hindering = obstacles_of(member=locked, at=at, gives_up_rewards=gives_up_rewards)
        if hindering or locked.is_staff:
            raise ClosingRefused(hindering)
        closing = AccountClosing.objects.create(
            member=locked, gives_up_rewards=gives_up_rewards, requested_at=at, due_at=at + CLOSING_REST
        )
    _tell(locked.phone, "closing", at)
    return closing


def call_off_closing(*, member: Member, at: datetime) -> bool:
    """Keep the account; returns whether its closing was waiting."""
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        waiting = AccountClosing.objects.filter(member=member, called_off_at=None, closed_at=None)
        return bool(waiting.update(called_off_at=at))


def close_due_accounts(*, at: datetime) -> int:
    """Close the accounts whose time has come; one that something hinders by now waits on. Returns how many."""
    due = AccountClosing.objects.filter(called_off_at=None, closed_at=None, due_at__lte=at)
    return sum(_close(closing_id, member_id, at) for closing_id, member_id in list(due.values_list("pk", "member_id")))


def _close(closing_id: int, member_id: int, at: datetime) -> bool:
    with transaction.atomic():
        member = Member.objects.select_for_update(no_key=True).get(pk=member_id)
        closing = AccountClosing.objects.filter(
            pk=closing_id, called_off_at=None, closed_at=None, due_at__lte=at
        ).first()
        if closing is None:
            return False
        if obstacles_of(member=member, at=at, gives_up_rewards=closing.gives_up_rewards):
            return False
        phone = member.phone
        keys = session_keys(member=member)
        _make_nobody(member, at)
        closing.closed_at = at
        closing.save(update_fields=["closed_at"])
    end_keys(keys)
    _tell(phone, "closed", at)
    _forget_phone(phone)
    return True


def _make_nobody(member: Member, at: datetime) -> None:
    """Take everything personal away. `member` is locked."""
    end_relations_of(member_id=member.pk, at=at)
    close_shopkeeper(member_id=member.pk, at=at)
    erase_rows(member_id=member.pk)
    _forget_phone(member.phone)
    member.phone, member.phone_verified, member.nickname = None, False, ""
    member.is_active, member.personalised, member.closed_at, member.last_login = False, False, at, None
    member.set_unusable_password()
    member.save(
        update_fields=[
            "phone",
            "phone_verified",
            "nickname",
            "is_active",
            "personalised",
            "closed_at",
            "last_login",
            "password",
        ]
    )


def _forget_phone(phone: str | None) -> None:
    if phone is None:
        return
    CodeRequest.objects.filter(phone=phone).delete()
    SmsMessage.objects.filter(phone=phone).delete()
    # Tries to sign in to the admin sites.
    for model in ("AccessAttempt", "AccessLog", "AccessFailureLog"):
        apps.get_model("axes", model).objects.filter(username=phone).delete()


def _tell(phone: str | None, notice: str, at: datetime) -> None:
    if phone is None:
        return
    try:
        sms_gateway().notify(phone=phone, notice=notice, at=at)
    except SmsNotSent:
        return
