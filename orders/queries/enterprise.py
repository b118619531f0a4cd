"""What is asked about requests of enterprises: a buyer's own, the prices that were agreed, how low a quote may go."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _

from mall.core.money import percent, yuan
from members.models import Member
from orders.models import ContactReveal, EnterpriseLine, EnterpriseRequest, Order, OrderState
from orders.rules.enterprise import Floor, price_floor
from suppliers.models import Sku, Supplier

from .fulfilment import REVEAL_MINUTES
from .quoting import Agreed

_LINES = Prefetch("lines", EnterpriseLine.objects.select_related("sku__product").order_by("pk"))


def requests_of(*, member: Member) -> QuerySet[EnterpriseRequest]:
    """Return a member's requests, newest first, with supplier, lines and goods."""
    own = EnterpriseRequest.objects.filter(member=member).select_related("supplier")
    return own.prefetch_related(_LINES).order_by("-asked_at", "-pk")


def request_of(*, member: Member, number: str) -> EnterpriseRequest | None:
    """Return one of the member's own requests."""
    return requests_of(member=member).filter(number=number).first()


def last_request(*, member: Member) -> EnterpriseRequest | None:
    """Return what the member asked for last: its company fills in the next form."""
    return EnterpriseRequest.objects.filter(member=member).order_by("-asked_at", "-pk").first()


def order_at(*, number: str) -> Order | None:
    """Return the order that was placed at the quote of this request and was not cancelled."""
    standing = Order.objects.filter(quote_number=number).exclude(quote_number="")
    return standing.exclude(state=OrderState.CANCELLED).first()


def agreed_of(request: EnterpriseRequest, lines: Iterable[EnterpriseLine]) -> Agreed:
    """Return the prices that a request was quoted."""
    prices = {line.sku_id: int(line.unit_price_fen or 0) for line in lines}
    return Agreed(number=request.number, prices=MappingProxyType(prices))


def items_of(lines: Iterable[EnterpriseLine]) -> list[tuple[int, int]]:
    """Return SKU ids and quantities of lines, as placing takes them."""
    return [(line.sku_id, line.quantity) for line in lines]


def floor_of(*, sku: Sku, fee_bps: int) -> Floor:
    """Return the lowest price at which a SKU, its product loaded, may be quoted now."""
    return price_floor(
        supply_price_fen=sku.supply_price_fen, commission_bps=sku.product.commission_bps, fee_bps=fee_bps
    )


def floor_words(*, sku: Sku, fee_bps: int) -> str:
    """Return the lowest price with its working, in words for the supplier."""
    floor = floor_of(sku=sku, fee_bps=fee_bps)
    parts = [_("供货价 %s") % yuan(floor.supply_fen)]
    if floor.fee_fen:
        parts.append(_("平台服务费 %(share)s %(fee)s") % {"share": percent(fee_bps), "fee": yuan(floor.fee_fen)})
    if floor.commission_fen:
        bps = sku.product.commission_bps
        parts.append(_("零售佣金 %(share)s %(fee)s") % {"share": percent(bps), "fee": yuan(floor.commission_fen)})
    return _("最低 %(floor)s = %(parts)s") % {"floor": yuan(floor.price_fen), "parts": " + ".join(parts)}


def request_counts(*, supplier: Supplier | None = None) -> dict[str, int]:
    """Return how many requests are in each state, of one supplier or of all."""
    rows = EnterpriseRequest.objects.all() if supplier is None else EnterpriseRequest.objects.filter(supplier=supplier)
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def is_contact_revealed(*, request: EnterpriseRequest, to: Any, at: datetime) -> bool:
    """Say whether this person's look at the phone of who asked was written down just now."""
    since = at - timedelta(minutes=REVEAL_MINUTES)
    return ContactReveal.objects.filter(request=request, seen_by=to, at__gt=since, at__lte=at).exists()
