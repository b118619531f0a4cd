"""What members do to their own data, and the days on which they come."""

import datetime
from dataclasses import asdict, dataclass

from django.db import transaction

from mall.core.events import publish
from mall.core.text import clean_line
from members.events import DayVisited, ProfileCompleted
from members.models import Address, AddressLabel, DayVisit, Member
from members.rules import ADDRESS_LENGTHS, ADDRESSES_MAX, NICKNAME_MAX, normal_phone


class ProfileRefused(Exception):
    """What was given cannot be taken over; `field` names the part that is wrong."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True)
class AddressText:
    """An address as it was typed."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    detail: str


def rename_member(*, member: Member, nickname: str, at: datetime.datetime) -> Member:
    """Give a member another nickname. Raises ProfileRefused where nothing readable is left of it or it is too long."""
    try:
        line = clean_line(nickname, NICKNAME_MAX)
    except ValueError as error:
        raise ProfileRefused("nickname") from error
    if not line:
        raise ProfileRefused("nickname")
    with transaction.atomic():
        locked = _locked(member)
        locked.nickname = line
        locked.save(update_fields=["nickname"])
        _complete_profile(locked, at)
    return locked


def save_address(
    *,
    member: Member,
    text: AddressText,
    at: datetime.datetime,
    is_default: bool = False,
    label: str = "",
    address_id: int | None = None,
) -> Address:
    """Add an address, or replace the text of the member's own `address_id`. The first one is the default.

    Raises ProfileRefused naming the field that is wrong, `address` where the id is not the member's or there are too
    many.
    """
    fields = _clean_address(text)
    if label not in ("", *AddressLabel.values):
        raise ProfileRefused("label")
    with transaction.atomic():
        locked = _locked(member)
        own = Address.objects.filter(member=member, deleted_at=None)
        if address_id is None:
            if own.count() >= ADDRESSES_MAX:
                raise ProfileRefused("address")
            address = Address(member=member)
        else:
            address = own.filter(pk=address_id).first() or _refuse("address")
        if is_default or not own.exclude(pk=address.pk).filter(is_default=True).exists():
            own.filter(is_default=True).update(is_default=False)
            address.is_default = True
        for field, value in fields.items():
            setattr(address, field, value)
        address.label = label
        address.save()
        _complete_profile(locked, at)
    return address


def choose_default_address(*, member: Member, address_id: int) -> None:
    """Make one of the member's addresses the default. Raises ProfileRefused where it is not the member's."""
    with transaction.atomic():
        _locked(member)
        own = Address.objects.filter(member=member, deleted_at=None)
        if not own.filter(pk=address_id).exists():
            raise ProfileRefused("address")
        own.filter(is_default=True).exclude(pk=address_id).update(is_default=False)
        own.filter(pk=address_id).update(is_default=True)


def delete_address(*, member: Member, address_id: int, at: datetime.datetime) -> None:
    """Take away one of the member's addresses; the newest other one becomes the default. A repeat is a no-op."""
    with transaction.atomic():
        _locked(member)
        own = Address.objects.filter(member=member, deleted_at=None)
        if not own.filter(pk=address_id).update(deleted_at=at, is_default=False):
            return
        newest = own.order_by("-id").first()
        if newest is not None and not own.filter(is_default=True).exists():
            own.filter(pk=newest.pk).update(is_default=True)


def record_visit(*, member_id: int, date: datetime.date, at: datetime.datetime) -> bool:
    """Write down that a member was here on `date` (Asia/Shanghai). Returns whether the date is new."""
    with transaction.atomic():
        _, is_new = DayVisit.objects.get_or_create(member_id=member_id, date=date)
        if is_new:
            days = DayVisit.objects.filter(member_id=member_id).count()
            publish(DayVisited(member_id=member_id, days=days, at=at))
    return is_new


def _locked(member: Member) -> Member:
    return Member.objects.select_for_update(no_key=True).get(pk=member.pk)


def _complete_profile(member: Member, at: datetime.datetime) -> None:
    """Publish `ProfileCompleted` when nickname and default address are first there. `member` is locked."""
    if member.profile_completed_at is not None or not member.nickname:
        return
    if not Address.objects.filter(member=member, is_default=True, deleted_at=None).exists():
        return
    member.profile_completed_at = at
    member.save(update_fields=["profile_completed_at"])
    publish(ProfileCompleted(member_id=member.pk, at=at))


def _clean_address(text: AddressText) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field, value in asdict(text).items():
        try:
            if field == "phone":
                fields[field] = normal_phone(value)
            else:
                fields[field] = clean_line(value, ADDRESS_LENGTHS[field])
        except ValueError as error:
            raise ProfileRefused(field) from error
        if not fields[field] and field != "district":
            raise ProfileRefused(field)
    return fields


def _refuse(field: str) -> Address:
    raise ProfileRefused(field)
