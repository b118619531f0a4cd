"""Closing a period: every posting of the supplier's payable that no statement has yet goes onto this one."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.translation import gettext as _

from ledger.commands import Entry, Line, post_entry
from ledger.models import AccountKind, account_id
from mall.core.ids import SHANGHAI, numbered
from remittance import rules
from remittance.models import LineKind, Statement, StatementLine, StatementState, SupplierTerms
from remittance.queries import terms_on
from suppliers.models import Supplier

from .refusals import RemittanceRefused

STATEMENT, PAYOUT = "supplier_statement", "supplier_payout"
# How far back a commission is looked for: it can change until the goods' time for returns is over.
COMMISSION_DAYS = 400

# Without what this app books for a statement. Whose order it was: by the payment's purchase, or by the refund.
_POSTINGS = """
SELECT posting.id, entry.kind, entry.reference, entry.at, -posting.amount_fen,
    coalesce(refund.order_id, bought.id), coalesce(-refund.amount_fen, bought.total_fen, 0)
FROM ledger_posting AS posting
JOIN ledger_journalentry AS entry ON entry.id = posting.entry_id
LEFT JOIN orders_refund AS refund ON entry.kind = 'refund' AND refund.number = entry.reference
LEFT JOIN orders_payment AS payment ON entry.kind = 'payment' AND payment.number = entry.reference
LEFT JOIN orders_order AS bought ON bought.purchase_id = payment.purchase_id AND bought.supplier_id = %(supplier)s
WHERE posting.account_id = %(account)s AND entry.at < %(until)s AND entry.kind <> ALL (%(own)s)
    AND NOT EXISTS (SELECT 1 FROM remittance_statementline AS line WHERE line.posting_id = posting.id)
ORDER BY posting.id
"""

# The references of the entries are the ids of order lines (`docs/ledger.md`).
_COMMISSIONS = """
WITH sold AS MATERIALIZED (
    SELECT line.id, line.order_id FROM orders_orderline AS line JOIN orders_order AS bought ON bought.id = line.order_id
    WHERE bought.supplier_id = %(supplier)s AND bought.paid_at >= %(since)s AND line.commission_bps > 0
)
SELECT posting.id, entry.kind, entry.reference, entry.at, posting.amount_fen, sold.order_id, 0
FROM sold
JOIN ledger_journalentry AS entry ON (entry.kind = 'commission' AND entry.reference = sold.id::text)
    OR (entry.kind = 'commission_back' AND entry.reference >= sold.id || ':' AND entry.reference < sold.id || ';')
JOIN ledger_posting AS posting ON posting.entry_id = entry.id AND posting.account_id = %(account)s
WHERE entry.at < %(until)s
    AND NOT EXISTS (SELECT 1 FROM remittance_statementline AS line WHERE line.posting_id = posting.id)
ORDER BY posting.id
"""


class Found(NamedTuple):
    """A posting that no statement has: what the supplier gets by it, and what the buyer paid."""

    posting_id: int
    kind: str
    reference: str
    at: datetime
    amount_fen: int
    order_id: int | None
    gross_fen: int


def close_due_periods(*, at: datetime) -> int:
    """Close the last period of every supplier, where it is over and not closed. Returns how many statements it made."""
    made = 0
    today = at.astimezone(SHANGHAI).date()
    for supplier in Supplier.objects.order_by("pk"):
        terms = terms_on(supplier=supplier, day=today - timedelta(days=1))
        start, end = rules.last_ended(terms.period, today)
        last = Statement.objects.filter(supplier=supplier).order_by("-end_date").first()
        if last is not None and last.end_date >= end:
            continue
        start = max(start, last.end_date) if last is not None else start
        made += close_statement(supplier=supplier, start=start, end=end, at=at) is not None
    return made


def close_statement(*, supplier: Supplier, start: date, end: date, at: datetime) -> Statement | None:
    """Close a period of a supplier: from `start` up to, not including, `end`, days in Shanghai.

    A repeat returns the statement that is there. None where nothing happened. Raises RemittanceRefused before the
    period is over, or where a later one is closed.
    """
    until = datetime.combine(end, time(), SHANGHAI)
    if at < until:
        raise RemittanceRefused(_("账期还没有结束"))
    with transaction.atomic():
        Supplier.objects.select_for_update(no_key=True).get(pk=supplier.pk)
        earlier = Statement.objects.filter(supplier=supplier)
        same = earlier.filter(start_date=start, end_date=end).first()
        if same is not None:
            return same
        if earlier.filter(end_date__gt=start).exists():
            raise RemittanceRefused(_("之后的账期已经出账"))
        terms = terms_on(supplier=supplier, day=end - timedelta(days=1))
        lines = _lines(supplier, terms, until)
        last = earlier.order_by("-end_date").first()
        carried = last.payable_fen if last is not None and last.state == StatementState.CARRIED else 0
        if not lines and not carried:
            return None
        statement = _write(supplier, terms, lines, carried, start, end, at)
        _post(statement)
    return statement


def confirm_statement(*, statement: Statement, by: Any, at: datetime) -> None:
    """The supplier takes a statement as right; it waits for being paid. Raises RemittanceRefused."""
    waiting = Statement.objects.filter(pk=statement.pk, state=StatementState.OPEN)
    if not waiting.update(state=StatementState.CONFIRMED, confirmed_at=at, confirmed_by=by):
        raise RemittanceRefused(_("这张对账单已经确认过了"))


def confirm_overdue(*, at: datetime) -> int:
    """Take statements as right on which the supplier said nothing in time. Returns how many."""
    overdue = Statement.objects.filter(state=StatementState.OPEN, confirm_due_at__lte=at)
    return overdue.update(state=StatementState.CONFIRMED, confirmed_at=at)


def _lines(supplier: Supplier, terms: SupplierTerms, until: datetime) -> list[StatementLine]:
    given = {
        "supplier": supplier.pk,
        "account": account_id(AccountKind.SUPPLIER_PAYABLE, supplier.pk),
        "until": until,
        "own": [STATEMENT, PAYOUT],
    }
    kinds = {"payment": LineKind.SALE, "refund": LineKind.REFUND}
    lines = [_line(each, kinds.get(each.kind, LineKind.OTHER)) for each in _found(_POSTINGS, given)]
    if terms.commission_bps:
        given |= {
            "account": account_id(AccountKind.COMMISSION_EXPENSE),
            "since": until - timedelta(days=COMMISSION_DAYS),
        }
        for each in _found(_COMMISSIONS, given):
            borne = rules.signed_share_fen(each.amount_fen, terms.commission_bps)
            lines.append(_line(each._replace(amount_fen=-borne), LineKind.COMMISSION))
    return lines


def _found(statement: str, given: dict[str, Any]) -> list[Found]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [Found(*row) for row in cursor.fetchall()]


def _line(found: Found, kind: LineKind) -> StatementLine:
    return StatementLine(
        posting_id=found.posting_id,
        kind=kind,
        reference=found.reference,
        order_id=found.order_id,
        at=found.at,
        gross_fen=found.gross_fen,
        amount_fen=found.amount_fen,
    )


def _write(
    supplier: Supplier,
    terms: SupplierTerms,
    lines: Sequence[StatementLine],
    carried: int,
    start: date,
    end: date,
    at: datetime,
) -> Statement:
    def total(kind: LineKind) -> int:
        return sum(line.amount_fen for line in lines if line.kind == kind)

    supply, refund, other = total(LineKind.SALE), -total(LineKind.REFUND), total(LineKind.OTHER)
    commission = -total(LineKind.COMMISSION)
    fee = rules.signed_share_fen(supply - refund, terms.fee_bps)
    payable = rules.payable_fen(
        carried=carried, supply=supply, refund=refund, other=other, fee=fee, commission=commission
    )
    statement = Statement.objects.create(
        number=numbered("DZ", at),
        supplier=supplier,
        start_date=start,
        end_date=end,
        fee_bps=terms.fee_bps,
        commission_bps=terms.commission_bps,
        line_count=len(lines),
        gross_fen=sum(line.gross_fen for line in lines),
        supply_fen=supply,
        refund_fen=refund,
        other_fen=other,
        fee_fen=fee,
        commission_fen=commission,
        carried_fen=carried,
        payable_fen=payable,
        state=StatementState.OPEN if payable > 0 else StatementState.CARRIED,
        closed_at=at,
        confirm_due_at=at + timedelta(days=rules.CONFIRM_DAYS),
    )
    for line in lines:
        line.statement = statement
    StatementLine.objects.bulk_create(lines, batch_size=1_000)
    return statement


def _post(statement: Statement) -> None:
    """Book what the supplier bears. Fee and commissions borne stand on accounts of their own, so that the expense of
    commissions stays what the replay of all events makes it."""
    lines = (
        Line(AccountKind.SUPPLIER_PAYABLE, statement.supplier_id, statement.fee_fen + statement.commission_fen),
        Line(AccountKind.PLATFORM_FEE, 0, -statement.fee_fen),
        Line(AccountKind.COMMISSION_BORNE, 0, -statement.commission_fen),
    )
    moved = tuple(line for line in lines if line.amount_fen)
    if moved:
        post_entry(Entry(STATEMENT, statement.number, statement.closed_at, moved))
