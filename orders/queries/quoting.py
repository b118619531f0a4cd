"""What goods cost: the one computation that cart, checkout and placing share, from ids and counts alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import suppliers.queries
from orders.refusals import OrderRefused, Refusal
from orders.rules import GOODS_COOLING_OFF_DAYS, LINES_MAX, is_quantity
from suppliers.models import GiftPackTerms, Sku, Supplier


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One SKU of a quote at its price."""

    sku: Sku
    quantity: int
    unit_price_fen: int

    @property
    def amount_fen(self) -> int:
        return self.unit_price_fen * self.quantity


@dataclass(frozen=True, slots=True)
class QuotePart:
    """What comes from one supplier, and becomes one order."""

    supplier: Supplier
    lines: tuple[QuoteLine, ...]
    freight_fen: int = 0

    @property
    def goods_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.freight_fen

    @property
    def supply_total_fen(self) -> int:
        """What the supplier gets: the supply prices, and the freight, which is passed on."""
        return sum(line.sku.supply_price_fen * line.quantity for line in self.lines) + self.freight_fen


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase would cost, supplier by supplier, and on what terms. `terms` is there for gift packs only."""

    parts: tuple[QuotePart, ...]
    packs: int
    terms: GiftPackTerms | None
    cooling_off_days: int

    @property
    def lines(self) -> tuple[QuoteLine, ...]:
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def goods_fen(self) -> int:
        return sum(part.goods_fen for part in self.parts)

    @property
    def freight_fen(self) -> int:
        return sum(part.freight_fen for part in self.parts)

    @property
    def total_fen(self) -> int:
        return sum(part.total_fen for part in self.parts)


def quote(*, items: Sequence[tuple[int, int]], at: datetime) -> Quote:
    """Return what `items` (SKU id, quantity) cost at an instant. Raises OrderRefused where they cannot be ordered so.

    Stock is not looked at: only reserving it tells.
    """
    quantities = _quantities(items)
    skus = {sku.pk: sku for sku in suppliers.queries.orderable_skus(sku_ids=list(quantities))}
    if skus.keys() != quantities.keys():
        raise OrderRefused(Refusal.NOT_ON_SHELF)
    has_packs = any(sku.is_gift_pack for sku in skus.values())
    if has_packs and len(skus) > 1:
        raise OrderRefused(Refusal.GIFT_PACK_ALONE)
    terms = suppliers.queries.gift_pack_terms(at=at) if has_packs else None
    by_supplier: dict[Supplier, list[QuoteLine]] = {}
    for sku_id, quantity in quantities.items():
        price_fen = suppliers.queries.price_fen(sku=skus[sku_id], terms=terms)
        if price_fen is None:
            raise OrderRefused(Refusal.NOT_FOR_SALE)
        own = by_supplier.setdefault(skus[sku_id].product.supplier, [])
        own.append(QuoteLine(sku=skus[sku_id], quantity=quantity, unit_price_fen=price_fen))
    return Quote(
        parts=tuple(QuotePart(supplier=supplier, lines=tuple(lines)) for supplier, lines in by_supplier.items()),
        packs=sum(quantities.values()) if has_packs else 0,
        terms=terms,
        cooling_off_days=terms.cooling_off_days if terms else GOODS_COOLING_OFF_DAYS,
    )


def _quantities(items: Sequence[tuple[int, int]]) -> dict[int, int]:
    """Return the quantity of each SKU, lines of one SKU added up. Raises OrderRefused."""
    if not items:
        raise OrderRefused(Refusal.NOTHING_CHOSEN)
    if len(items) > LINES_MAX:
        raise OrderRefused(Refusal.TOO_MANY_LINES)
    quantities: dict[int, int] = {}
    for sku_id, quantity in items:
        if type(sku_id) is not int or not 0 < sku_id < 2**63:
            raise OrderRefused(Refusal.NOT_ON_SHELF)
        if not is_quantity(quantity):
            raise OrderRefused(Refusal.BAD_QUANTITY)
        quantities[sku_id] = quantities.get(sku_id, 0) + quantity
        if not is_quantity(quantities[sku_id]):
            raise OrderRefused(Refusal.BAD_QUANTITY)
    return quantities
