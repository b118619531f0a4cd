"""Joining: the member, its place in the referral forest, and the touch that brought it."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, connection, transaction

from mall.core.events import publish
from mall.core.ids import random_code
from mall.core.text import clean_line
from members.events import MemberJoined, MembersJoined
from members.models import CodePurpose, Member, Touch
from members.rules import NICKNAME_MAX, root_shard

from .codes import redeem_code


class JoinRefused(Exception):
    """A member cannot join like this: the phone or public id is taken, or the referrer is unknown."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """Somebody to be registered. `referrer` is the public id of a member that joined before, or of an earlier row."""

    nickname: str = ""
    phone: str | None = None
    public_id: str = ""
    referrer: str | None = None
    joined_at: datetime | None = None


_INSERT = """
INSERT INTO members_member (
    id, public_id, phone, phone_verified, nickname, referral_code, referrer_id, shard, joined_at,
    password, is_active, is_staff, is_superuser, created_at
)
SELECT id, public_id, phone, phone IS NOT NULL, nickname, referral_code, referrer_id, shard, joined_at,
    password, true, false, false, statement_timestamp()
FROM unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::smallint[], %s::timestamptz[],
    %s::text[]
) WITH ORDINALITY AS row(
    id, public_id, phone, nickname, referral_code, referrer_id, shard, joined_at, password, place
)
ORDER BY place
"""


def register_members(rows: Sequence[NewMember], *, at: datetime) -> list[Member]:
    """Register many members at once, in order, and publish one `MembersJoined`. See `import_members`."""
    with transaction.atomic():
        members = import_members(rows, at=at)
        if members:
            publish(
                MembersJoined(
                    tuple(
                        MemberJoined(member.pk, member.referrer_id, member.shard, member.joined_at)
                        for member in members
                    )
                )
            )
    return members


def import_members(rows: Sequence[NewMember], *, at: datetime, shard_of_roots: int | None = None) -> list[Member]:
    """Register many members in four statements, whatever their number, and publish nothing.

    Joins at `at` who has no time of its own. Who has no referrer starts a tree, in `shard_of_roots` if given. Raises
    JoinRefused, and registers nobody, where a phone or public id is taken or a referrer is neither an earlier row nor
    a member.
    """
    if not rows:
        return []
    known = _positions(row.referrer for row in rows if row.referrer is not None)
    ids = _new_ids(len(rows))
    codes = _new_codes(len(rows))
    members = []
    for row, pk, code in zip(rows, ids, codes, strict=True):
        public_id = row.public_id or random_code(10)
        if row.referrer is None:
            referrer_id = None
            shard = root_shard(public_id, settings.LINKAGE_SHARDS) if shard_of_roots is None else shard_of_roots
        elif row.referrer in known:
            referrer_id, shard = known[row.referrer]
        else:
            raise JoinRefused(f"nobody has the public id {row.referrer}")
        known.setdefault(public_id, (pk, shard))
        members.append(
            Member(
                id=pk,
                public_id=public_id,
                phone=row.phone,
                phone_verified=row.phone is not None,
                nickname=row.nickname,
                referral_code=code,
                referrer_id=referrer_id,
                shard=shard,
                joined_at=row.joined_at or at,
                password=UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20),
            )
        )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                _INSERT,
                [
                    [getattr(member, column) for member in members]
                    for column in (
                        "id",
                        "public_id",
                        "phone",
                        "nickname",
                        "referral_code",
                        "referrer_id",
                        "shard",
                        "joined_at",
                        "password",
                    )
                ],
            )
    except IntegrityError as error:
        raise JoinRefused("a phone or public id is taken") from error
    for member in members:
        member._state.adding = False
        member._state.db = connection.alias
    return members


def register_member(
    *, phone: str | None, nickname: str, referrer: Member | None, at: datetime, touch: Touch | None = None
) -> Member:
    """Register one member, bound to `referrer` for ever, and publish `MembersJoined`. `touch` is what brought it here.

    `phone` is in the form of `rules.normal_phone` and verified by the caller. Raises JoinRefused where it is taken.
    """
    row = NewMember(
        nickname=clean_line(nickname, NICKNAME_MAX), phone=phone, referrer=referrer.public_id if referrer else None
    )
    with transaction.atomic():
        (member,) = register_members([row], at=at)
        if touch is not None:
            Touch.objects.filter(pk=touch.pk, member=None).update(member=member)
    return member


def enter_by_code(
    *, phone: str, code: str, referrer: Member | None, touch: Touch | None, at: datetime
) -> tuple[Member, bool]:
    """Redeem a login code and return the phone's member, and whether it joined just now.

    Who joins is bound to `referrer`; who was a member before is not bound a second time. Raises CodeRefused.
    """
    redeem_code(phone=phone, purpose=CodePurpose.LOGIN, code=code, at=at)
    member = Member.objects.filter(phone=phone).first()
    if member is not None:
        return member, False
    try:
        return register_member(phone=phone, nickname="", referrer=referrer, at=at, touch=touch), True
    except JoinRefused:
        return Member.objects.get(phone=phone), False


def create_operator(*, phone: str, nickname: str, password: str, is_superuser: bool, at: datetime) -> Member:
    """Register an operator who signs in to `/ops/` by phone and password, or make one of a member that is there."""
    with transaction.atomic():
        member = Member.objects.select_for_update().filter(phone=phone).first()
        if member is None:
            member = register_member(phone=phone, nickname=nickname, referrer=None, at=at)
        member.is_staff = True
        member.is_superuser = is_superuser
        member.set_password(password)
        member.save(update_fields=["is_staff", "is_superuser", "password"])
    return member


def give_password(*, member: Member, password: str) -> None:
    """Give a member a password, as who signs in to `/supplier/` needs."""
    member.set_password(password)
    member.save(update_fields=["password"])


def _positions(public_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return id and shard by public id, of those that are members."""
    wanted = Member.objects.filter(public_id__in=set(public_ids)).values_list("public_id", "id", "shard")
    return {public_id: (pk, shard) for public_id, pk, shard in wanted}


def _new_ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('members_member', 'id')) FROM generate_series(1, %s)", [count]
        )
        return [pk for (pk,) in cursor.fetchall()]


def _new_codes(count: int) -> list[str]:
    """Return that many referral codes that nobody has."""
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {random_code() for _ in range(count - len(codes))}
        codes -= set(Member.objects.filter(referral_code__in=codes).values_list("referral_code", flat=True))
    return list(codes)
