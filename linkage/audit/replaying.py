"""The audit: replay the plans and all settled events in their numbered order and compare with what the database holds.

Its own side reads only plans and events. Each shard has its own book, since an event lets only its own shard's time
pass; the support fund is one for all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from linkage.models import EventKind, LinkageEvent, MoveKind, PlanVersion, Stream
from linkage.rules import engine
from linkage.rules.plan import Plan

# What of an event the rules are told, as `apply_settled` takes it after book, kind and time.
EVENT_FIELDS = (
    "number",
    "shard",
    "kind",
    "effective_at",
    "member_id",
    "referrer_id",
    "order_id",
    "reference",
    "packs",
    "plan_version",
    "amount_fen",
    "min_fen",
    "fee_bps",
    "tax_bps",
    "approved",
    "line_id",
    "commission_bps",
    "cooling_off_days",
    "fee_fen",
    "tax_fen",
)


class Moved(NamedTuple):
    """A row of `TeamMove` as the rules make it; `at` in Unix seconds."""

    order: int
    member: int
    kind: int
    from_leader: int | None
    to_leader: int | None
    at: int


class ReplayBook(engine.Book):
    """The rules alone, which also say who left which team by itself."""

    def __init__(self, plans: dict[int, Plan]) -> None:
        super().__init__(plans)
        self.team_moves: list[Moved] = []

    def _changed_team(self, order: engine.Order, member: engine.Member, former: Any) -> None:
        kind = MoveKind.PROMOTED if member.rank == engine.PARTNER else MoveKind.REJOINED
        self.team_moves.append(Moved(order.id, member.id, int(kind), former, member.leader, self.now))


@dataclass(slots=True)
class Replay:
    """The outcome of the rules alone: one book for each shard, and the fund."""

    books: dict[int, ReplayBook] = field(default_factory=dict)
    plans: dict[int, Plan] = field(default_factory=dict)
    fund: int = 0
    events: int = 0
    findings: list[str] = field(default_factory=list)

    @property
    def members(self) -> Iterator[engine.Member]:
        for book in self.books.values():
            yield from book.members.values()

    @property
    def team_moves(self) -> Iterator[Moved]:
        for book in self.books.values():
            yield from book.team_moves

    @property
    def orders(self) -> Iterator[engine.Order]:
        for book in self.books.values():
            yield from book.orders.values()


def replay() -> Replay:
    """Fold all settled events, in their numbered order, through the rules."""
    outcome = Replay()
    for version in PlanVersion.objects.all():
        plan = version.plan
        if plan is not None:
            outcome.plans[version.version] = plan
    events = LinkageEvent.objects.filter(number__isnull=False).order_by("number").values_list(*EVENT_FIELDS)
    expected = 0
    for row in events.iterator(chunk_size=5000):
        number, shard, kind, effective_at = row[0] or 0, row[1], row[2], row[3]
        assert effective_at is not None
        expected += 1
        if number != expected:
            outcome.findings.append(f"event number {expected} is missing, the next one is {number}")
            expected = number
        book = outcome.books.get(shard)
        if book is None:
            book = outcome.books[shard] = ReplayBook(outcome.plans)
        book.fund = outcome.fund
        try:
            apply_settled(book, kind, int(effective_at.timestamp()), *row[4:])
        except (engine.Refused, ValueError, KeyError) as error:
            outcome.findings.append(f"event {number} ({kind}) was settled, but the rules refuse it: {error}")
        outcome.fund = book.fund
    outcome.events = expected
    last = Stream.objects.values_list("last_number", flat=True).first() or 0
    if last != expected:
        outcome.findings.append(f"the stream counts {last} events, the last number is {expected}")
    return outcome


def apply_settled(
    book: engine.Book,
    kind: str,
    at: int,
    member_id: int | None,
    referrer_id: int | None,
    order_id: int | None,
    reference: str,
    packs: int | None,
    plan_version: int | None,
    amount_fen: int | None,
    min_fen: int | None,
    fee_bps: int | None,
    tax_bps: int | None,
    approved: bool | None,
    line_id: int | None,
    commission_bps: int | None,
    cooling_off_days: int | None,
    fee_fen: int | None,
    tax_fen: int | None,
) -> None:
    """Apply one settled event, as its row tells it. Raises Refused where the rules refuse it."""
    if kind == EventKind.JOIN:
        book.join(at, member_id, referrer_id)
    elif kind == EventKind.ORDER:
        book.order(at, order_id, member_id, packs or 0, plan_version or 0)
    elif kind == EventKind.RECEIVE:
        book.receive(at, order_id)
    elif kind == EventKind.REFUND:
        book.refund(at, order_id)
    elif kind == EventKind.TASKS_DONE:
        book.tasks_done(at, member_id)
    elif kind == EventKind.WITHDRAW:
        book.withdraw(
            at,
            reference,
            member_id,
            amount_fen or 0,
            min_fen=min_fen or 0,
            fee_bps=fee_bps or 0,
            tax_bps=tax_bps or 0,
            fee_fen=fee_fen,
            tax_fen=tax_fen,
        )
    elif kind == EventKind.PAYOUT:
        book.payout(at, reference, bool(approved))
    elif kind == EventKind.GRANT:
        book.grant(at, member_id, amount_fen or 0, reference)
    elif kind == EventKind.ADJUST:
        book.adjust(at, member_id, amount_fen or 0, reference)
    elif kind == EventKind.FORGIVE:
        book.forgive(at, member_id, amount_fen or 0, reference)
    elif kind == EventKind.SALE:
        book.sale(at, line_id, order_id, member_id, amount_fen or 0, commission_bps or 0, cooling_off_days or 0)
    elif kind == EventKind.SALE_RECEIVED:
        book.sale_received(at, order_id)
    elif kind == EventKind.SALE_KEPT:
        book.sale_kept(at, line_id, amount_fen or 0)
    else:
        book.tick(at)
