"""What the rules keep: members, rewards, orders, withdrawals, and the lines of journal entries."""

from __future__ import annotations

from typing import Any, NamedTuple

CONSUMER, AGENT, PARTNER = 0, 1, 2
RANKS = ("consumer", "agent", "partner")

DIRECT, SEE_POINT, PEER_SHARE, PEER_BONUS = "direct", "see_point", "peer_share", "peer_bonus"

NONE, ACTIVE, RELEASED, FORFEITED = "none", "active", "released", "forfeited"

MATURE, EXPIRE, EARN = 0, 1, 2
DAY = 86_400
BPS = 10_000

# The accounts that a `Move` names: the five of a member, and the mall's own.
PENDING, HELD, AVAILABLE, WITHDRAWING, DEBT = "pending", "held", "available", "withdrawing", "debt"
FUND, EXPENSE, CASH, FEE, TAX = "fund", "expense", "cash", "fee", "tax"
COMMISSION, ADJUSTMENT = "commission", "adjustment"


class Refused(Exception):
    """The event is impossible in the present state; the message says why. Nothing was changed."""


class Move(NamedTuple):
    """One line of a journal entry: `amount_fen` is positive for a debit, negative for a credit."""

    account: str
    member: Any
    amount_fen: int


class Member:
    """A member's standing and balances (fen). `recruits` holds those it referred; `skip` names the nearest member above
    whose title is not consumer, so that no walk up a long line of consumers is ever needed."""

    __slots__ = (
        "available",
        "counted",
        "debt",
        "held",
        "id",
        "leader",
        "packs",
        "pending",
        "rank",
        "recruits",
        "referrer",
        "skip",
        "tasks_done",
        "valid_referrals",
        "withdrawing",
        "withdrawn",
    )

    def __init__(self, id: Any, referrer: Any) -> None:
        self.id = id
        self.referrer = referrer
        self.rank = CONSUMER
        self.leader: Any = None
        self.packs = 0
        self.valid_referrals = 0
        self.counted = False
        self.tasks_done = False
        self.recruits: list[Member] | None = None
        self.skip: Any = None
        self.pending = self.held = self.available = self.withdrawing = self.withdrawn = self.debt = 0


class Reward:
    """One reward of one order. `via` lists the members looked at on the way to who got it, the first being the buyer's
    referrer; whoever else has the title of consumer is passed over in silence. `acting` is the acting rank that the
    reward was judged by; `first_fen` and `further_fen` are the amounts for the first pack and for each further one,
    before any share.
    """

    __slots__ = (
        "acting",
        "amount",
        "first_fen",
        "further_fen",
        "held",
        "hold",
        "kind",
        "member",
        "order",
        "reversed",
        "seed",
        "via",
    )

    def __init__(
        self,
        order: Order,
        kind: str,
        member: Any,
        amount: int,
        seed: Any,
        acting: int,
        first_fen: int,
        further_fen: int,
        via: tuple[Any, ...],
    ) -> None:
        self.order = order
        self.kind = kind
        self.member = member
        self.amount = amount
        self.held = 0
        self.seed = seed
        self.hold = NONE
        self.reversed = False
        self.acting = acting
        self.first_fen = first_fen
        self.further_fen = further_fen
        self.via = via


class Order:
    """A gift-pack order that was settled. `first_packs` is 1 where the order was an activation."""

    __slots__ = (
        "first_packs",
        "id",
        "matured",
        "member",
        "packs",
        "paid_at",
        "received_at",
        "refunded",
        "rewards",
        "version",
    )

    def __init__(self, id: Any, member: Any, packs: int, version: int, paid_at: int, first_packs: int = 0) -> None:
        self.id = id
        self.member = member
        self.packs = packs
        self.first_packs = first_packs
        self.version = version
        self.paid_at = paid_at
        self.received_at: int | None = None
        self.matured = False
        self.refunded = False
        self.rewards: list[Reward] = []


class Commission:
    """The retail commission of one order line: floor(`kept` × `bps`), where `kept` is what of the line was paid and not
    refunded, `net` at first. It matures `days` after the goods were received."""

    __slots__ = ("amount", "bps", "days", "id", "kept", "matured", "member", "net", "order", "paid_at", "received_at")

    def __init__(self, id: Any, order: Any, member: Any, net: int, bps: int, days: int, paid_at: int) -> None:
        self.id = id
        self.order = order
        self.member = member
        self.net = self.kept = net
        self.bps = bps
        self.days = days
        self.amount = net * bps // BPS
        self.paid_at = paid_at
        self.received_at: int | None = None
        self.matured = False


class Withdrawal:
    """A withdrawal that was asked for; `fee` and `tax` are what will be withheld of the amount if it is paid."""

    __slots__ = ("amount", "decided", "fee", "id", "member", "tax")

    def __init__(self, id: Any, member: Any, amount: int, fee: int, tax: int) -> None:
        self.id = id
        self.member = member
        self.amount = amount
        self.fee = fee
        self.tax = tax
        self.decided = False


def withheld(amount: int, bps: int, fixed: int | None = None) -> int:
    """Return what is withheld of an amount: the figure that was fixed when it was asked for, else a floored share."""
    return amount * bps // BPS if fixed is None else fixed
