"""The one spelling of each lock and of each change of state."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from mall.core.built import Built
from members.models import Address, Member
from orders.models import Order, Payment, Purchase, Refund
from orders.refusals import OrderRefused, Refusal
from orders.rules import ORDER_CHANGES, PAYMENT_CHANGES, PURCHASE_CHANGES, REFUND_CHANGES
from orders.rules.cart import CartOwner

_CARTS = 7_211


@contextmanager
def locked_cart(owner: CartOwner) -> Iterator[None]:
    """A transaction that holds the lock of one cart, which need not have rows yet. Taken before all other locks."""
    key = f"m{owner.member_id}" if owner.member_id is not None else f"g{owner.guest_hash}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_CARTS, key])
        yield


def locked_buyer(*, member: Member, address_id: int | None) -> Address | None:
    """Lock a member who is about to place something, before all else, and return the address if it is their own.

    So nobody exceeds a limit in two windows. Without the address, the member is not locked: nothing will be placed.
    """
    return _BUYER.first(address_id=address_id, member_id=member.pk) if address_id is not None else None


def _buyer(address_id: int, member_id: int) -> QuerySet[Address]:
    own = Address.objects.select_for_update(of=("member",), no_key=True).select_related("member")
    return own.filter(pk=address_id, member=member_id, deleted_at=None)


_BUYER = Built(_buyer, address_id=int, member_id=int)


def locked_purchase(purchase_id: int) -> Purchase:
    """Return the purchase under its lock, with its member, who is not locked."""
    return Purchase.objects.select_for_update(of=("self",), no_key=True).select_related("member").get(pk=purchase_id)


def locked_orders(purchase: Purchase) -> list[Order]:
    """Return the orders of a purchase under their locks, by id. The caller holds that of the purchase."""
    own = Order.objects.select_for_update(of=("self",), no_key=True).select_related("member", "supplier")
    return list(own.filter(purchase=purchase).order_by("id"))


def locked_order(order_id: int) -> Order:
    """Return the order under its lock, with its member and supplier, which are not locked.

    Enough where the purchase itself does not change: once it is paid, it never does.
    """
    return (
        Order.objects.select_for_update(of=("self",), no_key=True).select_related("member", "supplier").get(pk=order_id)
    )


def locked_payment(payment_id: int) -> Payment:
    """Return the payment under its lock. The caller holds those of its purchase or order before."""
    return Payment.objects.select_for_update(no_key=True).get(pk=payment_id)


def change_purchase(
    purchase: Purchase,
    orders: Sequence[Order],
    state: str,
    *,
    order_fields: Mapping[str, Any] | None = None,
    **fields: Any,
) -> None:
    """Bring a locked purchase and all its locked orders, which share the states of an unpaid one, into another state;
    `order_fields` are written to the orders alone.

    Raises OrderRefused where there is no such step.
    """
    if state not in PURCHASE_CHANGES[purchase.state] or any(state not in ORDER_CHANGES[row.state] for row in orders):
        raise OrderRefused(Refusal.WRONG_STATE)
    reason = {"cancel_reason": fields.pop("cancel_reason")} if "cancel_reason" in fields else {}
    _change([purchase], state, fields)
    _change(orders, state, {**fields, **reason, **(order_fields or {})})


def change_order(order: Order, state: str, **fields: Any) -> None:
    """Bring a locked order into another state. Raises OrderRefused where `rules.ORDER_CHANGES` has no such step."""
    if state not in ORDER_CHANGES[order.state]:
        raise OrderRefused(Refusal.WRONG_STATE)
    _change([order], state, fields)


def change_payment(payment: Payment, state: str, **fields: Any) -> None:
    """Bring a locked payment into another state. Raises ValueError where there is no such step."""
    if state not in PAYMENT_CHANGES[payment.state]:
        raise ValueError(f"payment {payment.number} cannot go from {payment.state} to {state}")
    _change([payment], state, fields)


def change_refund(refund: Refund, state: str, **fields: Any) -> bool:
    """Bring a refund into another state; returns False where it has gone on meanwhile."""
    if state not in REFUND_CHANGES[refund.state]:
        return False
    return _change([refund], state, fields, strict=False)


def _change(rows: Sequence[Any], state: str, fields: dict[str, Any], *, strict: bool = True) -> bool:
    """Write the change only on the state that was read: without the lock it would still be safe. What the database
    works out for each row is not known to the rows in memory."""
    model, before = type(rows[0]), rows[0].state
    with transaction.atomic():
        changed = model.objects.filter(pk__in=[row.pk for row in rows], state=before).update(state=state, **fields)
        if changed != len(rows) and strict:
            raise OrderRefused(Refusal.WRONG_STATE)
    if changed:
        for row in rows:
            for field, value in {"state": state, **fields}.items():
                if not hasattr(value, "resolve_expression"):
                    setattr(row, field, value)
    return bool(changed)
