"""A product's page in few queries: what it shows of itself, and what it knows of its visitor."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from mall.core.built import Built
from mall.core.statements import run
from members.models import Member
from orders.models import OrderLine
from suppliers.models import Favourite, MediaKind, PaperState, Product, ProductMedia, Qualification, QualificationKind

_VISITOR = """
SELECT EXISTS (SELECT FROM suppliers_favourite WHERE member_id = visitor.id AND product_id = %(product)s::bigint),
    (SELECT count(*) FROM orders_cartitem WHERE member_id = visitor.id), home.province, home.city, home.district
FROM (SELECT %(member)s::bigint AS id) AS visitor
LEFT JOIN members_address home ON home.member_id = visitor.id AND home.is_default AND home.deleted_at IS NULL
"""
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
    """Return a product with all that its page shows, papers that are valid today, and whether it is off the shelf; its
    SKUs are still to be loaded.

    What is off the shelf is found only for those who bought or kept it.
    """
    found = _PAGE.first(slug=slug, today=today)
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
    with connection.cursor() as cursor:
        run(cursor, _VISITOR, {"member": member.pk, "product": product.pk}, keep=True)
        keeps, count, *parts = cursor.fetchone()
    return Visitor(
        is_favourite=keeps,
        cart_count=count,
        province=parts[0] or "",
        place=" ".join(part for part in dict.fromkeys(parts) if part),
    )


def _page(slug: str, today: date) -> QuerySet[Product]:
    rows = Product.objects.filter(slug=slug).select_related("supplier", "category", "brand", "review_summary")
    return rows.annotate(media_rows=_media(), paper_rows=_papers(today))


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
        state=PaperState.APPROVED,
    ).order_by("product", "id")
    return ArraySubquery(rows.values(json=JSONObject(kind="kind", title="title", number="number")))


_PAGE = Built(_page, slug=str, today=date)
