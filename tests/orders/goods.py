"""Goods of several kinds, and what sending them costs."""

from mall.core.ids import random_code
from suppliers.commands import add_sku
from suppliers.models import FreightTemplate, Product, Sku
from tests.factories import AT


def a_sku_of(product: Product) -> Sku:
    """Another SKU of the product."""
    code = random_code()
    return add_sku(
        product=product,
        code=code,
        spec=code,
        supply_price_fen=1_000,
        list_price_fen=2_000,
        sale_price_fen=2_000,
        on_hand=50,
        at=AT,
    )


def send_for(sku: Sku, *, first_fee_fen: int = 0, unserved: tuple[str, ...] | list[str] = ()) -> None:
    """Have the SKU's product sent by a template."""
    template = FreightTemplate.objects.create(
        supplier=sku.product.supplier,
        name="普通快递",
        charged_by="piece",
        first_unit=1,
        first_fee_fen=first_fee_fen,
        step_unit=1,
        step_fee_fen=0,
        unserved=list(unserved),
    )
    Product.objects.filter(pk=sku.product_id).update(freight_template=template)
