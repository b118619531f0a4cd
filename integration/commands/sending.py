"""Telling webhooks what waits for them: the try is written down and committed, then it is made, then what came of it.

A worker that is killed in between leaves the row waiting: it is sent again, under the same id. So a receiver is told at
least once, and knows a repeat by its id.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from integration import rules
from integration.gateways import receivers
from integration.models import ActKind, Delivery, DeliveryAttempt, DeliveryState, Webhook
from integration.outbox import put, ring
from mall.core.ids import random_code

from .acts import note_act
from .keys import IntegrationRefused
from .webhooks import secrets_of

# A receiver that takes its ten seconds each time holds a worker for three minutes.
AT_ONCE = 20
KEPT_DAYS = 90


def send_due(*, webhook_id: int, at: datetime) -> int:
    """Send what a webhook waits for, one after the other, until nothing is due or nobody answers. Returns how many
    tries were made. No transaction may be open."""
    for count in range(AT_ONCE):
        claimed = _claim(webhook_id, at)
        if claimed is None:
            return count
        delivery, attempt = claimed
        reply = receivers.post(
            url=delivery.webhook.url,
            message_id=delivery.message_id,
            body=delivery.body.encode(),
            secrets=secrets_of(delivery.webhook, at),
        )
        _mark(delivery, attempt, reply, at)
        if reply.status is None:
            # Whoever does not answer is not asked for the rest now.
            return count + 1
    return AT_ONCE


def _claim(webhook_id: int, at: datetime) -> tuple[Delivery, DeliveryAttempt] | None:
    """Take the delivery that is due the longest: its next try is set before this one is made."""
    with transaction.atomic():
        due = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("webhook")
            .filter(
                webhook_id=webhook_id,
                webhook__is_active=True,
                webhook__supplier__is_active=True,
                state=DeliveryState.WAITING,
                tries__lt=rules.TRIES_MAX,
                next_at__lte=at,
            )
        )
        delivery = due.order_by("next_at", "id").first()
        if delivery is None:
            return None
        delivery.tries, delivery.attempts = delivery.tries + 1, delivery.attempts + 1
        delivery.next_at = at + rules.pause_after(delivery.tries)
        delivery.save(update_fields=["tries", "attempts", "next_at"])
        return delivery, DeliveryAttempt.objects.create(delivery=delivery, number=delivery.attempts, at=at)


def _mark(delivery: Delivery, attempt: DeliveryAttempt, reply: receivers.Reply, at: datetime) -> None:
    """Write down what came of a try. A delivery that was ended meanwhile stays as it is."""
    with transaction.atomic():
        DeliveryAttempt.objects.filter(pk=attempt.pk).update(
            status=reply.status, error=reply.error, took_ms=reply.took_ms
        )
        waiting = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING)
        if reply.status is not None and 200 <= reply.status < 300:
            waiting.update(state=DeliveryState.DELIVERED, ended_at=at)
        elif delivery.tries >= rules.TRIES_MAX or delivery.next_at > delivery.give_up_at:
            waiting.filter(attempts=delivery.attempts).update(state=DeliveryState.STOPPED, ended_at=at)


def ring_due(*, at: datetime) -> int:
    """Ring for every webhook for which something is due; returns how many."""
    due = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=at, webhook__is_active=True)
    webhooks = list(due.order_by("webhook_id").values_list("webhook_id", flat=True).distinct())
    for webhook_id in webhooks:
        ring(webhook_id)
    return len(webhooks)


def stop_overdue(*, at: datetime) -> int:
    """Stop what was tried for three days, or as often as can be. Returns how many."""
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING, next_at__lte=at)
    over = waiting.filter(give_up_at__lte=at) | waiting.filter(tries__gte=rules.TRIES_MAX)
    return over.update(state=DeliveryState.STOPPED, ended_at=at)


def redeliver(*, delivery: Delivery, by: Any, at: datetime) -> None:
    """Begin anew with a delivery that is over, under its old id. Raises IntegrationRefused."""
    with transaction.atomic():
        locked = (
            Delivery.objects.select_for_update(of=("self",)).select_related("webhook__supplier").get(pk=delivery.pk)
        )
        if not locked.webhook.is_active:
            raise IntegrationRefused(_("推送已经关闭，先启用再重新推送"))
        if locked.state == DeliveryState.WAITING:
            raise IntegrationRefused(_("这条消息还在推送中"))
        locked.state, locked.tries, locked.ended_at = DeliveryState.WAITING, 0, None
        locked.next_at, locked.give_up_at = at, at + rules.GIVE_UP_AFTER
        locked.save(update_fields=["state", "tries", "ended_at", "next_at", "give_up_at"])
        note_act(supplier=locked.webhook.supplier, kind=ActKind.REDELIVERED, by=by, subject=locked.message_id, at=at)
        ring(locked.webhook_id)


def send_ping(*, webhook: Webhook, by: Any, at: datetime) -> Delivery:
    """Have a test message sent. Raises IntegrationRefused where nothing is sent at present."""
    with transaction.atomic():
        fresh = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if not fresh.is_active:
            raise IntegrationRefused(_("推送已经关闭，先启用再测试"))
        subject = random_code(10)
        put([(fresh, subject, {"number": subject}, at)], event=rules.PING)
        delivery = Delivery.objects.get(webhook=fresh, event=rules.PING, subject=subject)
        note_act(supplier=webhook.supplier, kind=ActKind.PINGED, by=by, subject=delivery.message_id, at=at)
    return delivery


def forget_deliveries(*, at: datetime) -> int:
    """Forget deliveries that ended ninety days ago. Returns how many."""
    return Delivery.objects.filter(ended_at__lt=at - timedelta(days=KEPT_DAYS)).delete()[0]
