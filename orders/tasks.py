"""Celery is only the doorbell: each task looks at the rows and calls one command."""

import logging
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from mall.core import clock
from mall.core.doorbell import Doorbell
from mall.core.ids import SHANGHAI

from . import commands, queries
from .commands import after_sale, enterprise, tracking
from .gateways import GatewayError

BATCH = 200
log = logging.getLogger(__name__)


@shared_task
def expire_orders() -> int:
    """Close purchases that were not paid in time."""
    return commands.expire_purchases(at=clock.now())


@shared_task
def prune_guest_carts() -> int:
    """Forget guests' carts that nobody changed for thirty days."""
    return commands.prune_guest_carts(at=clock.now())


@shared_task
def receive_overdue() -> int:
    """Receive parcels that nobody confirmed for ten days."""
    return commands.receive_overdue(at=clock.now())


@shared_task
def complete_orders() -> int:
    """Complete orders whose cooling-off is over."""
    return commands.complete_orders(at=clock.now())


@shared_task
def ask_providers() -> int:
    """Ask about payments of which no notice came, and tell providers of those that are closed."""
    numbers = queries.unasked_payments(at=clock.now(), limit=BATCH)
    for number in numbers:
        commands.ask_provider(payment_number=number, at=clock.now())
    return len(numbers)


@shared_task
def fetch_bills() -> int:
    """Fetch yesterday's bills from all providers; returns how many are there. One that fails is fetched next time."""
    now, there = clock.now(), 0
    day = (now.astimezone(SHANGHAI) - timedelta(days=1)).date()
    for provider in settings.PAYMENT_GATEWAYS:
        try:
            there += commands.fetch_bill(provider=provider, day=day, at=now) is not None
        except GatewayError as error:
            log.warning("no bill of %s for %s: %s", provider, day, error)
    return there


@shared_task
def send_refunds() -> int:
    """Send refunds that were decided, and ask about those whose outcome is unknown."""
    numbers = queries.unsent_refunds(at=clock.now(), limit=BATCH)
    for number in numbers:
        commands.send_refund(number=number, at=clock.now())
    return len(numbers)


@shared_task(base=Doorbell)
def send_refund(number: str) -> None:
    """Send one refund."""
    commands.send_refund(number=number, at=clock.now())


@shared_task(base=Doorbell)
def hurry_payment(number: str) -> None:
    """Ask about one payment, since its buyer waits."""
    commands.hurry_payment(payment_number=number, at=clock.now())


@shared_task(base=Doorbell)
def close_charge(number: str) -> None:
    """Close one payment with its provider."""
    commands.close_charge(payment_number=number, at=clock.now())


@shared_task(base=Doorbell)
def announce_parcel(parcel_id: str) -> None:
    """Announce one parcel to its carrier."""
    tracking.announce_parcel(parcel_id=int(parcel_id), at=clock.now())


@shared_task
def follow_parcels() -> int:
    """Announce parcels of which the carrier was not told, and ask about those of which no news came."""
    waiting = tracking.parcels_to_announce(limit=BATCH)
    for parcel_id in waiting:
        tracking.announce_parcel(parcel_id=parcel_id, at=clock.now())
    silent = tracking.parcels_to_ask_about(at=clock.now(), limit=BATCH)
    for parcel_id in silent:
        tracking.ask_carrier(parcel_id=parcel_id, at=clock.now())
    return len(waiting) + len(silent)


@shared_task
def act_on_overdue_cases() -> int:
    """Bring on after-sale cases whose deadline is over."""
    return after_sale.act_on_overdue(at=clock.now())


@shared_task
def expire_enterprise_requests() -> int:
    """End quotes past their last day, and requests that nobody answered in time."""
    return enterprise.expire_requests(at=clock.now())
