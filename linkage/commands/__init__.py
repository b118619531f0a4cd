"""Writing: plans and what goes before they are published, money that is answered at once, and settlement."""

from .adjusting import (
    AdjustmentRefused,
    adjustment_number,
    approve_adjustment,
    ask_adjustment,
    reject_adjustment,
)
from .counting import count_compliance, forget_matured_sums
from .money import (
    GrantRefused,
    WithdrawalRefused,
    advance_shards,
    grant_from_fund,
    request_withdrawal,
    ring_for_leftovers,
    settle_waiting,
    withdrawal_number,
    write_missing_moves,
)
from .plans import (
    PlanRejected,
    acknowledge_compliance,
    adopt_plan,
    draft_plan,
    edit_plan,
    publish_plan,
    recall_plan,
    return_plan,
    submit_plan,
)
from .simulations import (
    SimulationRefused,
    ask_simulation,
    cancel_simulation,
    run_simulation,
    sweep_simulations,
)

__all__ = [
    "AdjustmentRefused",
    "GrantRefused",
    "PlanRejected",
    "SimulationRefused",
    "WithdrawalRefused",
    "acknowledge_compliance",
    "adjustment_number",
    "adopt_plan",
    "advance_shards",
    "approve_adjustment",
    "ask_adjustment",
    "ask_simulation",
    "cancel_simulation",
    "count_compliance",
    "draft_plan",
    "edit_plan",
    "forget_matured_sums",
    "grant_from_fund",
    "publish_plan",
    "recall_plan",
    "reject_adjustment",
    "request_withdrawal",
    "return_plan",
    "ring_for_leftovers",
    "run_simulation",
    "settle_waiting",
    "submit_plan",
    "sweep_simulations",
    "withdrawal_number",
    "write_missing_moves",
]
