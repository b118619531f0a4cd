"""The one spelling of a case's change of state, and of a step in it."""

from datetime import datetime
from typing import Any

from mall.core.events import publish
from orders.events import CaseChanged
from orders.models import AfterSale, CaseState, CaseStep
from orders.refusals import OrderRefused, Refusal
from orders.rules import returning as rules


def change_case(
    case: AfterSale, state: str, *, actor: str, text: str, at: datetime, by: Any = None, **fields: Any
) -> None:
    """Bring a locked case into another state, set who must act by when, and write the step down."""
    if state not in rules.CASE_CHANGES[case.state]:
        raise OrderRefused(Refusal.CASE_MOVED_ON)
    over = state in (CaseState.DONE, CaseState.CLOSED)
    values = {
        "state": state,
        "state_at": at,
        "due_at": rules.due_at(state, at),
        "closed_at": at if over else None,
        **fields,
    }
    for field, value in values.items():
        setattr(case, field, value)
    case.save(update_fields=list(values))
    add_step(case, actor=actor, text=text, at=at, by=by)


def add_step(case: AfterSale, *, actor: str, text: str, at: datetime, by: Any = None) -> None:
    """Write down what happened, and tell those who listen."""
    CaseStep.objects.create(after_sale=case, actor=actor, by=by, state=case.state, text=text[:240], at=at)
    publish(
        CaseChanged(
            case_id=case.pk,
            number=case.number,
            order_number=case.order.number,
            member_id=case.order.member_id,
            supplier_id=case.order.supplier_id,
            state=str(case.state),
            at=at,
        )
    )


def end_case(case_id: int, at: datetime) -> None:
    """Take a case as done because its money is back with the buyer. The caller holds the order's lock."""
    case = AfterSale.objects.select_related("order").get(pk=case_id)
    if case.state == CaseState.REFUNDING:
        change_case(case, CaseState.DONE, actor=rules.CLOCK, text="退款已到账，售后完成", at=at)
