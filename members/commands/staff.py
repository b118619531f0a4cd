"""Operators: their second factor, their groups, their sessions, and taking their access away."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.rights import GROUPS
from mall.core.sealing import fingerprint, seal
from mall.core.totp import step_of
from members.models import Member, RecoveryCode, StaffDevice
from members.models.staff import SECRET

from .sessions import end_keys, session_keys

RECOVERY_CODES = 10
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
WRONG_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
REASON_MAX = 200


class StaffRefused(Exception):
    """Nothing was done; the text says why."""


def enrol_device(*, member: Member, secret: str, code: str, device_at: datetime, at: datetime) -> list[str]:
    """Tie an authenticator to an operator who shows a code of it, in the place of an earlier one; returns the recovery
    codes, which are shown this once. `device_at` is the machine's own time. Raises StaffRefused."""
    if not member.is_staff:
        raise StaffRefused(_("只有员工可以绑定动态口令"))
    step = step_of(secret, plain_code(code), at=device_at, after=0)
    if step is None:
        raise StaffRefused(_("动态口令不对：请核对手机的时间，填写最新的 6 位数字"))
    return keep_device(member=member, secret=secret, last_step=step, at=at)


def keep_device(*, member: Member, secret: str, at: datetime, last_step: int = 0) -> list[str]:
    """Write an authenticator down as enrolled; returns its recovery codes."""
    codes = [_recovery_code() for _number in range(RECOVERY_CODES)]
    with transaction.atomic():
        StaffDevice.objects.filter(member=member).delete()
        device = StaffDevice.objects.create(
            member=member, secret_sealed=seal(secret, purpose=SECRET), enrolled_at=at, last_step=last_step
        )
        RecoveryCode.objects.bulk_create([RecoveryCode(device=device, code_hash=_hash(member, code)) for code in codes])
    return codes


def check_code(*, member: Member, code: str, device_at: datetime, at: datetime) -> None:
    """Take a code of the operator's authenticator, or a recovery code, once. Raises StaffRefused; five wrong ones lock
    the authenticator for a quarter of an hour."""
    refusal = ""
    with transaction.atomic():
        device = StaffDevice.objects.select_for_update().filter(member=member).first()
        if device is None:
            raise StaffRefused(_("还没有绑定动态口令"))
        if device.locked_until and device.locked_until > at:
            raise StaffRefused(_("输错太多次，请 15 分钟后再试"))
        if not _taken(device, plain_code(code), device_at, at):
            device.wrong_count += 1
            refusal = _("动态口令不对，或者已经用过")
            if device.wrong_count >= WRONG_MAX:
                device.wrong_count, device.locked_until = 0, at + LOCKED_FOR
        device.save(update_fields=["last_step", "wrong_count", "locked_until"])
    if refusal:
        raise StaffRefused(refusal)


def reset_device(*, member_id: int, reason: str, by: Member) -> Member:
    """Take a lost authenticator away, and every session with it: the operator enrols a new one at the next login.
    Somebody else does it. Raises StaffRefused."""
    if not reason.strip():
        raise StaffRefused(_("请写明原因"))
    member = _other(member_id, by)
    with transaction.atomic():
        if not StaffDevice.objects.filter(member=member).delete()[0]:
            raise StaffRefused(_("这位同事没有绑定动态口令"))
    end_keys(session_keys(member=member))
    return member


def set_groups(*, member_id: int, groups: Iterable[str], by: Member) -> Member:
    """Give an operator exactly these groups, by their names. Nobody does it for themselves. Raises StaffRefused."""
    names = set(groups)
    if names - GROUPS.keys():
        raise StaffRefused(_("没有这个岗位"))
    member = _other(member_id, by)
    kept = member.groups.exclude(name__in=GROUPS)
    member.groups.set([*kept, *Group.objects.filter(name__in=names)])
    return member


def set_access(*, member_id: int, is_staff: bool, reason: str, by: Member) -> Member:
    """Take an operator's access away, with every session, or give it back. Raises StaffRefused."""
    if not reason.strip():
        raise StaffRefused(_("请写明原因"))
    member = _other(member_id, by)
    member.is_staff = is_staff
    member.save(update_fields=["is_staff"])
    if not is_staff:
        end_keys(session_keys(member=member))
    return member


def plain_code(text: str) -> str:
    """Return a code as it is compared: without spaces and hyphens, in small letters."""
    return "".join(text.split()).replace("-", "").lower()[:40]


def _other(member_id: int, by: Member) -> Member:
    if member_id == by.pk:
        raise StaffRefused(_("不能改自己的权限，请另一位同事来做"))
    member = Member.objects.filter(pk=member_id, password__gt="").first()
    if member is None or not (member.is_staff or member.groups.filter(name__in=GROUPS).exists()):
        raise StaffRefused(_("没有这位员工"))
    if member.is_superuser and not by.is_superuser:
        raise StaffRefused(_("超级管理员只能由另一位超级管理员来改"))
    return member


def _taken(device: StaffDevice, code: str, device_at: datetime, at: datetime) -> bool:
    if code.isascii() and code.isdecimal():
        step = step_of(device.secret, code, at=device_at, after=device.last_step)
        if step is None:
            return False
        device.last_step = step
    else:
        unused = device.recovery_codes.filter(code_hash=_hash(device.member, code), used_at=None)
        if not unused.update(used_at=at):
            return False
    device.wrong_count, device.locked_until = 0, None
    return True


def _recovery_code() -> str:
    text = "".join(secrets.choice(RECOVERY_ALPHABET) for _place in range(10))
    return f"{text[:5]}-{text[5:]}" if not text.isdecimal() else _recovery_code()


def _hash(member: Member, code: str) -> str:
    return fingerprint(f"{member.pk} {plain_code(code)}", purpose="staff recovery code")
