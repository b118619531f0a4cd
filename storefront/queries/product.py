"""A product's page in few queries: what it shows of itself, and what it knows of its visitor."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import JSONObject

from members.models import Address, Member
from orders.models import CartItem, OrderLine
from suppliers.models import Favourite, MediaKind, Product, ProductMedia, Qualification, QualificationKind, Sku

DRAWN = "/hero-750.webp"
DRAWN_VIEWS = ("hero", "scene", "detail", "packing")


@dataclass(frozen=True, slots=True)
class View:
    """One picture or film of the gallery."""

    path: str
    alt: str = ""
    poster: str = ""
    is_video: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """One qualification as the page shows it."""

    kind_label: str
    text: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """What a product's page knows of a member: whether it is kept, where it would be sent, what is in the cart."""

    is_favourite: bool = False
    cart_count: int = 0
    province: str = ""
    place: str = ""


def product_page(*, slug: str, member: Member | None, today: date) -> tuple[Product, bool] | None:
    """Return a product with all that its page shows, papers that are valid today, and whether it is off the shelf.

    What is off the shelf is found only for those who bought or kept it.
    """
    found = (
        Product.objects.filter(slug=slug)
        .select_related("supplier", "category", "brand", "review_summary")
        .prefetch_related(Prefetch("skus", Sku.objects.order_by("sale_price_fen", "id")))
        .annotate(media_rows=_media(), paper_rows=_papers(today))
        .first()
    )
    if found is None:
        return None
    is_off = not found.is_published or not found.supplier.is_active
    if is_off and (member is None or not _had(found, member)):
        return None
    return found, is_off


def gallery(product: Any) -> list[View]:
    """Return the gallery of a product from `product_page`: its own rows, else the views that belong to a drawn hero."""
    if product.media_rows:
        return [
            View(path=row["path"], alt=row["alt"], poster=row["poster"], is_video=row["kind"] == MediaKind.VIDEO)
            for row in product.media_rows
        ]
    if not product.image.endswith(DRAWN):
        return [View(path=product.image)]
    folder = product.image.removesuffix(DRAWN)
    return [View(path=f"{folder}/{view}-750.webp") for view in DRAWN_VIEWS]


def papers(product: Any) -> list[Paper]:
    """Return the qualifications of a product from `product_page` and of its supplier."""
    labels = dict(QualificationKind.choices)
    return [
        Paper(
            kind_label=str(labels.get(row["kind"], row["kind"])),
            text=" ".join(filter(None, (row["title"], row["number"]))),
        )
        for row in product.paper_rows
    ]


def visitor_of(*, product: Product, member: Member | None) -> Visitor:
    """Return what the page knows of its visitor, by one query."""
    if member is None:
        return Visitor()
    home = Address.objects.filter(member=OuterRef("pk"), is_default=True, deleted_at=None)
    cart = CartItem.objects.filter(member=OuterRef("pk")).order_by().values("member").annotate(count=Count("pk"))
    keeps, place, count = (
        Member.objects.filter(pk=member.pk)
        .annotate(
            keeps=Exists(Favourite.objects.filter(member=OuterRef("pk"), product=product)),
            home=Subquery(home.values(json=JSONObject(province="province", city="city", district="district"))[:1]),
            in_cart=Subquery(cart.values("count")),
        )
        .values_list("keeps", "home", "in_cart")
        .get()
    )
    parts = (place["province"], place["city"], place["district"]) if place else ("", "", "")
    return Visitor(
        is_favourite=keeps,
        cart_count=count or 0,
        province=parts[0],
        place=" ".join(part for part in dict.fromkeys(parts) if part),
    )


def _had(product: Product, member: Member) -> bool:
    bought = OrderLine.objects.filter(order__member=member, order__paid_at__isnull=False, sku__product=product)
    return bought.exists() or Favourite.objects.filter(member=member, product=product).exists()


def _media() -> ArraySubquery:
    rows = ProductMedia.objects.filter(product=OuterRef("pk")).order_by("-kind", "position", "id")
    return ArraySubquery(rows.values(json=JSONObject(kind="kind", path="path", poster="poster", alt="alt")))


def _papers(today: date) -> ArraySubquery:
    rows = Qualification.objects.filter(
        Q(product=OuterRef("pk")) | Q(product=None, supplier=OuterRef("supplier")),
        Q(valid_until=None) | Q(valid_until__gte=today),
    ).order_by("product", "id")
    return ArraySubquery(rows.values(json=JSONObject(kind="kind", title="title", number="number")))
