"""Seats at a supplier: offered to a phone number, taken by who has it, suspended, removed. One owner always stays."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mall.core.seats import Role
from suppliers.models import OfferState, SeatOffer, Supplier, SupplierUser

OFFER_DAYS = 7
SEATS_MAX = 50
OFFERS_KEPT_DAYS = 180


class SeatRefused(Exception):
    """What was asked of a seat cannot be done; the text says why."""


def seat_member(*, supplier: Supplier, member: Any, role: Role = Role.OWNER, by: Any = None) -> SupplierUser:
    """Give a member the seat that opens `/supplier/` for this supplier. A member has one at most."""
    return SupplierUser.objects.create(supplier=supplier, member=member, role=role.value, invited_by=by)


def offer_seat(*, supplier: Supplier, phone: str, role: Role, by: Any, at: datetime) -> SeatOffer:
    """Offer a seat to whoever has a phone number (as kept, `+86…`). A second offer takes the place of the first."""
    with transaction.atomic():
        _locked(supplier.pk)
        if SupplierUser.objects.filter(supplier=supplier, member__phone=phone).exists():
            raise SeatRefused(_("这个手机号已经是你们的子账号"))
        waiting = SeatOffer.objects.filter(supplier=supplier, state=OfferState.WAITING)
        waiting.filter(phone=phone).update(state=OfferState.WITHDRAWN, answered_at=at)
        if SupplierUser.objects.filter(supplier=supplier).count() + waiting.count() >= SEATS_MAX:
            raise SeatRefused(_("子账号最多 %d 个，先移除不用的") % SEATS_MAX)
        return SeatOffer.objects.create(
            supplier=supplier,
            phone=phone,
            role=role.value,
            offered_by=by,
            offered_at=at,
            expires_at=at + timedelta(days=OFFER_DAYS),
        )


def withdraw_offer(*, offer: SeatOffer, at: datetime) -> None:
    """Take back an offer that nobody has answered. Raises SeatRefused."""
    _answer(offer, OfferState.WITHDRAWN, at)


def decline_offer(*, offer: SeatOffer, at: datetime) -> None:
    """Say no to an offer. Raises SeatRefused."""
    _answer(offer, OfferState.DECLINED, at)


def accept_offer(*, offer: SeatOffer, member: Any, at: datetime) -> SupplierUser:
    """Take the seat offered to the member's own phone number. Raises SeatRefused, and nothing changes."""
    with transaction.atomic():
        _locked(offer.supplier_id)
        if not member.phone or member.phone != offer.phone:
            raise SeatRefused(_("这份邀请发给了另一个手机号"))
        if offer.expires_at <= at:
            raise SeatRefused(_("邀请已过期，请对方重新邀请"))
        if SupplierUser.objects.filter(member=member).exists():
            raise SeatRefused(_("你已经是一家供应商的子账号，一个账号只能加入一家"))
        _answer(offer, OfferState.ACCEPTED, at)
        return seat_member(supplier=offer.supplier, member=member, role=Role(offer.role), by=offer.offered_by)


def prune_offers(*, at: datetime) -> int:
    """Forget offers, and the phone numbers in them, half a year after they ended. Returns how many."""
    return SeatOffer.objects.filter(expires_at__lt=at - timedelta(days=OFFERS_KEPT_DAYS)).delete()[0]


def change_role(*, seat: SupplierUser, role: Role, by: Any) -> None:
    """Give a seat another role. Raises SeatRefused for one's own seat and for the last owner's."""
    with transaction.atomic():
        locked = _not_own(seat, by)
        locked.role = role.value
        locked.save(update_fields=["role"])
        _keep_an_owner(locked.supplier_id)


def suspend_seat(*, seat: SupplierUser, by: Any) -> None:
    """Close `/supplier/` for a seat from its next page on. Raises SeatRefused for one's own and the last owner's."""
    with transaction.atomic():
        locked = _not_own(seat, by)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        _keep_an_owner(locked.supplier_id)


def resume_seat(*, seat: SupplierUser) -> None:
    """Open `/supplier/` again for a suspended seat."""
    SupplierUser.objects.filter(pk=seat.pk).update(is_active=True)


def remove_seat(*, seat: SupplierUser, by: Any) -> None:
    """Take a seat away; what its member did stays under the member's name. Raises SeatRefused as suspending does."""
    with transaction.atomic():
        locked = _not_own(seat, by)
        locked.delete()
        _keep_an_owner(locked.supplier_id)


def _answer(offer: SeatOffer, state: OfferState, at: datetime) -> None:
    """One answer counts: whoever comes second finds it given."""
    waiting = SeatOffer.objects.filter(pk=offer.pk, state=OfferState.WAITING)
    if not waiting.update(state=state, answered_at=at):
        raise SeatRefused(_("这份邀请已经处理过了"))


def _not_own(seat: SupplierUser, by: Any) -> SupplierUser:
    _locked(seat.supplier_id)
    if by is not None and seat.member_id == by.pk:
        raise SeatRefused(_("不能改自己的账号，请另一位店长来改"))
    found = SupplierUser.objects.filter(pk=seat.pk, supplier_id=seat.supplier_id).first()
    if found is None:
        raise SeatRefused(_("这个子账号已被移除"))
    return found


def _locked(supplier_id: int) -> None:
    """Seats of a supplier change one after the other."""
    Supplier.objects.select_for_update(no_key=True).get(pk=supplier_id)


def _keep_an_owner(supplier_id: int) -> None:
    if not SupplierUser.objects.filter(supplier_id=supplier_id, role=Role.OWNER.value, is_active=True).exists():
        raise SeatRefused(_("至少留一位启用的店长"))
