"""What is asked about the catalogue, prices and stock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Max, Prefetch, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from mptt.querysets import TreeQuerySet

from mall.core.built import Built, among, keep_prefetched
from mall.core.money import share_fen, yuan
from mall.core.seats import seat_of
from suppliers.models import Category, GiftPackTerms, Product, Promise, Sku, StockMovement, Supplier
from suppliers.rules import is_gift_pack_covered


@dataclass(frozen=True, slots=True)
class Offer:
    """What one SKU costs now, and how many can be had. Without a price it is not for sale."""

    sku: Sku
    price_fen: int | None
    available: int

    @property
    def is_for_sale(self) -> bool:
        return self.price_fen is not None and self.available > 0

    @property
    def commission_fen(self) -> int:
        """What a shopkeeper gets for selling one piece at this price. A gift pack carries none."""
        if self.price_fen is None or self.sku.is_gift_pack:
            return 0
        return share_fen(self.price_fen, self.sku.product.commission_bps)


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as a shelf shows it: its cheapest offer. `offer` is none where nothing of it has a price."""

    product: Product
    offer: Offer | None
    is_gift_pack: bool

    @property
    def tags(self) -> list[tuple[str, str]]:
        """What is said in a word or two, with the tone it is said in: `brand`, `jade` or none."""
        if self.is_gift_pack:
            return [(gettext("整份可退"), "jade")]
        said = [(self.freight_word, "brand")] if self.freight_word else []
        said += [(str(Promise(code).label), "jade") for code in self.product.promises if code == Promise.AUTHENTIC]
        if self.product.returnable:
            said.append((gettext("7天无理由"), ""))
        said += [(str(Promise(code).label), "") for code in self.product.promises if code != Promise.AUTHENTIC]
        return said

    @property
    def freight_word(self) -> str:
        """`包邮`, `满99包邮`, or nothing."""
        template = self.product.freight_template
        if template is None:
            return gettext("包邮")
        if template.free_above_fen is None:
            return ""
        return gettext("满%(yuan)s包邮") % {"yuan": short_yuan(template.free_above_fen)}


def gift_pack_terms(*, at: datetime) -> GiftPackTerms | None:
    """Return the terms in force at an instant; none before there were any, or where gift packs are not for sale."""
    terms = GiftPackTerms.objects.filter(starts_at__lte=at).order_by("-starts_at", "-id").first()
    return terms if terms is not None and terms.price_fen is not None else None


def price_fen(*, sku: Sku, terms: GiftPackTerms | None) -> int | None:
    """Return what a SKU costs. None where it is not for sale: a gift pack without terms, or not covered by them."""
    if not sku.is_gift_pack:
        return sku.sale_price_fen
    if terms is None or terms.price_fen is None:
        return None
    covered = is_gift_pack_covered(
        price_fen=terms.price_fen, supply_price_fen=sku.supply_price_fen, worst_case_fen=terms.worst_case_fen
    )
    return terms.price_fen if covered else None


def offers(*, product: Product, at: datetime) -> list[Offer]:
    """Return the offers of a product's active SKUs in their order. Uses what `product` has prefetched; terms are asked
    for only where there is a gift pack."""
    active = [sku for sku in product.skus.all() if sku.is_active]
    terms = gift_pack_terms(at=at) if any(sku.is_gift_pack for sku in active) else None
    return [_offer(sku, terms) for sku in active]


def offer_of(*, sku_id: int, at: datetime) -> Offer | None:
    """Return the offer of one SKU that is on the shelf, its product and supplier loaded."""
    sku = orderable_skus(sku_ids=[sku_id]).first()
    return None if sku is None else _offer(sku, gift_pack_terms(at=at))


def orderable_skus(*, sku_ids: list[int]) -> QuerySet[Sku]:
    """Return those of the SKUs that are on the shelf: active, of a published product of an active supplier."""
    return Sku.objects.select_related("product__supplier").filter(
        pk__in=sku_ids, is_active=True, product__is_published=True, product__supplier__is_active=True
    )


def shelf(
    *,
    category: Category | None = None,
    supplier: Supplier | None = None,
    start: int = 0,
    limit: int | None = None,
    at: datetime,
) -> list[ProductCard]:
    """Return products on the shelf in their order, each with its cheapest offer: of a category and all below it, of one
    supplier, from the `start`-th on."""
    products = published_products()
    if category is not None:
        products = products.filter(category__in=category.get_descendants(include_self=True))
    if supplier is not None:
        products = products.filter(supplier=supplier)
    return cards_of(products[start : None if limit is None else start + limit], at=at)


def cards_of(products: Iterable[Product], *, at: datetime) -> list[ProductCard]:
    """Return products, their SKUs prefetched, as a shelf shows them. Terms are asked for only where a gift pack is
    among them."""
    rows = list(products)
    packs = any(sku.is_gift_pack for product in rows for sku in product.skus.all())
    terms = gift_pack_terms(at=at) if packs else None
    return [_card(product, terms) for product in rows]


def best_sellers(*, limit: int, at: datetime) -> list[ProductCard]:
    """Return the ordinary goods that were bought most, each with its cheapest offer."""
    products = published_products().filter(sales_count__gt=0, lowest_price_fen__isnull=False)
    return cards_of(products.order_by("-sales_count", "id")[:limit], at=at)


def load_skus(products: Sequence[Product]) -> None:
    """Load the SKUs of products, as `prefetch_related` would, by a query that is built once."""
    own: dict[int, list[Sku]] = {product.pk: [] for product in products}
    for sku in _SKUS.rows(products=list(own)):
        own[sku.product_id].append(sku)
    for product in products:
        for sku in own[product.pk]:
            sku.product = product
        keep_prefetched(product, "skus", own[product.pk])


def cards_by_id(product_ids: Sequence[int], *, at: datetime, also: Sequence[Product] = ()) -> list[ProductCard]:
    """Return products that are on the shelf as it shows them, in the order of their ids as given. The SKUs of `also`
    are loaded on the way."""
    found = {product.pk: product for product in _SHELVED.rows(ids=list(product_ids))}
    products = [found[product_id] for product_id in product_ids if product_id in found]
    load_skus([*products, *also])
    return cards_of(products, at=at)


def card_of(*, product: Product, at: datetime) -> ProductCard:
    """Return one product as a shelf shows it. Uses what `product` has prefetched."""
    return cards_of([product], at=at)[0]


def gift_packs(*, at: datetime) -> list[ProductCard]:
    """Return the gift packs that are for sale."""
    terms = gift_pack_terms(at=at)
    if terms is None:
        return []
    products = published_products().filter(skus__is_gift_pack=True, skus__is_active=True).distinct()
    return [card for card in (_card(product, terms) for product in products) if card.offer is not None]


def published_products(*, also_off: bool = False) -> QuerySet[Product]:
    """Return what is on the shelf, with all that a shelf shows of it loaded; `also_off`: also what is not."""
    rows = Product.objects.all() if also_off else Product.objects.filter(is_published=True, supplier__is_active=True)
    return (
        rows.select_related("supplier", "category", "brand", "freight_template")
        .prefetch_related(Prefetch("skus", Sku.objects.order_by("sale_price_fen", "id")))
        .order_by("position", "-sales_count", "id")
    )


def most_sold_with_commission(*, at: datetime) -> ProductCard | None:
    """Return what sells best of all that carries a commission."""
    products = published_products().filter(commission_bps__gt=0, lowest_price_fen__isnull=False)
    return next(iter(cards_of(products.order_by("-sales_count", "id")[:1], at=at)), None)


def highest_commission_bps() -> int:
    """Return the highest commission that anything on the shelf carries."""
    shown = Product.objects.filter(is_published=True, supplier__is_active=True, commission_bps__gt=0)
    return shown.aggregate(most=Max("commission_bps"))["most"] or 0


def unpictured_products() -> QuerySet[Product]:
    """Return the products that have no picture, with their suppliers."""
    return Product.objects.filter(image="").select_related("supplier").order_by("pk")


def product_by_slug(*, slug: str) -> Product | None:
    """Return one product that is on the shelf."""
    return published_products().filter(slug=slug).first()


def categories() -> TreeQuerySet:
    """Return the category tree, each node before its children."""
    tree: TreeQuerySet = Category.objects.all().order_by("tree_id", "lft")
    return tree


def stocked_categories() -> TreeQuerySet:
    """Return the top categories in which something is on the shelf."""
    return categories().filter(parent=None, tree_id__in=published_products().order_by().values("category__tree_id"))


def category_by_slug(*, slug: str) -> Category | None:
    """Return one category."""
    return Category.objects.filter(slug=slug).first()


def supplier_of(*, member: object) -> Supplier | None:
    """Return the supplier at which a member has a seat that is not suspended."""
    seat = seat_of(member)
    return seat.supplier if seat is not None else None


def short_skus(*, supplier: Supplier, below: int = 10) -> QuerySet[Sku]:
    """Return a supplier's SKUs on sale of which fewer than `below` can still be ordered."""
    return Sku.objects.filter(
        product__supplier=supplier, product__is_published=True, is_active=True, on_hand__lt=F("reserved") + below
    )


def movements(*, sku: Sku) -> QuerySet[StockMovement]:
    """Return a SKU's movements, newest first."""
    return StockMovement.objects.filter(sku=sku).select_related("by").order_by("-at", "-id")


def miscounted_skus() -> QuerySet[Sku]:
    """Return SKUs whose stock is not the sum of their movements. There should be none."""
    return (
        Sku.objects.annotate(
            moved_on_hand=Coalesce(Sum("movements__on_hand_delta"), 0),
            moved_reserved=Coalesce(Sum("movements__reserved_delta"), 0),
        )
        .exclude(on_hand=F("moved_on_hand"), reserved=F("moved_reserved"))
        .order_by("id")
    )


def _skus(products: list[int]) -> QuerySet[Sku]:
    return Sku.objects.filter(among('"suppliers_sku"."product_id"', products)).order_by("sale_price_fen", "id")


def _shelved(ids: list[int]) -> QuerySet[Product]:
    return published_products().filter(among('"suppliers_product"."id"', ids)).order_by()


_SKUS = Built(_skus, products=list)
_SHELVED = Built(_shelved, ids=list)


def _offer(sku: Sku, terms: GiftPackTerms | None) -> Offer:
    return Offer(sku=sku, price_fen=price_fen(sku=sku, terms=terms), available=sku.available)


def _card(product: Product, terms: GiftPackTerms | None) -> ProductCard:
    own = [_offer(sku, terms) for sku in product.skus.all() if sku.is_active]
    priced = [offer for offer in own if offer.price_fen is not None]
    # Something that can be had goes before something sold out, then the cheaper one.
    best = min(priced, key=lambda offer: (offer.available <= 0, offer.price_fen or 0), default=None)
    return ProductCard(product=product, offer=best, is_gift_pack=any(offer.sku.is_gift_pack for offer in own))


def names_of(supplier_ids: list[int]) -> dict[int, str]:
    """Return the names of these suppliers."""
    return dict(Supplier.objects.filter(pk__in=supplier_ids).values_list("pk", "name"))


def short_yuan(fen: int) -> str:
    """Return whole yuan without sign and cents: `99`; with cents where there are some."""
    return yuan(fen).removeprefix("¥").removesuffix(".00")
