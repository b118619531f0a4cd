"""Reading the ledger. Balances are positive on the account's natural side."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from mall.core.labels import labels

from .models import DEBIT_KINDS, KEPT_KINDS, MEMBER_KINDS, Account, AccountKind, Posting, account_id
from .proving import (
    ChainedEntry,
    Checked,
    Flaw,
    HeldProof,
    chain_end,
    chain_flaws,
    chain_page,
    head_before,
    held_proof,
    holder_flaws,
    proof_entries,
    proof_head,
    roots,
)
from .summing import EntrySum, KindSum, balance_differences, entry_sums, entry_sums_of, kind_sums, paid_out_fen

__all__ = [
    "ENTRY_NAMES",
    "REFERENCES",
    "ChainedEntry",
    "Checked",
    "EntrySum",
    "Finding",
    "Flaw",
    "HeldProof",
    "KindSum",
    "MemberBalances",
    "PlatformBalance",
    "StatementLine",
    "account_name",
    "balance_differences",
    "balance_fen",
    "chain_end",
    "chain_flaws",
    "chain_page",
    "entry_name",
    "entry_sums",
    "entry_sums_of",
    "findings",
    "head_before",
    "held_proof",
    "holder_flaws",
    "kind_sums",
    "member_balances",
    "member_totals",
    "paid_out_fen",
    "platform_balances",
    "proof_entries",
    "proof_head",
    "reference_words",
    "roots",
    "statement",
    "totals",
]

# What people call the kinds of entries of `docs/ledger.md`; another kind is shown as it is.
ENTRY_NAMES = {
    "payment": _("订单付款"),
    "late_payment": _("关单后到账"),
    "refund": _("订单退款"),
    "refund_paid": _("退款退回"),
    "reward": _("奖励入账"),
    "mature": _("冷静期满"),
    "hold_release": _("任务完成解冻"),
    "hold_expiry": _("冻结到期"),
    "clawback": _("退货扣回"),
    "withdrawal": _("申请提现"),
    "payout": _("提现打款"),
    "withdrawal_return": _("提现退回"),
    "grant": _("帮扶发放"),
    "adjustment": _("人工调整"),
    "forgiveness": _("免除欠款"),
    "commission": _("零售佣金入账"),
    "commission_mature": _("佣金冷静期满"),
    "commission_back": _("退款扣回佣金"),
    "supplier_statement": _("供应商出账"),
    "supplier_correction": _("供应商更正"),
    "supplier_payout": _("供应商付款"),
}


@dataclass(frozen=True, slots=True)
class MemberBalances:
    """The five balances of one member, in fen, none of them below zero."""

    pending_fen: int = 0
    held_fen: int = 0
    available_fen: int = 0
    withdrawing_fen: int = 0
    debt_fen: int = 0


def member_balances(*, holder_id: int) -> MemberBalances:
    """Return the balances of one member; zero for an account that was never used."""
    ids = [account_id(kind, holder_id) for kind in MEMBER_KINDS]
    kept = dict(Account.objects.filter(pk__in=ids).values_list("kind", "balance_fen"))
    return MemberBalances(*(kept.get(kind.value, 0) for kind in MEMBER_KINDS))


def balance_fen(*, kind: int, holder_id: int = 0) -> int:
    """Return the balance of one account: kept for members and the support fund, else checkpoint plus what came
    since."""
    account = account_id(kind, holder_id)
    if kind in KEPT_KINDS:
        return Account.objects.filter(pk=account).values_list("balance_fen", flat=True).first() or 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH base AS (
                SELECT coalesce(max(before_xact_id), 0) AS xact_id, coalesce(max(debit_fen), 0) AS debit_fen
                FROM ledger_checkpoint WHERE account_id = %(account)s
            )
            SELECT (SELECT debit_fen FROM base) + coalesce(sum(posting.amount_fen), 0)::bigint
            FROM ledger_posting posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
            WHERE posting.account_id = %(account)s AND entry.xact_id >= (SELECT xact_id FROM base)
            """,
            {"account": account},
        )
        debit = int(cursor.fetchone()[0])
    return debit if kind in DEBIT_KINDS else -debit


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting of an account's statement; `amount_fen` is positive where the balance grew."""

    entry_id: int
    kind: str
    name: str
    reference: str
    at: datetime
    amount_fen: int


def statement(
    *, kind: int, holder_id: int = 0, limit: int, before: datetime | None = None, credits_only: bool = False
) -> list[StatementLine]:
    """Return the latest postings of one account, newest first: all, or those up to an instant, or only what came in."""
    postings = Posting.objects.filter(account_id=account_id(kind, holder_id)).select_related("entry").order_by("-id")
    if before is not None:
        postings = postings.filter(entry__at__lte=before)
    sign = 1 if kind in DEBIT_KINDS else -1
    if credits_only:
        postings = postings.filter(amount_fen__lt=0) if sign < 0 else postings.filter(amount_fen__gt=0)
    found = list(postings[:limit])
    words = reference_words((posting.entry.kind, posting.entry.reference) for posting in found)
    return [
        StatementLine(
            entry_id=posting.entry_id,
            kind=posting.entry.kind,
            name=entry_name(posting.entry.kind),
            reference=words[posting.entry.kind, posting.entry.reference],
            at=posting.entry.at,
            amount_fen=sign * posting.amount_fen,
        )
        for posting in found
    ]


# Entries that stand for an order or a seed user name it by its id: `mall.core.labels` knows it by a word.
REFERENCES = {
    "reward": "order",
    "mature": "order",
    "hold_expiry": "order",
    "clawback": "order",
    "hold_release": "member",
    "commission": "line",
    "commission_mature": "line",
    "commission_back": "line",
}


def reference_words(entries: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return for each kind and reference of an entry what people know it by: an order's number, a seed user's name."""
    pairs = set(entries)
    wanted: dict[str, set[int]] = {}
    for kind, reference in pairs:
        number = reference.partition(":")[0]
        if kind in REFERENCES and number.isdecimal():
            wanted.setdefault(REFERENCES[kind], set()).add(int(number))
    known = {label: labels(label, ids) for label, ids in wanted.items()}
    return {
        (kind, reference): known[REFERENCES[kind]].get(int(reference.partition(":")[0]), reference)
        if kind in REFERENCES and reference.partition(":")[0].isdecimal()
        else reference
        for kind, reference in pairs
    }


def entry_name(kind: str) -> str:
    """Return what people call a kind of entry."""
    return str(ENTRY_NAMES.get(kind, kind))


@dataclass(frozen=True, slots=True)
class PlatformBalance:
    """One account of the mall's own, with its balance on its natural side."""

    kind: AccountKind
    holder_id: int
    balance_fen: int


def platform_balances() -> list[PlatformBalance]:
    """Return the balances of the support fund and of every account that is no member's, in their order."""
    others = Account.objects.exclude(kind__in=MEMBER_KINDS).order_by("kind", "holder_id")
    return [
        PlatformBalance(kind=AccountKind(kind), holder_id=holder, balance_fen=balance_fen(kind=kind, holder_id=holder))
        for kind, holder in others.values_list("kind", "holder_id")
    ]


def member_totals() -> dict[int, int]:
    """Return for each kind of member account the sum of all balances."""
    found = dict(Account.objects.filter(kind__in=MEMBER_KINDS).values_list("kind").annotate(total=Sum("balance_fen")))
    return {kind.value: found.get(kind.value, 0) for kind in MEMBER_KINDS}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong in the books, in one sentence."""

    text: str


_CHECKS: tuple[tuple[str, str], ...] = (
    (
        """
        SELECT entry.id, entry.kind, entry.reference, coalesce(sum(posting.amount_fen), 0)
        FROM ledger_journalentry entry LEFT JOIN ledger_posting posting ON posting.entry_id = entry.id
        GROUP BY entry.id
        HAVING coalesce(sum(posting.amount_fen), 0) <> 0
            OR coalesce(sum(posting.amount_fen) FILTER (WHERE posting.amount_fen > 0), 0) <> entry.debit_fen
            OR count(posting.id) <> entry.line_count
        ORDER BY entry.id LIMIT %s
        """,
        "entry {0} ({1} {2}) is not balanced or has lines that its head does not know: its lines sum to {3} fen",
    ),
    (
        """
        SELECT posting.id, posting.entry_id, posting.account_id FROM ledger_posting posting
        WHERE NOT EXISTS (SELECT 1 FROM ledger_journalentry entry WHERE entry.id = posting.entry_id)
            OR NOT EXISTS (SELECT 1 FROM ledger_account account WHERE account.id = posting.account_id)
        ORDER BY posting.id LIMIT %s
        """,
        "posting {0} names entry {1} and account {2}, one of which does not exist",
    ),
    (
        """
        SELECT account.kind, account.holder_id, account.balance_fen, coalesce(replay.credit_fen, 0)
        FROM ledger_account account
        LEFT JOIN (
            SELECT account_id, sum(CASE account_id %% 32 WHEN 5 THEN amount_fen ELSE -amount_fen END) AS credit_fen
            FROM ledger_posting WHERE account_id %% 32 <= 10 GROUP BY account_id
        ) replay ON replay.account_id = account.id
        WHERE account.kind <= 10 AND account.balance_fen <> coalesce(replay.credit_fen, 0)
        ORDER BY account.holder_id, account.kind LIMIT %s
        """,
        "account of kind {0}, holder {1} shows {2} fen, its postings make {3}",
    ),
    (
        """
        SELECT checkpoint.account_id, checkpoint.debit_fen, coalesce(replay.debit_fen, 0)
        FROM ledger_checkpoint checkpoint
        LEFT JOIN LATERAL (
            SELECT sum(posting.amount_fen) AS debit_fen
            FROM ledger_posting posting JOIN ledger_journalentry entry ON entry.id = posting.entry_id
            WHERE posting.account_id = checkpoint.account_id AND entry.xact_id < checkpoint.before_xact_id
        ) replay ON true
        WHERE checkpoint.debit_fen <> coalesce(replay.debit_fen, 0)
        ORDER BY checkpoint.account_id LIMIT %s
        """,
        "checkpoint of account {0} shows {1} fen, its postings make {2}",
    ),
)


def findings(*, limit: int = 10) -> Iterator[Finding]:
    """Prove the books in one snapshot, reading only: balanced and sealed entries, kept balances, checkpoints."""
    with connection.cursor() as cursor:
        for sql, text in _CHECKS:
            cursor.execute(sql, [limit])
            for row in cursor.fetchall():
                yield Finding(text.format(*row))


def totals() -> tuple[int, int]:
    """Return the number of entries and of postings."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM ledger_journalentry), (SELECT count(*) FROM ledger_posting)")
        entries, postings = cursor.fetchone()
    return entries, postings


def account_name(kind: int) -> str:
    """Return the Chinese name of a kind of account."""
    return str(AccountKind(kind).label)
