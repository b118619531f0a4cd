"""A worker killed after it sent and before it wrote that down: the receiver is told again, under the same id."""

import pytest
from celery import current_app
from django.conf import settings
from redis import Redis

from integration import tasks
from integration.commands import set_webhook
from integration.models import Delivery, DeliveryAttempt, DeliveryState
from mall.core import clock
from tests.factories import a_paid_order, a_seat, a_sku
from tests.integration.receivers import receiver
from tests.processes import celery_worker, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
ALLOWED = {"WEBHOOK_ALLOWS_LOOPBACK": "1"}


def test_a_worker_killed_between_sending_and_writing_it_down_sends_again(settings: object) -> None:
    settings.WEBHOOK_ALLOWS_LOOPBACK = True  # type: ignore[attr-defined]
    sku = a_sku()
    owner = a_seat(sku.product.supplier)
    with receiver() as there:
        set_webhook(supplier=sku.product.supplier, url=there.url, events=["order.to_ship"], by=owner, at=clock.now())
        there.holds.set()
        with celery_worker(**ALLOWED) as worker:
            a_paid_order(sku=sku, at=clock.now())
            wait_until(lambda: len(there.came) == 1, seconds=60)
            worker.kill()
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
        assert DeliveryAttempt.objects.get().status is None
        forget_messages()
        # Half a minute later.
        Delivery.objects.update(next_at=clock.now())
        there.holds.clear()
        there.released.set()
        with celery_worker(**ALLOWED):
            tasks.sweep()
            wait_until(lambda: Delivery.objects.get().state == DeliveryState.DELIVERED, seconds=60)
        assert there.ids == [delivery.message_id] * 2
        assert there.came[0][2] == there.came[1][2]


def forget_messages() -> None:
    Redis.from_url(settings.CELERY_BROKER_URL).delete(current_app.conf.task_default_queue)
