"""What a buyer does: ask, cancel, send back, call the platform, say that the replacement is here."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from mall.core.ids import numbered
from mall.core.numbers import drawn_anew
from mall.core.photos import Photo, kept_photos
from members.models import Member
from orders.commands.case_steps import add_step, change_case
from orders.commands.doorbell import ring_announce_parcel
from orders.commands.locking import locked_order
from orders.commands.shipping import cleaned_waybill
from orders.models import AfterSale, CaseKind, CaseState, OrderLine, Parcel, ParcelKind, ParcelLine
from orders.queries.after_sale import OfferLine, offer_line
from orders.refusals import OrderRefused, Refusal
from orders.rules import returning as rules

from .cases import FOLDER, add_photos, cleaned, locked_case, refund_case, require


def open_case(
    *,
    member: Member,
    line: OrderLine,
    kind: str,
    before_shipping: bool,
    reason: str,
    quantity: int,
    amount_fen: int | None,
    note: str,
    photos: Sequence[Photo],
    at: datetime,
) -> AfterSale:
    """Ask for money or another piece for a part of a line. What was not handed over yet is refunded at once.

    `amount_fen` is for a refund without return alone, and none for all that the pieces cost. Raises OrderRefused.
    """
    text = cleaned(note)

    def write() -> AfterSale:
        with transaction.atomic(), kept_photos(photos, folder=FOLDER, at=at, private=True) as names:
            order = locked_order(line.order_id)
            if order.member_id != member.pk:
                raise OrderRefused(Refusal.NOT_YOURS)
            offer = offer_line(line=OrderLine.objects.get(pk=line.pk, order=order), order=order, at=at)
            amount, counts_pieces = _checked(offer, kind, before_shipping, reason, quantity, amount_fen)
            case = AfterSale.objects.create(
                number=numbered("AS", at),
                order=order,
                line=offer.line,
                kind=kind,
                before_shipping=before_shipping,
                state=CaseState.ASKED,
                reason=reason,
                note=text,
                quantity=quantity,
                amount_fen=0 if kind == CaseKind.EXCHANGE else amount,
                counts_pieces=counts_pieces,
                asked_at=at,
                state_at=at,
                due_at=rules.due_at(CaseState.ASKED, at),
            )
            add_photos(case, photos, names, actor=rules.BUYER, at=at)
            add_step(case, actor=rules.BUYER, by=member, text=f"申请{case.get_kind_display()}", at=at)
            if before_shipping:
                refund_case(case, order, actor=rules.CLOCK, text="还没有发货，已同意退款", at=at)
        return case

    return drawn_anew(write)


def cancel_case(*, case: AfterSale, member: Member, at: datetime) -> AfterSale:
    """Take back what one asked for. Raises OrderRefused where it has gone too far."""
    with transaction.atomic():
        locked, _order = locked_case(case)
        _require_buyer(locked, member, "cancel")
        change_case(locked, CaseState.CLOSED, actor=rules.BUYER, by=member, text="买家撤销了申请", at=at)
    return locked


def dispute_case(
    *, case: AfterSale, member: Member, text: str, photos: Sequence[Photo] = (), at: datetime
) -> AfterSale:
    """Ask the platform to decide. Raises OrderRefused."""
    line = cleaned(text, required=True)
    with transaction.atomic(), kept_photos(photos, folder=FOLDER, at=at, private=True) as names:
        locked, _order = locked_case(case)
        _require_buyer(locked, member, "dispute")
        add_photos(locked, photos, names, actor=rules.BUYER, at=at)
        change_case(locked, CaseState.DISPUTED, actor=rules.BUYER, by=member, text=f"申请平台介入：{line}", at=at)
    return locked


def send_back(*, case: AfterSale, member: Member, carrier: str, tracking_number: str, at: datetime) -> Parcel:
    """Write down by which parcel the goods go back. Raises OrderRefused."""
    carrier, tracking_number = cleaned_waybill(carrier, tracking_number)
    with transaction.atomic():
        locked, order = locked_case(case)
        _require_buyer(locked, member, "send_back")
        parcel = Parcel.objects.create(
            order=order,
            after_sale=locked,
            kind=ParcelKind.RETURN,
            carrier=carrier,
            tracking_number=tracking_number,
            shipped_by=member,
            shipped_at=at,
        )
        ParcelLine.objects.create(parcel=parcel, line=locked.line, quantity=locked.quantity)
        change_case(
            locked,
            CaseState.RETURNING,
            actor=rules.BUYER,
            by=member,
            text=f"已寄回，{carrier} {tracking_number}",
            at=at,
        )
        ring_announce_parcel(parcel.pk)
    return parcel


def take_replacement(*, case: AfterSale, member: Member, at: datetime) -> AfterSale:
    """Say that the replacement is here: the case is done. Raises OrderRefused."""
    with transaction.atomic():
        locked, _order = locked_case(case)
        _require_buyer(locked, member, "take_replacement")
        change_case(locked, CaseState.DONE, actor=rules.BUYER, by=member, text="买家已收到换货", at=at)
    return locked


def _checked(
    offer: OfferLine, kind: str, before_shipping: bool, reason: str, quantity: int, amount_fen: int | None
) -> tuple[int, bool]:
    """Return what is asked for, and whether the pieces go with it. Raises OrderRefused where it is not on offer."""
    choice = offer.choice(kind=kind, before_shipping=before_shipping)
    if choice is None:
        raise OrderRefused(offer.refusal or Refusal.CASE_NOT_OFFERED)
    if reason not in {known.code for known in choice.reasons}:
        raise OrderRefused(Refusal.CASE_REASON)
    if type(quantity) is not int or not 1 <= quantity <= choice.quantity_max:
        raise OrderRefused(Refusal.CASE_QUANTITY)
    most_fen = offer.amount_fen(quantity)
    if amount_fen is None or kind == CaseKind.EXCHANGE:
        return most_fen, True
    if type(amount_fen) is not int or not 1 <= amount_fen <= most_fen:
        raise OrderRefused(Refusal.CASE_AMOUNT)
    if amount_fen < most_fen and (kind != CaseKind.REFUND_ONLY or before_shipping):
        raise OrderRefused(Refusal.CASE_AMOUNT)
    return amount_fen, amount_fen == most_fen


def _require_buyer(case: AfterSale, member: Member, act: str) -> None:
    if case.order.member_id != member.pk:
        raise OrderRefused(Refusal.NOT_YOURS)
    require(act, rules.BUYER, case)
