"""Reading policies and withdrawals."""

from datetime import datetime

from django.db.models import Count, F, QuerySet

from .models import PayoutPolicy, Withdrawal, WithdrawalState
from .rules import FIRST_POLICY


def policy_in_force(*, at: datetime) -> PayoutPolicy:
    """Return the policy for withdrawals asked for at an instant; before all others, the one a new mall starts with."""
    in_force = PayoutPolicy.objects.filter(starts_at__lte=at).order_by("-starts_at", "-version").first()
    return in_force or PayoutPolicy(**FIRST_POLICY)


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
