"""What other apps may ask about plans, standings, rewards and tasks."""

from linkage.explain import (
    CommissionExplanation,
    Explanation,
    RewardStatus,
    clause_of,
    commission_status,
    cooled_off_at,
    explain_commission,
    explain_reward,
    hold_expires_at,
    recompute,
    status_of,
    taken_back_fen,
)
from linkage.explain.examples import ExampleLine, PlanExample, plan_examples
from linkage.explain.nothing import Cause, Verdict, order_verdict
from linkage.rules.plan import (
    DAYS_VISITED,
    FIRST_REFERRAL,
    GOODS_RECEIVED,
    PROFILE_COMPLETED,
    REPEAT_PURCHASE,
    Plan,
    TaskTerms,
)
from linkage.seed_tasks import SeedTask, tasks_are_done, tasks_by_member, tasks_of
from linkage.settlement.plans import plans_by_version

from .clauses import clauses_of, task_words
from .clawback import refund_effects
from .governing import latest_acknowledgements, latest_count
from .maturing import maturing_by_day, wrong_maturing_sums
from .standing import (
    acting_rank,
    plan_in_force,
    plan_of_version,
    positions,
    titles_of,
    version_in_force,
    waiting_events,
)
from .tree import agents_below, nearest_title, recruits_of

__all__ = [
    "DAYS_VISITED",
    "FIRST_REFERRAL",
    "GOODS_RECEIVED",
    "PROFILE_COMPLETED",
    "REPEAT_PURCHASE",
    "Cause",
    "CommissionExplanation",
    "ExampleLine",
    "Explanation",
    "Plan",
    "PlanExample",
    "RewardStatus",
    "SeedTask",
    "TaskTerms",
    "Verdict",
    "acting_rank",
    "agents_below",
    "clause_of",
    "clauses_of",
    "commission_status",
    "cooled_off_at",
    "explain_commission",
    "explain_reward",
    "hold_expires_at",
    "latest_acknowledgements",
    "latest_count",
    "maturing_by_day",
    "nearest_title",
    "order_verdict",
    "plan_examples",
    "plan_in_force",
    "plan_of_version",
    "plans_by_version",
    "positions",
    "recompute",
    "recruits_of",
    "refund_effects",
    "status_of",
    "taken_back_fen",
    "task_words",
    "tasks_are_done",
    "tasks_by_member",
    "tasks_of",
    "titles_of",
    "version_in_force",
    "waiting_events",
    "wrong_maturing_sums",
]
