"""Two accounts of one person, one of WeChat alone, become one: what moves, what stays.

The account that gives itself up has no phone. Where nothing ties it (no orders, recruits, rewards, withdrawals, reviews
or cases), all that moves goes over (cart, favourites, addresses, the WeChat identity) and the account is closed. Where
something does, only the identity goes over: WeChat then leads to the phone's account, and the rest stays where it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from mall.core.personal import anchors, erase_rows, holdings, move_rows
from members.models import Address, Member, WechatIdentity

from .sessions import end_keys, session_keys


class MergeRefused(Exception):
    """The two cannot become one: one of them is not what it must be, or the target has another WeChat identity."""


@dataclass(frozen=True, slots=True)
class MergeOutlook:
    """What would happen, in words for each table. Nothing stays: the account is merged whole."""

    moves: tuple[Any, ...]
    stays: tuple[Any, ...]

    @property
    def is_whole(self) -> bool:
        return not self.stays


def merge_outlook(*, source: Member) -> MergeOutlook:
    """Say what would move and what would stay."""
    stays = tuple(holding.title for holding in anchors(member_id=source.pk))
    moving = [] if stays else [holding for holding in holdings() if holding.moves and holding.of(source.pk).exists()]
    return MergeOutlook(moves=tuple(holding.title for holding in moving), stays=stays)


def merge_members(*, source: Member, target: Member, at: datetime) -> MergeOutlook:
    """Merge `source`, a member by WeChat alone, into `target`, whose phone the caller has seen confirmed.

    Everything or nothing. Raises MergeRefused.
    """
    keys = session_keys(member=source)
    try:
        with transaction.atomic():
            locked = {
                member.pk: member
                for member in Member.objects.select_for_update(no_key=True)
                .filter(pk__in=[source.pk, target.pk])
                .order_by("pk")
            }
            giving, taking = locked[source.pk], locked[target.pk]
            if giving.pk == taking.pk or giving.phone is not None or taking.phone is None:
                raise MergeRefused
            if not giving.is_active or not taking.is_active or taking.is_staff:
                raise MergeRefused
            outlook = merge_outlook(source=giving)
            WechatIdentity.objects.filter(member=giving).update(member=taking, bound_at=at)
            if outlook.is_whole:
                _give_all(giving, taking, at)
    except IntegrityError as error:
        raise MergeRefused from error
    end_keys(keys)
    return outlook


def _give_all(giving: Member, taking: Member, at: datetime) -> None:
    if Address.objects.filter(member=taking, is_default=True, deleted_at=None).exists():
        Address.objects.filter(member=giving).update(is_default=False)
    move_rows(from_id=giving.pk, to_id=taking.pk)
    erase_rows(member_id=giving.pk)
    giving.nickname, giving.is_active, giving.personalised, giving.closed_at = "", False, False, at
    giving.save(update_fields=["nickname", "is_active", "personalised", "closed_at"])
