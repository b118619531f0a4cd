"""Reading policies and withdrawals."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F, QuerySet, Sum

from .models import PayoutPolicy, Withdrawal, WithdrawalState
from .rules import FIRST_POLICY, Breakdown, breakdown


def policy_in_force(*, at: datetime) -> PayoutPolicy:
    """Return the policy for withdrawals asked for at an instant; before all others, the one a new mall starts with."""
    in_force = PayoutPolicy.objects.filter(starts_at__lte=at).order_by("-starts_at", "-version").first()
    return in_force or PayoutPolicy(**FIRST_POLICY)


def withdrawal_parts(*, amount_fen: int, policy: PayoutPolicy) -> Breakdown:
    """Return what becomes of a gross amount under a policy."""
    return breakdown(amount_fen=amount_fen, fee_bps=policy.fee_bps, tax_bps=policy.tax_bps)


def withdrawals_of(*, member_id: int) -> QuerySet[Withdrawal]:
    """Return a member's withdrawals, newest first."""
    return Withdrawal.objects.filter(member_id=member_id).order_by("-id")


def numbers_by_state() -> dict[str, int]:
    """Return how many withdrawals stand in each state."""
    counted = dict(Withdrawal.objects.values_list("state").annotate(Count("id")))
    return {state: counted.get(state, 0) for state in WithdrawalState.values}


def sending_since(*, before: datetime, limit: int) -> list[str]:
    """Return numbers of withdrawals that were released before an instant and still have no outcome, longest not asked
    about first."""
    return list(
        Withdrawal.objects.filter(state=WithdrawalState.SENDING, released_at__lt=before)
        .order_by(F("asked_at").asc(nulls_first=True), "id")
        .values_list("number", flat=True)[:limit]
    )


def queue_counts(*, states: Iterable[str] = WithdrawalState.values, limit: int = 999) -> dict[str, str]:
    """Return how many withdrawals stand in each state, for people: beyond `limit` nobody counts on."""
    counts = {}
    for state in states:
        count = Withdrawal.objects.filter(state=state).order_by()[: limit + 1].count()
        counts[state] = f"{limit}+" if count > limit else str(count)
    return counts


def queue_totals(*, state: str) -> tuple[int, int, int]:
    """Return number, gross and net of the withdrawals in an open state."""
    found = Withdrawal.objects.filter(state=state).aggregate(
        count=Count("id"), gross=Sum("amount_fen"), net=Sum("net_fen")
    )
    return found["count"], found["gross"] or 0, found["net"] or 0
