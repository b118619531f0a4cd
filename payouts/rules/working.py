"""What becomes of a gross amount."""

from dataclasses import dataclass

from mall.core.money import share_fen

from .taxes import FLAT, Earlier, Line, tax_lines


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A gross amount and what becomes of it, in fen: `amount_fen` = `fee_fen` + `tax_fen` + `net_fen`; `lines` are the
    working of the tax."""

    amount_fen: int
    fee_fen: int
    tax_fen: int
    net_fen: int
    lines: tuple[Line, ...] = ()


def work_out(*, amount_fen: int, fee_bps: int, tax_kind: str, tax_bps: int, earlier: Earlier) -> Breakdown:
    """Return what is withheld and what is paid out; the fee is a share of the gross, rounded down, and is no deduction
    from what is taxed."""
    fee_fen = share_fen(amount_fen, fee_bps)
    tax_fen, lines = tax_lines(
        kind=tax_kind, amount_fen=amount_fen, tax_bps=tax_bps, earlier=earlier, most_fen=amount_fen - fee_fen
    )
    return Breakdown(amount_fen, fee_fen, tax_fen, amount_fen - fee_fen - tax_fen, tuple(lines))


def breakdown(*, amount_fen: int, fee_bps: int, tax_bps: int) -> Breakdown:
    """Return what is withheld and what is paid out where fee and tax are each a share of the gross, rounded down."""
    return work_out(amount_fen=amount_fen, fee_bps=fee_bps, tax_kind=FLAT, tax_bps=tax_bps, earlier=Earlier())
