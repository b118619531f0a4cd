"""After-sale: what a case may become, who may bring it there and by when, and what comes back for how much.

A case is about a number of pieces of one line. `before_shipping` cases call pieces off that were not handed over yet;
all others are about pieces that are on their way or arrived.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Kinds.
REFUND_ONLY = "refund_only"
RETURN_REFUND = "return_refund"
EXCHANGE = "exchange"
KINDS = (REFUND_ONLY, RETURN_REFUND, EXCHANGE)

# States.
ASKED = "asked"
REFUSED = "refused"
DISPUTED = "disputed"
TO_RETURN = "to_return"
RETURNING = "returning"
TO_RESEND = "to_resend"
RESENT = "resent"
REFUNDING = "refunding"
DONE = "done"
CLOSED = "closed"

CASE_CHANGES: dict[str, frozenset[str]] = {
    ASKED: frozenset({REFUNDING, TO_RETURN, REFUSED, DISPUTED, CLOSED}),
    REFUSED: frozenset({DISPUTED, CLOSED}),
    DISPUTED: frozenset({REFUNDING, TO_RETURN, TO_RESEND, CLOSED}),
    TO_RETURN: frozenset({RETURNING, CLOSED}),
    RETURNING: frozenset({REFUNDING, TO_RESEND, REFUSED, DISPUTED}),
    TO_RESEND: frozenset({RESENT, REFUNDING, DISPUTED}),
    RESENT: frozenset({DONE, DISPUTED}),
    REFUNDING: frozenset({DONE}),
    DONE: frozenset(),
    CLOSED: frozenset(),
}
OPEN_CASES = tuple(state for state, targets in CASE_CHANGES.items() if targets)
# The pieces of a case in these states are spoken for and not in `refunded_quantity` yet.
ENGAGED_CASES = tuple(state for state in OPEN_CASES if state != REFUNDING)

# Who may do what, and in which states.
BUYER, SUPPLIER, PLATFORM, CLOCK = "buyer", "supplier", "platform", "clock"
ACTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "cancel": (frozenset({BUYER}), frozenset({ASKED, REFUSED, DISPUTED, TO_RETURN})),
    "dispute": (frozenset({BUYER}), frozenset({REFUSED, TO_RESEND, RESENT})),
    "send_back": (frozenset({BUYER}), frozenset({TO_RETURN})),
    "take_replacement": (frozenset({BUYER}), frozenset({RESENT})),
    "agree": (frozenset({SUPPLIER}), frozenset({ASKED})),
    "refuse": (frozenset({SUPPLIER}), frozenset({ASKED, RETURNING})),
    "take_back": (frozenset({SUPPLIER}), frozenset({RETURNING})),
    "resend": (frozenset({SUPPLIER}), frozenset({TO_RESEND})),
    "refund_instead": (frozenset({SUPPLIER}), frozenset({TO_RESEND})),
    "speak": (frozenset({BUYER, SUPPLIER}), frozenset({DISPUTED})),
    "decide": (frozenset({PLATFORM}), frozenset({DISPUTED})),
}

ANSWER_HOURS = 48
SEND_BACK_DAYS = 7
CHECK_DAYS = 10
LOST_DAYS = 20
APPEAL_DAYS = 7
RESEND_DAYS = 3
REPLACEMENT_DAYS = 10
DECIDE_DAYS = 3
FAULT_DAYS = 15

NOTE_MAX = 200
EVIDENCE_MAX = 6
# How often each side may add to a dispute, and how its step begins.
STATEMENTS_MAX = 5
STATEMENT_WORDS = {BUYER: "买家补充：", SUPPLIER: "商家补充："}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody wants his money back. `is_fault`: the goods are to blame, so that the window is longer."""

    code: str
    kinds: frozenset[str]
    is_fault: bool
    before_shipping: bool = False


_ALL = frozenset(KINDS)
_MONEY = frozenset({REFUND_ONLY})
_BACK = frozenset({RETURN_REFUND, EXCHANGE})
REASONS: tuple[Reason, ...] = (
    Reason("not_wanted", _MONEY, is_fault=False, before_shipping=True),
    Reason("wrong_order", _MONEY, is_fault=False, before_shipping=True),
    Reason("too_slow", _MONEY, is_fault=False, before_shipping=True),
    Reason("no_reason", frozenset({RETURN_REFUND}), is_fault=False),
    Reason("another_spec", frozenset({EXCHANGE}), is_fault=False),
    Reason("not_arrived", _MONEY, is_fault=True),
    Reason("too_few", _MONEY, is_fault=True),
    Reason("damaged", _ALL, is_fault=True),
    Reason("not_as_described", _ALL, is_fault=True),
    Reason("wrong_goods", _BACK, is_fault=True),
    Reason("bad_quality", _ALL, is_fault=True),
)


def reasons_for(*, kind: str, before_shipping: bool, no_reason_allowed: bool) -> tuple[Reason, ...]:
    """Return the reasons from which a case of this kind can be opened, in their order."""
    return tuple(
        reason
        for reason in REASONS
        if kind in reason.kinds
        and reason.before_shipping == before_shipping
        and (before_shipping or reason.is_fault or no_reason_allowed)
    )


def may(act: str, *, actor: str, state: str) -> bool:
    """Say whether `actor` may do `act` to a case in `state`."""
    actors, states = ACTS[act]
    return actor in actors and state in states


def agreed_state(kind: str) -> str:
    """Return where an agreed case goes: the goods come back first, but for a refund without them."""
    return REFUNDING if kind == REFUND_ONLY else TO_RETURN


def taken_back_state(kind: str) -> str:
    """Return where a case goes when the goods are back and in order."""
    return TO_RESEND if kind == EXCHANGE else REFUNDING


def due_at(state: str, since: datetime) -> datetime | None:
    """Return by when somebody must act on a case that came into `state` then; the clock acts for him afterwards.

    A case that is `returning` gets CHECK_DAYS from the delivery on; until then, LOST_DAYS from its sending.
    """
    periods = {
        ASKED: timedelta(hours=ANSWER_HOURS),
        REFUSED: timedelta(days=APPEAL_DAYS),
        DISPUTED: timedelta(days=DECIDE_DAYS),
        TO_RETURN: timedelta(days=SEND_BACK_DAYS),
        RETURNING: timedelta(days=LOST_DAYS),
        TO_RESEND: timedelta(days=RESEND_DAYS),
        RESENT: timedelta(days=REPLACEMENT_DAYS),
    }
    return since + periods[state] if state in periods else None


def check_until(delivered_at: datetime) -> datetime:
    """Return by when a supplier must look at a return that was delivered then."""
    return delivered_at + timedelta(days=CHECK_DAYS)


def overdue_state(state: str, kind: str, *, return_delivered: bool, has_return_address: bool) -> str | None:
    """Return where the clock brings a case whose time is over; none where only a person can go on.

    A silent supplier has agreed, a silent buyer has given up, and what neither can settle the platform looks at.
    """
    if state == ASKED:
        return DISPUTED if kind != REFUND_ONLY and not has_return_address else agreed_state(kind)
    if state == RETURNING:
        return taken_back_state(kind) if return_delivered else DISPUTED
    return {REFUSED: CLOSED, TO_RETURN: CLOSED, TO_RESEND: DISPUTED, RESENT: DONE}.get(state)


@dataclass(frozen=True, slots=True)
class Pieces:
    """How many pieces of a line are where. `engaged…`: spoken for by open cases."""

    quantity: int
    shipped: int
    refunded: int
    called_off: int
    engaged: int

    @property
    def to_ship(self) -> int:
        """Pieces still to be handed to a carrier."""
        return self.quantity - self.shipped - self.called_off

    @property
    def can_be_called_off(self) -> int:
        return self.to_ship

    @property
    def can_go_back(self) -> int:
        """Pieces handed over that nobody has refunded or asked about."""
        return max(0, self.shipped - (self.refunded - self.called_off) - self.engaged)


def window_ends_at(received_at: datetime, *, days: int) -> datetime:
    """Return when a window of so many days from receipt is over (that instant is outside)."""
    return received_at + timedelta(days=days)


def is_in_window(*, received_at: datetime | None, days: int, at: datetime) -> bool:
    """Say whether pieces can still be complained about; what was not received yet always can."""
    return received_at is None or at < window_ends_at(received_at, days=days)


def refund_fen(*, paid_fen: int, quantity: int, refunded: int, given_back_fen: int, pieces: int) -> int:
    """Return what comes back for `pieces` more of a line of `quantity` that cost `paid_fen`.

    `refunded` pieces and `given_back_fen` went back before. What all refunds together may reach is the part of the
    price that belongs to the pieces, rounded down; the last piece takes the rest: in any order they add up to what
    was paid. Money given back without pieces (compensation) counts against the next ones.
    """
    if pieces < 1 or refunded < 0 or refunded + pieces > quantity:
        raise ValueError("that many pieces are not left")
    return max(0, paid_fen * (refunded + pieces) // quantity - given_back_fen)


def supply_back_fen(*, supply_price_fen: int, refunded: int, taken_back_fen: int, pieces: int, amount_fen: int) -> int:
    """Return what the supplier is owed less for a refund: the supply price of its pieces, less what he bore before.

    A refund without pieces (`pieces` is 0) is the supplier's to bear, up to the supply price of one more piece.
    """
    counted = pieces or 1
    most = max(0, supply_price_fen * (refunded + counted) - taken_back_fen)
    return most if pieces else min(amount_fen, most)
