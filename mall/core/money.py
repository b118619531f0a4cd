"""Integer fen and basis points."""

from collections.abc import Sequence

BPS = 10_000
MINUS = "\u2212"


def yuan(fen: int) -> str:
    """Return `fen` as people read it: `¥1,234.50`, a negative amount with a true minus sign."""
    whole, cents = divmod(abs(fen), 100)
    return f"{MINUS if fen < 0 else ''}¥{whole:,}.{cents:02d}"


def percent(bps: int) -> str:
    """Return basis points as people read them: `20%`, `0.6%`."""
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def share_fen(amount_fen: int, rate_bps: int) -> int:
    """Return the share of a non-negative amount, rounded down to the fen."""
    return amount_fen * rate_bps // BPS


def split_fen(total_fen: int, weights: Sequence[int]) -> list[int]:
    """Split `total_fen` in proportion to `weights` so that the parts add up to it (largest remainder, first wins).

    Raises ValueError where there is no positive weight, or a negative one.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0 or total_fen < 0:
        raise ValueError("a split needs a total of at least zero and weights that are not negative and not all zero")
    parts = [total_fen * weight // whole for weight in weights]
    missing = total_fen - sum(parts)
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(total_fen * weights[index] % whole), index))
    for index in by_remainder[:missing]:
        parts[index] += 1
    return parts
