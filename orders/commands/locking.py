"""The one spelling of each lock and of each change of state."""

from typing import Any

from django.db import transaction

from orders.models import Order, Payment, Refund
from orders.refusals import OrderRefused, Refusal
from orders.rules import ORDER_CHANGES, PAYMENT_CHANGES, REFUND_CHANGES


def locked_order(order_id: int) -> Order:
    """Return the order under its lock, with its member and supplier, which are not locked."""
    return (
        Order.objects.select_for_update(of=("self",), no_key=True).select_related("member", "supplier").get(pk=order_id)
    )


def locked_payment(payment_id: int) -> Payment:
    """Return the payment under its lock. The caller holds that of its order."""
    return Payment.objects.select_for_update(no_key=True).get(pk=payment_id)


def change_order(order: Order, state: str, **fields: Any) -> None:
    """Bring a locked order into another state. Raises OrderRefused where `rules.ORDER_CHANGES` has no such step."""
    if state not in ORDER_CHANGES[order.state]:
        raise OrderRefused(Refusal.WRONG_STATE)
    _change(order, state, fields)


def change_payment(payment: Payment, state: str, **fields: Any) -> None:
    """Bring a locked payment into another state. Raises ValueError where there is no such step."""
    if state not in PAYMENT_CHANGES[payment.state]:
        raise ValueError(f"payment {payment.number} cannot go from {payment.state} to {state}")
    _change(payment, state, fields)


def change_refund(refund: Refund, state: str, **fields: Any) -> bool:
    """Bring a refund into another state; returns False where it has gone on meanwhile."""
    if state not in REFUND_CHANGES[refund.state]:
        return False
    return _change(refund, state, fields, strict=False)


def _change(row: Any, state: str, fields: dict[str, Any], *, strict: bool = True) -> bool:
    """Write the change only on the state that was read: without the lock it would still be safe."""
    with transaction.atomic():
        changed = type(row).objects.filter(pk=row.pk, state=row.state).update(state=state, **fields)
    if not changed:
        if strict:
            raise OrderRefused(Refusal.WRONG_STATE)
        return False
    for field, value in {"state": state, **fields}.items():
        setattr(row, field, value)
    return True
