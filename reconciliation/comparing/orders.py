"""Payments and refunds: documents, the provider's bill, and the ledger.

A document counts to the day of the bill on which it stands; on none, to its own day. Entries follow their documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from ledger.models import AccountKind
from ledger.queries import EntrySum, entry_sums, entry_sums_of
from orders.models import BillLine, Payment, ProviderBill, Refund, RefundState
from orders.queries import cash_holders
from reconciliation.rules import Cause, Part, Seen, is_near_midnight

from .found import Compared, Found, Tally, judged

KINDS = {Part.PAYMENT: ("payment", "late_payment"), Part.REFUND: ("refund_paid",)}
# What another mall was paid: no bill of ours tells of it.
WITHOUT_BILLS = frozenset({"import"})


@dataclass(slots=True)
class _Books:
    """All that one provider's three books have of one part on one day."""

    part: Part
    provider: str
    has_bill: bool
    until: datetime
    lines: dict[str, list[BillLine]] = field(default_factory=dict)
    documents: dict[str, "Payment | Refund"] = field(default_factory=dict)
    entries: dict[str, EntrySum] = field(default_factory=dict)


def compare_orders(day: date, since: datetime, until: datetime) -> Compared:
    """Hold the payments and refunds of a day against bills and ledger, provider by provider."""
    rows: list[Tally] = []
    found: list[Found] = []
    bills = {bill.provider: bill for bill in ProviderBill.objects.filter(day=day)}
    alone = {part: _entries_without_documents(part, since, until) for part in KINDS}
    holders = cash_holders()
    for provider in _providers(bills, since, until):
        for part in KINDS:
            books = _books(part, provider, bills.get(provider), since, until)
            books.entries |= {
                entry.reference: entry for entry in alone[part] if entry.holder_id == holders.get(provider)
            }
            tally = Tally(part, provider, has_channel=books.has_bill)
            compared = judged(tally, _pairs(books))
            if tally.document[0] or tally.channel[0] or tally.ledger[0]:
                rows.append(tally)
            found += compared.found
            missing = _missing_bill(books, tally)
            found += [missing] if missing is not None else []
    return Compared(rows, found)


def _providers(bills: dict[str, ProviderBill], since: datetime, until: datetime) -> list[str]:
    paid = Payment.objects.filter(captured_at__gte=since, captured_at__lt=until)
    back = Refund.objects.filter(succeeded_at__gte=since, succeeded_at__lt=until)
    found = {
        *bills,
        *settings.PAYMENT_GATEWAYS,
        *paid.values_list("provider", flat=True).distinct(),
        *back.values_list("payment__provider", flat=True).distinct(),
    }
    order = list(cash_holders())
    return sorted(found, key=lambda name: order.index(name) if name in order else len(order))


def _books(part: Part, provider: str, bill: ProviderBill | None, since: datetime, until: datetime) -> _Books:
    books = _Books(part, provider, bill is not None, until)
    if bill is not None:
        for line in bill.lines.filter(kind=part.value).order_by("position"):
            books.lines.setdefault(line.number, []).append(line)
    own, billed = _documents(part, provider)
    on_bill = BillLine.objects.filter(bill__provider=provider, kind=part.value, number=OuterRef("number"))
    moved = "captured_at" if part == Part.PAYMENT else "succeeded_at"
    of_day = own.filter(**{f"{moved}__gte": since, f"{moved}__lt": until}).exclude(Exists(on_bill))
    books.documents = {one.number: one for one in [*of_day, *billed.filter(number__in=list(books.lines))]}
    references = [number for number, one in books.documents.items() if _moved_at(one) is not None]
    books.entries = {
        entry.reference: entry
        for entry in entry_sums_of(kinds=KINDS[part], account=AccountKind.CASH, references=references).values()
    }
    return books


def _documents(part: Part, provider: str) -> tuple["QuerySet[Payment] | QuerySet[Refund]", ...]:
    if part == Part.PAYMENT:
        payments = Payment.objects.filter(provider=provider)
        return payments, payments
    refunds = Refund.objects.select_related("payment").filter(payment__provider=provider)
    return refunds.filter(state=RefundState.SUCCEEDED), refunds


def _moved_at(document: "Payment | Refund") -> datetime | None:
    return document.captured_at if isinstance(document, Payment) else document.succeeded_at


def _pairs(books: _Books) -> Iterator[tuple[str, str, Seen]]:
    for number in {**books.documents, **books.lines, **books.entries}:
        yield number, "", _seen(books, number)


def _seen(books: _Books, number: str) -> Seen:
    document, lines, entry = books.documents.get(number), books.lines.get(number, []), books.entries.get(number)
    moved_at = _moved_at(document) if document is not None else None
    reference = getattr(document, "provider_ref", None)
    return Seen(
        part=books.part,
        known=document is not None,
        document_fen=document.amount_fen if document is not None and moved_at is not None else None,
        channel_fen=sum(line.amount_fen for line in lines) if lines else None,
        ledger_fen=abs(entry.debit_fen) if entry is not None else None,
        channel_lines=len(lines),
        has_channel=books.has_bill,
        same_reference=not lines or reference is None or lines[0].provider_ref == reference,
        near_midnight=moved_at is not None and is_near_midnight(moved_at, books.until),
    )


def _missing_bill(books: _Books, tally: Tally) -> Found | None:
    """Return what says that a provider's bill is still to come, once for its payments and once for its refunds."""
    if books.has_bill or books.provider in WITHOUT_BILLS or not tally.document[0]:
        return None
    return Found(books.part, books.provider, "", Cause.NO_BILL, tally.document[1], None, tally.ledger[1])


def _entries_without_documents(part: Part, since: datetime, until: datetime) -> list[EntrySum]:
    entries = entry_sums(kinds=KINDS[part], account=AccountKind.CASH, since=since, until=until).values()
    rows = Payment.objects if part == Part.PAYMENT else Refund.objects
    moved = "captured_at__isnull" if part == Part.PAYMENT else "succeeded_at__isnull"
    known = rows.filter(number__in=[entry.reference for entry in entries], **{moved: False})
    numbers = set(known.values_list("number", flat=True))
    return [entry for entry in entries if entry.reference not in numbers]
