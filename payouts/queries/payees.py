"""Who is paid, where to, what was paid already, and holds."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum
from django.db.models.functions import ExtractMonth

from mall.core.ids import SHANGHAI
from payouts.models import Payee, PayoutAccount, PayoutHold, Withdrawal, WithdrawalState

GIVEN_BACK = (WithdrawalState.REJECTED, WithdrawalState.RETURNED)


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """What somebody asked for in one month and was not given back, and what is withheld of it."""

    month: date
    income_fen: int
    fee_fen: int
    tax_fen: int
    net_fen: int


def payee_of(*, member_id: int) -> Payee | None:
    """Return in whose name a member is paid."""
    return Payee.objects.filter(member_id=member_id, is_current=True).first()


def accounts_of(*, member_id: int) -> list[PayoutAccount]:
    """Return a member's accounts, newest first."""
    return list(PayoutAccount.objects.filter(member_id=member_id, removed_at=None).order_by("-added_at", "-id"))


def others_with_account(*, account: PayoutAccount) -> int:
    """Return how many other members have named the same account, now or before."""
    if not account.fingerprint:
        return 0
    same = PayoutAccount.objects.filter(fingerprint=account.fingerprint).exclude(member_id=account.member_id)
    return same.values("member_id").distinct().count()


def standing_hold(*, member_id: int) -> PayoutHold | None:
    """Return the hold that stands on a member's payouts."""
    return PayoutHold.objects.filter(member_id=member_id, released_at=None).first()


def has_hold(*, member_id: int) -> bool:
    """Say whether nothing may be paid to a member at present."""
    return PayoutHold.objects.filter(member_id=member_id, released_at=None).exists()


def holds_of(*, member_id: int) -> QuerySet[PayoutHold]:
    """Return a member's holds, newest first."""
    return PayoutHold.objects.filter(member_id=member_id).select_related("placed_by", "released_by").order_by("-id")


def months_paid(*, member_id: int, at: datetime) -> list[MonthPaid]:
    """Return what counts for the tax of the year, month by month, earliest first: what was asked for in a month and was
    neither rejected nor returned. The months are those of Shanghai."""
    year = at.astimezone(SHANGHAI).year
    rows = (
        Withdrawal.objects.filter(
            member_id=member_id,
            requested_at__gte=datetime(year, 1, 1, tzinfo=SHANGHAI),
            requested_at__lt=datetime(year + 1, 1, 1, tzinfo=SHANGHAI),
        )
        .exclude(state__in=GIVEN_BACK)
        .annotate(month=ExtractMonth("requested_at", tzinfo=SHANGHAI))
        .order_by("month")
        .values("month")
        .annotate(income=Sum("amount_fen"), fee=Sum("fee_fen"), tax=Sum("tax_fen"), net=Sum("net_fen"))
    )
    return [MonthPaid(date(year, row["month"], 1), row["income"], row["fee"], row["tax"], row["net"]) for row in rows]
