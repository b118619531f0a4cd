"""What is held from a member's rewards and what releases it, and the member's own list as a seed user."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import Coalesce

from linkage.models import Hold, Reward, RewardKind, TaskProgress
from linkage.queries import Plan, SeedTask, clause_of, plans_by_version, tasks_by_member, tasks_of
from members.models import Member

from .coming import next_expiries
from .earnings import FORFEITED, EarningLine, lines_of

GROUPS_MAX = 30
ROWS_A_GROUP = 4
SOON = timedelta(days=7)
DEADLINES = 4


@dataclass(slots=True)
class HoldGroup:
    """What waits for one seed user until one deadline: rewards of one or several kinds."""

    seed_id: int
    seed: str
    expires_at: datetime
    to_fund: bool
    received: bool
    soon: bool
    tasks: list[SeedTask]
    version: int
    clause: int
    amount_fen: int = 0
    parts: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)

    @property
    def missing(self) -> int:
        return len(self.tasks) - self.done


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day on which holds expire."""

    at: datetime
    amount_fen: int
    soon: bool


@dataclass(frozen=True, slots=True)
class Holds:
    """One page of holds, the next to expire first; how many seed users there are in all, and what is held in all.
    `next_cursor` leads to the next page, empty at the end."""

    groups: list[HoldGroup]
    seeds: int
    total_fen: int
    hold_bps: int | None
    next_cursor: str


@dataclass(frozen=True, slots=True)
class OwnTasks:
    """A member's own list, and until when it releases something for somebody; None where nothing waits for it.
    `waiting` counts the rewards that wait, `plan` is the latest that they came by."""

    tasks: list[SeedTask]
    deadline_at: datetime | None
    waiting: int
    noted_at: dict[str, datetime]
    plan: Plan | None

    @property
    def rows(self) -> list[tuple[SeedTask, datetime | None]]:
        """The list, and when what is done was done."""
        return [(task, self.noted_at.get(task.terms.kind) if task.done else None) for task in self.tasks]

    @property
    def done(self) -> int:
        return sum(task.done for task in self.tasks)

    @property
    def left(self) -> int:
        return len(self.tasks) - self.done


def deadlines(*, member: Member, at: datetime) -> list[Deadline]:
    """Return the next days on which something expires, and how much."""
    found = next_expiries(member=member, limit=DEADLINES)
    return [Deadline(first_at, fen, first_at - at < SOON) for first_at, fen in found]


def holds(*, member: Member, at: datetime, limit: int = GROUPS_MAX, after: str = "") -> Holds:
    """Return a member's active holds by seed user and deadline, the next to expire first; a fixed number of queries.
    `after` is the cursor of the page before; one that is none starts at the first."""
    active = Reward.objects.filter(member=member, hold=Hold.ACTIVE, reversed=False)
    whole = active.aggregate(seeds=Count("seed_id", distinct=True), total=Coalesce(Sum("held_fen"), 0))
    rows = list(
        active.filter(_after(after))
        .select_related("order")
        .order_by("held_until", "seed_id", "id")[: (limit + 1) * ROWS_A_GROUP]
    )
    seeds = {row.seed_id for row in rows}
    names = dict(Member.objects.filter(pk__in=seeds).values_list("pk", "nickname"))
    tasks = tasks_by_member(member_ids=seeds, at=at) if seeds else {}
    groups: dict[tuple[int, datetime], HoldGroup] = {}
    plans = plans_by_version({row.order.plan_version for row in rows})
    hold_bps = None
    clauses: dict[int, int] = {}
    for row in rows:
        expires_at = row.order.holds_expire_at
        plan = plans.get(row.order.plan_version)
        if expires_at is None or plan is None:
            continue
        hold_bps = plan.hold_bps
        key = (row.seed_id, expires_at)
        if key not in groups:
            to_fund = plan.on_hold_expiry == "fund"
            received = row.order.received_at is not None
            seed = names.get(row.seed_id, "")
            soon = expires_at - at < SOON
            version = row.order.plan_version
            if version not in clauses:
                clauses[version] = clause_of(plan, "冻结")[0]
            groups[key] = HoldGroup(
                row.seed_id,
                seed,
                expires_at,
                to_fund,
                received,
                soon,
                tasks.get(row.seed_id, []),
                version,
                clauses[version],
            )
        groups[key].amount_fen += row.held_fen
        groups[key].parts.append((str(RewardKind(row.kind).label), row.held_fen, row.pk))
    shown = list(groups.values())[:limit]
    is_cut = len(groups) > limit or len(rows) == (limit + 1) * ROWS_A_GROUP
    if is_cut and len(groups) <= limit and len(shown) > 1:
        # Of the last one there may be more.
        shown.pop()
    last = shown[-1] if is_cut else None
    cursor = f"{int(last.expires_at.timestamp())}-{last.seed_id}" if last is not None else ""
    return Holds(shown, whole["seeds"], whole["total"], hold_bps, cursor)


def _after(cursor: str) -> Q:
    """What comes after a cursor in the order of the page."""
    parts = re.fullmatch(r"([0-9]{1,11})-([0-9]{1,18})", cursor)
    if parts is None:
        return Q()
    until, seed = datetime.fromtimestamp(int(parts[1]), UTC), int(parts[2])
    return Q(held_until__gt=until) | Q(held_until=until, seed_id__gt=seed)


def forfeited(*, member: Member, limit: int = 3) -> list[EarningLine]:
    """Return the last holds of a member that went to the support fund."""
    lost = Reward.objects.filter(member=member, hold=Hold.FORFEITED).select_related("order__order")
    return lines_of(FORFEITED, lost.order_by("-hold_ended_at", "-id")[:limit])


def own_tasks(*, member: Member, at: datetime) -> OwnTasks:
    """Return the member's own list as a seed user, and the first deadline of a hold that it releases."""
    tasks = tasks_of(member_id=member.pk, at=at)
    waiting = Reward.objects.filter(seed_id=member.pk, hold=Hold.ACTIVE, reversed=False)
    held = waiting.aggregate(
        first=Min("order__holds_expire_at"), rewards=Count("id"), version=Max("order__plan_version")
    )
    noted_at = dict(TaskProgress.objects.filter(member=member).values_list("kind", "at"))
    plan = plans_by_version([held["version"]]).get(held["version"]) if held["version"] is not None else None
    return OwnTasks(tasks, held["first"], held["rewards"], noted_at, plan)
