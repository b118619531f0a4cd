"""Fee, tax and net of a withdrawal, and what its state may become."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mall.core.money import share_fen

CHANGES: dict[str, frozenset[str]] = {
    "requested": frozenset({"approved", "rejected"}),
    "approved": frozenset({"sending", "rejected"}),
    "sending": frozenset({"paid", "rejected"}),
    "paid": frozenset(),
    "rejected": frozenset(),
}
FIRST_POLICY: dict[str, Any] = {
    "version": 1,
    "starts_at": datetime(1970, 1, 1, tzinfo=UTC),
    "min_fen": 1000,
    "fee_bps": 60,
    "tax_bps": 0,
}
OPEN_STATES = ("requested", "approved", "sending")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A gross amount and what becomes of it, in fen: `amount_fen` = `fee_fen` + `tax_fen` + `net_fen`."""

    amount_fen: int
    fee_fen: int
    tax_fen: int
    net_fen: int


def breakdown(*, amount_fen: int, fee_bps: int, tax_bps: int) -> Breakdown:
    """Return what is withheld and what is paid out; fee and tax are each a share of the gross, rounded down."""
    fee, tax = share_fen(amount_fen, fee_bps), share_fen(amount_fen, tax_bps)
    return Breakdown(amount_fen, fee, tax, amount_fen - fee - tax)
