"""What a buyer does while he waits: ask the supplier to hurry, or take longer to look at the goods."""

from datetime import datetime

from django.db import transaction

from mall.core.ids import SHANGHAI
from members.models import Member
from orders.models import Order, OrderState, Reminder
from orders.refusals import OrderRefused, Refusal
from orders.rules import extended_receipt

from .locking import locked_order


def remind_supplier(*, order: Order, member: Member, at: datetime) -> Reminder:
    """Ask the supplier of an order that was not received to hurry: once a day. Raises OrderRefused."""
    with transaction.atomic():
        locked = _own(order, member)
        if locked.state not in (OrderState.PAID, OrderState.SHIPPED):
            raise OrderRefused(Refusal.WRONG_STATE)
        reminder, is_new = Reminder.objects.get_or_create(
            order=locked, on_date=at.astimezone(SHANGHAI).date(), defaults={"at": at}
        )
        if not is_new:
            raise OrderRefused(Refusal.REMINDED)
    return reminder


def extend_receipt(*, order: Order, member: Member, at: datetime) -> Order:
    """Put off, once, the day on which a shipped order counts as received. Raises OrderRefused."""
    with transaction.atomic():
        locked = _own(order, member)
        if locked.state != OrderState.SHIPPED or locked.auto_receive_at is None:
            raise OrderRefused(Refusal.WRONG_STATE)
        if locked.extended_at is not None:
            raise OrderRefused(Refusal.EXTENDED)
        locked.extended_at, locked.auto_receive_at = at, extended_receipt(locked.auto_receive_at)
        locked.save(update_fields=["extended_at", "auto_receive_at"])
    return locked


def _own(order: Order, member: Member) -> Order:
    locked = locked_order(order.pk)
    if locked.member_id != member.pk:
        raise OrderRefused(Refusal.NOT_YOURS)
    return locked
