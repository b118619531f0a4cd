"""What both sides add while the platform decides: words and photos, each so many times and until the deadline."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from mall.core.photos import Photo, kept_photos
from members.models import Member
from orders.commands.case_steps import add_step
from orders.models import AfterSale, Order
from orders.queries.after_sale import statements_left
from orders.refusals import OrderRefused, Refusal
from orders.rules import returning as rules

from .cases import FOLDER, add_photos, cleaned, locked_case, require, require_seat


def speak_in_dispute(*, case: AfterSale, by: Any, text: str, photos: Sequence[Photo] = (), at: datetime) -> AfterSale:
    """Say more as the supplier while the platform decides, until its deadline. The same words again say nothing new.

    Raises OrderRefused.
    """
    line = cleaned(text, required=True)
    with transaction.atomic(), kept_photos(photos, folder=FOLDER, at=at, private=True) as names:
        locked, order = locked_case(case)
        require_seat(by, order)
        _add(locked, order, rules.SUPPLIER, by, line, photos, names, at)
    return locked


def add_to_dispute(
    *, case: AfterSale, member: Member, text: str, photos: Sequence[Photo] = (), at: datetime
) -> AfterSale:
    """Say more as the buyer while the platform decides, until its deadline. The same words again say nothing new.

    Raises OrderRefused.
    """
    line = cleaned(text, required=True)
    with transaction.atomic(), kept_photos(photos, folder=FOLDER, at=at, private=True) as names:
        locked, order = locked_case(case)
        if order.member_id != member.pk:
            raise OrderRefused(Refusal.NOT_YOURS)
        _add(locked, order, rules.BUYER, member, line, photos, names, at)
    return locked


def _add(
    case: AfterSale,
    order: Order,
    actor: str,
    by: Any,
    line: str,
    photos: Sequence[Photo],
    names: Sequence[str],
    at: datetime,
) -> None:
    """Write down what one side says of a locked case."""
    require("speak", actor, case)
    if case.due_at is not None and at >= case.due_at:
        raise OrderRefused(Refusal.SPEAK_TOO_LATE)
    words = f"{rules.STATEMENT_WORDS[actor]}{line}"
    said = case.steps.filter(actor=actor, at__gte=case.state_at)
    if not photos and said.filter(text=words).exists():
        return
    if statements_left(case=case, actor=actor) <= 0:
        raise OrderRefused(Refusal.SPOKE_OFTEN)
    add_photos(case, photos, names, actor=actor, at=at)
    add_step(case, actor=actor, by=by, text=words, at=at)
