"""A buyer accepts a quote: an ordinary purchase at the quoted prices."""

from datetime import datetime

from django.db import transaction

from members.models import Address, Member
from orders.commands.invoicing import InvoiceRequest
from orders.commands.placing import place_purchase
from orders.models import EnterpriseRequest, Purchase, RequestState
from orders.queries.enterprise import agreed_of, floor_of, items_of
from orders.refusals import OrderRefused, Refusal

from .steps import change_request


def accept_quote(
    *,
    member: Member,
    number: str,
    address: Address | None,
    note: str,
    idempotency_key: str,
    at: datetime,
    seen: str | None = None,
    invoice: InvoiceRequest | None = None,
) -> Purchase:
    """Place the goods of the member's own request at the prices of its quote. Goods, counts and prices are read off the
    locked rows; the client names the request alone.

    A quote is used once: a purchase that is cancelled unpaid leaves it to another one until its last day. Raises
    OrderRefused, also where the price no longer covers what the goods cost the mall, and nothing is written.
    """
    with transaction.atomic():
        rows = EnterpriseRequest.objects.select_for_update(of=("self",), no_key=True).select_related("member")
        found = rows.filter(member=member, number=number).first()
        if found is None:
            raise OrderRefused(Refusal.NOT_YOURS)
        if found.member.closed_at is not None:
            raise OrderRefused(Refusal.ACCOUNT_CLOSED)
        if found.state == RequestState.ACCEPTED:
            return _placed_before(found, idempotency_key)
        if not found.holds(at=at):
            raise OrderRefused(Refusal.QUOTE_OVER)
        lines = list(found.lines.select_related("sku__product").order_by("pk"))
        if any((line.unit_price_fen or 0) < floor_of(sku=line.sku, fee_bps=found.fee_bps).price_fen for line in lines):
            raise OrderRefused(Refusal.QUOTE_TOO_LOW)
        purchase = place_purchase(
            member=member,
            items=items_of(lines),
            address=address,
            notes=note,
            idempotency_key=idempotency_key,
            at=at,
            seen=seen,
            invoice=invoice,
            by_buyer=True,
            agreed=agreed_of(found, lines),
        )
        change_request(found, RequestState.ACCEPTED)
    return purchase


def _placed_before(found: EnterpriseRequest, idempotency_key: str) -> Purchase:
    """Return what the same key has placed at this quote already."""
    own = Purchase.objects.filter(member=found.member_id, idempotency_key=idempotency_key)
    placed = own.filter(orders__quote_number=found.number).first()
    if placed is None:
        raise OrderRefused(Refusal.QUOTE_USED)
    return placed
