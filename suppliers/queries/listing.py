"""Goods by what somebody wants: words, category, brand, supplier, price, stock, freight; in an order; page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from suppliers.models import Brand, Category, Product, Sku, Supplier
from suppliers.rules import folded, groups_of, is_latin, query_of

from .shelf import ProductCard, cards_of, published_products

# Letters of the keyboard that may stand anywhere in a name in pinyin.
PART_MIN = 4
# A match in a name is worth some 600, what sells well up to 200 more; what is sold out goes behind.
SALES_WEIGHT_MAX = 200
SOLD_OUT_WEIGHT = -1_000


class Sort(StrEnum):
    """The orders of a list; the first is the shelf's own, or among results the best match. By commission is for
    shopkeepers: the most that one piece pays."""

    BEST = ""
    SALES = "sales"
    CHEAP = "price"
    DEAR = "-price"
    NEW = "new"
    COMMISSION = "commission"


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list is to show. Prices bound a product's lowest price, both ends included."""

    text: str = ""
    category: Category | None = None
    brand: Brand | None = None
    supplier: Supplier | None = None
    low_fen: int | None = None
    high_fen: int | None = None
    in_stock: bool = False
    free_freight: bool = False
    packs: bool = False
    commissioned: bool = False
    sort: Sort = Sort.BEST


def listing(*, selection: Selection, start: int = 0, limit: int, at: datetime) -> list[ProductCard]:
    """Return the products of a selection in its order, from the `start`-th on. Two queries, three with gift packs."""
    rows = _ordered(_selected(selection), selection)
    return cards_of(rows[start : start + limit], at=at)


def listing_count(*, selection: Selection) -> int:
    """Return how many products a selection has."""
    return _selected(selection).order_by().count()


def brands_among(*, selection: Selection, limit: int = 20) -> list[Brand]:
    """Return the brands of a selection, the one with the most goods first."""
    among = _selected(selection).order_by().values("brand")
    found = Brand.objects.filter(pk__in=among)
    return list(found.order_by("name")[:limit])


def brand_by_slug(*, slug: str) -> Brand | None:
    """Return one brand."""
    return Brand.objects.filter(slug=slug).first()


def supplier_by_slug(*, slug: str) -> Supplier | None:
    """Return one supplier that sells here."""
    return Supplier.objects.filter(slug=slug, is_active=True).first()


def _selected(selection: Selection) -> QuerySet[Product]:
    rows = published_products()
    if selection.text:
        rows = rows.filter(_matches(selection.text))
    if selection.category is not None:
        top = selection.category
        rows = rows.filter(category__tree_id=top.tree_id, category__lft__range=(top.lft, top.rght))
    if selection.brand is not None:
        rows = rows.filter(brand=selection.brand)
    if selection.supplier is not None:
        rows = rows.filter(supplier=selection.supplier)
    if selection.low_fen is not None:
        rows = rows.filter(lowest_price_fen__gte=selection.low_fen)
    if selection.high_fen is not None:
        rows = rows.filter(lowest_price_fen__lte=selection.high_fen)
    if selection.in_stock:
        rows = rows.filter(_is_left())
    if selection.free_freight:
        rows = rows.filter(freight_template=None)
    if selection.commissioned:
        rows = rows.filter(commission_bps__gt=0)
    if selection.packs:
        rows = rows.filter(Exists(Sku.objects.filter(product=OuterRef("pk"), is_gift_pack=True, is_active=True)))
    return rows


def _ordered(rows: QuerySet[Product], selection: Selection) -> QuerySet[Product]:
    orders: dict[Sort, Sequence[Any]] = {
        Sort.SALES: ("-sales_count", "-id"),
        Sort.CHEAP: (F("lowest_price_fen").asc(nulls_last=True), "id"),
        Sort.DEAR: (F("lowest_price_fen").desc(nulls_last=True), "-id"),
        Sort.NEW: ("-id",),
        Sort.COMMISSION: (_commission().desc(), "-id"),
    }
    if selection.sort in orders:
        return rows.order_by(*orders[selection.sort])
    if selection.text:
        return rows.order_by(_score(selection.text).desc(), "id")
    return rows


def _commission() -> Any:
    """What the dearest SKU of a product pays its shopkeeper, times ten thousand; nothing for gift packs."""
    dearest = (
        Sku.objects.filter(product=OuterRef("pk"), is_active=True)
        .order_by()
        .values("product")
        .annotate(dearest=Max("sale_price_fen"))
        .values("dearest")
    )
    return Coalesce(Subquery(dearest), 0) * F("commission_bps")


def _matches(text: str) -> Q:
    """Products in which every word of a text is found; nothing where there is no word in it."""
    query = query_of(groups_of(text))
    if not query:
        return Q(pk__in=[])
    found = Q(_Matches(F("search__vector"), _TsQuery(Value(query))))
    letters = folded(text).replace(" ", "")
    if is_latin(letters) and len(letters) >= PART_MIN:
        found |= Q(search__pinyin__contains=letters)
    return found


def _score(text: str) -> Any:
    rank = _Rank(F("search__vector"), _TsQuery(Value(query_of(groups_of(text)))))
    left = Case(When(_is_left(), then=Value(0)), default=Value(SOLD_OUT_WEIGHT), output_field=IntegerField())
    return rank + _SalesWeight(F("sales_count")) + left


def _is_left() -> Exists:
    return Exists(Sku.objects.filter(product=OuterRef("pk"), is_active=True, on_hand__gt=F("reserved")))


class _TsQuery(Func):
    template = "%(expressions)s::tsquery"
    output_field = TextField()


class _Matches(Func):
    arg_joiner = " @@ "
    template = "%(expressions)s"
    output_field = BooleanField()


class _Rank(Func):
    template = "(ts_rank(%(expressions)s) * 1000)::integer"
    output_field = IntegerField()


class _SalesWeight(Func):
    template = f"least({SALES_WEIGHT_MAX}, (20 * ln(1 + %(expressions)s))::integer)"
    output_field = IntegerField()
