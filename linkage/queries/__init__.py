"""What other apps may ask about plans, standings, rewards and tasks."""

from linkage.explain import (
    Explanation,
    RewardStatus,
    clause_of,
    cooled_off_at,
    explain_reward,
    hold_expires_at,
    recompute,
    status_of,
    taken_back_fen,
)
from linkage.rules.clauses import summary_zh, task_zh
from linkage.rules.plan import Plan, TaskTerms
from linkage.seed_tasks import SeedTask, tasks_are_done, tasks_by_member, tasks_of

from .standing import acting_rank, plan_in_force, plan_of_version, positions, version_in_force

__all__ = [
    "Explanation",
    "Plan",
    "RewardStatus",
    "SeedTask",
    "TaskTerms",
    "acting_rank",
    "clause_of",
    "cooled_off_at",
    "explain_reward",
    "hold_expires_at",
    "plan_in_force",
    "plan_of_version",
    "positions",
    "recompute",
    "status_of",
    "summary_zh",
    "taken_back_fen",
    "task_zh",
    "tasks_are_done",
    "tasks_by_member",
    "tasks_of",
    "version_in_force",
]
