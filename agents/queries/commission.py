"""What a product pays its shopkeeper."""

from mall.core.money import share_fen
from suppliers.queries import ProductCard


def commission_fen(card: ProductCard) -> int:
    """Return the most that one piece of a product pays its shopkeeper: a SKU's price times the rate, rounded down."""
    rate = card.product.commission_bps
    prices = [sku.sale_price_fen for sku in card.product.skus.all() if sku.is_active and not sku.is_gift_pack]
    return max((share_fen(price, rate) for price in prices if price is not None), default=0)
