"""The tasks of seed users: facts noted when the act happens, and `tasks_done` put into the stream after the last one.

`reached` grows only: 1 for something done, the number of days, of referrals, or the largest repeat purchase in fen.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from members.models import Member
from orders.events import PaidOrder

from .models import EventKind, LinkageEvent, Position, TaskProgress
from .queries import standing as queries
from .rules import plan as terms
from .rules.plan import Plan, TaskTerms
from .settlement.plans import plans_by_version
from .stream import put, whole_second


@dataclass(frozen=True, slots=True)
class SeedTask:
    """One task of a member as it stands. `needed` and `reached` count days, referrals, fen, or 1 for an act."""

    terms: TaskTerms
    needed: int
    reached: int

    @property
    def done(self) -> bool:
        return self.reached >= self.needed


def note(*, member_id: int, kind: str, reached: int, at: datetime, shard: int | None = None) -> None:
    """Note an act of a member; a repeat, or less than was reached before, changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO linkage_taskprogress AS progress (member_id, kind, reached, at) VALUES (%s, %s, %s, %s)
            ON CONFLICT (member_id, kind) DO UPDATE SET reached = excluded.reached, at = excluded.at
            WHERE excluded.reached > progress.reached
            """,
            [member_id, kind, reached, at],
        )
        changed = cursor.rowcount
    if changed:
        finish_if_done(member_id=member_id, at=at, shard=shard)


def note_purchase(order: PaidOrder) -> None:
    """A paid order may be the repeat purchase of its buyer, and a gift pack the first referral of its referrer."""
    earlier = LinkageEvent.objects.filter(member_id=order.member_id, kind=EventKind.ORDER).exclude(
        order_id=order.order_id
    )
    if earlier.exists():
        note(
            member_id=order.member_id,
            shard=order.shard,
            kind=terms.REPEAT_PURCHASE,
            reached=order.total_fen,
            at=order.paid_at,
        )
    if order.packs:
        referrer_id = Member.objects.filter(pk=order.member_id).values_list("referrer_id", flat=True).first()
        if referrer_id is not None:
            note(member_id=referrer_id, shard=order.shard, kind=terms.FIRST_REFERRAL, reached=1, at=order.paid_at)
        finish_if_done(member_id=order.member_id, at=order.paid_at, shard=order.shard)


def finish_if_done(*, member_id: int, at: datetime, shard: int | None = None) -> None:
    """Put `tasks_done` into the stream once everything on the member's list is done."""
    tasks = tasks_of(member_id=member_id, at=at)
    if not tasks or not all(task.done for task in tasks):
        return
    if shard is None:
        shard = Member.objects.values_list("shard", flat=True).get(pk=member_id)
    put(
        [
            LinkageEvent(
                key=f"tasks_done:{member_id}",
                shard=shard,
                kind=EventKind.TASKS_DONE,
                at=whole_second(at),
                member_id=member_id,
            )
        ]
    )


def tasks_of(*, member_id: int, at: datetime) -> list[SeedTask]:
    """Return the member's list: that of the plan of its last gift pack, else of the plan in force; empty without
    one."""
    plan = _plan_for(member_id, at)
    if plan is None:
        return []
    reached = dict(TaskProgress.objects.filter(member_id=member_id).values_list("kind", "reached"))
    return [SeedTask(task, _needed(task), reached.get(task.kind, 0)) for task in plan.seed_tasks]


def tasks_by_member(*, member_ids: Collection[int], at: datetime) -> dict[int, list[SeedTask]]:
    """Return the lists of many members, as `tasks_of` does for one, in a fixed number of queries. Whoever's tasks the
    stream has taken in as done has done all of them, however that came to be known."""
    last = dict(
        LinkageEvent.objects.filter(member_id__in=member_ids, kind=EventKind.ORDER, refusal="")
        .order_by("member_id", "-id")
        .distinct("member_id")
        .values_list("member_id", "plan_version")
    )
    in_force = queries.version_in_force(at=at)
    plans = plans_by_version({version for version in last.values() if version is not None})
    reached: dict[int, dict[str, int]] = {}
    for member_id, kind, amount in TaskProgress.objects.filter(member_id__in=member_ids).values_list(
        "member_id", "kind", "reached"
    ):
        reached.setdefault(member_id, {})[kind] = amount
    finished = set(
        Position.objects.filter(member_id__in=member_ids, tasks_done=True).values_list("member_id", flat=True)
    )
    lists = {}
    for member_id in member_ids:
        plan = in_force.plan if in_force is not None else None
        if member_id in last:
            plan = plans.get(last[member_id] or 0)
        facts = reached.get(member_id, {})
        lists[member_id] = [
            SeedTask(task, _needed(task), _needed(task) if member_id in finished else facts.get(task.kind, 0))
            for task in (plan.seed_tasks if plan is not None else ())
        ]
    return lists


def tasks_are_done(*, member_id: int) -> bool:
    """Return whether the stream has taken in that the member's tasks are done."""
    return Position.objects.filter(member_id=member_id, tasks_done=True).exists()


def _plan_for(member_id: int, at: datetime) -> Plan | None:
    last = (
        LinkageEvent.objects.filter(member_id=member_id, kind=EventKind.ORDER, refusal="")
        .order_by("-id")
        .values_list("plan_version", flat=True)
        .first()
    )
    if last is not None:
        return queries.plan_of_version(version=last)
    in_force = queries.version_in_force(at=at)
    return None if in_force is None else in_force.plan


def _needed(task: TaskTerms) -> int:
    if task.kind == terms.DAYS_VISITED:
        return task.n
    if task.kind == terms.REPEAT_PURCHASE:
        return task.min_fen
    return 1
