"""Rewards and retail commission, and what was taken back of them: rows of `linkage` against the ledger."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Sum

from ledger.models import AccountKind
from ledger.queries import EntrySum, entry_sums, entry_sums_of, reference_words
from linkage.models import Commission, CommissionCut, Reward, SettledOrder
from reconciliation.rules import Part, Seen

from .found import Compared, Found, Tally, judged

ACCOUNTS = {
    Part.REWARD: AccountKind.REWARD_EXPENSE,
    Part.CLAWBACK: AccountKind.REWARD_EXPENSE,
    Part.COMMISSION: AccountKind.COMMISSION_EXPENSE,
    Part.COMMISSION_BACK: AccountKind.COMMISSION_EXPENSE,
}


def compare_earnings(since: datetime, until: datetime) -> Compared:
    """Hold what was earned and taken back on a day against the ledger. An entry counts to its own day; a row of
    which there is no entry at all, to the day on which its money was paid or went back."""
    rows: list[Tally] = []
    found: list[Found] = []
    for part, account in ACCOUNTS.items():
        entries = {
            entry.reference: entry
            for entry in entry_sums(kinds=(part.value,), account=account, since=since, until=until).values()
        }
        documents = _rows_of(part, entries)
        missing = _without_entry(part, _rows_of_day(part, since, until), entries)
        compared = judged(Tally(part, has_channel=False), _pairs(part, {**documents, **missing}, entries))
        rows += [tally for tally in compared.rows if tally.document[0] or tally.ledger[0]]
        found += compared.found
    return Compared(rows, found)


def _pairs(
    part: Part, documents: Mapping[str, int], entries: Mapping[str, EntrySum]
) -> Iterable[tuple[str, str, Seen]]:
    words = reference_words((part.value, reference) for reference in {**documents, **entries})
    for reference in {**documents, **entries}:
        entry = entries.get(reference)
        seen = Seen(
            part=part,
            known=reference in documents,
            document_fen=documents.get(reference),
            channel_fen=None,
            ledger_fen=abs(entry.debit_fen) if entry is not None else None,
            has_channel=False,
        )
        yield reference, words[part.value, reference], seen


def _rows_of(part: Part, entries: Mapping[str, EntrySum]) -> dict[str, int]:
    """Return what the rows say behind these entries, by reference."""
    ids = [int(number) for number in (ref.partition(":")[0] for ref in entries) if number.isdecimal()]
    if part in (Part.REWARD, Part.CLAWBACK):
        rewards = Reward.objects.filter(order__in=ids)
        return _by_order(rewards if part == Part.REWARD else rewards.filter(reversed=True))
    if part == Part.COMMISSION:
        return _commissions(Commission.objects.filter(line__in=ids))
    known = _cuts(CommissionCut.objects.filter(commission__in=ids))
    return {reference: fen for reference, fen in known.items() if reference in entries}


def _rows_of_day(part: Part, since: datetime, until: datetime) -> dict[str, int]:
    """Return what the rows say of a day, by reference: paid, or gone back, then."""
    if part in (Part.REWARD, Part.CLAWBACK):
        when = "paid_at" if part == Part.REWARD else "refunded_at"
        orders = SettledOrder.objects.filter(**{f"{when}__gte": since, f"{when}__lt": until})
        rewards = Reward.objects.filter(order__in=orders)
        return _by_order(rewards if part == Part.REWARD else rewards.filter(reversed=True))
    if part == Part.COMMISSION:
        return _commissions(Commission.objects.filter(paid_at__gte=since, paid_at__lt=until))
    return _cuts(CommissionCut.objects.filter(at__gte=since, at__lt=until))


def _by_order(rewards: "QuerySet[Any]") -> dict[str, int]:
    summed = rewards.order_by().values("order_id").annotate(fen=Sum("amount_fen"))
    return {str(row["order_id"]): int(row["fen"]) for row in summed}


def _commissions(rows: "QuerySet[Any]") -> dict[str, int]:
    found = rows.filter(first_fen__gt=0).values_list("line_id", "first_fen")
    return {str(line): fen for line, fen in found}


def _cuts(rows: "QuerySet[Any]") -> dict[str, int]:
    found = rows.filter(amount_fen__gt=0).values_list(F("commission_id"), "kept_fen", "amount_fen")
    return {f"{line}:{kept}": fen for line, kept, fen in found}


def _without_entry(part: Part, documents: Mapping[str, int], entries: Mapping[str, EntrySum]) -> dict[str, int]:
    """Return those of the documents that no entry of any day is about."""
    unseen = documents.keys() - entries.keys()
    booked = entry_sums_of(kinds=(part.value,), account=ACCOUNTS[part], references=unseen)
    return {reference: documents[reference] for reference in unseen if (part.value, reference) not in booked}
