"""Reading plans and standings."""

from collections.abc import Iterable
from datetime import datetime

from linkage.models import LinkageEvent, PlanVersion, Position, Rank
from linkage.rules.plan import Plan
from linkage.settlement.plans import plans_by_version


def version_in_force(*, at: datetime) -> PlanVersion | None:
    """Return the version in force at an instant: the last one published whose start has come. None in a new mall; a
    version whose `params` are null says that 2+1 is off."""
    return (
        PlanVersion.objects.filter(published_at__isnull=False, starts_at__lte=at)
        .order_by("-starts_at", "-version")
        .first()
    )


def plan_in_force(*, at: datetime) -> Plan | None:
    """Return the plan in force at an instant, or none where the mall runs without one."""
    version = version_in_force(at=at)
    return None if version is None or version.params is None else version.plan


def plan_of_version(*, version: int) -> Plan | None:
    """Return the plan of one version."""
    return plans_by_version([version]).get(version)


def acting_rank(*, position: Position, plan: Plan | None) -> Rank:
    """Return the rank that decides rewards at present, under the plan in force."""
    if position.packs == 0 or position.rank == Rank.CONSUMER:
        return Rank.CONSUMER
    if plan is not None and position.rank == Rank.PARTNER and position.valid_referrals >= plan.promotion_referrals:
        return Rank.PARTNER
    return Rank.AGENT


def positions(*, member_ids: Iterable[int]) -> dict[int, Position]:
    """Return the standings of these members by id."""
    return Position.objects.in_bulk(list(member_ids))


def titles_of(member_ids: list[int]) -> dict[int, str]:
    """Return the titles of these members in words; a member who never bought a gift pack has none."""
    titled = Position.objects.filter(member_id__in=member_ids, rank__gt=Rank.CONSUMER)
    return {member: str(Rank(rank).label) for member, rank in titled.values_list("member_id", "rank")}


def waiting_events() -> int:
    """Return how many events wait in the inbox."""
    return LinkageEvent.objects.filter(number=None, refusal="").count()
