"""Where the money of one order went, from the ledger alone, to the fen.

What the buyer paid = what went back + supplier + members' rewards and commission + support fund + what is withheld of
payouts (fee, tax) + what the mall keeps. Fee and tax are booked for a withdrawal, not for an order: a withdrawal takes
what became available first, and its fee and tax are shared out over what it took, by the largest remainder.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from ledger.models import AccountKind, account_id
from linkage.models import CommissionCut
from mall.core.money import split_fen
from orders.models import Order, Payment, Refund

MEMBER_KINDS = (AccountKind.PENDING, AccountKind.HELD, AccountKind.AVAILABLE, AccountKind.DEBT)


@dataclass(slots=True)
class Split:
    """Amounts in fen. `fee_fen` and `tax_fen` were withheld of this order's rewards when members withdrew them; the
    rest of the rewards is `members_fen`, paid out already or not. `entries` is all that it comes from."""

    paid_fen: int = 0
    refunded_fen: int = 0
    supplier_fen: int = 0
    members_fen: int = 0
    fund_fen: int = 0
    fee_fen: int = 0
    tax_fen: int = 0
    platform_fen: int = 0
    entries: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def is_booked(self) -> bool:
        return bool(self.entries)

    @property
    def steps(self) -> list[tuple[str, int]]:
        """What goes off the payment, in order, by name; with `platform` they add up to what was paid."""
        return [
            ("refunded", self.refunded_fen),
            ("supplier", self.supplier_fen),
            ("members", self.members_fen),
            ("fund", self.fund_fen),
            ("fee", self.fee_fen),
            ("tax", self.tax_fen),
            ("platform", self.platform_fen),
        ]

    @property
    def adds_up(self) -> bool:
        return self.paid_fen == sum(fen for _name, fen in self.steps)


def split_of(*, order: Order) -> Split:
    """Return where the money of an order went, as the ledger has it now."""
    split = Split()
    _sale(order, split)
    _rewards(order, split)
    return split


def _sale(order: Order, split: Split) -> None:
    """The sale and its refunds: revenue, and what its supplier is owed. A payment's entry has a line for each of its
    orders; each order has a supplier of its own."""
    payments = Payment.objects.filter(purchase=order.purchase_id, captured_at__isnull=False)
    supplier = account_id(AccountKind.SUPPLIER_PAYABLE, order.supplier_id)
    for entry_id, reference, account, amount_fen in _lines("payment", payments.values_list("number", flat=True)):
        _note(split, entry_id, "payment", reference)
        if account == supplier:
            split.supplier_fen -= amount_fen
    if split.is_booked:
        split.paid_fen = order.total_fen
    refunds = Refund.objects.filter(order=order).values_list("number", flat=True)
    margin_fen = split.paid_fen - split.supplier_fen
    for entry_id, reference, account, amount_fen in _lines("refund", refunds):
        _note(split, entry_id, "refund", reference)
        if account == supplier:
            split.supplier_fen -= amount_fen
            margin_fen += amount_fen
        elif account == account_id(AccountKind.REVENUE):
            split.refunded_fen += amount_fen
            margin_fen -= amount_fen
    split.platform_fen += margin_fen


def _rewards(order: Order, split: Split) -> None:
    """What members and the fund got of it. Expense is what the mall bears; fee is the mall's again, tax is not."""
    line_ids = [str(line) for line in order.lines.values_list("pk", flat=True)]
    kept = _commission_backs(line_ids)
    for kind, references in (
        ("reward", [str(order.pk)]),
        ("clawback", [str(order.pk)]),
        ("hold_expiry", [str(order.pk)]),
        ("commission", line_ids),
        ("commission_back", kept),
    ):
        for entry_id, reference, account, amount_fen in _lines(kind, references):
            _note(split, entry_id, kind, reference)
            if account % 32 in (AccountKind.REWARD_EXPENSE, AccountKind.COMMISSION_EXPENSE):
                split.platform_fen -= amount_fen
            elif account % 32 == AccountKind.SUPPORT_FUND:
                split.fund_fen -= amount_fen
            elif account % 32 in MEMBER_KINDS:
                split.members_fen -= amount_fen
    earned = [("mature", str(order.pk)), *(("commission_mature", line) for line in line_ids)]
    for holder in _earners(earned):
        fee_fen, tax_fen = withheld(movements_of(holder), set(earned))
        split.fee_fen += fee_fen
        split.tax_fen += tax_fen
    split.members_fen -= split.fee_fen + split.tax_fen


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of a member's available balance: above zero it grew. A withdrawal that was paid tells what was
    withheld of it."""

    kind: str
    reference: str
    amount_fen: int
    fee_fen: int = 0
    tax_fen: int = 0


def withheld(movements: Iterable[Movement], earned: set[tuple[str, str]]) -> tuple[int, int]:
    """Return fee and tax of what `earned` brought, first in, first out. Pure."""
    waiting: deque[tuple[bool, int]] = deque()
    fee_fen = tax_fen = 0
    for one in movements:
        if one.amount_fen > 0:
            waiting.append(((one.kind, one.reference) in earned, one.amount_fen))
            continue
        parts: list[tuple[bool, int]] = []
        left = -one.amount_fen
        while left and waiting:
            is_ours, there = waiting.popleft()
            taken = min(left, there)
            parts.append((is_ours, taken))
            left -= taken
            if taken < there:
                waiting.appendleft((is_ours, there - taken))
        if not parts or not (one.fee_fen or one.tax_fen):
            continue
        weights = [fen for _is_ours, fen in parts]
        for total, name in ((one.fee_fen, "fee"), (one.tax_fen, "tax")):
            shares = split_fen(total, weights)
            ours = sum(share for (is_ours, _fen), share in zip(parts, shares, strict=True) if is_ours)
            fee_fen, tax_fen = (fee_fen + ours, tax_fen) if name == "fee" else (fee_fen, tax_fen + ours)
    return fee_fen, tax_fen


def _note(split: Split, entry_id: int, kind: str, reference: str) -> None:
    if (entry_id, kind, reference) not in split.entries:
        split.entries.append((entry_id, kind, reference))


def _lines(kind: str, references: Iterable[str]) -> list[tuple[int, str, int, int]]:
    """Return the postings of entries: entry, reference, account and fen, debits above zero."""
    wanted = list(references)
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.id, entry.reference, posting.account_id, posting.amount_fen
            FROM ledger_journalentry entry JOIN ledger_posting posting ON posting.entry_id = entry.id
            WHERE entry.kind = %s AND entry.reference = ANY(%s)
            ORDER BY posting.id
            """,
            [kind, wanted],
        )
        return [tuple(row) for row in cursor.fetchall()]


def _commission_backs(line_ids: list[str]) -> list[str]:
    """Return the references of what was taken back of lines: line and what of it was kept."""
    cuts = CommissionCut.objects.filter(commission__in=[int(line) for line in line_ids])
    return [f"{line}:{kept}" for line, kept in cuts.values_list("commission_id", "kept_fen")]


def _earners(earned: Iterable[tuple[str, str]]) -> list[int]:
    holders: set[int] = set()
    for kind, reference in earned:
        holders |= {
            account // 32
            for _entry, _reference, account, _fen in _lines(kind, [reference])
            if account % 32 == AccountKind.AVAILABLE
        }
    return sorted(holders)


def movements_of(holder_id: int) -> list[Movement]:
    """Return how a member's available balance moved, in order. A withdrawal that came back moved nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT entry.kind, entry.reference, -posting.amount_fen,
                coalesce(payout.fee_fen, 0)::bigint, coalesce(payout.tax_fen, 0)::bigint
            FROM ledger_posting posting
            JOIN ledger_journalentry entry ON entry.id = posting.entry_id
            LEFT JOIN LATERAL (
                SELECT sum(-line.amount_fen) FILTER (WHERE line.account_id %% 32 = 25) AS fee_fen,
                    sum(-line.amount_fen) FILTER (WHERE line.account_id %% 32 = 26) AS tax_fen
                FROM ledger_journalentry paid JOIN ledger_posting line ON line.entry_id = paid.id
                WHERE entry.kind = 'withdrawal' AND paid.kind = 'payout' AND paid.reference = entry.reference
            ) payout ON true
            WHERE posting.account_id = %s AND entry.kind <> 'withdrawal_return' AND NOT (
                entry.kind = 'withdrawal' AND EXISTS (
                    SELECT 1 FROM ledger_journalentry back
                    WHERE back.kind = 'withdrawal_return' AND back.reference = entry.reference
                )
            )
            ORDER BY posting.id
            """,
            [account_id(AccountKind.AVAILABLE, holder_id)],
        )
        return [Movement(*row) for row in cursor.fetchall()]
