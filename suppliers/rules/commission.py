"""What a shopkeeper gets for selling a product, and whether the price bears it."""

from mall.core.money import share_fen

COMMISSION_BPS_MAX = 5_000


def is_commission_covered(*, sale_price_fen: int, supply_price_fen: int, commission_bps: int) -> bool:
    """Say whether a price covers what its supplier gets and the retail commission of one piece."""
    return supply_price_fen + share_fen(sale_price_fen, commission_bps) <= sale_price_fen
