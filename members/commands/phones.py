"""Another phone for a member: at once where the old one confirmed it, after a rest where only WeChat did."""

from datetime import datetime

from django.db import IntegrityError, transaction

from members.gateways import SmsNotSent, sms_gateway
from members.models import CodePurpose, CodeRequest, Member, PhoneChange
from members.rules import PHONE_REST


class PhoneTaken(Exception):
    """Another member has this phone; `owner` is who."""

    def __init__(self, owner: Member) -> None:
        super().__init__(str(owner.pk))
        self.owner = owner


class AlreadyWaiting(Exception):
    """A change waits already."""


def change_phone(*, member: Member, phone: str, at: datetime) -> Member:
    """Give a member another phone, that the caller has seen confirmed by a code as the old one was; tell both.

    A change that waits is over with it. Raises PhoneTaken.
    """
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        before = locked.phone
        _give(locked, phone)
        PhoneChange.objects.filter(member=locked, ended_at=None).update(ended_at=at)
        _burn_codes(before)
    if before != phone:
        _tell([before, phone], "phone-is-new", at)
    return locked


def wait_for_phone(*, member: Member, phone: str, at: datetime) -> PhoneChange:
    """Change the phone after a rest in which the member can stop it; tell the old one. `phone` is confirmed by a code.

    Raises PhoneTaken and AlreadyWaiting.
    """
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        owner = Member.objects.filter(phone=phone).first()
        if owner is not None:
            raise PhoneTaken(owner)
        if PhoneChange.objects.filter(member=locked, ended_at=None).exists():
            raise AlreadyWaiting
        change = PhoneChange.objects.create(member=locked, phone=phone, requested_at=at, due_at=at + PHONE_REST)
    _tell([locked.phone, phone], "phone-waits", at)
    return change


def stop_phone_change(*, member: Member, at: datetime) -> bool:
    """Keep the old phone; returns whether a change was waiting."""
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        return bool(PhoneChange.objects.filter(member=member, ended_at=None).update(ended_at=at))


def finish_phone_changes(*, at: datetime) -> int:
    """Change the phones whose rest is over; one that somebody else has taken meanwhile ends undone."""
    due = PhoneChange.objects.filter(ended_at=None, due_at__lte=at).values_list("pk", "member_id")
    return sum(_finish(change_id, member_id, at) for change_id, member_id in list(due))


def _finish(change_id: int, member_id: int, at: datetime) -> bool:
    with transaction.atomic():
        locked = Member.objects.select_for_update(no_key=True).get(pk=member_id)
        change = PhoneChange.objects.filter(pk=change_id, ended_at=None, due_at__lte=at).first()
        if change is None:
            return False
        before = locked.phone
        try:
            with transaction.atomic():
                _give(locked, change.phone)
            change.was_done = locked.is_active
        except PhoneTaken:
            change.was_done = False
        change.ended_at = at
        change.save(update_fields=["was_done", "ended_at"])
    if change.was_done:
        _tell([before, change.phone], "phone-is-new", at)
    return change.was_done


def _give(locked: Member, phone: str) -> None:
    owner = Member.objects.filter(phone=phone).exclude(pk=locked.pk).first()
    if owner is not None:
        raise PhoneTaken(owner)
    locked.phone, locked.phone_verified = phone, True
    try:
        with transaction.atomic():
            locked.save(update_fields=["phone", "phone_verified"])
    except IntegrityError as error:
        raise PhoneTaken(Member.objects.get(phone=phone)) from error


def _burn_codes(phone: str | None) -> None:
    """Let no code that is under way to the old phone log anybody in."""
    if phone is not None:
        CodeRequest.objects.filter(phone=phone, purpose=CodePurpose.LOGIN, tries_left__gt=0).update(tries_left=0)


def _tell(phones: list[str | None], notice: str, at: datetime) -> None:
    """Send a notice. One that does not go out undoes nothing: the page says it too."""
    for phone in {phone for phone in phones if phone}:
        try:
            sms_gateway().notify(phone=phone, notice=notice, at=at)
        except SmsNotSent:
            continue
