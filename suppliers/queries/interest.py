"""What members like, looked at and wait for, and what may please them: plain SQL over kept rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, F, Max, OuterRef, QuerySet

from mall.core.statements import run
from suppliers.models import ArrivalNotice, Favourite, Product, ProductView, Sku

from .shelf import ProductCard, cards_by_id, cards_of, published_products

# Which products of a choice stand on the shelf and can be had. Goods are looked for product by product, never by a join
# over all of them: hence a scalar query.
_TO_BE_HAD = """
    p.is_published AND p.lowest_price_fen IS NOT NULL
    AND EXISTS (SELECT FROM suppliers_supplier s WHERE s.id = p.supplier_id AND s.is_active)
    AND (SELECT true FROM suppliers_sku k
        WHERE k.product_id = p.id AND k.is_active AND k.on_hand > k.reserved LIMIT 1)
"""


@cache
def _related(limit: int) -> str:
    """Return the text for so many: of each kind only the best come into question, found by an index; those who bought
    both count double. How many are wanted stands in the text, so that the planner knows how few they are."""
    best, some = "ORDER BY sales_count DESC, id", f"LIMIT {limit + 1:d}"
    return f"""
    WITH pair AS (
        SELECT other_id AS id, sum(people * CASE kind WHEN 'bought' THEN 2 ELSE 1 END) AS weight
        FROM suppliers_productpair WHERE product_id = %(product)s::bigint GROUP BY other_id
    ),
    choice AS (
        SELECT id FROM pair
        UNION
        (SELECT id FROM suppliers_product p WHERE category_id = %(category)s::bigint AND {_TO_BE_HAD} {best} {some})
        UNION
        (SELECT id FROM suppliers_product p WHERE supplier_id = %(supplier)s::bigint AND {_TO_BE_HAD} {best} {some})
        UNION
        (SELECT id FROM suppliers_product p WHERE {_TO_BE_HAD} {best} DESC {some})
    )
    SELECT p.id FROM choice JOIN suppliers_product p USING (id) LEFT JOIN pair USING (id)
    WHERE p.id <> %(product)s::bigint AND {_TO_BE_HAD}
    ORDER BY coalesce(pair.weight, 0) DESC,
        CASE p.category_id WHEN %(category)s::bigint THEN 2 ELSE (p.supplier_id = %(supplier)s::bigint)::int END DESC,
        p.sales_count DESC, p.id
    LIMIT {limit:d}
    """


@dataclass(frozen=True, slots=True)
class Kept:
    """A product that a member keeps: as it is now, since when, and how its price has moved (none: no price)."""

    card: ProductCard
    added_at: datetime
    is_for_sale: bool
    change_fen: int | None

    @property
    def drop_fen(self) -> int:
        """How much less it costs now."""
        return max(0, -(self.change_fen or 0))


@dataclass(frozen=True, slots=True)
class Seen:
    """A product that a member looked at, and when last."""

    card: ProductCard
    at: datetime


@dataclass(frozen=True, slots=True)
class Because:
    """What may please somebody who looked at `product`."""

    product: Product
    cards: list[ProductCard]


def favourites(*, member: Any, start: int = 0, limit: int | None = None, at: datetime) -> list[Kept]:
    """Return what a member keeps, the latest first, also what is off the shelf by now."""
    rows = list(
        Favourite.objects.filter(member=member)
        .select_related("product__supplier")
        .order_by("-added_at", "-id")[start : _end(start, limit)]
    )
    cards = _cards([row.product_id for row in rows], at=at)
    kept = []
    for row in rows:
        card = cards[row.product_id]
        price = card.offer.price_fen if card.offer else None
        both = price is not None and row.price_fen is not None
        is_up = row.product.is_published and row.product.supplier.is_active
        is_for_sale = is_up and card.offer is not None and card.offer.is_for_sale
        change = (price or 0) - (row.price_fen or 0) if both else None
        kept.append(Kept(card=card, added_at=row.added_at, is_for_sale=is_for_sale, change_fen=change))
    return kept


def favourite_count(*, member: Any) -> int:
    """Return how many products a member keeps."""
    return Favourite.objects.filter(member=member).count()


def favourite_ids(*, member: Any, product_ids: Iterable[int]) -> set[int]:
    """Return those of the products that a member keeps."""
    rows = Favourite.objects.filter(member=member, product__in=list(product_ids))
    return set(rows.values_list("product_id", flat=True))


def viewed(*, member: Any, start: int = 0, limit: int | None = None, at: datetime) -> list[Seen]:
    """Return what a member looked at and is still on the shelf, each product once, the latest first."""
    rows = list(
        ProductView.objects.filter(member=member, product__is_published=True, product__supplier__is_active=True)
        .order_by()
        .values("product_id")
        .annotate(last=Max("at"))
        .order_by("-last", "product_id")[start : _end(start, limit)]
    )
    cards = _cards([row["product_id"] for row in rows], at=at)
    return [Seen(card=cards[row["product_id"]], at=row["last"]) for row in rows]


def waits_for(*, member: Any, sku: Sku) -> bool:
    """Say whether a member waits to hear that a SKU can be had again."""
    return ArrivalNotice.objects.filter(member=member, sku=sku, notified_at=None).exists()


def related(*, product: Product, limit: int, at: datetime, also: Sequence[Product] = ()) -> list[ProductCard]:
    """Return what goes with a product: what the same people bought, then what they looked at, then what else is of its
    category, of its supplier, and sells best. Never the product itself, nor what nobody can buy.

    The SKUs of `also` are loaded on the way.
    """
    with connection.cursor() as cursor:
        of = {"product": product.pk, "category": product.category_id, "supplier": product.supplier_id}
        run(cursor, _related(limit), of, keep=True)
        ids = [product_id for (product_id,) in cursor.fetchall()]
    return cards_by_id(ids, at=at, also=also)


def because_you_looked(
    *, limit: int, at: datetime, member: Any = None, visitor_hash: str = "", without: Sequence[int] = ()
) -> Because | None:
    """Return what goes with the product that somebody looked at last; none for who looked at nothing.

    The caller has made sure that the visitor wants to be shown such things.
    """
    if member is None and not visitor_hash:
        return None
    views = (
        ProductView.objects.filter(member=member) if member else ProductView.objects.filter(visitor_hash=visitor_hash)
    )
    last = (
        views.filter(product__is_published=True, product__supplier__is_active=True)
        .exclude(product__in=list(without))
        .select_related("product")
        .order_by("-at", "-id")
        .first()
    )
    if last is None:
        return None
    cards = related(product=last.product, limit=limit, at=at)
    return Because(product=last.product, cards=cards) if cards else None


def recommended(*, start: int = 0, limit: int, at: datetime, without: Sequence[int] = ()) -> list[ProductCard]:
    """Return what sells best and can be had, from the `start`-th on, the same for everybody."""
    found = _to_be_had().exclude(pk__in=list(without)).order_by("-sales_count", "id")
    return cards_of(found[start : start + limit], at=at)


def new_goods(*, limit: int, at: datetime) -> list[ProductCard]:
    """Return what came to the shelf last and can be had."""
    return cards_of(_to_be_had().order_by("-id")[:limit], at=at)


def _to_be_had() -> QuerySet[Product]:
    """Ordinary goods on the shelf of which something is left."""
    left = Sku.objects.filter(product=OuterRef("pk"), is_active=True, on_hand__gt=F("reserved"))
    return published_products().filter(Exists(left), lowest_price_fen__isnull=False)


def _cards(product_ids: list[int], *, at: datetime) -> dict[int, ProductCard]:
    found = published_products(also_off=True).filter(pk__in=product_ids)
    return {card.product.pk: card for card in cards_of(found, at=at)}


def _end(start: int, limit: int | None) -> int | None:
    return None if limit is None else start + limit
