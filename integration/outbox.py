"""What webhooks are told, written in the transaction in which it happened. Nothing about people is in it: who wants to
know more asks the API."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from integration.models import Delivery, Webhook
from mall.core.ids import random_code
from orders.events import CaseChanged, OrdersPaid, OrdersRefunded
from orders.models import AfterSale, CaseState, Order

from . import rules


def record_to_ship(event: OrdersPaid) -> None:
    """Paid orders are to be shipped."""
    if event.is_history:
        return
    paid = {order.order_id: order.paid_at for order in event.orders}
    _tell_of_orders(rules.TO_SHIP, paid)


def record_cancelled(event: OrdersRefunded) -> None:
    """Orders of which nothing was left to keep: those that had not gone out need not."""
    _tell_of_orders(rules.CANCELLED, {order.order_id: order.refunded_at for order in event.orders}, shipped_at=None)


def record_case(event: CaseChanged) -> None:
    """A buyer asks for something after paying. What follows in the case is not told: it was told once."""
    if event.state != CaseState.ASKED:
        return
    webhook = Webhook.objects.filter(
        supplier_id=event.supplier_id, is_active=True, events__contains=[rules.CASE_OPENED]
    ).first()
    if webhook is None:
        return
    case = AfterSale.objects.get(pk=event.case_id)
    data = {"number": case.number, "order": event.order_number, "kind": case.kind, "quantity": case.quantity}
    put([(webhook, case.number, data, event.at)], event=rules.CASE_OPENED)


def put(told: Iterable[tuple[Webhook, str, dict[str, Any], datetime]], *, event: str) -> None:
    """Write what webhooks are told: webhook, subject, data and instant of each. In the caller's transaction; what was
    told of a subject before is not told again."""
    rows = [
        Delivery(
            webhook=webhook,
            message_id=f"msg_{random_code(24)}",
            event=event,
            subject=subject,
            body=json.dumps({"type": event, "timestamp": at.isoformat(), "data": data}, ensure_ascii=False),
            made_at=at,
            next_at=at,
            give_up_at=at + rules.GIVE_UP_AFTER,
        )
        for webhook, subject, data, at in told
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    for webhook_id in sorted({row.webhook_id for row in rows}):
        ring(webhook_id)


def ring(webhook_id: int) -> None:
    """Ask a worker, after the commit, to send what this webhook waits for."""
    from integration.tasks import send

    transaction.on_commit(lambda: send.ring(str(webhook_id)), robust=True)


def _tell_of_orders(event: str, moments: dict[int, datetime], **where: Any) -> None:
    told = Webhook.objects.filter(supplier__orders__in=moments, is_active=True, events__contains=[event])
    webhooks = {webhook.supplier_id: webhook for webhook in told.distinct()}
    if not webhooks:
        return
    orders = Order.objects.filter(pk__in=moments, supplier__in=webhooks, **where).order_by("pk")
    put(
        [(webhooks[order.supplier_id], order.number, {"number": order.number}, moments[order.pk]) for order in orders],
        event=event,
    )
