"""A member's shop, as its customers and as its owner see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.models import Persona, Shop, ShopItem, StockMark
from members.models import Member, Touch
from members.queries import referral_owner, relation_of, relation_policy, standing_touch
from suppliers.models import Product
from suppliers.queries import ProductCard, cards_of, published_products

from .commission import commission_fen
from .selling import may_sell
from .stock import stock_mark

PAGE = 20
RECOMMENDED = 3
ORDER = ("-is_pinned", "position", "id")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """A product of a shop as it is now, beside what its owner said of it and knows of it."""

    item: ShopItem
    card: ProductCard

    @property
    def left(self) -> int:
        """How many pieces can be had."""
        return sum(max(0, sku.available) for sku in self.card.product.skus.all() if sku.is_active)

    @property
    def commission_fen(self) -> int:
        return commission_fen(self.card)

    @property
    def is_on(self) -> bool:
        product = self.card.product
        return product.is_published and product.supplier.is_active

    @property
    def stock(self) -> StockMark:
        return stock_mark(self.left, is_on=self.is_on)


@dataclass(frozen=True, slots=True)
class ShopPage:
    """A shop as its customers see it: the goods that are on the shelf, a page of them."""

    shop: Shop
    items: list[ShownItem]
    has_more: bool


def own_shop(*, member: Member) -> Shop | None:
    """Return a member's own shop."""
    return Shop.objects.filter(owner=member).first()


def shop_of_code(*, code: str, at: datetime) -> Shop | None:
    """Return the shop at `/s/<code>`, its owner loaded: of a member who may sell. Whether it is open is the page's."""
    owner = referral_owner(code=code)
    if owner is None or not may_sell(member=owner, at=at):
        return None
    return Shop.objects.select_related("owner").filter(owner=owner).first()


def shop_of_visitor(*, member: Member | None, touch_id: int | None, at: datetime) -> Shop | None:
    """Return the open shop of whom a visitor came by: a member's adviser, or else by the newest touch that counts."""
    if member is None and touch_id is None:
        return None
    since = at - timedelta(days=relation_policy(at=at).touch_days)
    if member is not None:
        relation = relation_of(customer_id=member.pk, at=at)
        newest = Touch.objects.filter(member=member, at__gt=since).select_related("owner").order_by("-at", "-id")
        owner = relation.adviser if relation is not None else getattr(newest.first(), "owner", None)
    else:
        touch = standing_touch(touch_id=touch_id)
        owner = touch.owner if touch is not None and touch.at > since else None
    if owner is None or owner == member:
        return None
    shop = Shop.objects.select_related("owner").filter(owner=owner, is_open=True, items__isnull=False).first()
    return shop if shop is not None and may_sell(member=owner, at=at) else None


def shop_page(*, shop: Shop, page: int, at: datetime) -> ShopPage:
    """Return a page of a shop's goods that are on the shelf, in their order. Three queries, four with gift packs."""
    start = (page - 1) * PAGE
    on = ShopItem.objects.filter(shop=shop, product__is_published=True, product__supplier__is_active=True)
    rows = list(on.order_by(*ORDER)[start : start + PAGE + 1])
    return ShopPage(shop, _shown(rows[:PAGE], at), len(rows) > PAGE)


def recommended(*, member_id: int, limit: int = RECOMMENDED, at: datetime) -> list[ShownItem]:
    """Return the first goods of a member's shop that can be had."""
    on = ShopItem.objects.filter(
        shop=member_id, shop__is_open=True, product__is_published=True, product__supplier__is_active=True
    )
    return _shown(list(on.order_by(*ORDER)[:limit]), at)


def own_items(*, shop: Shop, at: datetime) -> list[ShownItem]:
    """Return all goods of a shop in their order, those that left the shelf too."""
    return _shown(list(ShopItem.objects.filter(shop=shop).order_by(*ORDER)), at)


def slugs_in_shop(*, member: Member) -> set[str]:
    """Return which products stand in a member's shop."""
    return set(ShopItem.objects.filter(shop=member.pk).values_list("product__slug", flat=True))


def own_item(*, member: Member, slug: str) -> ShopItem | None:
    """Return a product in a member's shop."""
    return ShopItem.objects.filter(shop=member.pk, product__slug=slug).first()


def item_of(*, member: Member, item_id: int) -> ShopItem | None:
    """Return one row of a member's own shop, its product loaded."""
    if item_id >= 2**63:
        return None
    return ShopItem.objects.select_related("product").filter(shop=member.pk, pk=item_id).first()


def product_names(*, slugs: list[str]) -> dict[str, str]:
    """Return the names of these products by slug, whether they are on the shelf or not."""
    return dict(Product.objects.filter(slug__in=slugs).values_list("slug", "name"))


def persona_of(*, member_id: int) -> Persona | None:
    """Return what a member says of itself."""
    return Persona.objects.filter(member=member_id).first()


def _shown(rows: list[ShopItem], at: datetime) -> list[ShownItem]:
    products = published_products(also_off=True).filter(pk__in=[row.product_id for row in rows])
    cards = {card.product.pk: card for card in cards_of(products, at=at)} if rows else {}
    return [ShownItem(row, cards[row.product_id]) for row in rows if row.product_id in cards]


def carried_by(*, product_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return which shopkeepers have these products in their shops: (member id, product id)."""
    rows = ShopItem.objects.filter(product_id__in=list(product_ids)).order_by("shop_id", "product_id")
    return list(rows.values_list("shop_id", "product_id"))
