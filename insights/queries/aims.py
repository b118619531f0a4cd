"""Targets and promises as they stand, and how far promises are."""

from dataclasses import dataclass
from datetime import date

from insights import rules
from insights.models import Goal, GoalKind, Target

from .figures import Known

HISTORY_MAX = 50


@dataclass(frozen=True, slots=True)
class GoalTrack:
    """A promise with what was measured at its start and now, in the kind's unit. `changed_bps` is by how much that
    differs, `None` where the start was nothing; of the time `elapsed_bps` is over."""

    kind: GoalKind
    goal: Goal | None
    start: int | None
    now: int | None
    changed_bps: int | None
    progress_bps: int
    elapsed_bps: int
    days_left: int

    @property
    def is_reached(self) -> bool:
        return self.progress_bps >= 10_000

    @property
    def is_behind(self) -> bool:
        """Less of the change is there than of the time is over."""
        return self.changed_bps is not None and self.progress_bps < self.elapsed_bps


def targets_in_force() -> dict[str, Target]:
    """Return the target of each kind that has one."""
    rows = Target.objects.order_by("kind", "-version").distinct("kind")
    return {row.kind: row for row in rows if row.value is not None}


def goals_in_force() -> dict[str, Goal]:
    """Return the promise of each kind that was made."""
    return {row.kind: row for row in Goal.objects.order_by("kind", "-version").distinct("kind")}


def target_history(kind: str) -> list[Target]:
    """Return the versions of a target, newest first."""
    return list(Target.objects.filter(kind=kind).select_related("set_by").order_by("-version")[:HISTORY_MAX])


def goal_history(kind: str) -> list[Goal]:
    """Return the versions of a promise, newest first."""
    return list(Goal.objects.filter(kind=kind).select_related("set_by").order_by("-version")[:HISTORY_MAX])


def goal_tracks(goals: dict[str, Goal], days: Known) -> list[GoalTrack]:
    """Return how far every promise is; one that was never made stands there without a goal. Asks nothing."""
    return [_track(kind, goals.get(kind.value), days) for kind in GoalKind]


def _track(kind: GoalKind, goal: Goal | None, days: Known) -> GoalTrack:
    today = days.today
    now = days.upto(kind, today)
    if goal is None:
        return GoalTrack(kind, None, None, now, None, 0, 0, 0)
    if today > goal.due_date:
        now = days.upto(kind, goal.due_date)
    start = days.upto(kind, goal.start_date)
    changed = rules.change_bps(start, now) if kind == GoalKind.EFFICIENCY else rules.change_bps(now, start)
    reached = 0 if changed is None else rules.progress_bps(changed, goal.change_bps)
    over = rules.elapsed_bps(_days(goal.start_date, min(today, goal.due_date)), _days(goal.start_date, goal.due_date))
    return GoalTrack(kind, goal, start, now, changed, reached, over, max(0, _days(today, goal.due_date)))


def _days(first: date, last: date) -> int:
    return (last - first).days
