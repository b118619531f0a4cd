"""What a gift pack must leave after its costs, and what a price is."""

PRICE_FEN_MAX = 100_000_000


def is_gift_pack_covered(*, price_fen: int, supply_price_fen: int, worst_case_fen: int) -> bool:
    """Say whether a gift pack's price covers what its supplier gets and the most that it can pay out in rewards."""
    return supply_price_fen + worst_case_fen <= price_fen
