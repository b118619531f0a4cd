"""What a supplier and the platform do: agree, refuse, take goods back, send another piece, decide."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

import suppliers.queries
from mall.core.photos import Photo, kept_photos
from mall.core.text import clean_line
from orders.commands.case_steps import change_case
from orders.commands.doorbell import ring_announce_parcel
from orders.commands.shipping import cleaned_waybill
from orders.models import AfterSale, CaseKind, CaseState, Order, Parcel, ParcelKind, ParcelLine, ReturnAddress
from orders.queries.refunding import no_way_back_of_order
from orders.refusals import OrderRefused, Refusal
from orders.rules import returning as rules
from suppliers.commands import OutOfStock, consume_stock, reserve_stock, return_stock
from suppliers.models import Supplier

from .cases import FOLDER, add_photos, cleaned, locked_case, refund_case, require, require_seat


def set_return_address(*, supplier: Supplier, name: str, phone: str, address: str) -> ReturnAddress:
    """Write down where a supplier takes goods back. Raises OrderRefused."""
    try:
        parts = {"name": clean_line(name, 40), "phone": clean_line(phone, 20), "address": clean_line(address, 200)}
    except ValueError as error:
        raise OrderRefused(Refusal.NO_RETURN_ADDRESS) from error
    if not all(parts.values()):
        raise OrderRefused(Refusal.NO_RETURN_ADDRESS)
    return ReturnAddress.objects.update_or_create(supplier=supplier, defaults=parts)[0]


def agree_case(*, case: AfterSale, by: Any, with_freight: bool = False, at: datetime) -> AfterSale:
    """Agree: money goes back at once, or the goods come back first. Raises OrderRefused."""
    with transaction.atomic():
        locked, order = locked_case(case)
        require_seat(by, order)
        require("agree", rules.SUPPLIER, locked)
        locked.with_freight = with_freight and locked.kind != CaseKind.EXCHANGE
        locked.save(update_fields=["with_freight"])
        if rules.agreed_state(locked.kind) == CaseState.REFUNDING:
            refund_case(locked, order, actor=rules.SUPPLIER, by=by, text="商家同意退款", at=at)
        else:
            ask_back(locked, actor=rules.SUPPLIER, by=by, text="商家同意，请寄回商品", at=at)
    return locked


def refuse_case(*, case: AfterSale, by: Any, reason: str, photos: Sequence[Photo] = (), at: datetime) -> AfterSale:
    """Refuse with a reason, at the asking or when the goods that came back are not in order. Raises OrderRefused."""
    line = cleaned(reason, required=True)
    with transaction.atomic(), kept_photos(photos, folder=FOLDER, at=at, private=True) as names:
        locked, order = locked_case(case)
        require_seat(by, order)
        require("refuse", rules.SUPPLIER, locked)
        add_photos(locked, photos, names, actor=rules.SUPPLIER, at=at)
        change_case(
            locked, CaseState.REFUSED, actor=rules.SUPPLIER, by=by, text=f"商家拒绝：{line}", at=at, answer=line
        )
    return locked


def take_back(*, case: AfterSale, by: Any, restock: bool, at: datetime) -> AfterSale:
    """Say that the goods are back and in order: on the shelf again, or written off. Money goes back, or another piece
    is to be sent. Raises OrderRefused."""
    with transaction.atomic():
        locked, order = locked_case(case)
        require_seat(by, order)
        require("take_back", rules.SUPPLIER, locked)
        accept_return(locked, actor=rules.SUPPLIER, by=by, restock=restock, at=at)
    return locked


def resend(*, case: AfterSale, by: Any, carrier: str, tracking_number: str, at: datetime) -> Parcel:
    """Send another piece: it leaves the stock. Raises OrderRefused, where there is none left too."""
    carrier, tracking_number = cleaned_waybill(carrier, tracking_number)
    with transaction.atomic():
        locked, order = locked_case(case)
        require_seat(by, order)
        require("resend", rules.SUPPLIER, locked)
        parcel = Parcel.objects.create(
            order=order,
            after_sale=locked,
            kind=ParcelKind.REPLACEMENT,
            carrier=carrier,
            tracking_number=tracking_number,
            shipped_by=by,
            shipped_at=at,
        )
        ParcelLine.objects.create(parcel=parcel, line=locked.line, quantity=locked.quantity)
        change_case(
            locked,
            CaseState.RESENT,
            actor=rules.SUPPLIER,
            by=by,
            text=f"换货已发出，{carrier} {tracking_number}",
            at=at,
        )
        items = [(locked.line.sku_id, locked.quantity)]
        try:
            reserve_stock(items=items, reference=locked.number, at=at)
        except OutOfStock as shortage:
            raise OrderRefused(Refusal.CASE_OUT_OF_STOCK) from shortage
        consume_stock(items=items, reference=locked.number, at=at)
        ring_announce_parcel(parcel.pk)
    return parcel


def refund_instead(*, case: AfterSale, by: Any, at: datetime) -> AfterSale:
    """Give money back where another piece was promised. Raises OrderRefused."""
    with transaction.atomic():
        locked, order = locked_case(case)
        require_seat(by, order)
        require("refund_instead", rules.SUPPLIER, locked)
        refund_case(locked, order, actor=rules.SUPPLIER, by=by, text="没有可换的商品，改为退款", at=at)
    return locked


def decide_case(
    *,
    case: AfterSale,
    by: Any,
    verdict: str,
    reason: str,
    with_freight: bool = False,
    seen_fen: int | None = None,
    at: datetime,
) -> AfterSale:
    """Decide a dispute: `refund`, `return` (the goods come back first), `resend` or `close`. `by` is who may decide.
    `transfer` is for money that cannot go back the way it came: the operator has sent it otherwise, and says so.
    `seen_fen` is what the page showed for the goods: a refund of another amount is refused.

    Raises OrderRefused, of a buyer who decides on his own case too.
    """
    line = cleaned(reason, required=True)
    with transaction.atomic():
        locked, order = locked_case(case)
        require("decide", rules.PLATFORM, locked)
        if by.pk == order.member_id or _has_seat(by, order):
            raise OrderRefused(Refusal.OWN_CASE)
        locked.decision = line
        locked.with_freight = with_freight and verdict != "close" and locked.kind != CaseKind.EXCHANGE
        locked.save(update_fields=["decision", "with_freight"])
        if verdict == "refund":
            text = f"平台支持退款：{line}"
            refund_case(locked, order, actor=rules.PLATFORM, by=by, text=text, seen_fen=seen_fen, at=at)
        elif verdict == "return" and locked.kind != CaseKind.REFUND_ONLY and not _was_sent_back(locked):
            ask_back(locked, actor=rules.PLATFORM, by=by, text=f"平台支持退回：{line}", at=at)
        elif verdict == "resend" and locked.kind == CaseKind.EXCHANGE:
            change_case(locked, CaseState.TO_RESEND, actor=rules.PLATFORM, by=by, text=f"平台支持换货：{line}", at=at)
        elif verdict == "transfer" and no_way_back_of_order(order=order, at=at) is not None:
            change_case(locked, CaseState.CLOSED, actor=rules.PLATFORM, by=by, text=f"平台已转账退款：{line}", at=at)
        elif verdict == "close":
            change_case(
                locked, CaseState.CLOSED, actor=rules.PLATFORM, by=by, text=f"平台不支持这次申请：{line}", at=at
            )
        else:
            raise OrderRefused(Refusal.CASE_NOT_OFFERED)
    return locked


def ask_back(case: AfterSale, *, actor: str, text: str, at: datetime, by: Any = None) -> None:
    """Ask for the goods of a locked case, at the supplier's address. Raises OrderRefused where there is none."""
    address = ReturnAddress.objects.filter(supplier=case.order.supplier_id).first()
    if address is None:
        raise OrderRefused(Refusal.NO_RETURN_ADDRESS)
    change_case(case, CaseState.TO_RETURN, actor=actor, by=by, text=text, at=at, return_to=str(address))


def accept_return(
    case: AfterSale, *, actor: str, restock: bool, at: datetime, by: Any = None, text: str = "商家已收到退货"
) -> None:
    """Take the goods of a locked case as back."""
    order = case.order
    case.restocked = restock
    case.save(update_fields=["restocked"])
    if rules.taken_back_state(case.kind) == CaseState.REFUNDING:
        refund_case(case, order, actor=actor, by=by, text=f"{text}，退款", at=at)
    else:
        change_case(case, CaseState.TO_RESEND, actor=actor, by=by, text=f"{text}，准备换货", at=at)
    if restock:
        return_stock(items=[(case.line.sku_id, case.quantity)], reference=case.number, at=at, by=by, reason="售后退回")


def _has_seat(by: Any, order: Order) -> bool:
    return suppliers.queries.supplier_of(member=by) == order.supplier


def _was_sent_back(case: AfterSale) -> bool:
    return case.parcels.filter(kind=ParcelKind.RETURN).exists()
