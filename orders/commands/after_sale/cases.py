"""What all acts on a case share: its lock, who may act, its photos, and the refund that it ends in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import suppliers.queries
from mall.core.photos import Photo
from mall.core.text import clean_line
from orders.commands.case_steps import change_case
from orders.commands.locking import locked_order
from orders.commands.refunding import decide_refund
from orders.models import AfterSale, CasePhoto, CaseState, Order
from orders.queries.refund_sums import share_of_case
from orders.refusals import OrderRefused, Refusal
from orders.rules import returning as rules

TEXT_MAX = rules.NOTE_MAX
FOLDER = "evidence"


def locked_case(case: AfterSale) -> tuple[AfterSale, Order]:
    """Return the case as it is now, and its order, under the order's lock."""
    order = locked_order(case.order_id)
    fresh = AfterSale.objects.select_related("line").get(pk=case.pk)
    fresh.order = order
    return fresh, order


def require(act: str, actor: str, case: AfterSale) -> None:
    """Raise OrderRefused unless `actor` may do this to the case now."""
    if not rules.may(act, actor=actor, state=case.state):
        raise OrderRefused(Refusal.CASE_MOVED_ON)


def require_seat(by: Any, order: Order) -> None:
    """Raise OrderRefused unless `by` has a seat at the order's supplier."""
    if suppliers.queries.supplier_of(member=by) != order.supplier:
        raise OrderRefused(Refusal.NOT_YOURS)


def cleaned(text: str, *, required: bool = False) -> str:
    """Return one line of what somebody said. Raises OrderRefused where it is too long, or missing."""
    try:
        line = clean_line(text, TEXT_MAX)
    except ValueError as error:
        raise OrderRefused(Refusal.CASE_TEXT) from error
    if required and not line:
        raise OrderRefused(Refusal.CASE_TEXT)
    return line


def add_photos(case: AfterSale, photos: Sequence[Photo], names: Sequence[str], *, actor: str, at: datetime) -> None:
    """Attach photos whose files are kept already. Each side has so many: neither takes the other's room."""
    if case.photos.filter(actor=actor).count() + len(photos) > rules.EVIDENCE_MAX * 3:
        raise OrderRefused(Refusal.TOO_MANY_PHOTOS)
    CasePhoto.objects.bulk_create(
        CasePhoto(after_sale=case, actor=actor, name=name, width=photo.width, height=photo.height, at=at)
        for photo, name in zip(photos, names, strict=True)
    )


def refund_case(
    case: AfterSale,
    order: Order,
    *,
    actor: str,
    text: str,
    at: datetime,
    by: Any = None,
    seen_fen: int | None = None,
) -> None:
    """Decide the refund of a locked case. What comes back is worked out now: it never exceeds what is left.

    Raises OrderRefused, also where `seen_fen`, what somebody was shown for the goods, is not what would come back.
    """
    share = share_of_case(case)
    if seen_fen is not None and seen_fen != share.amount_fen:
        raise OrderRefused(Refusal.REFUND_CHANGED)
    change_case(case, CaseState.REFUNDING, actor=actor, text=text, at=at, by=by)
    refund = decide_refund(
        order=order,
        shares=[share],
        with_freight=case.with_freight,
        reason=case.get_reason_display(),
        at=at,
        after_sale=case,
    )
    if refund is None:
        change_case(case, CaseState.DONE, actor=rules.CLOCK, text="没有需要退回的金额，售后完成", at=at)
