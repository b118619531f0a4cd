"""The clock acts for whoever let his time pass, as of the instant at which it was over."""

from datetime import datetime

from django.db import transaction

from orders.commands.case_steps import change_case
from orders.models import AfterSale, CaseState, ParcelKind, ReturnAddress
from orders.refusals import OrderRefused
from orders.rules import returning as rules

from .answering import accept_return, ask_back
from .cases import locked_case, refund_case

TEXTS = {
    (CaseState.ASKED, CaseState.REFUNDING): "商家 48 小时未处理，系统已同意退款",
    (CaseState.ASKED, CaseState.TO_RETURN): "商家 48 小时未处理，系统已同意，请寄回商品",
    (CaseState.ASKED, CaseState.DISPUTED): "商家 48 小时未处理，平台已介入",
    (CaseState.REFUSED, CaseState.CLOSED): "7 天内没有申请平台介入，售后关闭",
    (CaseState.TO_RETURN, CaseState.CLOSED): "7 天内没有寄回，售后关闭",
    (CaseState.RETURNING, CaseState.DISPUTED): "退货 20 天未签收，平台已介入",
    (CaseState.TO_RESEND, CaseState.DISPUTED): "商家 3 天未发出换货，平台已介入",
    (CaseState.RESENT, CaseState.DONE): "换货发出已 10 天，售后完成",
}
LATE_CHECK = "商家 10 天未确认收到退货，系统已确认"


def act_on_overdue(*, at: datetime, limit: int = 200) -> int:
    """Bring cases on whose time is over, the oldest first; returns how many. Each is a transaction of its own.

    Where the money cannot go back, the platform is called in.
    """
    due = AfterSale.objects.filter(due_at__lte=at).exclude(state=CaseState.DISPUTED).order_by("due_at", "id")
    moved = 0
    for case in list(due[:limit]):
        try:
            with transaction.atomic():
                moved += _act(case, at)
        except OrderRefused as refusal:
            moved += _call_platform(case, str(refusal), at)
    return moved


def _act(case: AfterSale, at: datetime) -> bool:
    locked, order = locked_case(case)
    was_due_at = locked.due_at
    if was_due_at is None or was_due_at > at:
        return False
    target = rules.overdue_state(
        locked.state,
        locked.kind,
        return_delivered=locked.parcels.filter(kind=ParcelKind.RETURN, delivered_at__isnull=False).exists(),
        has_return_address=ReturnAddress.objects.filter(supplier=order.supplier_id).exists(),
    )
    if target is None:
        return False
    text = TEXTS.get((CaseState(locked.state), CaseState(target)), LATE_CHECK)
    if locked.state == CaseState.RETURNING and target != CaseState.DISPUTED:
        accept_return(locked, actor=rules.CLOCK, restock=False, text=text, at=was_due_at)
    elif target == CaseState.REFUNDING:
        refund_case(locked, order, actor=rules.CLOCK, text=text, at=was_due_at)
    elif target == CaseState.TO_RETURN:
        ask_back(locked, actor=rules.CLOCK, text=text, at=was_due_at)
    else:
        change_case(locked, target, actor=rules.CLOCK, text=text, at=was_due_at)
    return True


@transaction.atomic
def _call_platform(case: AfterSale, why: str, at: datetime) -> bool:
    locked, _order = locked_case(case)
    was_due_at = locked.due_at
    if was_due_at is None or was_due_at > at or CaseState.DISPUTED not in rules.CASE_CHANGES[locked.state]:
        return False
    text = f"退款没有办成，平台已介入：{why}"
    change_case(locked, CaseState.DISPUTED, actor=rules.CLOCK, text=text, at=was_due_at)
    return True
