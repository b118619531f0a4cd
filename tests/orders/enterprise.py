"""Requests of enterprises for tests, made through the commands that pages use."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from members.models import Address, Member
from orders.commands.enterprise import Asking, accept_quote, ask_suppliers, quote_request
from orders.models import EnterpriseRequest, Purchase
from suppliers.models import Sku
from tests.factories import AT, a_member, a_seat, an_address

CODE = "91330100799655058B"
TODAY = date(2026, 11, 1)
ASKING = Asking(
    company_name="杭州松坪文化有限公司",
    credit_code=CODE,
    contact_name="周可",
    contact_phone="13800001234",
    wanted_date=TODAY + timedelta(days=20),
    note="年会礼品",
)


def asked(
    *skus: Sku, member: Member | None = None, quantity: int = 100, key: str = "k1", at: datetime = AT, **changes: Any
) -> EnterpriseRequest:
    """A request for so many pieces of each SKU, all of one supplier, where somebody sits; who asks has an address."""
    buyer, supplier = member or a_member(), skus[0].product.supplier
    if not supplier.seats.exists():
        a_seat(supplier)
    if address_of(buyer) is None:
        an_address(buyer)
    (found,) = ask_suppliers(
        member=buyer,
        asking=replace(ASKING, **changes),
        items=[(sku.pk, quantity) for sku in skus],
        idempotency_key=key,
        at=at,
    )
    return found


def address_of(member: Member) -> Address | None:
    return Address.objects.filter(member=member, deleted_at=None).first()


def seat_at(request: EnterpriseRequest) -> Member:
    """Somebody at the request's supplier."""
    return request.supplier.seats.select_related("member").earliest("pk").member


def quoted(request: EnterpriseRequest, *prices: int, fee_bps: int = 0, **changes: Any) -> EnterpriseRequest:
    """The same quoted at these prices, line by line; good for ten days."""
    lines = request.lines.order_by("pk").values_list("pk", flat=True)
    given = {"valid_date": TODAY + timedelta(days=10), "note": "含礼盒", "by": seat_at(request), "at": AT, **changes}
    return quote_request(request=request, prices=dict(zip(lines, prices, strict=True)), fee_bps=fee_bps, **given)


def accepted(request: EnterpriseRequest, *, key: str = "k2", at: datetime = AT, **changes: Any) -> Purchase:
    """Its quote accepted by who asked."""
    given = {"member": request.member, "address": address_of(request.member), "note": "", **changes}
    return accept_quote(number=request.number, idempotency_key=key, at=at, **given)


def fresh(request: EnterpriseRequest) -> EnterpriseRequest:
    return EnterpriseRequest.objects.get(pk=request.pk)
