"""What goods cost: the one computation that cart, checkout and placing share, from ids and counts alone."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from django.db.models import F, Sum
from django.utils.translation import gettext as _

import suppliers.queries
from mall.core.built import Built, among
from members.models import ConsentKind, Member
from members.queries import has_signed
from orders.models import OrderLine, OrderState
from orders.refusals import OrderRefused, Refusal
from orders.rules import GOODS_COOLING_OFF_DAYS, LINES_MAX, QUANTITY_MAX, is_quantity
from orders.rules.enterprise import AGREED_QUANTITY_MAX, is_agreed_quantity
from suppliers.models import GiftPackTerms, Product, Sku, Supplier
from suppliers.queries import FreightItem


@dataclass(frozen=True, slots=True)
class Agreed:
    """Prices that a supplier quoted to one enterprise: the unit price of each SKU, and the number of the request. The
    server reads them off the row of the request, never off what a client sends."""

    number: str
    prices: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One SKU of a quote at its price, and why it cannot be ordered so. `most` is how many of it can be."""

    sku: Sku
    quantity: int
    unit_price_fen: int
    most: int
    refusal: Refusal | None = None

    @property
    def amount_fen(self) -> int:
        return self.unit_price_fen * self.quantity

    @property
    def mark(self) -> str:
        """What tells whether the price that somebody saw is still this one."""
        return f"{self.sku.pk}-{_digest(f'{self.sku.pk} {self.unit_price_fen}')}"

    @property
    def problem(self) -> str:
        """What a buyer reads on a line that cannot be ordered so."""
        product = self.sku.product
        match self.refusal:
            case None:
                return ""
            case Refusal.OUT_OF_STOCK if self.sku.available > 0:
                return _("库存只剩 %(count)d %(unit)s") % {"count": self.sku.available, "unit": product.unit}
            case Refusal.OUT_OF_STOCK:
                return _("已售罄")
            case Refusal.LIMIT_PER_ORDER:
                return _("每单限购 %(count)d %(unit)s") % {"count": product.limit_per_order, "unit": product.unit}
            case Refusal.LIMIT_PER_MEMBER if self.most > 0:
                return _("每人限购 %(limit)d %(unit)s，还可买 %(left)d %(unit)s") % {
                    "limit": product.limit_per_member,
                    "left": self.most,
                    "unit": product.unit,
                }
            case Refusal.LIMIT_PER_MEMBER:
                return _("每人限购 %(count)d %(unit)s，您已买满") % {
                    "count": product.limit_per_member,
                    "unit": product.unit,
                }
        return str(self.refusal.label)


@dataclass(frozen=True, slots=True)
class QuotePart:
    """What comes from one supplier, and becomes one order. `missing_fen` is missing until it goes free of charge."""

    supplier: Supplier
    lines: tuple[QuoteLine, ...]
    freight_fen: int = 0
    missing_fen: int | None = None

    @property
    def goods_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def total_fen(self) -> int:
        return self.goods_fen + self.freight_fen

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def supply_total_fen(self) -> int:
        """What the supplier gets: the supply prices, and the freight, which is passed on."""
        return sum(line.sku.supply_price_fen * line.quantity for line in self.lines) + self.freight_fen


@dataclass(frozen=True, slots=True)
class Quote:
    """What a purchase would cost, supplier by supplier, and on what terms. `terms` is there for gift packs only.

    `refusal` is why it cannot be placed; where a line is the reason, the line has it too. `number` is that of the
    request at whose agreed prices it is, if there is one.
    """

    parts: tuple[QuotePart, ...]
    packs: int
    terms: GiftPackTerms | None
    cooling_off_days: int
    refusal: Refusal | None
    number: str = ""

    @property
    def lines(self) -> tuple[QuoteLine, ...]:
        return tuple(line for part in self.parts for line in part.lines)

    @property
    def pieces(self) -> int:
        return sum(part.pieces for part in self.parts)

    @property
    def goods_fen(self) -> int:
        return sum(part.goods_fen for part in self.parts)

    @property
    def freight_fen(self) -> int:
        return sum(part.freight_fen for part in self.parts)

    @property
    def total_fen(self) -> int:
        return sum(part.total_fen for part in self.parts)

    @property
    def fingerprint(self) -> str:
        """What tells whether all that somebody saw still costs the same. It names no price, and none can be read
        from it."""
        marks = sorted(line.mark for line in self.lines)
        return ".".join([*marks, _digest(f"freight {self.freight_fen}")])


def quote(
    *,
    items: Sequence[tuple[int, int]],
    at: datetime,
    member: Member | None = None,
    province: str = "",
    agreed: Agreed | None = None,
) -> Quote:
    """Return what `items` (SKU id, quantity) cost at an instant, sent to a province; at `agreed` prices, where they are
    just what these are for, without limits for each person or order.

    Raises OrderRefused where they cannot be ordered so. Of the stock only reserving it has the last word; of what the
    member bought before, only the lock of the member has.
    """
    found = assess(items=items, at=at, member=member, province=province, agreed=agreed)
    if found.refusal is not None:
        raise OrderRefused(found.refusal)
    return found


def assess(
    *,
    items: Sequence[tuple[int, int]],
    at: datetime,
    member: Member | None = None,
    province: str = "",
    agreed: Agreed | None = None,
) -> Quote:
    """Return the same, with the reasons on the lines instead of an exception. What does not exist is left out.

    Raises OrderRefused only where `items` are no list of SKUs and quantities at all.
    """
    quantities = _quantities(items, agreed)
    lines, terms = price_lines(quantities=quantities, at=at, member_id=member.pk if member else None, agreed=agreed)
    lines, freight = _with_freight(lines, province)
    by_supplier: dict[Supplier, list[QuoteLine]] = {}
    for line in lines:
        by_supplier.setdefault(line.sku.product.supplier, []).append(line)
    parts = []
    for supplier, own in sorted(by_supplier.items(), key=lambda found: found[0].pk):
        sent = freight.get(supplier.pk)
        parts.append(
            QuotePart(
                supplier=supplier,
                lines=tuple(own),
                freight_fen=sent.fee_fen if sent else 0,
                missing_fen=sent.missing_fen if sent else None,
            )
        )
    has_packs = any(line.sku.is_gift_pack for line in lines)
    refusal = next((line.refusal for line in lines if line.refusal is not None), None)
    if len(lines) < len(quantities):
        refusal = Refusal.NOT_ON_SHELF
    elif has_packs and len(lines) > 1:
        refusal = Refusal.GIFT_PACK_ALONE
    return Quote(
        parts=tuple(parts),
        packs=sum(line.quantity for line in lines) if has_packs else 0,
        terms=terms,
        cooling_off_days=terms.cooling_off_days if terms else GOODS_COOLING_OFF_DAYS,
        refusal=refusal,
        number=agreed.number if agreed is not None else "",
    )


def must_sign_first(*, member: Member, quoted: Quote) -> bool:
    """Say whether a quote makes the member an agent, who has not signed the agreement of agents in its newest words."""
    makes_an_agent = quoted.packs > 0 and quoted.terms is not None and quoted.terms.plan_version is not None
    return makes_an_agent and not has_signed(member=member, kind=ConsentKind.AGENT)


def price_lines(
    *,
    quantities: Mapping[int, int],
    at: datetime,
    member_id: int | None,
    counted: Collection[int] | None = None,
    agreed: Agreed | None = None,
) -> tuple[list[QuoteLine], GiftPackTerms | None]:
    """Return a line for each SKU that exists, in the order given, and the gift pack terms where there is a pack.

    SKUs of one product share its limits: those named in `counted`, or all.
    """
    skus = {sku.pk: sku for sku in _SKUS.rows(ids=list(quantities))}
    if agreed is not None:
        there = [skus[sku_id] for sku_id in quantities if sku_id in skus]
        return [_agreed_line(each, quantities[each.pk], agreed.prices[each.pk]) for each in there], None
    terms = suppliers.queries.gift_pack_terms(at=at) if any(sku.is_gift_pack for sku in skus.values()) else None
    wanted: Counter[int] = Counter()
    for sku in skus.values():
        if counted is None or sku.pk in counted:
            wanted[sku.product_id] += quantities[sku.pk]
    bought = _bought(member_id, [sku.product for sku in skus.values()])
    lines = []
    for sku_id, quantity in quantities.items():
        found = skus.get(sku_id)
        if found is not None:
            is_counted = counted is None or sku_id in counted
            others = wanted[found.product_id] - (quantity if is_counted else 0)
            lines.append(_line(found, quantity, others, bought.get(found.product_id, 0), terms))
    return lines, terms


def _line(sku: Sku, quantity: int, others: int, bought: int, terms: GiftPackTerms | None) -> QuoteLine:
    """Judge one line. `others` of its product are on other lines, `bought` were bought before."""
    product = sku.product
    price_fen = suppliers.queries.price_fen(sku=sku, terms=terms)
    per_order = product.limit_per_order - others if product.limit_per_order is not None else QUANTITY_MAX
    per_member = product.limit_per_member - bought - others if product.limit_per_member is not None else QUANTITY_MAX
    refusal = None
    if not (sku.is_active and product.is_published and product.supplier.is_active):
        refusal = Refusal.NOT_ON_SHELF
    elif price_fen is None:
        refusal = Refusal.NOT_FOR_SALE
    elif quantity > per_member:
        refusal = Refusal.LIMIT_PER_MEMBER
    elif quantity > per_order:
        refusal = Refusal.LIMIT_PER_ORDER
    elif quantity > sku.available:
        refusal = Refusal.OUT_OF_STOCK
    most = max(0, min(QUANTITY_MAX, sku.available, per_order, per_member))
    return QuoteLine(sku=sku, quantity=quantity, unit_price_fen=price_fen or 0, most=most, refusal=refusal)


def _agreed_line(sku: Sku, quantity: int, price_fen: int) -> QuoteLine:
    """Judge one line at an agreed price: stock holds for it, limits do not."""
    refusal = None
    if not (sku.is_active and sku.product.is_published and sku.product.supplier.is_active):
        refusal = Refusal.NOT_ON_SHELF
    elif sku.is_gift_pack:
        refusal = Refusal.NOT_FOR_SALE
    elif quantity > sku.available:
        refusal = Refusal.OUT_OF_STOCK
    most = max(0, min(AGREED_QUANTITY_MAX, sku.available))
    return QuoteLine(sku=sku, quantity=quantity, unit_price_fen=price_fen, most=most, refusal=refusal)


def _bought(member_id: int | None, products: Sequence[Product]) -> dict[int, int]:
    """Return how many of the products that are limited for each member this one has ordered and not given back."""
    limited = {product.pk for product in products if product.limit_per_member is not None}
    if member_id is None or not limited:
        return {}
    lines = OrderLine.objects.filter(order__member=member_id, sku__product__in=limited)
    kept = lines.exclude(order__state=OrderState.CANCELLED).values_list("sku__product")
    return dict(kept.annotate(count=Sum(F("quantity") - F("refunded_quantity"))))


def _with_freight(
    lines: list[QuoteLine], province: str
) -> tuple[list[QuoteLine], Mapping[int, suppliers.queries.SupplierFreight]]:
    """Return the lines, those that are not sent there refused, and what sending costs by supplier."""
    if all(line.sku.product.freight_template_id is None for line in lines):
        return lines, {}
    found = suppliers.queries.freight(
        items=[FreightItem(line.sku.pk, line.quantity, line.amount_fen) for line in lines], province=province
    )
    if found.unserved_sku_ids:
        lines = [
            replace(line, refusal=line.refusal or Refusal.NOT_SENT_THERE)
            if line.sku.pk in found.unserved_sku_ids
            else line
            for line in lines
        ]
    return lines, found.by_supplier


def _quantities(items: Sequence[tuple[int, int]], agreed: Agreed | None) -> dict[int, int]:
    """Return the quantity of each SKU, lines of one SKU added up. Raises OrderRefused, also where prices were agreed
    for other SKUs."""
    can_be_ordered = is_quantity if agreed is None else is_agreed_quantity
    if not items:
        raise OrderRefused(Refusal.NOTHING_CHOSEN)
    if len(items) > LINES_MAX:
        raise OrderRefused(Refusal.TOO_MANY_LINES)
    quantities: dict[int, int] = {}
    for sku_id, quantity in items:
        if type(sku_id) is not int or not 0 < sku_id < 2**63:
            raise OrderRefused(Refusal.NOT_ON_SHELF)
        if not can_be_ordered(quantity):
            raise OrderRefused(Refusal.BAD_QUANTITY)
        quantities[sku_id] = quantities.get(sku_id, 0) + quantity
        if not can_be_ordered(quantities[sku_id]):
            raise OrderRefused(Refusal.BAD_QUANTITY)
    if agreed is not None and quantities.keys() != agreed.prices.keys():
        raise OrderRefused(Refusal.QUOTE_OTHER_GOODS)
    return quantities


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:12]


_SKUS = Built(
    lambda ids: Sku.objects.select_related("product__supplier").filter(among('"suppliers_sku"."id"', ids)), ids=list
)
