"""Bills of payment providers, fetched day by day."""

import logging
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from orders.gateways import Bill, GatewayError, NoBill, payment_gateway
from orders.models import BillLine, ProviderBill

log = logging.getLogger(__name__)


def fetch_bill(*, provider: str, day: date, at: datetime) -> ProviderBill | None:
    """Fetch a provider's bill of a day in Shanghai and keep it; none where the provider has none.

    The same again changes nothing; a corrected one takes the place of the first. Raises GatewayError. No transaction
    may be open: it waits for the provider.
    """
    gateway = payment_gateway(provider)
    if gateway is None:
        raise GatewayError(f"{provider} is not in use")
    try:
        bill = gateway.download_bill(day=day, at=at)
    except NoBill:
        return None
    with transaction.atomic(durable=True):
        return _keep(provider, day, bill, at)


def fetch_missing_bills(*, day: date, at: datetime) -> list[str]:
    """Fetch the bills of a day that are not kept yet; return the providers that failed to answer, to be asked again. No
    transaction may be open."""
    kept = set(ProviderBill.objects.filter(day=day).values_list("provider", flat=True))
    silent = []
    for provider in settings.PAYMENT_GATEWAYS:
        if provider in kept:
            continue
        try:
            fetch_bill(provider=provider, day=day, at=at)
        except GatewayError as error:
            log.warning("no bill of %s for %s: %s", provider, day, error)
            silent.append(provider)
    return silent


def _keep(provider: str, day: date, bill: Bill, at: datetime) -> ProviderBill:
    # The insert is the lock: of two that fetch at once the second waits here, and finds the first one's bill.
    kept, is_new = ProviderBill.objects.get_or_create(
        provider=provider, day=day, defaults={"digest": bill.digest, "fetched_at": at}
    )
    kept = ProviderBill.objects.select_for_update().get(pk=kept.pk)
    if not is_new:
        if kept.digest == bill.digest:
            return kept
        kept.lines.all().delete()
        kept.digest, kept.fetched_at = bill.digest, at
        kept.save(update_fields=["digest", "fetched_at"])
    BillLine.objects.bulk_create(
        [
            BillLine(
                bill=kept,
                position=position,
                kind=entry.kind.value,
                number=entry.number,
                payment_number=entry.payment_number,
                provider_ref=entry.provider_ref,
                amount_fen=entry.amount_fen,
                currency=entry.currency,
                happened_at=entry.happened_at,
            )
            for position, entry in enumerate(bill.entries)
        ],
        batch_size=1_000,
    )
    return kept
