"""Whole-order refunds by operators: one asks with a reason, another one confirms."""

from datetime import datetime
from typing import Any

from django.db import transaction

import suppliers.queries
from mall.core.text import clean_line
from orders.models import Order, OrderState, RefundRequest, RefundRequestState
from orders.queries import is_order_refundable
from orders.queries.after_sale import has_open_cases
from orders.queries.refund_sums import rest_of_order
from orders.refusals import OrderRefused, Refusal
from orders.rules import PAID_STATES

from .locking import locked_order
from .refunding import refund_order

ASK, APPROVE = "orders.refund_order", "orders.approve_refund"
REASON_MAX = 80


def ask_refund(*, order: Order, reason: str, seen_fen: int | None, by: Any, at: datetime) -> RefundRequest:
    """Ask for a refund of all that is left of an order; nothing moves until somebody else confirms it. `seen_fen` is
    what the page showed. The same person's repeat returns what was asked already. Raises OrderRefused."""
    _need(by, ASK)
    words = _words(reason)
    with transaction.atomic():
        locked = locked_order(order.pk)
        _not_own(locked, by)
        waiting = RefundRequest.objects.filter(order=locked, state=RefundRequestState.WAITING).first()
        if waiting is not None:
            if waiting.asked_by_id == by.pk and waiting.reason == words:
                return waiting
            raise OrderRefused(Refusal.REFUND_ASKED)
        _check(locked, at)
        amount_fen = rest_of_order(order=locked).amount_fen
        if amount_fen != seen_fen:
            raise OrderRefused(Refusal.REFUND_CHANGED)
        if amount_fen <= 0:
            raise OrderRefused(Refusal.NOT_REFUNDABLE)
        return RefundRequest.objects.create(order=locked, amount_fen=amount_fen, reason=words, asked_by=by, asked_at=at)


def approve_refund(*, request: RefundRequest, by: Any, at: datetime) -> RefundRequest:
    """Confirm a refund as somebody else than who asked for it: it is decided at once. Raises OrderRefused, also where
    it would come to another amount than was asked for."""
    _need(by, APPROVE)
    with transaction.atomic():
        order = locked_order(request.order_id)
        waiting = _waiting(request)
        if waiting.asked_by_id == by.pk:
            raise OrderRefused(Refusal.REFUND_OWN_ASKING)
        _not_own(order, by)
        _check(order, at)
        if rest_of_order(order=order).amount_fen != waiting.amount_fen:
            raise OrderRefused(Refusal.REFUND_CHANGED)
        waiting.refund = refund_order(order=order, reason=waiting.reason, at=at)
        waiting.state, waiting.decided_by, waiting.decided_at = RefundRequestState.APPROVED, by, at
        waiting.save(update_fields=["refund", "state", "decided_by", "decided_at"])
    return waiting


def reject_refund(*, request: RefundRequest, reason: str, by: Any, at: datetime) -> RefundRequest:
    """Turn a refund down, or, as who asked for it, take the asking back. Raises OrderRefused."""
    words = _words(reason)
    with transaction.atomic():
        order = locked_order(request.order_id)
        waiting = _waiting(request)
        if waiting.asked_by_id != by.pk:
            _need(by, APPROVE)
            _not_own(order, by)
        waiting.state, waiting.decided_by, waiting.decided_at = RefundRequestState.REJECTED, by, at
        waiting.decline_reason = words
        waiting.save(update_fields=["state", "decided_by", "decided_at", "decline_reason"])
    return waiting


def _waiting(request: RefundRequest) -> RefundRequest:
    """Return the request under its lock, after that of its order."""
    found = RefundRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if found.state != RefundRequestState.WAITING:
        raise OrderRefused(Refusal.REFUND_NOT_ASKED)
    return found


def _check(order: Order, at: datetime) -> None:
    """Raise OrderRefused where a locked order cannot be taken back whole now, whoever asks."""
    if order.state == OrderState.REFUNDED or order.state not in PAID_STATES:
        raise OrderRefused(Refusal.WRONG_STATE)
    if not is_order_refundable(order=order, at=at):
        raise OrderRefused(Refusal.NOT_REFUNDABLE)
    if has_open_cases(order=order):
        raise OrderRefused(Refusal.CASE_OPEN)


def _need(by: Any, right: str) -> None:
    if not (by.is_active and by.has_perm(right)):
        raise OrderRefused(Refusal.REFUND_NO_RIGHT)


def _not_own(order: Order, by: Any) -> None:
    if by.pk == order.member_id or suppliers.queries.supplier_of(member=by) == order.supplier:
        raise OrderRefused(Refusal.REFUND_OWN_ORDER)


def _words(reason: str) -> str:
    try:
        line = clean_line(reason, REASON_MAX)
    except ValueError as error:
        raise OrderRefused(Refusal.REFUND_REASON) from error
    if not line:
        raise OrderRefused(Refusal.REFUND_REASON)
    return line
