"""Finding entries of the ledger by what people know: an order's number, a withdrawal's, a phone's tail."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Right

from ledger.models import MEMBER_KINDS, Account, JournalEntry, Posting, account_id
from linkage.models import Adjustment, CommissionCut
from members.models import Member
from orders.models import Order, OrderLine, Payment, Purchase, Refund
from payouts.models import Withdrawal

PAGE = 50
HOLDERS_MAX = 20
ACCOUNTS_MAX = 50


@dataclass(slots=True)
class Meant:
    """What a word means: entries by kind and reference, and members whose accounts are looked at."""

    references: dict[str, list[str]] = field(default_factory=dict)
    holders: list[int] = field(default_factory=list)
    entry_id: int | None = None

    @property
    def is_something(self) -> bool:
        return bool(self.references or self.holders or self.entry_id)


def meaning(word: str) -> Meant:
    """Return what somebody means by a word: `#` and an entry's id; the number of an order, purchase, payment, refund,
    withdrawal or adjustment; a member's id, whole phone or its last four digits (the newest twenty who have them)."""
    word = "".join(word.split())[:64]
    meant = Meant()
    if not word or "\x00" in word:
        return meant
    if word.startswith("#") and word[1:].isascii() and word[1:].isdecimal() and len(word) < 19:
        meant.entry_id = int(word[1:])
        return meant
    order = Order.objects.filter(number=word).first()
    if order is not None:
        meant.references = _of_order(order)
    elif Withdrawal.objects.filter(number=word).exists():
        meant.references = {kind: [word] for kind in ("withdrawal", "payout", "withdrawal_return")}
    elif Adjustment.objects.filter(number=word).exists():
        meant.references = {kind: [word] for kind in ("adjustment", "forgiveness")}
    elif Payment.objects.filter(number=word).exists():
        meant.references = {kind: [word] for kind in ("payment", "late_payment")}
    elif Refund.objects.filter(number=word).exists():
        meant.references = {kind: [word] for kind in ("refund", "refund_paid")}
    elif Purchase.objects.filter(number=word).exists():
        numbers = list(Payment.objects.filter(purchase__number=word).values_list("number", flat=True))
        meant.references = dict.fromkeys(("payment", "late_payment"), numbers)
    else:
        meant.holders = _people(word)
    return meant


def _of_order(order: Order) -> dict[str, list[str]]:
    pk, lines = str(order.pk), [str(one) for one in OrderLine.objects.filter(order=order).values_list("pk", flat=True)]
    payments = list(Payment.objects.filter(purchase=order.purchase_id).values_list("number", flat=True))
    refunds = list(Refund.objects.filter(order=order).values_list("number", flat=True))
    cuts = CommissionCut.objects.filter(commission__in=[int(line) for line in lines])
    backs = [f"{line}:{kept}" for line, kept in cuts.values_list("commission_id", "kept_fen")]
    return {
        "payment": payments,
        "late_payment": payments,
        "refund": refunds,
        "refund_paid": refunds,
        **{kind: [pk] for kind in ("reward", "mature", "hold_expiry", "clawback")},
        **dict.fromkeys(("commission", "commission_mature"), lines),
        "commission_back": backs,
    }


def _people(word: str) -> list[int]:
    digits = word.removeprefix("+86")
    found: QuerySet[Member] = Member.objects.filter(public_id=word)
    if digits.isascii() and digits.isdecimal() and len(digits) == 11:
        found = Member.objects.filter(phone=f"+86{digits}")
    elif digits.isascii() and digits.isdecimal() and len(digits) == 4:
        found = Member.objects.annotate(tail=Right("phone", 4)).filter(phone__isnull=False, tail=digits)
    return list(found.order_by("-pk").values_list("pk", flat=True)[:HOLDERS_MAX])


def entries_page(
    *,
    meant: Meant | None,
    kind: str = "",
    account_kind: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[JournalEntry]:
    """Return entries, newest first, one more than a page where there are older ones; from before an id on. Nothing is
    counted, and no page costs more for being deep."""
    asked = {"kind": kind or None, "at__gte": since, "at__lt": until}
    narrowed = {name: value for name, value in asked.items() if value is not None}
    rows = JournalEntry.objects.filter(**narrowed).order_by("-id")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if meant is not None and meant.entry_id is not None:
        rows = rows.filter(pk=meant.entry_id)
    elif meant is not None and meant.references:
        wanted = Q()
        for one, references in meant.references.items():
            wanted |= Q(kind=one, reference__in=references)
        rows = rows.filter(wanted)
    accounts = _accounts(meant, account_kind)
    if accounts is not None:
        of_entry = {f"entry__{name}": value for name, value in narrowed.items()}
        rows = rows.filter(pk__in=_entries_of(accounts, before, limit, **of_entry))
    return list(rows[: limit + 1])


def _accounts(meant: Meant | None, account_kind: int | None) -> list[int] | None:
    """Return the accounts that are looked at; none where all are."""
    if meant is not None and meant.holders:
        kinds = [account_kind] if account_kind is not None else [kind.value for kind in MEMBER_KINDS]
        return [account_id(kind, holder) for kind in kinds for holder in meant.holders]
    if account_kind is None:
        return None
    return list(Account.objects.filter(kind=account_kind).order_by("-pk").values_list("pk", flat=True)[:ACCOUNTS_MAX])


def _entries_of(accounts: Iterable[int], before: int | None, limit: int, **narrowed: Any) -> list[int]:
    """Return the newest entries with lines on these accounts: a few lines of each, from the end of its statement."""
    last = Posting.objects.filter(entry_id=before).aggregate(at=Min("id"))["at"] if before is not None else None
    found: set[int] = set()
    for account in accounts:
        lines = Posting.objects.filter(account_id=account, **narrowed)
        if last is not None:
            lines = lines.filter(pk__lt=last)
        found |= set(lines.order_by("-id").values_list("entry_id", flat=True)[: 2 * limit + 2])
    return sorted(found, reverse=True)[: 2 * limit + 2]
