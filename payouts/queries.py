"""Reading policies and withdrawals."""

from datetime import datetime

from django.db.models import Count, QuerySet

from .models import PayoutPolicy, Withdrawal, WithdrawalState


def policy_in_force(*, at: datetime) -> PayoutPolicy:
    """Return the policy for withdrawals asked for at an instant. There always is one (`migrations/0002_guards.py`)."""
    return PayoutPolicy.objects.filter(starts_at__lte=at).order_by("-starts_at", "-version")[:1].get()


def withdrawals_of(*, member_id: int) -> QuerySet[Withdrawal]:
    """Return a member's withdrawals, newest first."""
    return Withdrawal.objects.filter(member_id=member_id).order_by("-id")


def numbers_by_state() -> dict[str, int]:
    """Return how many withdrawals stand in each state."""
    counted = dict(Withdrawal.objects.values_list("state").annotate(Count("id")))
    return {state: counted.get(state, 0) for state in WithdrawalState.values}
