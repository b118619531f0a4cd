"""What a reviewer sees of many withdrawals at once: signals, where the money came from, holds. Fixed questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Max

from ledger.models import Account, AccountKind, account_id
from ledger.queries import entry_name, reference_words
from mall.core import arrays
from mall.core.labels import labels
from payouts.models import Payee, PayoutAccount, PayoutHold, Withdrawal, WithdrawalState
from payouts.rules import OPEN_STATES, REST
from payouts.rules.risk import (
    CHANGED,
    DEBT,
    FIRST,
    GONE,
    GREEN_BELOW,
    GREEN_COUNT_MAX,
    GREEN_ROW_MAX_FEN,
    GREEN_TOTAL_MAX_FEN,
    LARGE,
    LARGE_FEN,
    NEW_ACCOUNT,
    NEW_DAYS,
    NEW_MEMBER,
    NO_ACCOUNT,
    OPEN_CASE,
    SHARED,
    TAKEN_BACK,
    by_weight,
    score,
)

FUNDING_LINES = 12


@dataclass(frozen=True, slots=True)
class Credit:
    """One entry that made money available before a withdrawal was asked for; `taken` is what came after and took."""

    entry_id: int
    kind: str
    name: str
    reference: str
    words: str
    at: datetime
    amount_fen: int


@dataclass(slots=True)
class Look:
    """What there is to see about one withdrawal."""

    signals: list[str] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    taken_fen: int = 0
    cases: list[str] = field(default_factory=list)
    is_held: bool = False

    @property
    def score(self) -> int:
        return score(self.signals)

    @property
    def reasons(self) -> list[str]:
        return by_weight(self.signals)[:2]

    @property
    def is_green(self) -> bool:
        return self.score < GREEN_BELOW and not self.is_held


def looks(*, withdrawals: Sequence[Withdrawal], at: datetime) -> dict[int, Look]:
    """Return what there is to see about each withdrawal, by its id; member and account have to be loaded."""
    found = {one.pk: Look() for one in withdrawals}
    if not found:
        return found
    members = sorted({one.member_id for one in withdrawals})
    _credits(withdrawals, found)
    held = set(PayoutHold.objects.filter(member__in=members, released_at=None).values_list("member_id", flat=True))
    paid = set(
        Withdrawal.objects.filter(member__in=members, state=WithdrawalState.PAID).values_list("member_id", flat=True)
    )
    debts = [account_id(AccountKind.DEBT, member) for member in members]
    debtors = set(Account.objects.filter(pk__in=debts, balance_fen__gt=0).values_list("holder_id", flat=True))
    shared = _shared(withdrawals)
    changed = _changed(members)
    for one in withdrawals:
        look = found[one.pk]
        look.is_held = one.member_id in held
        says = {
            FIRST: one.member_id not in paid,
            DEBT: one.member_id in debtors,
            LARGE: one.amount_fen >= LARGE_FEN,
            NEW_MEMBER: at - one.member.joined_at < timedelta(days=NEW_DAYS),
            OPEN_CASE: bool(look.cases),
            TAKEN_BACK: look.taken_fen > 0,
            CHANGED: one.state in OPEN_STATES
            and changed.get(one.member_id, one.requested_at) + REST > at
            and changed.get(one.member_id, one.requested_at) > one.requested_at,
        }
        account = one.account
        says[NO_ACCOUNT] = account is None
        if account is not None:
            says[NEW_ACCOUNT] = at - account.added_at < timedelta(days=NEW_DAYS)
            says[GONE] = account.removed_at is not None
            says[SHARED] = account.fingerprint in shared
        look.signals = [signal for signal, is_so in says.items() if is_so]
    return found


def green_of(*, state: str, but_of: int, at: datetime) -> list[tuple[Withdrawal, Look]]:
    """Return the withdrawals of a waiting state that somebody may decide on at once, oldest first: green, small,
    neither one's own nor, to be released, approved by oneself; no more than the limits take."""
    waiting = (
        Withdrawal.objects.filter(state=state, amount_fen__lte=GREEN_ROW_MAX_FEN, imported=False)
        .exclude(member=but_of)
        .exclude(approved_by=but_of)
        .select_related("member")
        .prefetch_related("account", "payee", "approved_by")
        .order_by("requested_at", "id")[: GREEN_COUNT_MAX * 2]
    )
    rows = list(waiting)
    seen = looks(withdrawals=rows, at=at)
    found: list[tuple[Withdrawal, Look]] = []
    total_fen = 0
    for row in rows:
        if not seen[row.pk].is_green or len(found) >= GREEN_COUNT_MAX:
            continue
        if total_fen + row.amount_fen > GREEN_TOTAL_MAX_FEN:
            continue
        total_fen += row.amount_fen
        found.append((row, seen[row.pk]))
    return found


def _shared(withdrawals: Sequence[Withdrawal]) -> set[str]:
    prints = {one.account.fingerprint for one in withdrawals if one.account is not None and one.account.fingerprint}
    same = PayoutAccount.objects.filter(fingerprint__in=prints).order_by().values("fingerprint")
    return {row["fingerprint"] for row in same.annotate(people=Count("member", distinct=True)) if row["people"] > 1}


def _changed(members: Sequence[int]) -> dict[int, datetime]:
    """Return when each member last changed account or name."""
    accounts = PayoutAccount.objects.filter(member__in=members).order_by().values_list("member")
    found = dict(accounts.annotate(at=Max("added_at")))
    names = Payee.objects.filter(member__in=members, is_current=True).values_list("member_id", "registered_at")
    for member, at in names:
        found[member] = max(at, found.get(member, at))
    return found


_FUNDING = """
SELECT wanted.id, line.entry_id, line.kind, line.reference, line.at, line.amount_fen, line.is_after
FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[]) AS wanted(id, account_id, at)
CROSS JOIN LATERAL (
    (
        SELECT posting.entry_id, entry.kind, entry.reference, entry.at, -posting.amount_fen AS amount_fen,
            false AS is_after, posting.id
        FROM ledger_posting posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
        WHERE posting.account_id = wanted.account_id AND posting.amount_fen < 0 AND entry.at <= wanted.at
        ORDER BY posting.id DESC LIMIT %s
    )
    UNION ALL
    (
        SELECT posting.entry_id, entry.kind, entry.reference, entry.at, posting.amount_fen, true, posting.id
        FROM ledger_posting posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
        WHERE posting.account_id = wanted.account_id AND posting.amount_fen > 0 AND entry.at > wanted.at
            AND entry.kind IN ('clawback', 'commission_back')
        ORDER BY posting.id DESC LIMIT %s
    )
) line
ORDER BY wanted.id, line.is_after, line.id DESC
"""


def _credits(withdrawals: Sequence[Withdrawal], found: dict[int, Look]) -> None:
    """Put on each look the last entries that made money available, what was taken back since, and open cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            _FUNDING,
            [
                arrays.numbers([one.pk for one in withdrawals]),
                arrays.numbers([account_id(AccountKind.AVAILABLE, one.member_id) for one in withdrawals]),
                arrays.texts([one.requested_at.isoformat() for one in withdrawals]),
                FUNDING_LINES,
                FUNDING_LINES,
            ],
        )
        rows = cursor.fetchall()
    words = reference_words((row[2], row[3]) for row in rows)
    orders = {int(row[3]) for row in rows if row[2] in ("mature", "hold_expiry") and row[3].isdecimal()}
    lines = {int(row[3]) for row in rows if row[2] == "commission_mature" and row[3].isdecimal()}
    cases = {"mature": labels("open_case", orders), "commission_mature": labels("open_case_of_line", lines)}
    for pk, entry_id, kind, reference, at, amount_fen, is_after in rows:
        look = found[pk]
        if is_after:
            look.taken_fen += amount_fen
            continue
        look.credits.append(Credit(entry_id, kind, entry_name(kind), reference, words[kind, reference], at, amount_fen))
        case = cases.get(kind, {}).get(int(reference)) if reference.isdecimal() else None
        if case and case not in look.cases:
            look.cases.append(case)
