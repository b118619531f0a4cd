"""Requests of enterprises for a price: what they may become, how much may be asked for, how low a quote may go.

`expired` is what was not answered until the goods were wanted, and a quote past its last day. `accepted` goes back to
`quoted` when its purchase is cancelled unpaid: the quote holds until its last day.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from mall.core.money import BPS

ASKED, QUOTED, ACCEPTED = "asked", "quoted", "accepted"
DECLINED, REFUSED, EXPIRED, WITHDRAWN = "declined", "refused", "expired", "withdrawn"

REQUEST_CHANGES: dict[str, frozenset[str]] = {
    ASKED: frozenset({QUOTED, DECLINED, EXPIRED, WITHDRAWN}),
    QUOTED: frozenset({QUOTED, ACCEPTED, REFUSED, EXPIRED, WITHDRAWN}),
    ACCEPTED: frozenset({QUOTED, EXPIRED}),
    DECLINED: frozenset(),
    REFUSED: frozenset(),
    EXPIRED: frozenset(),
    WITHDRAWN: frozenset(),
}
# What still waits for somebody.
OPEN = (ASKED, QUOTED)

REQUEST_LINES_MAX = 20
AGREED_QUANTITY_MAX = 9_999
OPEN_REQUESTS_MAX = 20
COMPANY_MAX, CONTACT_MAX, TITLE_MAX = 60, 20, 60
WORDS_MAX, REASON_MAX = 200, 120
WANTED_DAYS_MAX = 365
VALID_DAYS_MAX = 60


@dataclass(frozen=True, slots=True)
class Floor:
    """The lowest price of one piece, and what it is made of. The parts add up to it."""

    supply_fen: int
    fee_fen: int
    commission_fen: int

    @property
    def price_fen(self) -> int:
        return self.supply_fen + self.fee_fen + self.commission_fen


def price_floor(*, supply_price_fen: int, commission_bps: int, fee_bps: int) -> Floor:
    """Return the lowest price that covers what the supplier gets, the platform's fee on that, and the retail commission
    on the price itself. Shares are rounded up, so that it holds for any number of pieces."""
    fee_fen = _share_up(supply_price_fen, fee_bps)
    # What is left of a price after its commission grows by nought or one with each fen: so the first price that leaves
    # enough leaves exactly that.
    left_fen = supply_price_fen + fee_fen
    price_fen = -(-left_fen * BPS // (BPS - commission_bps))
    while price_fen - 1 - _share_up(price_fen - 1, commission_bps) >= left_fen:
        price_fen -= 1
    while price_fen - _share_up(price_fen, commission_bps) < left_fen:
        price_fen += 1
    return Floor(supply_price_fen, fee_fen, _share_up(price_fen, commission_bps))


def is_agreed_quantity(value: object) -> bool:
    """Say whether an enterprise can ask for this many: a whole number from 1 to 9,999, and of no other type."""
    return type(value) is int and 1 <= value <= AGREED_QUANTITY_MAX


def can_be_wanted(*, wanted: date, today: date) -> bool:
    """Say whether goods can be wanted by this day: from tomorrow on, within a year."""
    return today < wanted <= today + timedelta(days=WANTED_DAYS_MAX)


def can_be_valid(*, until: date, today: date) -> bool:
    """Say whether this can be the last day of a quote: from today on, within sixty days."""
    return today <= until <= today + timedelta(days=VALID_DAYS_MAX)


def _share_up(amount_fen: int, rate_bps: int) -> int:
    return -(-amount_fen * rate_bps // BPS)
