"""Suppliers, categories, products and SKUs, and the terms on which gift packs are sold."""

from datetime import datetime
from typing import Any

from django.db import transaction

from suppliers.models import Category, GiftPackTerms, Product, Sku, Supplier, SupplierUser

from .stock import receive_stock


def open_supplier(*, name: str, seal: str, slug: str, hue: int) -> Supplier:
    """Add a supplier."""
    return Supplier.objects.create(name=name, seal=seal, slug=slug, hue=hue)


def seat_member(*, supplier: Supplier, member: Any) -> SupplierUser:
    """Give a member the seat that opens `/supplier/` for this supplier. A member has one at most."""
    return SupplierUser.objects.create(supplier=supplier, member=member)


def add_category(
    *, name: str, slug: str, parent: Category | None = None, silhouette: str = "", position: int = 0
) -> Category:
    """Add a node of the category tree."""
    return Category.objects.create(name=name, slug=slug, parent=parent, silhouette=silhouette, position=position)


def add_product(
    *,
    supplier: Supplier,
    category: Category,
    name: str,
    slug: str,
    subtitle: str = "",
    label: str = "",
    silhouette: str = "",
    hue: int = 20,
    origin: str = "",
    detail: list[dict[str, str]] | None = None,
    image: str = "",
    is_published: bool = True,
    position: int = 0,
) -> Product:
    """Add a product; `detail` are blocks of `{"title", "text"}`."""
    return Product.objects.create(
        supplier=supplier,
        category=category,
        name=name,
        slug=slug,
        subtitle=subtitle,
        label=label,
        silhouette=silhouette,
        hue=hue,
        origin=origin,
        detail=detail or [],
        image=image,
        is_published=is_published,
        position=position,
    )


def publish_product(*, product: Product, is_published: bool) -> None:
    """Put a product on the shelf, or take it off: what is ordered already stays ordered."""
    Product.objects.filter(pk=product.pk).update(is_published=is_published)


def add_sku(
    *,
    product: Product,
    code: str,
    spec: str,
    supply_price_fen: int,
    list_price_fen: int,
    sale_price_fen: int | None,
    on_hand: int,
    at: datetime,
    is_gift_pack: bool = False,
) -> Sku:
    """Add a SKU with its first stock. A gift pack has no sale price: it costs what the terms in force say."""
    with transaction.atomic():
        sku = Sku.objects.create(
            product=product,
            code=code,
            spec=spec,
            supply_price_fen=supply_price_fen,
            list_price_fen=list_price_fen,
            sale_price_fen=sale_price_fen,
            is_gift_pack=is_gift_pack,
        )
        if on_hand:
            receive_stock(sku=sku, quantity=on_hand, at=at)
            sku.refresh_from_db(fields=["on_hand", "reserved"])
    return sku


def set_gift_pack_terms(
    *,
    starts_at: datetime,
    price_fen: int | None,
    worst_case_fen: int,
    cooling_off_days: int,
    plan_version: int | None,
) -> GiftPackTerms:
    """Say on what terms gift packs are sold from `starts_at` on; without a price they are not for sale."""
    return GiftPackTerms.objects.create(
        starts_at=starts_at,
        price_fen=price_fen,
        worst_case_fen=worst_case_fen,
        cooling_off_days=cooling_off_days,
        plan_version=plan_version,
    )
