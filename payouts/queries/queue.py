"""The policy in force, and withdrawals by state."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Right

from members.models import Member
from payouts.gateways import purse_of
from payouts.models import PayoutPolicy, Withdrawal, WithdrawalState
from payouts.rules import FIRST_POLICY

# A word stands for so many people at most.
PEOPLE_MAX = 100
# How often the provider is asked about transfers that wait for their payee, should its notices be lost.
WAITING_ASKED_EVERY = timedelta(minutes=10)


def policy_in_force(*, at: datetime) -> PayoutPolicy:
    """Return the policy for withdrawals asked for at an instant; before all others, the one a new mall starts with."""
    in_force = PayoutPolicy.objects.filter(starts_at__lte=at).order_by("-starts_at", "-version").first()
    return in_force or PayoutPolicy(**FIRST_POLICY)


def withdrawals_of(*, member_id: int) -> QuerySet[Withdrawal]:
    """Return a member's withdrawals, newest first."""
    return Withdrawal.objects.filter(member_id=member_id).order_by("-id")


def meant_by(*, word: str) -> Q:
    """Return which withdrawals somebody means by a word: those whose number begins with it, those of the members with
    this phone, this tail of a phone, or a nickname with it (the newest hundred members)."""
    plain = "".join(word.split()).replace("\x00", "")[:64]
    digits = plain.removeprefix("+86")
    people = Member.objects.filter(nickname__icontains=plain)
    if digits.isascii() and digits.isdecimal() and len(digits) == 11:
        people = Member.objects.filter(phone=f"+86{digits}")
    elif digits.isascii() and digits.isdecimal() and len(digits) == 4:
        people = Member.objects.annotate(tail=Right("phone", 4)).filter(phone__isnull=False, tail=digits)
    ids = list(people.order_by("-pk").values_list("pk", flat=True)[:PEOPLE_MAX]) if plain else []
    return Q(number__startswith=plain) | Q(member__in=ids) if plain else Q(pk__isnull=True)


def numbers_by_state() -> dict[str, int]:
    """Return how many withdrawals stand in each state."""
    counted = dict(Withdrawal.objects.values_list("state").annotate(Count("id")))
    return {state: counted.get(state, 0) for state in WithdrawalState.values}


def sending_since(*, before: datetime, at: datetime, limit: int) -> list[str]:
    """Return numbers of transfers that have no outcome yet, longest not asked about first: those released before an
    instant, and those waiting for their payee that were not asked about for a while or whose time is up."""
    unsure = Q(state=WithdrawalState.SENDING, released_at__lt=before)
    waiting = Q(state=WithdrawalState.CONFIRMING) & (Q(asked_at__lt=at - WAITING_ASKED_EVERY) | Q(confirm_by__lte=at))
    return list(
        Withdrawal.objects.filter(unsure | waiting)
        .order_by(F("asked_at").asc(nulls_first=True), "id")
        .values_list("number", flat=True)[:limit]
    )


def purses(*, numbers: Iterable[str]) -> dict[str, str]:
    """Return from whose account each withdrawal is paid: `bank`, or the name of a provider; nothing for one that came
    with the books of another mall."""
    rows = Withdrawal.objects.filter(number__in=list(numbers)).values_list("number", "channel", "batch_row")
    return {number: purse_of(channel, by_file=row is not None) if channel else "" for number, channel, row in rows}


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
