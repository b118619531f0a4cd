"""The seats to partner: which referrals count, which do not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkage.models import PlanVersion, Position, Rank, SettledOrder
from linkage.queries import Plan, acting_rank, agents_below, recruits_of, version_in_force
from mall.core.names import masked_name
from members.models import Member

from .moves import Move, own_moves

# So many are read of those with a title who came first, of those who came last, and of those who have not bought.
FIRST, LAST, WAITING = 20, 30, 20
RECRUITS_MAX = 50
SEATS_SHOWN = 6
BELOW_MAX = 1_000
ORDERS_MAX = 20


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
class Step:
    """Something that changed what a member is: `what` is joined, agent, returned, again or partner; `version` that of
    the rules that an order was settled under."""

    what: str
    at: datetime
    version: int | None = None
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A member's way to partner. `seats` are the counted recruits as far as there are seats; `below` how many agents a
    promotion under `follow` would take along now, counted up to `BELOW_MAX`."""

    version: PlanVersion
    plan: Plan
    position: Position | None
    acting: Rank
    leader: str | None
    referrer: str | None
    recruits: list[Recruit]
    history: list[Step]
    below: int

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
    def below_capped(self) -> bool:
        return self.below >= BELOW_MAX

    @property
    def first_seat(self) -> str:
        """What stands on the picture for who sits on the first seat."""
        return self._mark(0)

    @property
    def second_seat(self) -> str:
        return self._mark(1)

    def _mark(self, place: int) -> str:
        seats = self.seats
        return seats[place].name[:1] or "·" if place < len(seats) else str(place + 1)

    @property
    def seat_names(self) -> str:
        """Who sits on the seats, as others may see them."""
        return "、".join(masked_name(seat.name) for seat in self.seats[:SEATS_SHOWN])

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
    leader_id, referrer_id = (None, None) if position is None else (position.leader_id, position.referrer_id)
    above = [member_id for member_id in (leader_id, referrer_id) if member_id is not None]
    names = dict(Member.objects.filter(pk__in=above).values_list("pk", "nickname"))
    takes_along = position is not None and position.rank != Rank.PARTNER and plan.on_promotion == "follow"
    return Progress(
        version=version,
        plan=plan,
        position=position,
        acting=Rank.CONSUMER if position is None else acting_rank(position=position, plan=plan),
        leader=names.get(leader_id) if leader_id is not None else None,
        referrer=names.get(referrer_id) if referrer_id is not None else None,
        recruits=_recruits(member) if position is not None and position.recruits else [],
        history=_history(member, position),
        below=agents_below(member_id=member.pk, most=BELOW_MAX) if takes_along else 0,
    )


def _recruits(member: Member) -> list[Recruit]:
    """Who counts first, then who has a pack, then the others, each time who came last; of very many, only those who
    came first and last are read."""
    mine, titled = [member.pk], (Rank.AGENT, Rank.PARTNER)
    ids = {
        *recruits_of(referrer_ids=mine, limit=FIRST, ranks=titled)[member.pk],
        *recruits_of(referrer_ids=mine, limit=LAST, ranks=titled, newest_first=True)[member.pk],
        *recruits_of(referrer_ids=mine, limit=WAITING, ranks=(Rank.CONSUMER,), newest_first=True)[member.pk],
    }
    read = Position.objects.filter(pk__in=ids).select_related("member")
    standing = list(read.order_by("-counted", "-packs", "-member_id")[:RECRUITS_MAX])
    orders: dict[int, list[SettledOrder]] = {}
    found = SettledOrder.objects.filter(member_id__in=[position.pk for position in standing]).order_by("paid_at")
    for order in found:
        orders.setdefault(order.member_id, []).append(order)
    return [_recruit(position, orders.get(position.pk, [])) for position in standing]


def _history(member: Member, position: Position | None) -> list[Step]:
    """Return what made the member what it is, newest first."""
    steps = [Step("joined", member.joined_at)]
    if position is None or position.agent_at is None:
        return steps
    orders = SettledOrder.objects.filter(member_id=member.pk).order_by("paid_at")[:ORDERS_MAX]
    for order in orders:
        if order.first_packs:
            what = "again" if any(step.what == "agent" for step in steps) else "agent"
            steps.append(Step(what, order.paid_at, order.plan_version))
        if order.refunded_at is not None:
            steps.append(Step("returned", order.refunded_at, order.plan_version))
    steps += [
        Step("partner", move.at, move.version, move)
        for move in own_moves(member=member)
        if move.is_promotion and move.member.pk == member.pk
    ]
    return sorted(steps, key=lambda step: step.at, reverse=True)


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
