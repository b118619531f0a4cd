"""Goods for the tests of lists."""

from typing import Any

from suppliers.commands import add_product, add_sku
from suppliers.models import Category, Product, Supplier
from tests.factories import AT


def a_good(name: str, *, supplier: Supplier, category: Category, price_fen: int = 6_800, **parts: Any) -> Product:
    """Put a product with one SKU on the shelf."""
    number = Product.objects.count()
    on_hand = parts.pop("on_hand", 5)
    product = add_product(supplier=supplier, category=category, name=name, slug=f"good-{number}", **parts)
    add_sku(
        product=product,
        code=f"GOOD-{number}",
        spec="一盒",
        supply_price_fen=1,
        list_price_fen=price_fen + 1,
        sale_price_fen=price_fen,
        on_hand=on_hand,
        at=AT,
    )
    product.refresh_from_db()
    return product
