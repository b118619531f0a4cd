"""What holds over all books at any time, counted anew."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum

from ledger.models import AccountKind
from ledger.queries import balance_differences, kind_sums, paid_out_fen
from linkage.models import (
    Adjustment,
    AdjustmentKind,
    AdjustmentState,
    Commission,
    CommissionCut,
    EventKind,
    LinkageEvent,
    Reward,
)
from payouts.models import Withdrawal, WithdrawalState

EXPENSES = (AccountKind.REWARD_EXPENSE, AccountKind.COMMISSION_EXPENSE, AccountKind.ADJUSTMENT_EXPENSE)
SHOWN_MAX = 10


@dataclass(frozen=True, slots=True)
class Invariant:
    """One that holds or not: its two sides in fen, and the parts of the first, by name."""

    name: str
    one_fen: int
    other_fen: int
    parts: dict[str, int]

    @property
    def holds(self) -> bool:
        return self.one_fen == self.other_fen

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "one": self.one_fen, "other": self.other_fen, "parts": self.parts}


def invariants() -> list[Invariant]:
    """Return debits and credits; balances against their replay (how many differ); what members have, had and owe
    against what was earned; and the rows that earned it against the ledger. Reads every posting."""
    sums = kind_sums()
    debits = sum(one.debit_fen for one in sums.values())
    credits = sum(one.credit_fen for one in sums.values())
    wrong = len(balance_differences(limit=SHOWN_MAX))

    def credit_fen(kind: AccountKind) -> int:
        return sums[kind].credit_fen - sums[kind].debit_fen if kind in sums else 0

    earned = sum(sums[kind].debit_fen for kind in EXPENSES if kind in sums)
    clawed_back = sum(sums[kind].credit_fen for kind in EXPENSES if kind in sums)
    parts = {
        "pending": credit_fen(AccountKind.PENDING),
        "held": credit_fen(AccountKind.HELD),
        "available": credit_fen(AccountKind.AVAILABLE),
        "withdrawing": credit_fen(AccountKind.WITHDRAWING),
        "paid": paid_out_fen(),
        "clawed_back": clawed_back,
        "fund": credit_fen(AccountKind.SUPPORT_FUND),
        "debt": credit_fen(AccountKind.DEBT),
    }
    return [
        Invariant("balanced", debits, credits, {}),
        Invariant("replayed", wrong, 0, {}),
        Invariant("earned", sum(parts.values()), earned, parts),
        Invariant("rows", _earned_rows(), earned - clawed_back, {}),
        Invariant("paid", _paid_rows(), parts["paid"], {}),
    ]


def _earned_rows() -> int:
    """Return what the rows of rewards, commissions and adjustments say was earned and not taken back, in fen."""
    rewards = Reward.objects.filter(reversed=False).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    commissions = Commission.objects.aggregate(fen=Sum("first_fen"))["fen"] or 0
    cuts = CommissionCut.objects.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    adjusted = (
        Adjustment.objects.filter(state=AdjustmentState.APPROVED, kind__in=AdjustmentKind.values).aggregate(
            fen=Sum("amount_fen")
        )["fen"]
        or 0
    )
    return int(rewards + commissions - cuts + adjusted)


def _paid_rows() -> int:
    """Return what withdrawals that were paid came to, in fen; those whose settlement still waits are left out."""
    waiting = LinkageEvent.objects.filter(kind=EventKind.PAYOUT, number__isnull=True, refusal="").values("reference")
    paid = Withdrawal.objects.filter(state=WithdrawalState.PAID)
    late = paid.filter(number__in=waiting).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return int((paid.aggregate(fen=Sum("amount_fen"))["fen"] or 0) - late)
