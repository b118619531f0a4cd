"""What a supplier can make of its goods: who sells them, who waits for them, which offers and samples are open.

Shopkeepers stand here by the name of their shop alone, as anybody sees it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum

from agents.models import OPEN_SAMPLES, CommissionBudget, SampleRequest, SellingOffer, Shop, ShopItem
from mall.core.ids import SHANGHAI
from mall.core.money import share_fen
from orders.models import OrderLine, OrderState
from suppliers.models import ArrivalNotice, Favourite, Product, Supplier

SHORT_DAYS, LONG_DAYS = 30, 90
PRODUCTS_MAX = 300
SHOPS_MAX = 100


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders that shopkeepers brought, and what is left of what was paid for the goods after refunds, in fen."""

    orders_30: int = 0
    net_30_fen: int = 0
    orders_90: int = 0
    net_90_fen: int = 0


@dataclass(frozen=True, slots=True)
class Chance:
    """A product on the shelf: in how many open shops it stands, what these sold, who waits for it or keeps it in mind,
    and the offer that is open for it."""

    product: Product
    shopkeepers: int
    sales: Sales
    waiting: int
    favourites: int
    samples: int
    offer: SellingOffer | None
    budget: CommissionBudget | None

    @property
    def commission_fen(self) -> int:
        """What the dearest piece pays its shopkeeper."""
        prices = [sku.sale_price_fen for sku in self.product.skus.all() if sku.is_active and not sku.is_gift_pack]
        return max((share_fen(price, self.product.commission_bps) for price in prices if price), default=0)


@dataclass(frozen=True, slots=True)
class SellingShop:
    """A shop that sells a product, or has it on its shelf. All shopkeepers without a shop stand in one row without a
    name."""

    name: str
    has_it: bool
    sales: Sales


def chances(*, supplier: Supplier, at: datetime) -> list[Chance]:
    """Return a supplier's products on the shelf, those that shopkeepers sell most first. Nine queries."""
    products = list(
        Product.objects.filter(supplier=supplier, is_published=True)
        .prefetch_related("skus")
        .order_by("position", "id")[:PRODUCTS_MAX]
    )
    keys = [product.pk for product in products]
    carried = _counted(ShopItem.objects.filter(product__in=keys, shop__is_open=True), "product")
    sales = _sales(_lines(keys, at), "sku__product", at)
    waiting = _counted(ArrivalNotice.objects.filter(sku__product__in=keys, notified_at=None), "sku__product")
    since = at - timedelta(days=SHORT_DAYS)
    favourites = _counted(Favourite.objects.filter(product__in=keys, added_at__gte=since), "product")
    samples = _counted(SampleRequest.objects.filter(product__in=keys, state__in=OPEN_SAMPLES), "product")
    offers = {offer.product_id: offer for offer in open_offers(at=at).filter(product__in=keys)}
    budgets = budgets_for(product_ids=keys)
    found = [
        Chance(
            product=product,
            shopkeepers=carried[product.pk],
            sales=sales.get(product.pk, Sales()),
            waiting=waiting[product.pk],
            favourites=favourites[product.pk],
            samples=samples[product.pk],
            offer=offers.get(product.pk),
            budget=budgets.get(product.pk),
        )
        for product in products
    ]
    return sorted(found, key=lambda one: (-one.sales.net_90_fen, -one.shopkeepers, -one.waiting))


def selling_shops(*, product: Product, at: datetime) -> list[SellingShop]:
    """Return the shops that sell a product, the most first. Three queries."""
    sales = _sales(_lines([product.pk], at), "order__adviser", at)
    having = set(
        ShopItem.objects.filter(product=product, shop__is_open=True).values_list("shop", flat=True)[: SHOPS_MAX * 10]
    )
    names = dict(Shop.objects.filter(pk__in=having | set(sales)).values_list("pk", "name"))
    rows = [SellingShop(name, owner in having, sales.get(owner, Sales())) for owner, name in names.items()]
    rows.sort(key=lambda row: (-row.sales.net_90_fen, row.name))
    others = [found for owner, found in sales.items() if owner not in names]
    if others:
        total = Sales(*(sum(getattr(one, name) for one in others) for name in Sales.__slots__))
        rows.append(SellingShop("", has_it=False, sales=total))
    return rows[:SHOPS_MAX]


def commission_placed(*, product_id: int, since: datetime) -> int:
    """Return the commission, in fen, that orders for a product placed since then carry: those not cancelled, less
    what was refunded."""
    lines = OrderLine.objects.filter(sku__product=product_id, commission_bps__gt=0, order__placed_at__gte=since)
    each = (F("paid_fen") - F("refunded_fen")) * F("commission_bps") / 10_000
    found = lines.exclude(order__state=OrderState.CANCELLED).aggregate(total=Sum(each))["total"]
    return int(found or 0)


def budgets_for(*, product_ids: Collection[int]) -> Mapping[int, CommissionBudget]:
    """Return the budgets of products that have one."""
    return CommissionBudget.objects.in_bulk(product_ids)


def open_offers(*, at: datetime) -> QuerySet[SellingOffer]:
    """Return the offers that shopkeepers are shown: open, of goods on the shelf that pay something."""
    return SellingOffer.objects.filter(
        ended_at=None,
        until_date__gte=at.astimezone(SHANGHAI).date(),
        product__is_published=True,
        product__commission_bps__gt=0,
        supplier__is_active=True,
    )


def offers_for(*, product_ids: Collection[int], at: datetime) -> Mapping[int, str]:
    """Return what suppliers say to shopkeepers about products, of those that are offered."""
    return dict(open_offers(at=at).filter(product__in=product_ids).values_list("product", "words"))


def newest_offers(*, limit: int, at: datetime) -> list[SellingOffer]:
    """Return the newest offers with their products."""
    return list(open_offers(at=at).select_related("product", "supplier").order_by("-opened_at")[:limit])


def samples_of(*, member: Any) -> QuerySet[SampleRequest]:
    """Return a shopkeeper's own requests, newest first."""
    return SampleRequest.objects.filter(member=member).select_related("product", "sku").order_by("-asked_at", "-pk")


def asked_samples(*, member: Any, product_ids: Collection[int]) -> set[int]:
    """Return of products those of which the member has an open request."""
    own = SampleRequest.objects.filter(member=member, product__in=product_ids, state__in=OPEN_SAMPLES)
    return set(own.values_list("product", flat=True))


def _lines(product_ids: Collection[int], at: datetime) -> QuerySet[OrderLine]:
    """Return what shopkeepers sold of products and was paid for in the longer of the two periods."""
    since = at - timedelta(days=LONG_DAYS)
    return OrderLine.objects.filter(
        sku__product__in=product_ids, order__adviser__isnull=False, order__paid_at__gte=since, order__paid_at__lte=at
    )


def _sales(lines: QuerySet[OrderLine], by: str, at: datetime) -> dict[int, Sales]:
    short = Q(order__paid_at__gte=at - timedelta(days=SHORT_DAYS))
    net = F("paid_fen") - F("refunded_fen")
    rows = lines.values(by).annotate(
        orders_90=Count("order", distinct=True),
        net_90=Sum(net),
        orders_30=Count("order", distinct=True, filter=short),
        net_30=Sum(net, filter=short),
    )
    return {row[by]: Sales(row["orders_30"], row["net_30"] or 0, row["orders_90"], row["net_90"] or 0) for row in rows}


def _counted(rows: QuerySet[Any], by: str) -> defaultdict[int, int]:
    found = rows.order_by().values(by).annotate(found=Count("pk")).values_list(by, "found")
    return defaultdict(int, found)
