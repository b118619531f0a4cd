"""The agent's home: what is there, what came in, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from ledger.queries import MemberBalances, member_balances
from linkage.models import Commission, PlanVersion, Position, Rank
from linkage.queries import Plan, acting_rank, maturing_by_day, version_in_force
from members.models import Member
from members.queries import is_shopkeeper
from payouts.models import PayoutHold, Withdrawal, WithdrawalState
from payouts.queries import standing_hold

from .coming import next_expiries, noon, without_date_fen
from .earnings import EarningLine, earnings
from .holds import HoldGroup, holds
from .periods import day_of, month_of
from .sums import net_fen, sums

RECENT = 4
COMING = 3
GIVEN_BACK = (WithdrawalState.REJECTED, WithdrawalState.RETURNED)
UNDECIDED = (
    WithdrawalState.REQUESTED,
    WithdrawalState.APPROVED,
    WithdrawalState.SENDING,
    WithdrawalState.CONFIRMING,
)


@dataclass(frozen=True, slots=True)
class Coming:
    """An amount with a date: held until it expires, or pending until it becomes available."""

    at: datetime
    amount_fen: int
    held: bool


@dataclass(frozen=True, slots=True)
class HomeSummary:
    """All that stands on the agent's home page. `plan` is none where none is in force, and for a shopkeeper without a
    title: then nothing is said of ranks."""

    balances: MemberBalances
    estimated_fen: int
    today_fen: int
    month_fen: int
    total_fen: int
    position: Position | None
    acting: Rank
    version: PlanVersion | None
    plan: Plan | None
    seeds: int
    next_hold: HoldGroup | None
    coming: list[Coming]
    tomorrow_fen: int
    on_the_way: int
    rejected: Withdrawal | None
    confirming: Withdrawal | None
    recent: list[EarningLine]
    is_shopkeeper: bool
    payout_hold: PayoutHold | None

    @property
    def has_money(self) -> bool:
        """Whether anything was ever earned."""
        return bool(self.recent)

    @property
    def seats_open(self) -> int:
        """How many more valid referrals make this member a partner."""
        if self.plan is None or self.position is None:
            return 0
        return max(0, self.plan.promotion_referrals - self.position.valid_referrals)


def home_summary(*, member: Member, at: datetime) -> HomeSummary:
    """Return what the agent's home page shows, in a fixed number of queries."""
    balances = member_balances(holder_id=member.pk)
    position = Position.objects.filter(member=member).first()
    version = version_in_force(at=at)
    plan = version.plan if version is not None else None
    keeps_shop = is_shopkeeper(member_id=member.pk)
    if keeps_shop and (position is None or position.rank == Rank.CONSUMER):
        version = plan = None
    found = sums(member=member, period=month_of(at), latest=day_of(at))
    held = holds(member=member, at=at, limit=1)
    withdrawals = Withdrawal.objects.filter(member=member).aggregate(
        paid=Coalesce(Sum("amount_fen", filter=Q(state=WithdrawalState.PAID)), 0),
        undecided=Count("id", filter=Q(state__in=UNDECIDED)),
    )
    coming = _coming(member)
    latest = Withdrawal.objects.filter(member=member).order_by("-id").first()
    return HomeSummary(
        balances=balances,
        estimated_fen=without_date_fen(member=member, pending_fen=balances.pending_fen),
        today_fen=net_fen(found, 1),
        month_fen=net_fen(found, 0),
        total_fen=_earned_ever_fen(balances, withdrawals["paid"]),
        position=position,
        acting=Rank.CONSUMER if position is None else acting_rank(position=position, plan=plan),
        version=version,
        plan=plan,
        seeds=held.seeds,
        next_hold=held.groups[0] if held.groups else None,
        coming=coming,
        tomorrow_fen=_on(timezone.localtime(at).date() + timedelta(days=1), coming),
        on_the_way=withdrawals["undecided"],
        rejected=latest if latest is not None and latest.state in GIVEN_BACK else None,
        confirming=(
            Withdrawal.objects.filter(member=member, state=WithdrawalState.CONFIRMING).order_by("confirm_by").first()
            if withdrawals["undecided"]
            else None
        ),
        recent=earnings(member=member, limit=RECENT).lines,
        is_shopkeeper=keeps_shop,
        payout_hold=standing_hold(member_id=member.pk),
    )


def _earned_ever_fen(balances: MemberBalances, withdrawn_fen: int) -> int:
    """All that was earned or granted, less what was taken back or forfeited: what is there and what was paid out."""
    there = balances.pending_fen + balances.held_fen + balances.available_fen + balances.withdrawing_fen
    return there + withdrawn_fen - balances.debt_fen


def _added(rows: Iterable[Mapping[str, Any]]) -> list[Coming]:
    """Return what becomes available, what falls on the same day together."""
    days: dict[date, Coming] = {}
    for row in rows:
        known = days.get(row["day"])
        at = row["at"] if known is None else min(known.at, row["at"])
        days[row["day"]] = Coming(at, row["total"] + (known.amount_fen if known is not None else 0), held=False)
    return [one for one in days.values() if one.amount_fen]


def _on(day: date, coming: list[Coming]) -> int:
    """What becomes available on a day of the next ones."""
    return sum(one.amount_fen for one in coming if not one.held and timezone.localtime(one.at).date() == day)


def _coming(member: Member) -> list[Coming]:
    maturing = [
        {"day": day, "total": fen, "at": noon(day)}
        for day, fen in maturing_by_day(member_id=member.pk)[: COMING + 1]
        if fen
    ]
    selling = (
        Commission.objects.filter(member=member, matured=False, matures_at__isnull=False)
        .annotate(day=TruncDate("matures_at"))
        .values("day")
        .annotate(total=Sum("amount_fen"), at=Min("matures_at"))
        .order_by("day")[:COMING]
    )
    coming = _added([*maturing, *selling])
    coming += [Coming(at, fen, held=True) for at, fen in next_expiries(member=member, limit=COMING)]
    return sorted(coming, key=lambda one: (timezone.localtime(one.at).date(), one.held))[:COMING]
