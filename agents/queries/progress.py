"""The seats to partner: which referrals count, which do not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkage.models import PlanVersion, Position, Rank, SettledOrder
from linkage.queries import Plan, acting_rank, version_in_force
from members.models import Member

RECRUITS_MAX = 50
SEATS_SHOWN = 6


class Counting(StrEnum):
    COUNTED = "counted"
    RETURNED = "returned"
    TOO_EARLY = "too_early"
    NOT_BOUGHT = "not_bought"


@dataclass(frozen=True, slots=True)
class Recruit:
    """One recruit, and why it counts or not. `at` is when it bought its first pack, or returned it, or joined."""

    id: int
    name: str
    counting: Counting
    at: datetime
    further_packs: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A member's way to partner. `seats` are the counted recruits as far as there are seats."""

    version: PlanVersion
    plan: Plan
    position: Position | None
    acting: Rank
    leader: str | None
    recruits: list[Recruit]

    @property
    def counted(self) -> int:
        return 0 if self.position is None else self.position.valid_referrals

    @property
    def recruits_in_all(self) -> int:
        return 0 if self.position is None else self.position.recruits

    @property
    def seats_open(self) -> int:
        return max(0, self.plan.promotion_referrals - self.counted)

    @property
    def not_counted(self) -> int:
        return max(0, self.recruits_in_all - self.counted)

    @property
    def next_place(self) -> int:
        """Which of the referrals is the first of the own team."""
        return self.plan.promotion_referrals + 1

    @property
    def beyond(self) -> int:
        """How many counted referrals came after the seats were taken."""
        return max(0, self.counted - self.plan.promotion_referrals)

    @property
    def seats(self) -> list[Recruit]:
        """Who sits on the seats: those who came first."""
        counted = [recruit for recruit in self.recruits if recruit.counting == Counting.COUNTED]
        return sorted(counted, key=lambda recruit: recruit.at)[: self.plan.promotion_referrals]

    @property
    def seats_shown(self) -> list[Recruit | None]:
        """The seats that fit on the page, the empty ones as None."""
        seats: list[Recruit | None] = [*self.seats]
        return (seats + [None] * self.plan.promotion_referrals)[: min(self.plan.promotion_referrals, SEATS_SHOWN)]

    @property
    def more_seats(self) -> bool:
        return self.plan.promotion_referrals > SEATS_SHOWN


def progress(*, member: Member, at: datetime) -> Progress | None:
    """Return a member's way to partner, in a fixed number of queries; none while no plan is in force."""
    version = version_in_force(at=at)
    plan = version.plan if version is not None else None
    if version is None or plan is None:
        return None
    position = Position.objects.filter(member=member).first()
    leader = None
    if position is not None and position.leader_id is not None:
        leader = Member.objects.values_list("nickname", flat=True).get(pk=position.leader_id)
    return Progress(
        version=version,
        plan=plan,
        position=position,
        acting=Rank.CONSUMER if position is None else acting_rank(position=position, plan=plan),
        leader=leader,
        recruits=_recruits(member) if position is not None and position.recruits else [],
    )


def _recruits(member: Member) -> list[Recruit]:
    """Who counts first, then who came last."""
    rows = Position.objects.filter(referrer_id=member.pk).select_related("member")
    standing = list(rows.order_by("-counted", "-packs", "-member_id")[:RECRUITS_MAX])
    orders: dict[int, list[SettledOrder]] = {}
    found = SettledOrder.objects.filter(member_id__in=[position.pk for position in standing]).order_by("paid_at")
    for order in found:
        orders.setdefault(order.member_id, []).append(order)
    return [_recruit(position, orders.get(position.pk, [])) for position in standing]


def _recruit(position: Position, orders: list[SettledOrder]) -> Recruit:
    name = position.member.nickname
    standing = [order for order in orders if order.refunded_at is None]
    further = sum(order.packs - order.first_packs for order in standing)
    if position.counted:
        first = [order.paid_at for order in orders if order.first_packs]
        return Recruit(position.pk, name, Counting.COUNTED, first[-1] if first else position.member.joined_at, further)
    if position.packs:
        return Recruit(
            position.pk,
            name,
            Counting.TOO_EARLY,
            standing[0].paid_at if standing else position.member.joined_at,
            further,
        )
    returned = [order.refunded_at for order in orders if order.refunded_at is not None]
    if returned:
        return Recruit(position.pk, name, Counting.RETURNED, max(returned), 0)
    return Recruit(position.pk, name, Counting.NOT_BOUGHT, position.member.joined_at, 0)
