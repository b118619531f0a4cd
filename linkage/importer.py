"""Moving in: another mall's history, as an event file, through the tables and the settlement of this mall.

A chunk of lines is one transaction: members, orders and their money, inbox rows, settlement, and how far the file has
come. So an import that was interrupted anywhere goes on where it stopped. All trees of a file go to one shard, which
keeps the order of its events exactly as it is in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from members.commands import NewMember, import_members
from members.models import Member
from orders.commands import ImportedOrder, import_paid_orders, import_receipts, import_refunds
from orders.models import Order
from payouts.commands import ImportedDecision, decide_imported, set_policy
from suppliers.commands import add_category, add_product, add_sku, open_supplier, receive_stock
from suppliers.models import Sku

from . import commands
from .models import EventKind, ImportRun, LinkageEvent, PlanVersion
from .rules import event_file as files
from .rules.plan import PayoutTerms, Plan, plan_as_dict
from .settlement import drain_shard, settle_shard

CHUNK = 1000
SHARD = 0
VERSION = 1
SHELF = "imported-gift-pack"

UNKNOWN_MEMBER = "the member is unknown"
UNKNOWN_ORDER = "the order is unknown"


class ImportRefused(Exception):
    """The mall is not empty, or another file was imported into it; nothing was written."""


@dataclass(slots=True)
class KnownOrder:
    """What the importer remembers of an order: which lines of the state machine are still open to it."""

    id: int
    member_id: int
    received: bool = False
    refunded: bool = False


@dataclass(slots=True)
class Known:
    """Members, orders and numbers that came in so far, as the file knows them."""

    members: dict[str, int] = field(default_factory=dict)
    orders: dict[str, KnownOrder] = field(default_factory=dict)
    tasks_done: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)

    @classmethod
    def read(cls) -> Known:
        """Read back what an interrupted import has left."""
        known = cls()
        known.members = dict(Member.objects.filter(position__isnull=False).values_list("public_id", "pk"))
        by_id = {pk: public_id for public_id, pk in known.members.items()}
        for number, pk, member_id, received_at, refunded_at in (
            Order.objects.filter(packs__gt=0)
            .values_list("number", "pk", "member_id", "received_at", "refunded_at")
            .iterator()
        ):
            known.orders[number] = KnownOrder(pk, member_id, received_at is not None, refunded_at is not None)
        done = LinkageEvent.objects.filter(kind=EventKind.TASKS_DONE, number__isnull=False)
        known.tasks_done = {by_id[pk] for pk in done.values_list("member_id", flat=True) if pk is not None}
        numbered = LinkageEvent.objects.filter(kind__in=[EventKind.WITHDRAW, EventKind.PAYOUT])
        known.keys = set(numbered.values_list("key", flat=True))
        return known


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, by which an interrupted import of it is found again."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def import_file(
    path: Path,
    *,
    at: datetime,
    chunk_size: int = CHUNK,
    progress: Callable[[int, int], None] = lambda done, lines: None,
) -> ImportRun:
    """Import an event file into an empty mall, or go on with an import of the same file; `chunk_size` lines are one
    transaction.

    Raises EventFileError, before anything is written, where a line is malformed, and ImportRefused where the mall has
    members' events or orders of its own. `progress` is told the events done and their number.
    """
    lines = files.check_event_file(path)
    run = _begin(path, lines, at)
    known = Known.read()
    with path.open("rb") as source:
        plan, terms, events = files.read_event_file(source)
        for _ in islice(events, run.lines_done):
            pass
        progress(run.lines_done, lines)
        while chunk := list(islice(events, chunk_size)):
            with transaction.atomic():
                _Chunk(chunk, known, plan, terms, at).take_in()
                run.lines_done += len(chunk)
                if run.lines_done == lines:
                    _finish(chunk[-1], run, at)
                run.save(update_fields=["lines_done", "finished_at"])
            progress(run.lines_done, lines)
    return run


def _begin(path: Path, lines: int, at: datetime) -> ImportRun:
    digest = digest_of(path)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().filter(digest=digest).first()
        if run is not None:
            return run
        if LinkageEvent.objects.exists() or Order.objects.exists() or PlanVersion.objects.exists():
            raise ImportRefused("The mall is not empty: an event file can only be imported into a new one.")
        with path.open("rb") as source:
            plan, terms, events = files.read_event_file(source)
            first = next(events, None)
        starts_at = _instant(first.at) if first is not None else at
        commands.adopt_plan(name=plan.name[:40], params=plan_as_dict(plan, terms), starts_at=starts_at, at=starts_at)
        set_policy(starts_at=starts_at, min_fen=terms.min_fen, fee_bps=terms.fee_bps, tax_bps=terms.tax_bps)
        _open_shelf(plan, starts_at)
        return ImportRun.objects.create(digest=digest, lines=lines, finished_at=None if lines else at)


def _open_shelf(plan: Plan, at: datetime) -> None:
    """Add what the orders of the file were for: a gift pack, not on the shelf, since a file says nothing of it."""
    product = add_product(
        supplier=open_supplier(name="历史导入", seal="史", slug="imported", hue=30),
        category=add_category(name="历史导入", slug="imported"),
        name="历史导入礼包",
        slug=SHELF,
        is_published=False,
    )
    add_sku(
        product=product,
        code=SHELF,
        spec="礼包",
        supply_price_fen=max(1, plan.pack_price_fen * 3 // 10),
        list_price_fen=plan.pack_price_fen,
        sale_price_fen=None,
        is_gift_pack=True,
        on_hand=0,
        at=at,
    )


def _finish(last: files.Event, run: ImportRun, at: datetime) -> None:
    """Whatever was due before the last event has taken effect, also where that event was refused."""
    event = LinkageEvent.objects.filter(import_line=files.event_number(last)).get()
    if event.refusal:
        drain_shard(SHARD, last.at)
    run.finished_at = at


class _Chunk:
    """Some lines of the file: first what the state of members and orders refuses, then the rest in bulk."""

    def __init__(self, events: list[files.Event], known: Known, plan: Plan, terms: PayoutTerms, at: datetime) -> None:
        self.events = events
        self.known = known
        self.plan = plan
        self.terms = terms
        self.at = at
        self.joins: list[files.Join] = []
        self.orders: list[files.Order] = []
        self.receipts: list[files.Receive] = []
        self.refunds: list[files.Refund] = []
        self.refusals: dict[int, str] = {}

    def take_in(self) -> None:
        for event in self.events:
            refusal = self._examine(event)
            if refusal:
                self.refusals[event.line] = refusal
        self._write_members()
        self._write_orders()
        LinkageEvent.objects.bulk_create([self._row(event) for event in self.events], batch_size=1000)
        settled = 0
        while settled < len(self.events) - len(self.refusals):
            settled += len(settle_shard(SHARD, 0))
        self._decide()

    def _examine(self, event: files.Event) -> str:
        """Return why the event is impossible, by what the importer knows of members and orders; remember it otherwise.
        Withdrawals and grants are left to the settlement, which knows the balances."""
        known = self.known
        match event:
            case files.Join(member=member, referrer=referrer):
                if member in known.members:
                    return "the member is known already"
                if referrer is not None and referrer not in known.members:
                    return "the referrer is unknown"
                known.members[member] = 0
                self.joins.append(event)
            case files.Order(order=number, member=member, packs=packs):
                if member not in known.members:
                    return UNKNOWN_MEMBER
                if number in known.orders:
                    return "the order is known already"
                if packs < 1:
                    return "an order has at least one pack"
                known.orders[number] = KnownOrder(0, 0)
                self.orders.append(event)
            case files.Receive(order=number):
                order = known.orders.get(number)
                if order is None:
                    return UNKNOWN_ORDER
                if order.received or order.refunded:
                    return "the order was received or refunded already"
                order.received = True
                self.receipts.append(event)
            case files.Refund(order=number):
                order = known.orders.get(number)
                if order is None:
                    return UNKNOWN_ORDER
                if order.refunded:
                    return "the order was refunded already"
                order.refunded = True
                self.refunds.append(event)
            case files.TasksDone(member=member):
                if member not in known.members:
                    return UNKNOWN_MEMBER
                if member in known.tasks_done:
                    return "the tasks were done already"
                known.tasks_done.add(member)
            case files.Withdraw(member=member) | files.Grant(member=member):
                if member not in known.members:
                    return UNKNOWN_MEMBER
        return ""

    def _write_members(self) -> None:
        members = import_members(
            [
                NewMember(
                    nickname=join.member[:40],
                    public_id=join.member,
                    referrer=join.referrer,
                    joined_at=_instant(join.at),
                )
                for join in self.joins
            ],
            at=self.at,
            shard_of_roots=SHARD,
        )
        for member in members:
            self.known.members[member.public_id] = member.pk

    def _write_orders(self) -> None:
        rows = [
            ImportedOrder(
                number=order.order,
                member_id=self.known.members[order.member],
                packs=order.packs,
                paid_at=_instant(order.at),
            )
            for order in self.orders
        ]
        sku = Sku.objects.select_related("product").get(code=SHELF)
        if rows:
            receive_stock(sku=sku, quantity=sum(row.packs for row in rows), at=rows[0].paid_at)
        ids = import_paid_orders(
            rows,
            sku=sku,
            unit_price_fen=self.plan.pack_price_fen,
            cooling_off_days=self.plan.cooling_off_days,
            plan_version=VERSION,
        )
        for order, pk in zip(self.orders, ids, strict=True):
            known = self.known.orders[order.order]
            known.id, known.member_id = pk, self.known.members[order.member]
        import_receipts([(receipt.order, _instant(receipt.at)) for receipt in self.receipts])
        import_refunds([(refund.order, _instant(refund.at)) for refund in self.refunds])

    def _row(self, event: files.Event) -> LinkageEvent:
        line = files.event_number(event)
        row = LinkageEvent(key=f"import:{line}", shard=SHARD, at=_instant(event.at), import_line=line)
        row.refusal = self.refusals.get(event.line, "")
        members, orders = self.known.members, self.known.orders
        match event:
            case files.Join(member=member, referrer=referrer):
                row.kind, row.member_id = EventKind.JOIN, members.get(member)
                row.referrer_id = None if referrer is None else members.get(referrer)
                self._key(row, f"join:{row.member_id}")
            case files.Order(order=number, member=member, packs=packs):
                row.kind, row.member_id, row.reference, row.packs = EventKind.ORDER, members.get(member), number, packs
                row.plan_version = VERSION
                row.order_id = orders[number].id if number in orders else None
                self._key(row, f"order:{row.order_id}")
            case files.Receive(order=number):
                row.kind, row.reference = EventKind.RECEIVE, number
                self._of_order(row, number)
            case files.Refund(order=number):
                row.kind, row.reference = EventKind.REFUND, number
                self._of_order(row, number)
            case files.TasksDone(member=member):
                row.kind, row.member_id = EventKind.TASKS_DONE, members.get(member)
                self._key(row, f"tasks_done:{row.member_id}")
            case files.Withdraw(withdrawal=number, member=member, amount_fen=amount_fen):
                row.kind, row.member_id, row.reference = EventKind.WITHDRAW, members.get(member), number
                row.amount_fen, row.min_fen = amount_fen, self.terms.min_fen
                row.fee_bps, row.tax_bps = self.terms.fee_bps, self.terms.tax_bps
                self._key(row, f"withdraw:{number}")
            case files.Payout(withdrawal=number, approved=approved):
                row.kind, row.reference, row.approved = EventKind.PAYOUT, number, approved
                self._key(row, f"payout:{number}")
            case files.Grant(member=member, amount_fen=amount_fen):
                row.kind, row.member_id, row.amount_fen = EventKind.GRANT, members.get(member), amount_fen
                row.reference = f"import-{line}"
            case files.Tick():
                row.kind = EventKind.TICK
        return row

    def _of_order(self, row: LinkageEvent, number: str) -> None:
        order = self.known.orders.get(number)
        if order is not None:
            row.order_id, row.member_id = order.id, order.member_id
            self._key(row, f"{row.kind}:{order.id}")

    def _key(self, row: LinkageEvent, key: str) -> None:
        """Give a row the key that the live mall would give it; a repeat, which is refused, keeps that of its line."""
        if not row.refusal and key not in self.known.keys:
            row.key = key
            if row.kind in (EventKind.WITHDRAW, EventKind.PAYOUT):
                self.known.keys.add(key)

    def _decide(self) -> None:
        """Bring the withdrawals that the settlement has decided on up to date."""
        numbers = [files.event_number(event) for event in self.events if isinstance(event, files.Payout)]
        if numbers:
            decided = LinkageEvent.objects.filter(import_line__in=numbers, number__isnull=False)
            decide_imported(
                [
                    ImportedDecision(number=reference, approved=bool(approved), at=at)
                    for reference, approved, at in decided.values_list("reference", "approved", "at")
                ]
            )


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
